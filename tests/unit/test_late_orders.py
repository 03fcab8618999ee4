"""
An order that is committed between the question for it and the one for its lines.
"""

import pytest

from sourcehere import NotFoundError
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.ports.storage import AsksAtOnce
from sourcehere.testing.factories import open_bench, snapshot
from sourcehere.unit.tables import TABLES


class TooSoon(AsksAtOnce):
    """
    A session that asks for orders before they are there, and for all else after.
    """

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def get(self, table, keys, /, *, lock):
        if table.name == "orders":
            return []
        return self._inner.get(table, keys, lock=lock)


class Storage(MemoryStorage):
    """
    A storage whose sessions are too soon once it is told so.
    """

    is_too_soon = False

    def transact(self, work, /, *, read_only):
        if not self.is_too_soon:
            return super().transact(work, read_only=read_only)
        return super().transact(
            lambda session: work(TooSoon(session)), read_only=read_only
        )


def test_it_is_not_there_yet():
    """
    Its lines alone are no order: nothing is found.
    """
    storage = Storage(TABLES)
    bench = open_bench(storage=storage, connected=["CUP"])
    (name,) = bench.sync(snapshot("1", CUP=1))
    assert bench.app.orders.get("demo", name).lines
    storage.is_too_soon = True

    with pytest.raises(NotFoundError) as ei:
        bench.app.orders.get("demo", name)

    assert name == ei.value.id
