"""
The contract of a storage: subclass `StorageContract`, fill in one method.

```python
class TestMyStorage(StorageContract):
    def make_storage(self, tables):
        storage = MyStorage(fresh_place())
        storage.create(tables)
        return storage
```

Put `pytest.register_assert_rewrite("sourcehere.testing")` into `conftest.py` to see the
values of a failed comparison.
"""

from .storage_asking import AskingContract
from .storage_claiming import ClaimContract
from .storage_finding import FindingContract
from .storage_machine import ModelContract
from .storage_reading import ReadingContract
from .storage_replacing import ReplacingContract
from .storage_transactions import (
    ConcurrencyContract,
    TransactionContract,
)
from .storage_writing import WritingContract

__all__ = ["StorageContract"]


class StorageContract(
    ReadingContract,
    FindingContract,
    AskingContract,
    WritingContract,
    ReplacingContract,
    TransactionContract,
    ClaimContract,
    ConcurrencyContract,
    ModelContract,
):
    """
    Every sentence of `sourcehere.ports.storage`, as tests, for any storage.

    Attributes:
        examples: How many random histories are compared with the model.
    """
