"""
The contract of a store platform: subclass `StoreContract`, fill in one method.

```python
class TestMyShop(StoreContract):
    def make_lab(self):
        return MyLab()
```

A lab is a shop with a back door (`StoreLab`): a test server of yours, or a real one,
with what places orders, looks at parcels and breaks the line without the adapter.

Put `pytest.register_assert_rewrite("sourcehere.testing")` into `conftest.py` to see the
values of a failed comparison.
"""

from .guard import Guarded
from .store_carriers import StoreCarriersContract
from .store_correcting import StoreCorrectingContract
from .store_failing import StoreFailingContract
from .store_machine import StoreMachineContract
from .store_pushing import StorePushingContract
from .store_reading import StoreReadingContract


class StoreContract(
    StoreReadingContract,
    StorePushingContract,
    StoreCorrectingContract,
    StoreCarriersContract,
    StoreFailingContract,
    StoreMachineContract,
    Guarded,
):
    """
    Every sentence of `sourcehere.ports.platforms` that can be tried from outside.

    Attributes:
        currency: What the shop sells in; `USD` unless it is said.

        left_out: Name of a test -> why this shop cannot pass it, such as a platform
            that has no refunds. Set the test to None in your class as well.
    """
