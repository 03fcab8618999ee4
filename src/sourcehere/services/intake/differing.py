"""
Differences between what a shop wants and what we supply: what is said of them, and the
hold that says it.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.ids import HoldId, new_id
from ...domain.orders.holds import HoldReason
from ...domain.orders.order import Order
from ...domain.stores.demand import NO_SUPPLY, Difference
from ...domain.stores.model import SnapshotLine
from ...domain.stores.record import StoreOrderRecord
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORE_ORDERS
from .supplying import (
    counting,
    going_on,
    other_variants,
    parts_with,
    supplies_of,
    unsent_of,
)


def as_told(one: Difference, line: SnapshotLine | None) -> Difference:
    """
    Return a difference with what the shop tells of its line, if it tells it still.
    """
    if line is None:
        return one
    minor, currency = line.sold_for
    return attrs.evolve(
        one,
        sku=line.sku,
        title=line.title,
        sold_minor=minor,
        sold_currency=currency,
        external_variant_id=line.external_variant_id or one.external_variant_id,
        external_product_id=line.external_product_id or one.external_product_id,
    )


def words_of(one: Difference) -> str:
    """
    Return a difference in words: "CUP: the shop wants 2 more", "CUP: the shop wants
    variant 7, not 8, which was paid".
    """
    said = []
    if one.units:
        said.append(f"{abs(one.units)} {'more' if one.units > 0 else 'fewer'}")
    if one.other_variant:
        now = one.external_variant_id or one.external_product_id
        said.append(f"variant {now}, not {one.other_variant}, which was paid")
    return f"{one.sku or one.sku_key.strip()}: the shop wants {' and '.join(said)}"


def is_held(record: StoreOrderRecord, parts: Sequence[Order]) -> bool:
    """
    Tell whether the hold about differences is still open.
    """
    return any(h.hold_id == record.hold_id for order in parts for h in order.holds)


def held_for(
    unit: SellerUnit,
    record: StoreOrderRecord,
    left: Sequence[Difference],
    parts: Sequence[Order],
    *,
    by: Actor,
) -> StoreOrderRecord:
    """
    Hold one of *parts* that goes on, of which there is one if anything is *left*, for
    all of it, and let go of the hold before, as *by*.

    Returns:
        The record, with them.
    """
    for order in parts:
        order.release_hold_of_store(record.hold_id, by=by, at=unit.now)
    hold_id = HoldId("")
    if left:
        hold_id = HoldId(new_id())
        places = [parts_with(going_on(parts), one.key) for one in left]
        order = next((p[-1] for p in places if p), going_on(parts)[-1])
        order.hold(
            hold_id,
            HoldReason.STORE_CHANGED,
            detail="; ".join(map(words_of, left)),
            by=Actor(Role.STORE, record.store_id),
            at=unit.now,
        )
    return attrs.evolve(record, differences=tuple(left), hold_id=hold_id)


def follow_refund(
    unit: SellerUnit,
    order: Order,
    records: Mapping[tuple[str, str], StoreOrderRecord],
    *,
    by: Actor,
) -> None:
    """
    Let go of what a shop did not want any more of *order*, now that it was refunded
    before it left; the hold ends, or says what is left.

    Args:
        records: As they were locked, before the order.
    """
    record = records.get((order.store_id, order.external_id))
    if record is None or not record.differences:
        return
    parts = unit.orders.load(record.parts)
    left = _still_different(record, parts)
    if left and not going_on(parts):
        return  # as where all is refunded at once: what is wanted yet, the shop tells
    if left != record.differences and is_held(record, parts):
        unit.put(STORE_ORDERS, held_for(unit, record, left, parts, by=by))


def _still_different(
    record: StoreOrderRecord, parts: Sequence[Order]
) -> tuple[Difference, ...]:
    """
    Return the differences of *record* as far as they are left; what has left in parcels
    cannot be stopped any more.
    """
    lines = {line.key: line for line in record.lines}
    supplies = supplies_of(counting(record, parts))
    unsent = unsent_of(going_on(parts))
    variants = other_variants(lines, parts)

    def left_of(one: Difference) -> Difference:
        units = one.units
        if units < 0 and one.key in lines:
            supply = supplies.get(one.key, NO_SUPPLY)
            fewer = lines[one.key].difference(supply)
            units = min(max(fewer, -unsent.get(one.key, 0)), 0)
        variant = one.other_variant if one.key in variants else ""
        return attrs.evolve(one, units=units, other_variant=variant)

    found = map(left_of, record.differences)
    return tuple(one for one in found if one.units or one.other_variant)
