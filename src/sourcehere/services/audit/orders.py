"""
Orders: their amounts, lines and items fit each other, what left is what was ordered and
paid, and all that they name is there.
"""

from collections.abc import Sequence
from typing import Any

from ...domain.kernel.clock import NEVER, to_micros
from ...domain.kernel.store_variants import known_as
from ...domain.orders.holds import HoldReason
from ...domain.orders.kinds import CHARTS, KINDS
from ...domain.orders.machine import (
    AWAITING_SHIPPING,
    COUNTING_STATES,
    PAID_STATES,
    SENDING_STATES,
)
from .batch import ItemRow, OrderBatch, OrderRow, ParcelRow
from .rows import parsed
from .scope import Scope

_NO_PROMISE = to_micros(NEVER)
_LATE = '_late"'  # in the text of the holds; few orders are late
_QUANTITY = ItemRow._fields.index("quantity")
_ITEMS = ParcelRow._fields.index("items")
_REPLACED = ParcelRow._fields.index("replaced_by")
STATES = {kind: frozenset(chart.state_names()) for kind, chart in CHARTS.items()}


def check_amounts(scope: Scope, batch: OrderBatch) -> None:
    """
    Check what orders cost, got and gave back.
    """
    findings, tallies = scope.findings, scope.tallies
    captures, splits = tallies.captures, tallies.splits
    given_back, paid = tallies.given_back, tallies.paid_orders
    for name in (
        "refunded_within_captured",
        "paid_state_is_captured",
        "state_is_known",
        "late_order_waits_still",
    ):
        findings.looked(name, len(batch.orders))
    for order in batch.orders:
        name, captured = order.order_id, order.captured_minor
        goods, freight = order.goods_minor, order.freight_minor
        due = goods + freight + order.handling_minor
        captures.store(name, captured)
        if captured:
            splits.store(name, goods, freight, order.handling_minor)
        given_back.store(name, order.refunded_minor)
        if order.checkout_id:
            paid.compute(order.checkout_id, 1)
        if order.currency != scope.currency:
            scope.check_currency(f"order {name}", [order.currency])
        if not 0 <= order.refunded_minor <= captured:
            findings.found(
                "refunded_within_captured",
                name,
                f"captured {captured}, refunded {order.refunded_minor}",
                captured=captured,
                refunded=order.refunded_minor,
            )
        if order.state in PAID_STATES and captured < due:
            findings.found(
                "paid_state_is_captured",
                name,
                f"{order.state}: due {due}, got {captured}",
                state=order.state,
                due=due,
                captured=captured,
            )
        if order.state not in STATES.get(order.kind, ()):
            words = f"no order of kind {order.kind!r} can be {order.state!r}"
            findings.found("state_is_known", name, words, state=order.state)
        elif order.promised_by != _NO_PROMISE or _LATE in order.holds:
            _check_promise(scope, order)


def _check_promise(scope: Scope, order: OrderRow) -> None:
    """
    Check that the platform has still to do what it promised, or is late with.
    """
    is_cloud = KINDS[order.kind].ends_in_stock
    sending = {AWAITING_SHIPPING} if is_cloud else SENDING_STATES
    waits = {
        HoldReason.SHIP_LATE.value: order.state in sending,
        HoldReason.RECEIVE_LATE.value: is_cloud and order.state in COUNTING_STATES,
    }
    held = [hold["reason"] for hold in parsed(order.holds)]
    wrong = [reason for reason in held if not waits.get(reason, True)]
    if wrong or (order.promised_by != _NO_PROMISE and not any(waits.values())):
        words = f"{order.state}, and {' and '.join(wrong) or 'promised'} all the same"
        scope.findings.found(
            "late_order_waits_still", order.order_id, words, state=order.state
        )


