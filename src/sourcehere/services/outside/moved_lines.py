"""
The lines that a shop is told of a parcel, by the ids that the lines have there now.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import light
from ...domain.shipments.model import Parcel
from ...domain.stores.demand import Key, ToldLine, is_same_thing, with_served
from ...domain.stores.moved_lines import Sent, told_under
from ...domain.stores.moving import added, served_before, served_elsewhere
from ...domain.stores.record import StoreOrderRecord
from ...ports.storage import Row
from ...unit.base import Unit
from ...unit.streams import Orders
from ...unit.tables.shipments import PARCELS_OF
from ...unit.tables.stores import STORE_ORDERS
from ..intake.supplying import counting, served_of, supplies_of
from ..intake.told_units import LineKeys, heard, told_lines, units_of


@light
class Telling:
    """
    What a shop is told of a parcel.

    Attributes:
        lines: Units by the shop's line, if other ones than the parcel says.

        why_not: Why nobody can tell of it by lines; empty where that can be.
    """

    lines: Mapping[str, int]
    why_not: str = ""


AS_IT_SAYS = Telling({})

# Seller and parcel -> what the shop is told, if anything else than the parcel says.
Told = dict[tuple[str, str], Telling]

LINES_TOLD = STORE_ORDERS.table.only(("lines", "parts", *STORE_ORDERS.table.key))
# Asked of the text, since lines are made of it only where a shop merged or split some,
# or somebody told it of units beside us.
_MOVED = '"has_moved":true'
_SOME_LEFT = re.compile(r'"fulfilled":[1-9]')


def units_told(unit: Unit, rows: Iterable[Row], unsure: Mapping[str, str]) -> Told:
    """
    Return what the shop is told of the parcels of orders whose lines it merged or split
    since; of the others it is told what they say themselves.

    Args:
        rows: The orders as the shop told them, of `LINES_TOLD`.

        unsure: Message -> parcel, of which nobody knows whether the shop took them: of
            these it is what it would be told if it has not.
    """
    moved = [key for lines, parts, *key in rows if _is_odd(lines, parts)]
    found: Told = {}
    for record in unit.many(STORE_ORDERS, map(tuple, moved)):
        found.update(_told_of(unit, record))
        if unsure:
            anew = _told_of(unit, record, without=unsure)
            mine = {(record.seller_id, name) for name in unsure.values()}
            found = {k: v for k, v in found.items() if k not in mine}
            found.update((k, v) for k, v in anew.items() if k in mine)
    return found


def _is_odd(lines: object, parts: object) -> bool:
    """
    Tell whether units may be told under other lines than they left of: the shop has
    moved some, or one part is told beside another, which the seller may have served.
    """
    return _MOVED in str(lines) or (
        "," in str(parts) and _SOME_LEFT.search(str(lines)) is not None
    )


def _told_of(
    unit: Unit, record: StoreOrderRecord, *, without: Collection[str] = ()
) -> Told:
    seller_id = record.seller_id
    parts = Orders(unit.session, SellerId(seller_id)).load(record.parts, lock=False)
    found = _in_order(unit.find(PARCELS_OF, [(seller_id, n) for n in record.parts]))
    parcels = [parcel for parcel in found if not parcel.replaced_by]
    before = told_lines(unit, record.parts, owner=(seller_id,), without=without)
    keys = LineKeys(parts, record)
    lines = {line.key: line for line in record.lines}
    ours = counting(record, parts)
    supplies, served = supplies_of(ours), served_of(ours)
    here: Mapping[Key, int] = {}
    if served:
        all_told = told_lines(unit, record.parts, owner=(seller_id,))
        told_of = heard(found, all_told, keys).told
        here = served_before(lines, served)
        here = served_elsewhere(lines, supplies, served, told_of, here)
        lines = {key: with_served(n, here.get(key, 0)) for key, n in lines.items()}
    # The seller tells the shop of these, and before what is sent for what it lacks.
    sent = [Sent(served, added(served, here) if here else None)]
    for parcel in parcels:
        said = before.get(parcel.parcel_id)
        told = None if said is None else keys.told(parcel, said)
        sent.append(Sent(keys.in_parcel(parcel), told))
    _, *under = told_under(lines, supplies, sent)
    tellings = {
        (seller_id, parcel.parcel_id): Telling(
            {} if (by_line := _by_line(by_key)) == units_of(parcel) else by_line,
            "" if parcel.parcel_id in before else _why_not(by_key, record.lines),
        )
        for parcel, by_key in zip(parcels, under, strict=True)
    }
    return {key: one for key, one in tellings.items() if one != AS_IT_SAYS}


def _why_not(told: Iterable[Key], lines: Sequence[ToldLine]) -> str:
    """
    Say which line is of another SKU by now than what has left: the shop would count as
    sent what it does not mean.
    """
    there = {line.external_line_id: line for line in lines if line.quantity}
    known = {line.key: line for line in lines}
    found: list[str] = []
    for key in told:
        past, now = known.get(key), there.get(key[0])
        if past and now and not is_same_thing(past, now):
            found.append(
                f"line {key[0]} is {now.sku_key.strip()} by now, and"
                f" {past.sku_key.strip()} has left"
            )
    return "; ".join(found)


def _in_order(parcels: Sequence[Parcel]) -> list[Parcel]:
    """
    Sort by when the goods left: a replacement stands where the replaced one stood.
    """
    before = {p.replaced_by: p.parcel_id for p in parcels if p.replaced_by}

    def first(parcel: Parcel) -> str:
        name = str(parcel.parcel_id)
        while name in before:
            name = before[name]
        return name

    return sorted(parcels, key=first)


def _by_line(told: Mapping[tuple[str, str], int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (name, _), units in told.items():
        sums[name] = sums.get(name, 0) + units
    return sums
