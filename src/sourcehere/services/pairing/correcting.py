"""
How the lasting connection of a line's SKU is corrected: its rule becomes what a person
says of one line.
"""

from collections.abc import Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import StoreId
from ...domain.orders.lines import Line, NewItem
from ...domain.orders.order import Order
from ...domain.pairing.model import ConnectedSku, ConnectionChanged
from ...domain.pairing.rules import MappingRule, keep_prices
from ...domain.pairing.supply import RuleItem
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from .connecting import NewConnection, change_connection, make_connection
from .lookup import connected_skus, deciding


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
    known = _deciding(unit, order.store_id, line)
    before = _new_rule(line) if known is None else known.rule
    if before.external_product_id:  # it is for other variants, too
        before = _new_rule(line)
    (rule,) = keep_prices(
        (before,), (before.corrected(line.quantity, wanted, order.country),)
    )
    return rule


def connect_corrected(
    unit: SellerUnit, order: Order, line: Line, rule: MappingRule, *, by: Actor
) -> tuple[str, list[str]]:
    """
    Let a line like *line* be connected by *rule* from now on, in the order's shop.

    Returns:
        The connection's id, and the SKUs, as compared, whose lines have to follow.
    """
    key = rule.key
    known = _deciding(unit, order.store_id, line)
    first = unit.need(VARIANTS, rule.items[0].variant_id)
    if known is None:
        new = NewConnection(store_id=order.store_id, listing=rule.name, rules=(rule,))
        made = make_connection(unit, new, first.product_id, by=by)
        return made.connection_id, [key]
    connection = unit.connections.one(known.connection_id)
    others = [r for r in connection.rules if r.key != key]
    change = ConnectionChanged(
        product_id=connection.product_id if others else first.product_id,
        method=connection.method,
        methods=connection.methods,
        rules=(*others, rule),
        by=by,
        occurred_at=unit.now,
    )
    return connection.connection_id, change_connection(unit, connection, change)


def _deciding(unit: SellerUnit, store_id: StoreId, line: Line) -> ConnectedSku | None:
    connected = connected_skus(unit, [(store_id, key) for key in line.keys])
    return deciding(connected, store_id, line.keys)


def _new_rule(line: Line) -> MappingRule:
    """
    Return a rule for a line's variant that supplies nothing yet.
    """
    variant_id = "" if line.sku.strip() else line.external_variant_id
    return MappingRule(line.sku, (), external_variant_id=variant_id)
