"""
Orders: their amounts, lines and items fit each other, what left is what was ordered and
paid, and all that they name is there.
"""

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
from .batch import ItemRow, LineRow, OrderBatch, OrderRow
from .rows import parsed
from .scope import Scope

_NO_PROMISE = to_micros(NEVER)
_LATE = '_late"'  # in the text of the holds; few orders are late
_STATES = {kind: frozenset(chart.state_names()) for kind, chart in CHARTS.items()}


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
        if order.state not in _STATES.get(order.kind, ()):
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
        lines, items = batch.lines.get(name, []), batch.items.get(name, [])
        _check_lines(scope, name, lines, items)
        shipped, drawn = _check_items(scope, name, items)
        sent: dict[str, int] = {}
        for parcel in batch.parcels.get(name, ()):
            if not parcel.replaced_by:
                for part in parsed(parcel.items):
                    item_id = part["item_id"]
                    sent[item_id] = sent.get(item_id, 0) + part["quantity"]
        if shipped != sent:
            findings.differs(
                "parcels_are_what_shipped", name, stored=shipped, computed=sent
            )
        due = order.goods_minor + order.freight_minor + order.handling_minor
        if shipped and (order.captured_minor < due or not order.checkout_id):
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
            allocated[one.item_id] = allocated.get(one.item_id, 0) + one.quantity
        if drawn != allocated:
            findings.differs(
                "allocations_are_what_was_drawn",
                name,
                stored=drawn,
                computed=allocated,
            )
        _check_marks(scope, batch, name, order.parcels)


def _check_lines(
    scope: Scope, name: str, lines: list[LineRow], items: list[ItemRow]
) -> None:
    """
    Check that lines are numbered without gaps, paired ones have items, and no item is
    without its line.
    """
    numbers = [line.line for line in lines]
    paired = {line.line for line in lines if line.is_paired}
    supplied = {item.line for item in items}
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
    scope.findings.looked("line_is_found_by_its_sku", len(lines))
    for line in lines:
        key = line.sku_key
        may_wait = not line.is_paired and not line.is_set_apart
        if (
            may_wait != line.is_waiting
            or (line.is_paired and line.is_set_apart)
            or (key != line.sku and key != known_as(line.sku, line.external_variant_id))
        ):
            words = f"{line.sku!r} is found as {key!r}, waiting {line.is_waiting}"
            scope.findings.found(
                "line_is_found_by_its_sku",
                f"{name}/{line.line}",
                words,
                sku=line.sku,
                sku_key=key,
                is_waiting=line.is_waiting,
            )


def _check_items(
    scope: Scope, name: str, items: list[ItemRow]
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
        gone = item.quantity_shipped
        if gone:
            shipped[item.item_id] = gone
        if item.quantity_from_lots:
            drawn[item.item_id] = item.quantity_from_lots
        ordered, cancelled = item.quantity, item.quantity_cancelled
        if gone < 0 or gone + cancelled > ordered or item.quantity_refunded > ordered:
            scope.findings.found(
                "shipped_within_ordered",
                f"{name}/{item.item_id}",
                f"of {ordered}: shipped {gone}, cancelled {cancelled},"
                f" refunded {item.quantity_refunded}",
                ordered=ordered,
                shipped=gone,
                cancelled=cancelled,
                refunded=item.quantity_refunded,
            )
    return shipped, drawn


def _check_marks(scope: Scope, batch: OrderBatch, name: str, text: str) -> None:
    """
    Check that an order names the parcels that there are.
    """
    parcels = batch.parcels.get(name)
    if text == "[]" and not parcels:
        return
    marked = {m["parcel_id"]: m["replaced_by"] for m in parsed(text)}
    there = {p.parcel_id: p.replaced_by for p in parcels or ()}
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
    gone = scope.unknown_variants({item.variant_id for item in own})
    for item in own if gone else ():
        if item.variant_id in gone:
            scope.findings.found(
                "its_variant_is_there",
                f"{item.order_id}/{item.item_id}",
                f"there is no variant {item.variant_id}",
                variant=item.variant_id,
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
