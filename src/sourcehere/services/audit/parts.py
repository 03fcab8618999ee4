"""
Shops' orders: their parts are numbered without gaps, and what the shop wants of each
line is supplied, taken out, held, or stands by a person's decision.
"""

from collections.abc import Sequence

from ...domain.kernel.errors import NotFoundError
from ...domain.kernel.ids import SellerId
from ...domain.orders.holds import HoldReason
from ...domain.orders.machine import UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.stores.demand import differences
from ...domain.stores.record import StoreOrderRecord
from ...unit.base import Unit
from ...unit.streams import Orders
from ...unit.tables.stores import STORE_ORDERS
from ..base.batches import batches
from ..intake.editing import with_decisions
from ..intake.supplying import counting, key_of, supplies_of
from .findings import Findings


def check_parts(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check what is kept of every order of a shop against the parts made of it.
    """
    for batch in batches(unit.each_of(STORE_ORDERS, seller_id)):
        _check_batch(unit, seller_id, batch, findings)


def _check_batch(
    unit: Unit, seller_id: str, batch: Sequence[StoreOrderRecord], findings: Findings
) -> None:
    orders = Orders(unit.session, SellerId(seller_id))
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
        _check_wanted(record, parts, findings)


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


def _check_wanted(
    record: StoreOrderRecord, parts: Sequence[Order], findings: Findings
) -> None:
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
