"""
The memory storage keeps the storage contract.
"""

import os

from sourcehere.builtin.memory import MemoryStorage
from sourcehere.testing.storage import StorageContract


class TestMemoryStorage(StorageContract):
    """
    `memory://` behaves as any storage must.
    """

    examples = int(os.environ.get("SOURCEHERE_EXAMPLES", "15"))

    def make_storage(self, tables):
        """
        Make an empty storage.
        """
        return MemoryStorage(tables)
