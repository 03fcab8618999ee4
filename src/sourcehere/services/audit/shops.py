"""
Shops' orders: their parts are numbered without gaps, and what the shop wants of each
line is supplied, taken out, held, or stands by a person's decision.

Most orders are one part that has what the shop wants, which is seen from the rows.
Where it is not seen at once, the rules of the domain are asked.
"""

from collections.abc import Sequence
from typing import Any

from ...domain.kernel.errors import NotFoundError
from ...domain.kernel.ids import SellerId
from ...domain.orders.holds import HoldReason
from ...domain.orders.machine import CANCELLED, UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.stores.demand import differences
from ...domain.stores.record import StoreOrderRecord
from ...ports.storage import Key
from ...unit.streams import Orders
from ...unit.tables.stores import STORE_ORDERS
from ..intake.editing import with_decisions
from ..intake.supplying import counting, key_of, other_variants, supplies_of
from .batch import OrderBatch, OrderRow, RecordRow
from .findings import Findings
from .rows import pages, parsed
from .scope import Scope

_PARTS = ("store_id", "external_id", "parts")


def check_shops(scope: Scope, batch: OrderBatch) -> None:
    """
    Check orders of shops against what the shops told.
    """
    slow: dict[tuple[str, str], None] = {}
    plain_count = 0
    for order in batch.orders:
        if not order.store_id:
            continue
        place = (order.store_id, order.external_id)
        scope.tallies.parts.store("/".join(place), 1)
        record = batch.records.get(place)
        if record is None:
            scope.findings.found(
                "store_order_is_recorded",
                order.external_id,
                f"an order of store {order.store_id} has no record",
                order=order.order_id,
                store=order.store_id,
            )
            continue
        name = order.order_id
        if order.contact_id != record.contact_id:
            scope.findings.found(
                "order_has_its_contact",
                name,
                f"it goes to {order.contact_id}, the shop's order to"
                f" {record.contact_id}",
                stored=order.contact_id,
                computed=record.contact_id,
            )
        if is_plain(record, order, batch.lines.get(name, ())):
            plain_count += 1
            continue
        parts = parsed(record.parts)
        if order.part <= len(parts) and parts[order.part - 1] == name:
            # A record of several parts is looked at once, by its first.
            if order.part == 1:
                slow[place] = None
            continue
        slow[place] = None
        if name not in parts:
            scope.findings.found(
                "external_id_is_unique",
                name,
                f"{place} names {parts}, and not this part {order.part} of it",
                parts=parts,
                part=order.part,
            )
    for invariant in (
        "parts_are_numbered",
        "store_line_stands_once",
        "shop_gets_what_it_wants",
    ):
        scope.findings.looked(invariant, plain_count)
    _look_closely(scope, list(slow))


def check_records(scope: Scope) -> None:
    """
    Check that our orders of every shop's order are there, and those of which we have
    none.
    """
    compute = scope.tallies.parts.compute
    for page in pages(scope.unit, STORE_ORDERS, scope.seller_id, _PARTS):
        none: list[tuple[str, str]] = []
        for store, external_id, parts, _ in page:
            if parts == "[]":
                none.append((str(store), str(external_id)))
                continue
            # An id has no comma.
            count = str(parts).count(",") + 1
            compute(f"{store}/{external_id}", count)
        _look_closely(scope, none)


def is_plain(
    record: RecordRow,
    order: OrderRow,
    lines: Sequence[Any],
) -> bool:
    """
    Tell whether an order obviously is all that the shop wants: one part, not cancelled,
    nothing of it replaced or decided by a person, with the same units of the same
    lines and variants. Units taken out since do not matter: the shop may not have heard
    of it.
    """
    if (
        record.cancelled
        or order.part != 1
        or order.state == CANCELLED
        or record.parts != f'["{order.order_id}"]'
        or record.replaced != "[]"
        or record.differences != "[]"
    ):
        return False
    ours = {
        (name, sku_key): (quantity, variant_id, product_id)
        for _, _, name, _, quantity, _, _, variant_id, product_id, sku_key, *_ in lines
    }
    if len(ours) != len(lines):
        return False
    if record.lines == _as_told(lines, is_sent='"fulfilled":0,' not in record.lines):
        return all(quantity > 0 for quantity, *_ in ours.values())
    wanted = {}
    for told in parsed(record.lines):
        if told.get("decided") or told.get("matched") or told.get("moved"):
            return False
        units = told["quantity"] - told["refunded"] - told["fulfilled_elsewhere"]
        if units > 0 and not told.get("is_not_ours"):
            ids = told["external_variant_id"], told["external_product_id"]
            wanted[told["external_line_id"], told["sku_key"]] = (units, *ids)
    return ours == wanted


