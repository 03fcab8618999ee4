"""
How much of what a shop sells is paired, and what waits for the rest.
"""

import attrs

from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.lines import Line
from ...unit.seller_unit import SellerUnit
from ...unit.tables.pairing import CONNECTIONS_OF
from ...unit.tables.stores import STORES
from ..base.service import Service
from .waiting import waiting_orders


@frozen(kw_only=True)
class UnpairedSku:
    """
    A store variant that nothing supplies, and what waits for it.

    Attributes:
        sku, title: As its first waiting line spells them; comparing ignores case. The
            SKU is empty where the shop has none.

        external_variant_id, external_product_id: The shop's own ids, of that line.

        orders: Unrecognized orders that have it in an unpaired line.

        orders_only: Those that wait for nothing else.

        units: Store units in these lines.
    """

    sku: str
    title: str
    orders: int
    orders_only: int
    units: int
    external_variant_id: str
    external_product_id: str


@frozen(kw_only=True)
class Coverage:
    """
    What of a store is paired.

    Attributes:
        unpaired: Store variants that orders wait for, most orders first.

        skus_paired, skus_unpaired: Store variants with a connection, and those above.

        orders_waiting: Unrecognized orders; ignored ones wait for nothing.

        lines_paired, lines_unpaired: Of these orders.
    """

    store_id: str
    unpaired: tuple[UnpairedSku, ...]
    skus_paired: int
    skus_unpaired: int
    orders_waiting: int
    lines_paired: int
    lines_unpaired: int


@attrs.define
class _Tally:
    """
    One SKU while its lines are counted.
    """

    first: Line
    orders: int = 0
    orders_only: int = 0
    units: int = 0


class Covering(Service):
    """
    Reports coverage.
    """

    def coverage(self, seller_id: str, store_id: str) -> Coverage:
        """
        Return the store variants that are not paired, and how much waits for each.

        It costs what waits and what is connected, not what was ever ordered.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        return self._read(SellerId(seller_id), lambda unit: _coverage(unit, store_id))


def _coverage(unit: SellerUnit, store_id: str) -> Coverage:
    unit.need(STORES, store_id)
    tallies: dict[str, _Tally] = {}
    orders = paired = unpaired = 0
    for _, lines in waiting_orders(unit, store_id):
        waiting = [line for line in lines if line.is_waiting]
        keys = {line.sku_key for line in waiting}
        is_apart = any(line.is_set_apart for line in lines)
        orders += 1
        paired += sum(line.is_paired for line in lines)
        unpaired += sum(not line.is_paired for line in lines)
        for line in waiting:
            tally = tallies.setdefault(line.sku_key, _Tally(line))
            tally.units += line.quantity
        for key in keys:
            tallies[key].orders += 1
            tallies[key].orders_only += len(keys) == 1 and not is_apart
    most_first = sorted(
        tallies.values(), key=lambda t: (-t.orders, -t.units, t.first.sku_key)
    )
    return Coverage(
        store_id=store_id,
        unpaired=tuple(
            UnpairedSku(
                sku=t.first.sku,
                title=t.first.title,
                external_variant_id=t.first.external_variant_id,
                external_product_id=t.first.external_product_id,
                orders=t.orders,
                orders_only=t.orders_only,
                units=t.units,
            )
            for t in most_first
        ),
        skus_paired=sum(
            len(connection.rules)
            for connection in unit.each(CONNECTIONS_OF, store_id)
            if connection.is_active
        ),
        skus_unpaired=len(tallies),
        orders_waiting=orders,
        lines_paired=paired,
        lines_unpaired=unpaired,
    )
