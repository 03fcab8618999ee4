"""
What every part of the contract of shops starts from.
"""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from ...domain.kernel.money import Money
from ...domain.stores.model import StoreOrderSnapshot
from ...ports.platforms import (
    Fulfilment,
    FulfilmentLine,
    ParcelNotice,
    StorePlatform,
)
from .lab_case import LabCase
from .store_lab import PLACED, ShopLine, ShopOrder, StoreLab

# No order has such an id; `{name}` is that of an order there is.
STRANGE_IDS = ("999999999", "{name}?", "{name}/..//{name}", "../{name}", "./{name}#")


class StoreCase(LabCase[StoreLab]):
    """
    A test class on one fresh shop per test.

    Attributes:
        currency: What the shop sells in.
    """

    currency = "USD"

    @pytest.fixture
    def shop(self, lab: StoreLab) -> StorePlatform:
        """
        Return the adapter under test.
        """
        return lab.connect()

    def order(self, **units: int) -> ShopOrder:
        """
        Make an order of units by SKU, each for 12.34.
        """
        return ShopOrder(lines=tuple(self.line(sku, n) for sku, n in units.items()))

    def line(self, sku: str, quantity: int, minor: int = 1_234) -> ShopLine:
        """
        Make a line.
        """
        return ShopLine(sku=sku, quantity=quantity, price=Money(minor, self.currency))


def units_of(order: StoreOrderSnapshot) -> dict[str, int]:
    """
    Return SKU -> units, without lines that have none.
    """
    return {line.sku: line.quantity for line in order.lines if line.quantity}


def parcel_of(
    order: StoreOrderSnapshot,
    tracking_number: str,
    units: Mapping[str, int],
    *,
    parcel_id: str = "P1",
    key: str = "",
    replaces: tuple[str, ...] = (),
    reference: str = "",
) -> Fulfilment:
    """
    Say that a parcel of *order* left, with *units* by SKU.

    Args:
        key: The idempotency key; of the parcel and its number if not given.

        replaces: The parcels in whose place it was sent.

        reference: What the shop called the notice that this one takes the place of.
    """
    names = {line.sku: line.external_line_id for line in order.lines}
    return Fulfilment(
        idempotency_key=key or f"{parcel_id}/{tracking_number}",
        external_id=order.external_id,
        number=order.number,
        parcel_id=parcel_id,
        carrier="Royal Mail",
        tracking_number=tracking_number,
        shipped_at=PLACED + timedelta(days=1),
        replaces=replaces,
        replaces_reference=reference,
        lines=tuple(FulfilmentLine(names[sku], n) for sku, n in units.items()),
    )


def number_of(
    order: StoreOrderSnapshot, tracking_number: str, *, reference: str = ""
) -> ParcelNotice:
    """
    Say the number of a parcel that completes nothing.

    Args:
        reference: What the shop called the notice that this one takes the place of.
    """
    return ParcelNotice(
        idempotency_key=f"P1/{tracking_number}",
        external_id=order.external_id,
        number=order.number,
        parcel_id="P1",
        carrier="Royal Mail",
        tracking_number=tracking_number,
        shipped_at=PLACED + timedelta(days=1),
        replaces_reference=reference,
    )


def told(lab: StoreLab, external_id: str) -> dict[str, dict[str, int]]:
    """
    Return tracking number -> SKU -> units, of the parcels that count.
    """
    parcels = lab.parcels(external_id)
    numbers = [parcel.tracking_number for parcel in parcels]
    assert sorted(set(numbers)) == sorted(numbers), f"told twice: {numbers}"
    return {parcel.tracking_number: dict(parcel.units) for parcel in parcels}