def check_freight(scope: Scope, batch: OrderBatch) -> None:
    """
    Check what orders got back of freight and handling.
    """
    findings = scope.findings
    for invariant in (
        "freight_refunds_add_up",
        "freight_refunded_within_paid",
        "handling_refunded_within_paid",
    ):
        findings.looked(invariant, len(batch.orders))
    for order in batch.orders:
        name, stored = order.order_id, order.freight_refunded_minor
        if not stored and name not in scope.freight_back:
            continue
        freight, handling, said = scope.freight_back.get(name, (0, 0, 0))
        if not stored == freight + handling == said:
            findings.differs(
                "freight_refunds_add_up",
                name,
                stored=(stored, freight + handling),
                computed=(said, said),
            )
        for what, paid, back in (
            ("freight", order.freight_minor, freight),
            ("handling", order.handling_minor, handling),
        ):
            if not 0 <= back <= paid:
                findings.found(
                    f"{what}_refunded_within_paid",
                    name,
                    f"{what} paid {paid}, refunded {back}",
                    paid=paid,
                    refunded=back,
                )


def check_contents(scope: Scope, batch: OrderBatch) -> None:
    """
    Check lines, items, parcels and allocations of every order against each other.
    """
    findings = scope.findings
    for invariant in (
        "parcels_are_what_shipped",
        "nothing_ships_unpaid",
        "allocations_are_what_was_drawn",
        "line_is_its_items",
        "order_marks_its_parcels",
    ):
        findings.looked(invariant, len(batch.orders))
    for order in batch.orders:
        name = order.order_id
        lines, items = batch.lines.get(name, ()), batch.items.get(name, ())
        parcels = batch.parcels.get(name, ())
        _check_lines(scope, name, lines, items)
        shipped, drawn = _check_items(scope, name, items)
        if shipped or parcels:
            _check_sent(scope, name, shipped, parcels)
        due = order.goods_minor + order.freight_minor + order.handling_minor
        is_free = bool(order.origin_order_id)
        if is_free:
            again = f"{name}/{order.origin_order_id}"
            units = sum(item[_QUANTITY] for item in items)
            scope.tallies.reships.compute(again, units)
        is_unpaid = order.captured_minor < due or not (order.checkout_id or is_free)
        if shipped and is_unpaid:
            words = f"shipped with {order.captured_minor} of {due} paid"
            findings.found(
                "nothing_ships_unpaid",
                name,
                words,
                captured=order.captured_minor,
                due=due,
                checkout=order.checkout_id,
            )
        allocated: dict[str, int] = {}
        for one in batch.allocations.get(name, ()):
            item_id, quantity = one[1], one[3]
            allocated[item_id] = allocated.get(item_id, 0) + quantity
        if drawn != allocated:
            findings.differs(
                "allocations_are_what_was_drawn",
                name,
                stored=drawn,
                computed=allocated,
            )
        _check_marks(scope, name, order.parcels, parcels)


def _check_sent(
    scope: Scope, name: str, shipped: dict[str, int], parcels: Sequence[Any]
) -> None:
    """
    Check that parcels have what was shipped.
    """
    if len(parcels) == 1:
        # As it is written, which is all there is to know of most orders.
        said = [f'{{"item_id":"{i}","quantity":{n}}}' for i, n in shipped.items()]
        if parcels[0][_ITEMS] == f"[{','.join(said)}]" and not parcels[0][_REPLACED]:
            return
    sent: dict[str, int] = {}
    for parcel in parcels:
        if not parcel[_REPLACED]:
            for part in parsed(parcel[_ITEMS]):
                item_id = part["item_id"]
                sent[item_id] = sent.get(item_id, 0) + part["quantity"]
    if shipped != sent:
        scope.findings.differs(
            "parcels_are_what_shipped", name, stored=shipped, computed=sent
        )


def _check_lines(
    scope: Scope, name: str, lines: Sequence[Any], items: Sequence[Any]
) -> None:
    """
    Check that lines are numbered without gaps, paired ones have items, and no item is
    without its line.
    """
    numbers = [line[1] for line in lines]
    paired: set[int] = set()
    scope.findings.looked("line_is_found_by_its_sku", len(lines))
    for _, line, _, sku, _, is_paired, is_set_apart, variant, _, key, waits, _ in lines:
        if is_paired:
            paired.add(line)
        if (
            waits != (not is_paired and not is_set_apart)
            or (is_paired and is_set_apart)
            or (key != sku and key != known_as(sku, variant))
        ):
            scope.findings.found(
                "line_is_found_by_its_sku",
                f"{name}/{line}",
                f"{sku!r} is found as {key!r}, waiting {waits}",
                sku=sku,
                sku_key=key,
                is_waiting=waits,
            )
    supplied = {item[2] for item in items}
    if numbers != list(range(1, len(lines) + 1)):
        words = f"its lines are numbered {numbers}"
        scope.findings.found("line_is_its_items", name, words, lines=numbers)
    if paired != supplied:
        scope.findings.found(
            "line_is_its_items",
            name,
            f"lines {sorted(paired)} are paired, there are items of {sorted(supplied)}",
            paired=sorted(paired),
            supplied=sorted(supplied),
        )


