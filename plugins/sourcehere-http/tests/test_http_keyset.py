"""
Reading orders by their last change from an API that goes on behind a time and an id.
"""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.domain.kernel.address import Address
from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere_http import Listed, OrderReader

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def read_order(told):
    return StoreOrderSnapshot(
        external_id=told["id"],
        number="1",
        placed_at=NOON,
        address=Address("GB"),
        lines=(),
        changed_at=datetime.fromisoformat(told["at"]),
    )


READER = OrderReader(
    provider="acme",
    read=read_order,
    id_of=lambda told: told["id"],
    changed_at=lambda told: datetime.fromisoformat(told["at"]),
    page_max=4,
    goes_on_by_id=True,
)
COUNTED = attrs.evolve(READER, goes_on_by_id=False)


class Api:
    """
    Orders by their change and id, in milliseconds.

    Attributes:
        asked: The windows.
    """

    def __init__(self, **changes):
        self.changes, self.asked = dict(changes), []

    def listed(self, window):
        """
        Return what is behind the window's time and id.
        """
        self.asked.append(window)
        since = window.since or NOON - timedelta(days=1)
        items = [
            {"id": name, "at": at.isoformat()}
            for at, name in sorted((self.at(n), n) for n in self.changes)
            if (at, name) > (since, window.after_id)
        ][window.offset :]
        return Listed(items[: window.count], len(items) > window.count)

    def at(self, name):
        """
        Return when an order changed.
        """
        return NOON + timedelta(milliseconds=self.changes[name])


def pages(api, cursor="", *, reader=READER, limit=2, between=lambda: None):
    """
    Read to the end; return the ids of each page.
    """
    seen = []
    for _ in range(60):
        page = reader.page(cursor, api.listed, limit=limit)
        seen.append({order.external_id: order.changed_at for order in page.orders})
        cursor = page.cursor
        if not page.has_more:
            return seen, cursor
        between()
    pytest.fail("it does not end")


def test_it_goes_on_behind_an_id_within_a_second():
    """
    And begins anew where another second begins.
    """
    api = Api(a=1_001, b=1_002, c=1_002, d=1_003, e=2_000)
    seen, _ = pages(api)

    assert ["ab", "ab", "cd", "e"] == ["".join(page) for page in seen]
    assert [(None, ""), (1_000, ""), (1_002, "b"), (1_003, "d")] == [
        (
            window.since and (window.since - NOON) // timedelta(milliseconds=1),
            window.after_id,
        )
        for window in api.asked
    ]
    assert {0} == {window.offset for window in api.asked}


def test_an_order_that_tells_no_time_is_passed_over():
    """
    The next page begins behind the one before it, and tells it once more.
    """
    items = [{"id": "a", "at": NOON.isoformat()}, {"id": "b"}]
    first = READER.page("", lambda _: Listed(items, has_more=True), limit=2)
    asked = []

    def listed(window):
        asked.append((window.since, window.after_id))
        return Listed(items, has_more=True)

    second = READER.page(first.cursor, listed, limit=2)
    READER.page(second.cursor, listed, limit=2)

    assert [(NOON, ""), (NOON, "a")] == asked


EDITS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 1_500)), max_size=12
)


@pytest.mark.parametrize("reader", [READER, COUNTED], ids=["by id", "counted"])
@given(
    placed=st.lists(st.integers(0, 3_000), min_size=1, max_size=8),
    edits=EDITS,
    limit=st.integers(1, 3),
)
def test_no_edit_is_lost(reader, placed, edits, limit):
    """
    Orders change between pages, some within the second in which others did; whoever
    reads on from the cursor has seen each as it is.
    """
    api = Api(**dict(zip("abcdefgh", sorted(placed), strict=False)))
    now = [max(placed)]
    waiting = list(edits)

    def edit():
        if waiting:
            name, later = waiting.pop()
            now[0] += later
            api.changes[name] = now[0]

    newest: dict[str, datetime] = {}
    cursor = ""
    for _ in range(2):
        seen, cursor = pages(api, cursor, reader=reader, limit=limit, between=edit)
        for page in seen:
            newest |= page
    while waiting:
        edit()
    seen, _ = pages(api, cursor, reader=reader, limit=limit)
    for page in seen:
        newest |= page

    assert {name: api.at(name) for name in api.changes} == newest
