"""
What is left of a connection once something that it needs is not sold any more.
"""

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import StoreId
from ...domain.pairing.model import Connection, ConnectionChanged
from ...domain.pairing.rules import MappingRule
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from .connecting import change_connection, lock_store, remove_connection


def keep_supplied(
    unit: SellerUnit, connection_id: str, *, by: Actor
) -> tuple[StoreId, list[str]]:
    """
    Take the rules out of a connection that need something for which nothing on sale is
    left, or end it where none would be left; the others keep their prices and methods.

    Returns:
        The shop, and the SKUs, as compared, whose lines have to follow; none where
        nothing changed.
    """
    connection = unit.connections.one(connection_id)
    store_id = connection.store_id
    lock_store(unit, store_id)
    left = _supplied(unit, connection)
    if not connection.is_active or left == connection.rules:
        return store_id, []  # somebody was first
    if not left:
        return store_id, remove_connection(unit, connection, by=by)
    change = ConnectionChanged(
        product_id=connection.product_id,
        method=connection.method,
        methods=connection.methods,
        rules=left,
        by=by,
        occurred_at=unit.now,
    )
    return store_id, change_connection(unit, connection, change)


def _supplied(unit: SellerUnit, connection: Connection) -> tuple[MappingRule, ...]:
    """
    Return the rules for all of which something is on sale.
    """
    names = sorted({name for rule in connection.rules for name in rule.variant_ids})
    found = unit.many(VARIANTS, [(name,) for name in names])
    gone = frozenset(names) - {v.variant_id for v in found if v.is_sold}
    return tuple(rule for rule in connection.rules if rule.can_be_supplied(gone))
