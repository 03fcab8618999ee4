"""
How the lasting connection of a line's SKU is corrected: its rule becomes what a person
says of one line.
"""

from collections.abc import Sequence

from ...domain.kernel.actor import Actor
from ...domain.orders.lines import NewItem
from ...domain.orders.order import Order
from ...domain.pairing.model import ConnectionChanged
from ...domain.pairing.rules import MappingRule, RuleItem, keep_prices
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.pairing import CONNECTED_SKUS
from .connecting import NewConnection, change_connection, make_connection


def corrected_rule(
    unit: SellerUnit, order: Order, number: int, items: Sequence[NewItem]
) -> MappingRule:
    """
    Return the rule by which a line like *number* of *order* is *items* from now on.

    Raises:
        InvalidInputError: If there is no such line, or the units are not the same for
            each of its units.
    """
    line = order.line_of(number)
    wanted = tuple(RuleItem(item.variant_id, item.quantity) for item in items)
    known = unit.get(CONNECTED_SKUS, order.store_id, line.sku_key)
    before = MappingRule(line.sku, ()) if known is None else known.rule
    (rule,) = keep_prices((before,), (before.corrected(line.quantity, wanted),))
    return rule


def connect_corrected(
    unit: SellerUnit, order: Order, rule: MappingRule, *, by: Actor
) -> tuple[str, list[str]]:
    """
    Let the SKU of *rule* be connected by it from now on, in the order's shop.

    Returns:
        The connection's id, and the SKUs, as compared, whose lines have to follow.
    """
    key = rule.sku.strip().casefold()
    known = unit.get(CONNECTED_SKUS, order.store_id, key)
    first = unit.need(VARIANTS, rule.items[0].variant_id)
    if known is None:
        new = NewConnection(store_id=order.store_id, listing=rule.sku, rules=(rule,))
        made = make_connection(unit, new, first.product_id, by=by)
        return made.connection_id, [key]
    connection = unit.connections.one(known.connection_id)
    others = [r for r in connection.rules if r.sku.strip().casefold() != key]
    change = ConnectionChanged(
        product_id=connection.product_id if others else first.product_id,
        method=connection.method,
        rules=(*others, rule),
        by=by,
        occurred_at=unit.now,
    )
    return connection.connection_id, change_connection(unit, connection, change)