def _check_items(
    scope: Scope, name: str, items: Sequence[Any]
) -> tuple[dict[str, int], dict[str, int]]:
    """
    Check every item's numbers.

    Returns:
        What was shipped, and what was drawn from lots, by item.
    """
    scope.findings.looked("shipped_within_ordered", len(items))
    shipped: dict[str, int] = {}
    drawn: dict[str, int] = {}
    for item in items:
        _, item_id, _, _, ordered, _, from_lots, gone, cancelled, refunded, back, _ = (
            item
        )
        if gone:
            shipped[item_id] = gone
        if from_lots:
            drawn[item_id] = from_lots
        if back:
            scope.tallies.back.store(f"{name}/{item_id}", back)
        is_too_much = gone + cancelled > ordered or refunded > ordered or back > gone
        if gone < 0 or is_too_much:
            scope.findings.found(
                "shipped_within_ordered",
                f"{name}/{item_id}",
                f"of {ordered}: shipped {gone}, cancelled {cancelled},"
                f" refunded {refunded}, back {back}",
                ordered=ordered,
                shipped=gone,
                cancelled=cancelled,
                refunded=refunded,
                returned=back,
            )
    return shipped, drawn


def _check_marks(scope: Scope, name: str, text: str, parcels: Sequence[Any]) -> None:
    """
    Check that an order names the parcels that there are.
    """
    if text == "[]" and not parcels:
        return
    marked = {m["parcel_id"]: m["replaced_by"] for m in parsed(text)}
    there = {p[1]: p[_REPLACED] for p in parcels}
    if marked != there:
        scope.findings.differs(
            "order_marks_its_parcels", name, stored=marked, computed=there
        )


def check_named(scope: Scope, batch: OrderBatch) -> None:
    """
    Check that stores, warehouses and variants of orders are there.
    """
    findings, orders = scope.findings, batch.orders
    findings.looked("its_store_is_there", len(orders))
    findings.looked("its_warehouse_is_there", len(orders))
    gone = scope.unknown_stores({o.store_id for o in orders if o.store_id})
    lost = scope.unknown_warehouses({o.warehouse for o in orders if o.warehouse})
    for order in orders if gone or lost else ():
        if order.store_id in gone:
            words = f"there is no store {order.store_id}"
            findings.found(
                "its_store_is_there", order.order_id, words, store=order.store_id
            )
        if order.warehouse in lost:
            words = f"there is no warehouse {order.warehouse}"
            findings.found(
                "its_warehouse_is_there",
                f"order {order.order_id}",
                words,
                warehouse=order.warehouse,
            )
    _check_variants(scope, batch)


def _check_variants(scope: Scope, batch: OrderBatch) -> None:
    own = [item for o in batch.orders for item in batch.items.get(o.order_id, ())]
    scope.findings.looked("its_variant_is_there", len(own))
    gone = scope.unknown_variants({item[3] for item in own})
    for order_id, item_id, _, variant_id, *_ in own if gone else ():
        if variant_id in gone:
            scope.findings.found(
                "its_variant_is_there",
                f"{order_id}/{item_id}",
                f"there is no variant {variant_id}",
                variant=variant_id,
            )


def check_kinds(scope: Scope, batch: OrderBatch) -> None:
    """
    Check that an order of no shop is known by its own id, and one of a shop is not.
    """
    scope.findings.looked("external_id_is_unique", len(batch.orders))
    for order in batch.orders:
        kind = KINDS.get(order.kind)
        if kind is None or order.store_id:
            continue
        if order.external_id != order.order_id or kind.tells_shop:
            scope.findings.found(
                "external_id_is_unique",
                order.order_id,
                f"of no shop, and called {order.external_id!r} there",
                external_id=order.external_id,
            )
