"""
Under which of the shop's lines it was told of parcels, where it had merged or split
lines by then.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from ...domain.effects.machine import MAY_HAVE_ARRIVED
from ...domain.effects.model import Attempt, Channel
from ...domain.effects.told_errors import UnreadableLinesError
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel
from ...domain.stores.record import StoreOrderRecord
from ...ports.storage import Key as Prefix
from ...unit.base import Unit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX_LANE
from ...unit.tables.shipments import PARCELS_OF
from .supplying import Key, key_of


def told_lines(
    unit: Unit,
    order_ids: Iterable[str],
    *,
    owner: Prefix = (),
    without: Collection[str] = (),
) -> dict[str, dict[str, int]]:
    """
    Return what the shop may have been told of parcels of orders: parcel -> units by the
    shop's line; of none where it was told what the parcel says itself.

    Args:
        owner: What leads the keys, where *unit* is of no seller.

        without: Messages that are taken as if the shop had never heard of them.

    Raises:
        UnreadableLinesError: If an attempt does not say of which lines it told.
    """
    lanes = [(*owner, Channel.STORE.value, name) for name in sorted(order_ids)]
    found_in = unit.find(OUTBOX_LANE, lanes)
    messages = {m.message_id: m for m in found_in if m.message_id not in without}
    tried = unit.find(ATTEMPTS_OF, [(*owner, name) for name in messages])
    places = {name: m.position for name, m in messages.items()}
    found: dict[str, dict[str, int]] = {}
    for attempt in sorted(tried, key=lambda a: (places[a.message_id], a.number)):
        if attempt.state in MAY_HAVE_ARRIVED:
            found[messages[attempt.message_id].subject] = read_lines(attempt)
    return found


def written_lines(units: Mapping[str, int]) -> str:
    """
    Write units by the shop's line as an attempt keeps them; nothing where there are
    none.
    """
    return json.dumps(units, separators=(",", ":")) if units else ""


def read_lines(attempt: Attempt) -> dict[str, int]:
    """
    Return the units by the shop's line that an attempt keeps; none where it told what
    the parcel says.

    Raises:
        UnreadableLinesError: If it does not say how many units of which lines.
    """
    told = lines_in(attempt.lines)
    if attempt.lines and not told:
        raise UnreadableLinesError(
            message_id=attempt.message_id, number=attempt.number, stored=attempt.lines
        )
    return told


def lines_in(text: str) -> dict[str, int]:
    """
    Return the units by the shop's line in a text that `written_lines` wrote; none where
    it did not.
    """
    try:
        told = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    is_told = isinstance(told, dict) and all(
        type(units) is int and units > 0 for units in told.values()
    )
    return told if is_told else {}


def units_of(parcel: Parcel) -> dict[str, int]:
    """
    Return the complete units in a parcel, by the shop's line that they were ordered in.
    """
    return {u.external_line_id: u.quantity for u in parcel.store_units}


class LineKeys:
    """
    Finds lines by the shop's ids of them.

    Lines of several SKUs under one id cannot be told apart: units of them stay where
    they are.
    """

    def __init__(self, parts: Sequence[Order], record: StoreOrderRecord) -> None:
        ours = {key_of(line) for part in parts for line in part.lines}
        keys = ours | {line.key for line in record.lines}
        names = Counter(name for name, _ in keys)
        self._alone = {key[0]: key for key in keys if names[key[0]] == 1}

    def keyed(self, units: Mapping[str, int]) -> dict[Key, int]:
        """
        Return *units* by the key of their line.
        """
        return {self._alone.get(name, (name, "")): n for name, n in units.items()}


def shifted(
    unit: SellerUnit, record: StoreOrderRecord, parts: Sequence[Order]
) -> Mapping[Key, int]:
    """
    Return by how many units more (or, below zero, fewer) the shop was told of each line
    than left of it: units that it had moved there before. They cannot move any more.

    Raises:
        UnreadableLinesError: If an attempt does not say of which lines it told.
    """
    told = told_lines(unit, record.parts)
    found: Counter[Key] = Counter()
    keys = LineKeys(parts, record)
    parcels = unit.find(PARCELS_OF, [(name,) for name in record.parts])
    before = {p.replaced_by: p.parcel_id for p in parcels if p.replaced_by}
    for parcel in parcels:
        name: str = parcel.parcel_id
        while name not in told and name in before:
            name = before[name]  # the shop knows of no other yet
        lines = told.get(name)
        if lines and not parcel.replaced_by:
            found.update(keys.keyed(lines))
            found.subtract(keys.keyed(units_of(parcel)))
    return {key: units for key, units in found.items() if units}
