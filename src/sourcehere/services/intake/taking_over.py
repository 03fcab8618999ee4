"""
Taking over what a shop wants more of an order that is paid here.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.orders.order import Order
from ...domain.stores.demand import Difference, Key
from ...domain.stores.record import StoreOrderRecord
from ...unit.seller_unit import SellerUnit
from ...unit.tables.contacts import CONTACT_VERSIONS
from ...unit.tables.stores import STORE_ORDERS, STORES
from ..pairing.lookup import connected_skus, names_not_ours
from .differing import held_for
from .editing import with_decisions
from .leaving_out import without_not_ours
from .supplying import counting, going_on, kept_lines
from .writing import NewPart, OrderWriter, WantedLine

_NOTHING_ADDED = Blocker("nothing_added", "the shop added no units to it")
_NOT_OURS = Blocker(
    "not_ours",
    "the shop added only units of what was called not ours: staff release the hold",
)


def take_over_additions(
    unit: SellerUnit,
    order: Order,
    record: StoreOrderRecord,
    *,
    by: Actor,
    pay_within: timedelta,
) -> Order:
    """
    Make the units that the shop added the next part of its order, to be paid by itself.

    The hold is released. Where the shop also wants fewer units of something, or another
    variant, another one says that: staff refund these, or send them all the same; of an
    order that has ended meanwhile it stands. Of what is not ours nothing is taken over.

    Raises:
        CommandRefusedError: If the shop changed nothing, or added nothing that is ours.
    """
    order.take_over(by=by)
    writer, added = _read(unit, record, pay_within=pay_within)
    wanted = _ours(writer, added)
    if blockers := _blockers(order, record, added, wanted):
        raise CommandRefusedError(
            kind="order", id=order.order_id, command="take_over", blockers=blockers
        )
    part = _write(unit, writer, order, record, list(wanted.values()))
    if left_out := {key: n.units for key, n in added.items() if key not in wanted}:
        parts = counting(record, unit.orders.load(record.parts))
        record = without_not_ours(record, left_out, kept_lines(parts))
    left = tuple(
        attrs.evolve(one, units=min(one.units, 0))
        for one in record.differences
        if one.units < 0 or one.other_variant
    )
    names = (*record.parts, part.order_id)
    record = attrs.evolve(record, parts=names, differences=left)
    if going_on([order]):
        record = held_for(unit, record, left, [order], by=by)
    else:  # what has left, or ended, cannot be stopped any more: that stands
        order.release_hold_of_store(record.hold_id, by=by, at=unit.now)
        record = with_decisions(record, unit.orders.load(names))
    unit.put(STORE_ORDERS, record)
    return part


def why_not_taken_over(
    unit: SellerUnit, order: Order, record: StoreOrderRecord, *, pay_within: timedelta
) -> tuple[Blocker, ...]:
    """
    Return why nothing of what the shop wants otherwise can be taken over.
    """
    writer, added = _read(unit, record, pay_within=pay_within)
    return tuple(_blockers(order, record, added, _ours(writer, added)))


def _ours(
    writer: OrderWriter, added: Mapping[Key, WantedLine]
) -> dict[Key, WantedLine]:
    return {key: line for key, line in added.items() if not writer.is_left_out(line)}


def _blockers(
    order: Order,
    record: StoreOrderRecord,
    added: Mapping[Key, WantedLine],
    wanted: Mapping[Key, WantedLine],
) -> list[Blocker]:
    if not added or all(hold.hold_id != record.hold_id for hold in order.holds):
        return [_NOTHING_ADDED]
    return [] if wanted else [_NOT_OURS]


def _read(
    unit: SellerUnit, record: StoreOrderRecord, *, pay_within: timedelta
) -> tuple[OrderWriter, dict[Key, WantedLine]]:
    """
    Return who writes orders of the shop, and the lines of which it added units.
    """
    added = {one.key: _wanted(one) for one in record.differences if one.units > 0}
    store = unit.need(STORES, record.store_id)
    connected = connected_skus(
        unit, ((store.store_id, key) for one in added.values() for key in one.keys)
    )
    not_ours = names_not_ours(unit, store.store_id)
    writer = OrderWriter(
        unit, store, connected, pay_within=pay_within, not_ours=not_ours
    )
    return writer, added


def _wanted(one: Difference) -> WantedLine:
    return WantedLine(
        one.external_line_id,
        one.sku,
        one.title,
        one.units,
        one.sold_minor,
        one.sold_currency,
        one.external_variant_id,
        one.external_product_id,
    )


def _write(
    unit: SellerUnit,
    writer: OrderWriter,
    order: Order,
    record: StoreOrderRecord,
    wanted: Sequence[WantedLine],
) -> Order:
    newest = unit.find(CONTACT_VERSIONS, [(record.contact_id,)])[-1]
    return writer.write(
        NewPart(
            external_id=record.external_id,
            number=order.number,
            part=len(record.parts) + 1,
            placed_at=order.placed_at,
            contact_id=record.contact_id,
            contact_version=newest.version,
            country=newest.address.country,
            is_paid=record.paid_at_store,
        ),
        wanted,
    )
