"""
Connecting a second shop as the first one is connected.
"""

from collections.abc import Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import SellerId
from ...domain.pairing.model import Connection
from ...unit.seller_unit import SellerUnit
from ...unit.tables.pairing import CONNECTIONS_OF
from ...unit.tables.stores import STORES
from ..base.bulk import BulkReport
from ..base.commands import Given
from ..base.service import Service
from .connecting import (
    NewConnection,
    lock_store,
    make_connection,
    variants_on_sale,
)


class Copying(Service):
    """
    Copies connections from shop to shop.
    """

    def copy(
        self,
        seller_id: str,
        store_id: str,
        to_store_id: str,
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Connect in a second shop what is connected in the first, a hundred a commit; a
        refused connection is reported and the rest go on.

        Rules, methods and agreed prices are copied as they are now; what changes in one
        shop later does not change the other. Waiting orders are tried by the relay.

        Returns:
            Connection of the first shop -> that of the second.

        Raises:
            NotFoundError: If the seller has no such shops.

            InvalidInputError: If they are the same.
        """
        owner = SellerId(seller_id)
        if store_id == to_store_id:
            raise InvalidInputError(
                field="to_store_id", value=to_store_id, expected="another shop"
            )

        def look(unit: SellerUnit) -> list[tuple[str, str]]:
            unit.need(STORES, store_id)
            unit.need(STORES, to_store_id)
            found = unit.each(CONNECTIONS_OF, store_id)
            return [(str(c.connection_id), "") for c in found if c.is_active]

        def work(unit: SellerUnit, items: Sequence[tuple[str, str]]) -> dict[str, str]:
            lock_store(unit, to_store_id)
            known = unit.connections.load([name for name, _ in items])
            new = [_as_new(connection, to_store_id) for connection in known]
            rules = [rule for one in new for rule in one.rules]
            variants_on_sale(unit, {n for rule in rules for n in rule.variant_ids})
            return {
                str(old.connection_id): make_connection(
                    unit, one, old.product_id, by=by
                ).connection_id
                for old, one in zip(known, new, strict=True)
            }

        given = Given(command_id, "copy_connections", (store_id, to_store_id))
        return self._each(owner, given, self._read(owner, look), work, str)


def _as_new(connection: Connection, store_id: str) -> NewConnection:
    """
    Return what *connection* is, for another shop.

    Raises:
        InvalidInputError: If it goes by the shop's own ids: another shop has others.
    """
    named = [rule.name for rule in connection.rules if not rule.sku]
    if named:
        raise InvalidInputError(
            field="rules: external id",
            value=", ".join(named),
            expected="SKUs only: another shop has other ids of its own",
        )
    return NewConnection(
        store_id=store_id,
        listing=connection.listing,
        rules=connection.rules,
        method=connection.method,
        methods=connection.methods,
    )
