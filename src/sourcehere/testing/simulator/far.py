"""
A place to which freight is dearer, and the orders that are sent there instead.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ...domain.wallet.model import Account
from ...domain.wallet.purposes import SUPPLEMENT
from ...ports.storage import Storage
from ...unit.tables.wallet import LEDGER, REFUNDS
from ..factories import RATE_CARD
from ..rows import dump

FAR: Mapping[str, str] = {"city": "Anchorage", "postal_code": "99501"}
FAR_MINOR = 7_00  # what freight costs more to there
_ALASKA = {"country": "US", "first": "99500", "last": "99999"}


def _dearer(method: Mapping[str, Any]) -> dict[str, Any]:
    areas = [{"price": FAR_MINOR, "postal_ranges": [_ALASKA]}]
    return {**method, "remote_areas": areas}


CARD: Mapping[str, object] = {
    **RATE_CARD,
    "methods": [
        _dearer(one) for one in cast("list[Mapping[str, Any]]", RATE_CARD["methods"])
    ],
}


def supplements(storage: Storage) -> Counter[tuple[str, str]]:
    """
    Return how much more freight the ledger captured of each order: seller and order.
    """
    found = Counter[tuple[str, str]]()
    for entry in map(LEDGER.from_row, dump(storage, [LEDGER.table])[LEDGER.table.name]):
        if entry.purpose == SUPPLEMENT and entry.account == Account.FREIGHT:
            found[entry.seller_id, entry.reference] += entry.amount_minor
    return found


def check_supplements(storage: Storage) -> Iterator[str]:
    """
    An order is there or here: what more was captured for it comes in turns with what
    was given back, each the same.
    """
    rows = dump(storage, [REFUNDS.table])[REFUNDS.table.name]
    more = supplements(storage)
    back = Counter[tuple[str, str]]()
    for refund in map(REFUNDS.from_row, rows):
        if refund.reason == "address":
            back[refund.seller_id, refund.order_id] += refund.freight_minor
    for place in more | back:
        times = (more[place] - back[place]) / FAR_MINOR
        if more[place] % FAR_MINOR or times not in (-1, 0, 1):
            yield (
                f"order {place[1]}: {more[place]} more for its freight, and"
                f" {back[place]} back"
            )
