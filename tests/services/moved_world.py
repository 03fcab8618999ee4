"""
A shop's order whose units it moves from line to line of one SKU.
"""

import attrs

from sourcehere import TrackingFact, TrackingStatus
from sourcehere.testing.factories import NOON, STAFF, shop_line, snapshot


def lined(sku="CUP", **units):
    """
    Tell an order of cups, by the shop's lines: how many are wanted, or a pair of that
    and how many the shop says have left.
    """
    pairs = {n: q if isinstance(q, tuple) else (q, 0) for n, q in units.items()}
    lines = (
        attrs.evolve(shop_line(sku, q, fulfilled=left), external_line_id=n)
        for n, (q, left) in pairs.items()
    )
    return attrs.evolve(snapshot(), lines=tuple(lines))


class Told:
    """
    A shop's order, and what became of it.
    """

    sku = "CUP"

    def lined(self, **units):
        """
        Tell an order of its SKU.
        """
        return lined(self.sku, **units)

    def __init__(self, bench, **units):
        self.bench = bench
        self.times = 0
        (self.order_id,) = bench.sync(self.lined(**units))

    def tell(self, **units):
        """
        Let the shop tell its order anew, also where it says nothing else.
        """
        self.times += 1
        self.bench.sync(attrs.evolve(self.lined(**units), number=f"#{self.times}"))
        assert () == self.bench.app.audit.run(replay=True).violations

    def take_over(self):
        """
        Let the seller take on what the shop wants more.
        """
        self.bench.sh.seller("demo").orders.take_over(self.order_id)

    @property
    def parts(self):
        """
        Return (state, units by the shop's line) of each part.
        """
        app = self.bench.app
        names = app.orders.find_external("demo", "shop", ["1"])["1"]
        orders = [app.orders.get("demo", name) for name in names]
        return [
            (o.state, {n.external_line_id: n.quantity for n in o.lines}) for o in orders
        ]

    @property
    def holds(self):
        """
        Return what the first part is held for.
        """
        order = self.bench.app.orders.get("demo", self.order_id)
        return [hold.detail for hold in order.holds]


class Moving(Told):
    """
    The same, whose first part is paid.
    """

    def __init__(self, bench, **units):
        super().__init__(bench, **units)
        bench.pay(self.order_id)
        bench.app.shipping.accept("demo", [self.order_id], by=STAFF)

    def end(self):
        """
        Let all that is paid be sent and received.
        """
        parcel_id = self.bench.ship(self.order_id)
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="k",
            status=TrackingStatus.DELIVERED,
            happened_at=NOON,
        )
        self.bench.app.tracking.record("demo", [fact], by=STAFF)


class Varied(Moving):
    """
    The same, where all lines have one SKU: a variant, and how many are wanted.
    """

    @staticmethod
    def lined(**units):
        """
        Tell an order of tees.
        """
        lines = (
            attrs.evolve(
                shop_line("TEE", q), external_line_id=n, external_variant_id=variant
            )
            for n, (variant, q) in units.items()
        )
        return attrs.evolve(snapshot(), lines=tuple(lines))
