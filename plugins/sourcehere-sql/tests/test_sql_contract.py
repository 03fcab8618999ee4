"""
SQLite and PostgreSQL keep the storage contract.
"""

import os

import pytest

from sourcehere.testing.storage import StorageContract
from sourcehere_sql import SqlStorage


class TestSqlStorage(StorageContract):
    """
    Either database behaves as any storage must.
    """

    place = ""
    examples = int(os.environ.get("SOURCEHERE_EXAMPLES", "10"))

    @pytest.fixture(autouse=True)
    def _database(self, database_url):
        if not self.place:
            self.url = database_url
        elif database_url.startswith("sqlite"):
            self.url = f"{database_url}?prefix={self.place}_"
        else:
            self.url = f"{database_url}&schema={self.place}"

    def make_storage(self, tables):
        """
        Make a storage in an empty database.
        """
        storage = SqlStorage(self.url, tables=tables)
        storage.create_tables()
        return storage


class TestSqlStorageElsewhere(TestSqlStorage):
    """
    Neither a prefix nor another schema changes anything.
    """

    place = "shop_a"
    examples = 5
