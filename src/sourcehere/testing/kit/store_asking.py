"""
Asking a shop under test as the core does: what the core's doors refuse fails the test.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import pytest

from ...domain.stores.model import RejectReason, StoreOrderSnapshot
from ...doors.answers import Answerer
from ...doors.stores import checked_fetch, checked_page, checked_reference
from ...ports.errors import ProtocolError
from ...ports.platforms import (
    Fulfilment,
    OrderPage,
    ParcelNotice,
    StorePlatform,
    SupportsFindPush,
)

# More pages than any of these tests has orders: what asks longer never ends.
PAGES_MAX = 60
_ME = Answerer("shop under test")
T = TypeVar("T")


def page_of(shop: StorePlatform, cursor: str = "", *, limit: int) -> OrderPage:
    """
    Read one page as the core takes it in: it sets no order of it aside.
    """
    told = shop.pull_orders(cursor, limit=limit)
    page = _through_the_door(lambda: checked_page(_ME, told))
    refused = [
        f"order {one.external_id}: {one.detail}"
        for one in page.rejects
        if one.reason is RejectReason.NOT_TRUSTED
    ]
    assert not refused, f"the core sets aside what was told: {'; '.join(refused)}"
    return page


def pages(
    shop: StorePlatform, cursor: str = "", *, limit: int = 2
) -> Iterator[OrderPage]:
    """
    Read pages until there are no more.
    """
    for _ in range(PAGES_MAX):
        page = page_of(shop, cursor, limit=limit)
        yield page
        if not page.has_more:
            return
        assert page.cursor != cursor, "there is more, and the cursor stands"
        cursor = page.cursor
    pytest.fail(f"still more after {PAGES_MAX} pages")


def read_all(
    shop: StorePlatform, cursor: str = "", *, limit: int = 2
) -> tuple[dict[str, StoreOrderSnapshot], str]:
    """
    Read everything; return the newest that was told of each order, and the cursor.
    """
    found: dict[str, StoreOrderSnapshot] = {}
    for page in pages(shop, cursor, limit=limit):
        found.update({order.external_id: order for order in page.orders})
        cursor = page.cursor
    return found, cursor


def told_of(found: Mapping[str, StoreOrderSnapshot], name: str) -> StoreOrderSnapshot:
    """
    Return the order of that id among those that were read.
    """
    others = ", ".join(found) or "none at all"
    assert name in found, (
        f"the lab placed order {name!r}, and pages do not tell it; they tell {others}."
        " Has `place` returned the adapter's `external_id`?"
    )
    return found[name]


def one_or_none(shop: StorePlatform, external_id: str) -> StoreOrderSnapshot | None:
    """
    Read one order, or learn that there is none of that id.
    """
    told = shop.fetch_order(external_id)
    return _through_the_door(lambda: checked_fetch(_ME, external_id, told))


def fetched(shop: StorePlatform, external_id: str) -> StoreOrderSnapshot:
    """
    Read one order that is there.
    """
    found = one_or_none(shop, external_id)
    assert found is not None, (
        f"the lab has order {external_id!r}, and `fetch_order` says that there is none"
    )
    return found


def push(shop: StorePlatform, parcel: Fulfilment) -> str:
    """
    Tell of a parcel with units; return what the shop calls it.
    """
    return _reference(shop.push_fulfilment(parcel))


def push_number(shop: StorePlatform, notice: ParcelNotice) -> str:
    """
    Tell a number only; return what the shop calls it.
    """
    return _reference(shop.push_tracking(notice))


def find_push(shop: SupportsFindPush, notice: ParcelNotice) -> str | None:
    """
    Return what the shop calls what was told under a key; None for one it has not taken.
    """
    told = shop.find_push(notice)
    return None if told is None else _reference(told)


def _reference(told: object) -> str:
    return _through_the_door(lambda: checked_reference(_ME, told))


def _through_the_door(check: Callable[[], T]) -> T:
    """
    Check an answer as the core does.

    What is refused is no failure that the adapter told, and may not be taken for one.
    """
    try:
        return check()
    except ProtocolError as error:
        msg = f"the core refuses what was told: {error.detail}"
        raise AssertionError(msg) from error
