"""
Several lists that are read as one, page by page.
"""

import pytest

from sourcehere import InvalidCursorError, Page
from sourcehere.face.lists import Cursor, Part, chained
from sourcehere.ports.storage import Column, ColumnKind, Index, Table

TABLE = Table("letter", (Column("name", ColumnKind.TEXT),), key=("name",))
INDEX = Index(TABLE, "primary", equal=(), order=("name",))


def part(name, letters):
    """
    A list of letters, each its own key.
    """

    def read(key, limit):
        left = [x for x in letters if key is None or x > key[0]]
        return [((x,), x) for x in left[:limit]], len(left) > limit

    return Part(Cursor((name,), INDEX), read)


def pages(lists, limit):
    """
    Walk all pages, and return their items page by page.
    """
    parts = [part(str(place), letters) for place, letters in enumerate(lists)]
    found, after = [], ""
    while True:
        page = chained(parts, str.upper, after=after, limit=limit)
        found.append("".join(page))
        if not page.next:
            return found
        after = page.next


@pytest.mark.parametrize(
    ("lists", "limit", "found"),
    [
        (["abc", "def"], 2, ["AB", "CD", "EF"]),
        (["ab", "cd"], 2, ["AB", "CD"]),  # a full page at the seam
        (["abc", "d"], 9, ["ABCD"]),
        (["ab", ""], 2, ["AB"]),  # a full last page promises no next one
        (["", "ab"], 1, ["A", "B"]),
        (["a", "", "b"], 1, ["A", "B"]),
        (["", ""], 1, [""]),
    ],
)
def test_pages_go_through_one_list_after_the_other(lists, limit, found):
    """
    Nothing is left out or told twice, wherever a page ends.
    """
    assert found == pages(lists, limit)


def test_a_cursor_of_another_list_is_refused():
    """
    A cursor must be of one of the lists.
    """
    foreign = part("other", "ab").cursor.write(("a",))
    with pytest.raises(InvalidCursorError) as ei:
        chained([part("0", "ab"), part("1", "cd")], str, after=foreign, limit=2)

    assert foreign == ei.value.cursor


def test_what_came_into_an_earlier_list_meanwhile_is_not_lost():
    """
    Where a page filled up at a seam, the next one looks into the earlier list again.
    """
    first = chained([part("0", "ab"), part("1", "d")], str, after="", limit=2)
    assert ("a", "b") == first.items
    second = chained([part("0", "abc"), part("1", "d")], str, after=first.next, limit=2)
    assert Page(("c", "d"), "") == second
