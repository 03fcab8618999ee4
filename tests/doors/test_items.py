"""
What a plugin puts its answers into is read to its end, if it has one.
"""

import itertools

import pytest

from sourcehere import ProtocolError
from sourcehere.doors import items
from sourcehere.doors.answers import Answerer

WHO = Answerer("acme", "site")


@pytest.mark.parametrize("given", [[1, 2], (1, 2), iter([1, 2]), {1: "a", 2: "b"}])
def test_any_collection_is_one(given):
    """
    Also one that can be walked only once.
    """
    assert (1, 2) == items.items_of(WHO, "orders", given, int)


@pytest.mark.parametrize("given", ["ab", b"ab", None, 3])
def test_what_is_none_is_refused(given):
    """
    The field is named, and who said it.
    """
    with pytest.raises(ProtocolError) as ei:
        items.items_of(WHO, "orders", given, int)

    named = (ei.value.provider, ei.value.connection, ei.value.field)
    assert ("acme", "site", "orders") == named


def test_what_has_no_end_is_refused(monkeypatch):
    """
    Before it has taken all memory there is.
    """
    monkeypatch.setattr(items, "ITEMS_MAX", 3)
    endless = itertools.count()

    with pytest.raises(ProtocolError, match="a collection of at most 3"):
        items.items_of(WHO, "orders", endless, int)

    assert 4 == next(endless)
    assert (0, 1, 2) == items.items_of(WHO, "orders", range(3), int)
