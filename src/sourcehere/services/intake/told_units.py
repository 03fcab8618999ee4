"""
Under which of the shop's lines it was told of parcels, where it had merged or split
lines by then.
"""

import json
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from itertools import islice, product

from ...domain.effects.machine import MAY_HAVE_ARRIVED
from ...domain.effects.model import Attempt, Channel
from ...domain.effects.told_errors import UnreadableLinesError
from ...domain.kernel.values import light
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel
from ...domain.stores.record import StoreOrderRecord
from ...ports.storage import Key as Prefix
from ...unit.base import Unit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX_LANE
from ...unit.tables.shipments import PARCELS_OF
from .supplying import Key, key_of

_WAYS_MAX = 1_000  # in which lines may have been of several SKUs


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
    Finds lines by the shop's ids of them, each of which may have been of several SKUs:
    the one that is meant is in the parcel.
    """

    def __init__(self, parts: Sequence[Order], record: StoreOrderRecord) -> None:
        self._own = {
            part.order_id: {line.external_line_id: key_of(line) for line in part.lines}
            for part in parts
        }
        self._of_id: dict[str, set[Key]] = {}
        for own in self._own.values():
            for name, key in own.items():
                self._of_id.setdefault(name, set()).add(key)
        for line in record.lines:
            self._of_id.setdefault(line.external_line_id, set()).add(line.key)

    def in_parcel(self, parcel: Parcel) -> dict[Key, int]:
        """
        Return the complete units in *parcel*, by the lines that they were ordered in.
        """
        own = self._own.get(parcel.order_id, {})
        return {own.get(n, (n, "")): units for n, units in units_of(parcel).items()}

    def told(self, parcel: Parcel, lines: Mapping[str, int]) -> dict[Key, int]:
        """
        Return the units of *parcel* by the lines under which the shop was told of them.

        Args:
            lines: As the attempt keeps them; none where it told what the parcel says.
        """
        own = self.in_parcel(parcel)
        if not lines:
            return own
        wanted = _by_sku(own)
        ways = product(*(self._lines_of(name, wanted) for name in lines))
        units = list(lines.values())
        found = [dict(zip(way, units, strict=True)) for way in islice(ways, _WAYS_MAX)]
        right = [way for way in found if _by_sku(way) == wanted]
        if len(right) == 1:
            return right[0]
        return {self._only(name): units for name, units in lines.items()}

    def _lines_of(self, name: str, skus: Container[str]) -> list[Key]:
        return [key for key in self._of_id.get(name, ()) if key[1] in skus]

    def _only(self, name: str) -> Key:
        """
        Return the line of an id; units of one that cannot be told apart stay with none.
        """
        keys = list(self._of_id.get(name, ()))
        return keys[0] if len(keys) == 1 else (name, "")


def _by_sku(units: Mapping[Key, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_, sku_key), count in units.items():
        found[sku_key] += count
    return found


@light
class Heard:
    """
    What a shop may have been told of by us.

    Attributes:
        told: Units by the lines under which it was told of them.

        left: The same units by the lines that they left of.
    """

    told: Mapping[Key, int]
    left: Mapping[Key, int]

    @property
    def shift(self) -> dict[Key, int]:
        """
        By how many units more (or, below zero, fewer) the shop was told of each line
        than left of it: units that it had moved there before, which cannot move any
        more.
        """
        found = Counter(self.told)
        found.subtract(self.left)
        return {key: units for key, units in found.items() if units}

    def of_others(self, lines: Iterable[Key]) -> dict[Key, int]:
        """
        Return how many units it was told under the id of each of *lines* when that was
        one of another SKU: it may count them there still, and nobody else sent these.
        """
        found: dict[Key, int] = {}
        for name, sku_key in lines:
            units = sum(
                count
                for (other, of), count in self.told.items()
                if other == name and of != sku_key
            )
            if units:
                found[name, sku_key] = units
        return found


NOTHING_HEARD = Heard({}, {})


def heard(
    parcels: Sequence[Parcel], told: Mapping[str, Mapping[str, int]], keys: LineKeys
) -> Heard:
    """
    Return what the shop may have been told of *parcels*, which are all of its order.

    Args:
        told: As `told_lines` returns it.
    """
    before = {p.replaced_by: p.parcel_id for p in parcels if p.replaced_by}
    said: Counter[Key] = Counter()
    left: Counter[Key] = Counter()
    for parcel in parcels:
        name: str = parcel.parcel_id
        while name not in told and name in before:
            name = before[name]  # the shop knows of no other yet
        if name in told and not parcel.replaced_by:
            said.update(keys.told(parcel, told[name]))
            left.update(keys.in_parcel(parcel))
    return Heard(said, left)


def read_heard(
    unit: SellerUnit, record: StoreOrderRecord, parts: Sequence[Order]
) -> Heard:
    """
    Read what the shop may have been told of its order.

    Raises:
        UnreadableLinesError: If an attempt does not say of which lines it told.
    """
    parcels = unit.find(PARCELS_OF, [(name,) for name in record.parts])
    told = told_lines(unit, record.parts)
    return heard(parcels, told, LineKeys(parts, record))
