"""
SQLite and PostgreSQL keep the storage contract.
"""

import pytest

from sourcehere.testing.storage import StorageContract
from sourcehere_sql import SqlStorage


class TestSqlStorage(StorageContract):
    """
    Either database behaves as any storage must.
    """

    @pytest.fixture(autouse=True)
    def _database(self, database_url):
        self.url = database_url

    def make_storage(self, tables):
        """
        Make a storage in an empty database.
        """
        storage = SqlStorage(self.url, tables=tables)
        storage.create_tables()
        return storage
