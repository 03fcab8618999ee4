"""
Goodwill: what staff gave is what the ledger moved, for orders that are there.
"""

from ...unit.tables.orders import ORDERS
from ...unit.tables.wallet import GOODWILLS
from ..base.batches import batches
from .rows import missing
from .scope import Scope


def check_goodwill(scope: Scope) -> None:
    """
    Add up what was given and taken back, and look for the orders that it makes up for.
    """
    for batch in batches(scope.unit.each_of(GOODWILLS, scope.seller_id)):
        orders = {(scope.seller_id, one.order_id) for one in batch if one.order_id}
        gone = missing(scope.unit, ORDERS, orders)
        for one in batch:
            back = 0 if one.taken_back_at is None else one.amount_minor
            scope.tallies.goodwill.store(one.reference, one.amount_minor, back)
            scope.check_currency(f"goodwill {one.reference}", [one.currency])
            scope.findings.check(
                "goodwill_is_for_an_order",
                one.reference,
                holds=(scope.seller_id, one.order_id) not in gone,
                words=f"there is no order {one.order_id}",
                order=one.order_id,
            )
