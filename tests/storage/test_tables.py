"""
Tables that are made of others.
"""

import attrs

from sourcehere.builtin.memory import MemoryStorage
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import THINGS, thing


def test_a_table_that_is_made_of_another_has_its_own_columns():
    """
    In their order, whether they are read whole or in part.
    """
    turned = attrs.evolve(THINGS, columns=THINGS.columns[::-1])
    row = thing("a", note="n")[::-1]
    part = turned.only(("seller_id", "thing_id", "note"))
    storage = MemoryStorage([turned])
    keep(storage, turned, [row])

    assert turned.whole is turned
    assert part.whole is turned
    assert [row] == kept(storage, turned)
    assert [("s", "a", "n")] == part.seen([row])


def test_a_table_can_be_printed():
    """
    With its ways in, which do not show it in turn.
    """
    shown = repr(THINGS)

    assert "Table(name='thing'" in shown
    assert all(repr(index) in shown for index in THINGS.indexes.values())
