"""
Freight and handling: what came back is what refunds say, and no more than was paid.
"""

from collections.abc import Mapping

from ...domain.wallet.machine import SUCCEEDED
from ...unit.base import Unit
from ...unit.tables.orders import ORDERS
from ...unit.tables.wallet import REFUNDS
from .findings import Findings


def check_freight(
    unit: Unit,
    seller_id: str,
    *,
    freight: Mapping[str, int],
    handling: Mapping[str, int],
    findings: Findings,
) -> None:
    """
    Check what orders got back of freight and handling.

    Args:
        freight, handling: Refund -> what the ledger moved on the account of that name.
    """
    said: dict[str, int] = {}
    booked: dict[str, tuple[int, int]] = {}
    for refund in unit.each_of(REFUNDS, seller_id):
        if refund.state != SUCCEEDED:
            continue
        name = refund.order_id
        said[name] = said.get(name, 0) + refund.freight_minor
        before = booked.get(name, (0, 0))
        booked[name] = (
            before[0] - freight.get(refund.refund_id, 0),
            before[1] - handling.get(refund.refund_id, 0),
        )
    for order in unit.each_of(ORDERS, seller_id):
        name = order.order_id
        of_freight, of_handling = booked.get(name, (0, 0))
        findings.equal(
            "freight_refunds_add_up",
            name,
            stored=(order.freight_refunded_minor, of_freight + of_handling),
            computed=(said.get(name, 0), said.get(name, 0)),
        )
        findings.check(
            "freight_refunded_within_paid",
            name,
            holds=0 <= of_freight <= order.freight_minor,
            words=f"freight paid {order.freight_minor}, refunded {of_freight}",
        )
        findings.check(
            "handling_refunded_within_paid",
            name,
            holds=0 <= of_handling <= order.handling_minor,
            words=f"handling paid {order.handling_minor}, refunded {of_handling}",
        )