def _as_told(lines: Sequence[Any], *, is_sent: bool) -> str:
    """
    Write what a shop told that wants these lines in this order, and has taken back and
    decided nothing; and sent nothing yet, or all.
    """
    said = [
        f'{{"external_line_id":"{name}","sku_key":"{sku_key}",'
        f'"quantity":{quantity},"fulfilled":{quantity if is_sent else 0},'
        '"refunded":0,"fulfilled_elsewhere":0,"matched":0,"moved":0,"decided":0,'
        f'"is_not_ours":false,"external_variant_id":"{variant_id}",'
        f'"external_product_id":"{product_id}","decided_variant":"","has_moved":false,'
        f'"served_here":0}}'
        for _, _, name, _, quantity, _, _, variant_id, product_id, sku_key, *_ in lines
    ]
    return f"[{','.join(said)}]"


def _look_closely(scope: Scope, places: Sequence[tuple[str, str]]) -> None:
    """
    Check what shops told against orders as the domain has them.
    """
    if not places:
        return
    findings = scope.findings
    keys: list[Key] = [(scope.seller_id, *place) for place in places]
    rows = scope.unit.session.get(STORE_ORDERS.table, keys, lock=False)
    whole = {STORE_ORDERS.table.key_of(row): row for row in rows}
    batch = [STORE_ORDERS.from_row(whole[key]) for key in keys]
    orders = Orders(scope.unit.session, SellerId(scope.seller_id))
    names = [name for record in batch for name in record.parts]
    known = {order.order_id for order in _there(orders, names)}
    for record in batch:
        parts = orders.load([n for n in record.parts if n in known], lock=False)
        findings.equal(
            "parts_are_numbered",
            record.external_id,
            stored=[
                (part.store_id, part.external_id, part.part) if part else None
                for part in _in_place(record, parts)
            ],
            computed=[
                (record.store_id, record.external_id, number)
                for number in range(1, len(record.parts) + 1)
            ],
        )
        _check_lines(record, parts, findings)
        check_wanted(record, parts, findings)


def _there(orders: Orders, names: Sequence[str]) -> list[Order]:
    """
    Load the orders that there are; a missing one is for the numbers to show.
    """
    try:
        return orders.load(names, lock=False)
    except NotFoundError:
        found: list[Order] = []
        for name in names:
            try:
                found += orders.load([name], lock=False)
            except NotFoundError:
                continue
        return found


def _in_place(record: StoreOrderRecord, parts: Sequence[Order]) -> list[Order | None]:
    by_id = {order.order_id: order for order in parts}
    return [by_id.get(name) for name in record.parts]


def _check_lines(
    record: StoreOrderRecord, parts: Sequence[Order], findings: Findings
) -> None:
    for order in parts:
        keys = [key_of(line) for line in order.lines]
        findings.check(
            "store_line_stands_once",
            order.order_id,
            holds=len(set(keys)) == len(keys),
            words=f"{record.external_id}: a line is there twice in {sorted(keys)}",
        )


def check_wanted(
    record: StoreOrderRecord, parts: Sequence[Order], findings: Findings
) -> None:
    """
    Check that *parts* are what the shop wants, by the rules of the domain.
    """
    if record.cancelled:
        left = [
            order.order_id
            for order in parts
            if order.state in UNPAID_STATES
            and not any(h.reason == HoldReason.STORE_CANCELLED for h in order.holds)
        ]
        findings.check(
            "shop_gets_what_it_wants",
            record.external_id,
            holds=not left,
            words=f"cancelled in the shop, but {left} can be paid",
        )
        return
    decided = with_decisions(record, parts)
    about = {one.key for one in decided.differences}
    lines = {line.key: line for line in decided.lines}
    supplies = supplies_of(counting(decided, parts))
    unsupplied = [
        f"line {one.external_line_id} ({one.sku_key}): {one.units:+}"
        for one in differences(lines, supplies)
        if one.key not in about
    ]
    unsupplied += [
        f"line {name} ({sku_key}): another variant, not {sent}"
        for (name, sku_key), sent in other_variants(lines, parts).items()
        if (name, sku_key) not in about
    ]
    unknown = sorted(
        key
        for key, supply in supplies.items()
        if key not in lines and supply.taken_on > supply.taken_out
    )
    findings.check(
        "shop_gets_what_it_wants",
        record.external_id,
        holds=not unsupplied and not unknown,
        words=(
            "neither supplied, taken out, held nor decided: "
            f"{'; '.join(unsupplied) or 'nothing'}; supplied, never told: {unknown}"
        ),
    )
