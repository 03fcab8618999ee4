"""
The shop in memory that tests use keeps the contract of shops; where not, it says why.
"""

from typing import ClassVar

from lined import Lined

from sourcehere.domain.kernel.address import Address
from sourcehere.domain.stores.model import SnapshotLine, StoreOrderSnapshot
from sourcehere.ports.platforms import Fulfilment
from sourcehere.testing.fake_shop import FakeShop
from sourcehere.testing.kit import FaultLine, StoreContract, ToldParcel


class FakeShopLab:
    """
    The shop in memory, whose orders are put there as they are read.
    """

    def __init__(self):
        self.line, self.shop = FaultLine(), FakeShop()
        self.skus = {}

    def connect(self):
        """
        Return the shop behind its line.
        """
        return Lined(self.shop, self.line)

    def place(self, order, /):
        """
        Let a customer order.
        """
        name = f"{1_000 + len(self.skus)}"
        self.change(name, order)
        return name

    def change(self, external_id, order, /):
        """
        Let an order be otherwise.
        """
        skus = self.skus.setdefault(external_id, {})
        skus |= {f"L{place}": line.sku for place, line in enumerate(order.lines)}
        self.shop.put(
            StoreOrderSnapshot(
                external_id=external_id,
                number=f"#{external_id}",
                placed_at=order.placed_at,
                address=Address(name="", country=order.country),
                lines=tuple(
                    SnapshotLine(
                        external_line_id=f"L{place}",
                        sku=line.sku,
                        title=line.sku,
                        quantity=line.quantity,
                        unit_price=line.price,
                    )
                    for place, line in enumerate(order.lines)
                    if line.quantity
                ),
                paid_at_store=order.is_paid,
                cancelled=order.is_cancelled,
            )
        )

    def parcels(self, external_id, /):
        """
        Return what counts: the newest notice of a parcel that none replaced.
        """
        live = {}
        for notice in self.shop.fulfilments.values():
            if notice.external_id == external_id:
                for replaced in notice.replaces:
                    live.pop(replaced, None)
                live[notice.parcel_id] = notice
        return [
            ToldParcel(
                tracking_number=notice.tracking_number,
                units={
                    self.skus[external_id][line.external_line_id]: line.quantity
                    for line in getattr(notice, "lines", ())
                },
                carrier=notice.carrier,
            )
            for notice in live.values()
            if isinstance(notice, Fulfilment)
        ]


class TestFakeShop(StoreContract):
    """
    The contract.
    """

    test_what_was_told_is_read_back = None
    test_an_edit_is_newer = None
    left_out: ClassVar = {
        "test_what_was_told_is_read_back": "its orders are what a test puts there",
        "test_an_edit_is_newer": "a test says itself which order is newer, or neither",
    }

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return FakeShopLab()
