"""
Reading what a shop sells by offset: nothing that stands there all the while is lost.
"""

import json

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.errors import ProtocolError
from sourcehere_http import Listed, ProductReader

PAGES_MAX = 200


def read(told):
    return [
        ListedVariant(sku=sku, title=sku, external_variant_id=told["id"])
        for sku in told["skus"]
    ]


READER = ProductReader(
    provider="acme", read=read, id_of=lambda told: told["id"], page_max=4
)


class Api:
    """
    Things by their id.

    Attributes:
        asked: The windows: from where, and how many.
    """

    def __init__(self, *names):
        self.names, self.asked, self.broken = list(names), [], ()

    def listed(self, window):
        """
        Return a part of the list.
        """
        self.asked.append((window.offset, window.count))
        assert 1 <= window.count <= READER.page_max
        end = window.offset + window.count
        items = [
            {"id": name} if name in self.broken else {"id": name, "skus": [name]}
            for name in self.names[window.offset : end]
        ]
        return Listed(items, end < len(self.names))


def names_of(page):
    return [one.external_variant_id for one in page.variants]


def rest_of(api, cursor):
    """
    Return what is told from a cursor on, in pages of three at most.
    """
    found = []
    for _ in range(PAGES_MAX):
        page = READER.page(cursor, api.listed, limit=3)
        assert len(page.variants) <= 3
        found, cursor = found + names_of(page), page.cursor
        if not page.has_more:
            return found
    return pytest.fail("it never ends")


def test_each_page_begins_with_the_last_that_was_read():
    """
    One question each; the last one is not told again.
    """
    api = Api(*"abcdefg")
    first = READER.page("", api.listed, limit=3)
    second = READER.page(first.cursor, api.listed, limit=3)
    last = READER.page(second.cursor, api.listed, limit=100)

    assert [["a", "b", "c"], ["d", "e", "f"], ["g"]] == [
        names_of(page) for page in (first, second, last)
    ]
    assert [(0, 3), (2, 4), (5, 4)] == api.asked
    assert ("", False) == (last.cursor, last.has_more)


def test_what_was_deleted_takes_nothing_with_it():
    """
    Whether the last one that was read is still there, or not.
    """
    for gone in ("a", "abc", "c", "bc"):
        api = Api(*"abcdefg")
        cursor = READER.page("", api.listed, limit=3).cursor
        api.names = [name for name in api.names if name not in gone]

        assert ["d", "e", "f", "g"] == rest_of(api, cursor)


def test_numbers_are_sorted_as_such():
    """
    Nine comes before ten; a zero in front makes another id.
    """
    api = Api(*(str(n) for n in range(7, 13)))
    cursor = READER.page("", api.listed, limit=3).cursor
    api.names.remove("9")

    assert ["10", "11", "12"] == rest_of(api, cursor)


def test_what_cannot_be_read_is_rejected():
    """
    With its id and the field, and its neighbours are listed.
    """
    api = Api(*"abcde")
    api.broken = ("b", "c")
    first = READER.page("", api.listed, limit=3)

    assert ["a"] == names_of(first)
    assert ("b cannot be read: there is no 'skus'",) == first.rejected[:1]
    assert ["d", "e"] == names_of(READER.page(first.cursor, api.listed, limit=3))
    page = READER.page("", lambda _: Listed([None], False), limit=3)
    assert ("one without an id cannot be read: TypeError",) == page.rejected


@pytest.mark.parametrize(
    "cursor",
    [
        "none",
        "7",
        "null",
        "{}",
        json.dumps({"offset": 0, "last": "a"}),
        json.dumps({"offset": 3, "last": ""}),
        json.dumps({"offset": "3", "last": "a"}),
        json.dumps({"offset": 3, "last": "a", "more": 1}),
    ],
)
def test_a_cursor_that_is_none_is_refused(cursor):
    """
    Before anybody is asked.
    """
    api = Api(*"abc")
    with pytest.raises(ProtocolError):
        READER.page(cursor, api.listed, limit=3)
    assert [] == api.asked


@pytest.mark.parametrize("listed", [Listed(None, False), Listed([], None)])
def test_what_is_no_list_is_refused(listed):
    """
    It is no end of one.
    """
    with pytest.raises(ProtocolError, match="no list"):
        READER.page("", lambda _: listed, limit=3)


def test_a_page_holds_two_or_more():
    """
    The last one that was read, and another.
    """
    with pytest.raises(ValueError, match="page_max"):
        attrs.evolve(READER, page_max=1)


CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "remove"]), st.integers(0, 99)), max_size=3
)


@given(
    first=st.sets(st.integers(1, 60), max_size=20),
    limit=st.integers(1, 5),
    rounds=st.lists(CHANGES, max_size=12),
)
def test_what_stands_there_all_the_while_is_listed_once(first, limit, rounds):
    """
    Whatever is added and deleted meanwhile, before it or behind it.
    """
    api = Api(*(str(n) for n in sorted(first)))
    stands, found, cursor = set(api.names), [], ""
    changes = iter(rounds)
    for _ in range(PAGES_MAX):
        page = READER.page(cursor, api.listed, limit=limit)
        assert len(page.variants) <= limit
        found += names_of(page)
        if not page.has_more:
            break
        assert cursor != page.cursor
        cursor = page.cursor
        for change, number in next(changes, ()):
            if change == "add" and str(number) not in api.names:
                api.names = sorted([*api.names, str(number)], key=int)
            elif change == "remove" and api.names:
                gone = api.names.pop(number % len(api.names))
                stands.discard(gone)
    else:
        pytest.fail("it never ends")

    assert stands <= set(found)
    assert len(found) == len(set(found))
