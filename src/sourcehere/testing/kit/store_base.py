"""
What every part of the contract of shops starts from.
"""

from collections.abc import Mapping
from datetime import timedelta

import attrs
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

CARRIER = "Royal Mail"
LINES = 260  # of a long order: more than shops tell at a time


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
    beside: tuple[str, ...] = (),
    carrier: str = CARRIER,
) -> Fulfilment:
    """
    Say that a parcel of *order* left, with *units* by SKU.

    Args:
        key: The idempotency key; of the parcel and its number if not given.

        replaces: The parcels in whose place it was sent.

        reference: What the shop called the notice that this one takes the place of.

        beside: What it called the order's other parcels.
    """
    names = {line.sku: line.external_line_id for line in order.lines}
    return Fulfilment(
        idempotency_key=key or f"{parcel_id}/{tracking_number}",
        external_id=order.external_id,
        number=order.number,
        parcel_id=parcel_id,
        carrier=carrier,
        tracking_number=tracking_number,
        shipped_at=PLACED + timedelta(days=1),
        replaces=replaces,
        replaces_reference=reference,
        beside=beside,
        lines=tuple(FulfilmentLine(names[sku], n) for sku, n in units.items()),
    )


def number_of(
    order: StoreOrderSnapshot,
    tracking_number: str,
    *,
    reference: str = "",
    carrier: str = CARRIER,
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
        carrier=carrier,
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
    assert sorted(set(numbers)) == sorted(numbers), (
        f"the customer of order {external_id!r} sees a number twice: {numbers}"
    )
    return {parcel.tracking_number: dict(parcel.units) for parcel in parcels}


def assert_told(
    lab: StoreLab, external_id: str, *wanted: Mapping[str, Mapping[str, int]]
) -> None:
    """
    Hold what the customer of an order sees to what was told of it.

    Args:
        wanted: Tracking number -> SKU -> units; several where each will do.
    """
    seen = told(lab, external_id)
    assert seen in wanted, (
        f"the customer of order {external_id!r} sees {in_words(seen)}; what was told is"
        f" {', or '.join(in_words(one) for one in wanted)}"
    )


def in_words(parcels: Mapping[str, Mapping[str, int]]) -> str:
    """
    Name parcels, and what is in each.
    """
    words = [f"parcel {number} with {_of(units)}" for number, units in parcels.items()]
    return " and ".join(words) or "no parcel"


def _of(units: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {sku}" for sku, n in sorted(units.items())) or "no unit"


def assert_sent(order: StoreOrderSnapshot, **wanted: int) -> None:
    """
    Hold the units of an order that are sent, by SKU, to what was told.
    """
    sent = {line.sku: line.quantity_fulfilled for line in order.lines}
    assert wanted == sent, (
        f"order {order.external_id!r} says that {_of(sent)} are sent; what was told is"
        f" {_of(wanted)}"
    )


def assert_units(order: StoreOrderSnapshot, **wanted: int) -> None:
    """
    Hold the units of an order, by SKU, to what its customer wants.
    """
    found = units_of(order)
    assert wanted == found, (
        f"order {order.external_id!r} is of {_of(wanted)} in the shop, and is read as"
        f" one of {_of(found)}"
    )


def assert_same(first: StoreOrderSnapshot, second: StoreOrderSnapshot) -> None:
    """
    Hold two readings of an order that nobody changed to each other.
    """
    fields = attrs.fields_dict(StoreOrderSnapshot)
    pairs = {name: (getattr(first, name), getattr(second, name)) for name in fields}
    words = [f"{name} {a!r} and {b!r}" for name, (a, b) in pairs.items() if a != b]
    assert not words, (
        f"order {first.external_id!r} is read in two ways, though nobody changed it:"
        f" {'; '.join(words)}"
    )


def assert_known(
    wanted: Mapping[str, Mapping[str, int]], known: Mapping[str, Mapping[str, int]]
) -> None:
    """
    Hold what was read of all orders, the newest of each, to what the shop has.

    Args:
        wanted, known: Order -> SKU -> units.
    """
    lost = sorted(wanted.keys() - known.keys())
    assert lost == [], f"the shop has orders that no page told: {lost}"
    strange = sorted(known.keys() - wanted.keys())
    assert strange == [], f"pages told orders that the shop has not: {strange}"
    for name, units in wanted.items():
        assert units == known[name], (
            f"order {name!r} is of {_of(units)} in the shop, and was last read as one"
            f" of {_of(known[name])}"
        )
