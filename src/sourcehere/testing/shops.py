"""
A small platform with one seller, for examples and for a host's own tests.
"""

from collections.abc import Mapping, Sequence

import attrs

from ..domain.kernel.clock import ManualClock
from ..domain.kernel.ids import OrderId, VariantId
from ..domain.kernel.values import frozen
from ..domain.pairing.rules import MappingRule
from ..domain.pairing.supply import RuleItem
from ..domain.stores.listing import ListedVariant
from ..face.core import SourceHere
from ..face.desks import SellerDesk, StaffDesk
from .factories import Bench, open_bench, shop_line, snapshot
from .fake_shop import FakeShop


@frozen
class SampleShop:
    """
    An open `SourceHere` with a seller, a shop, goods, a rate card and money in it.

    The seller is `demo`, whose wallet holds 10,000.00 USD. Their shop is `shop`; it
    sells what the catalogue has under the same SKU: `CUP` (5.00, from ten on 4.50),
    `HAT` (3.25) and `LAMP` (19.99, from five on 17.99), all of them connected. The
    cloud warehouse is `CN1`.

    Attributes:
        sh: The order core, in memory.

        clock: What time it is there; it moves when told.

        site: The shop's own side: what its customers were told, and how it fails.

        shop: The seller's desk.

        ann: The same seller's desk, with a member of staff at it.

        desk: That member's desk for the whole platform.

        variants: SKU -> variant id.
    """

    sh: SourceHere
    clock: ManualClock
    site: FakeShop
    shop: SellerDesk
    ann: SellerDesk
    desk: StaffDesk
    variants: Mapping[str, VariantId]

    def rule(self, sku: str, **units: int) -> MappingRule:
        """
        Return a rule that supplies *sku* of the shop by *units* of the platform's.
        """
        items = (RuleItem(self.variants[name], q) for name, q in units.items())
        return MappingRule(sku=sku, items=tuple(items))

    def lists(self, sku: str, *, variant_id: str) -> None:
        """
        Let the shop say that it sells *sku*, under an id of its own.
        """
        listed = ListedVariant(
            sku=sku, title=sku.title(), external_variant_id=variant_id
        )
        self.site.products.append(listed)

    def customer_orders(
        self,
        external_id: str = "1",
        *,
        titles: Mapping[str, str] | None = None,
        fulfilled: Mapping[str, int] | None = None,
        cancelled: bool = False,
        **units: int,
    ) -> OrderId:
        """
        Let a customer order in the shop, or edit their order, and read it.

        Args:
            titles: SKU -> what the shop calls it; the SKU in small letters otherwise.

            fulfilled: SKU -> units that the shop sent itself.

            cancelled: Whether the customer has cancelled the order.

            units: SKU -> units, one line each.
        """
        titles, fulfilled = titles or {}, fulfilled or {}
        lines = tuple(
            attrs.evolve(
                shop_line(sku, quantity, number=n, fulfilled=fulfilled.get(sku, 0)),
                title=titles.get(sku, sku.lower()),
            )
            for n, (sku, quantity) in enumerate(units.items(), start=1)
        )
        order = snapshot(external_id, cancelled=cancelled)
        self.site.put(attrs.evolve(order, lines=lines))
        self.shop.stores.sync("shop")
        return self.shop.orders.find_external("shop", [external_id])[external_id][0]


def sample_shop(*, plugins: Sequence[object] = ()) -> SampleShop:
    """
    Open a `SourceHere` in memory, with one of everything that an example needs.

    The clock stands at noon of Monday, 2 March 2026, UTC.

    Args:
        plugins: Used beside the fake shop's.
    """
    bench = open_bench(plugins=plugins)
    for sku in bench.variants:
        bench.connect(bench.rule(sku))
    return _on(bench)


def _on(bench: Bench) -> SampleShop:
    sh = bench.sh
    desk = sh.staff("ann")
    return SampleShop(
        sh=sh,
        clock=bench.clock,
        site=bench.shop,
        shop=sh.seller(bench.seller),
        ann=desk.seller(bench.seller),
        desk=desk,
        variants={sku: VariantId(name) for sku, name in bench.variants.items()},
    )
