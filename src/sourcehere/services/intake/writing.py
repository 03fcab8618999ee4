"""
Making an order of ours from lines that a shop wants.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Protocol

import attrs

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.countries import UNKNOWN_COUNTRY
from ...domain.kernel.ids import ConnectionId, ContactId, HoldId, OrderId, new_id
from ...domain.kernel.store_variants import keys_of_line, known_as
from ...domain.kernel.values import light
from ...domain.orders.events import OrderImported
from ...domain.orders.holds import HoldReason
from ...domain.orders.kinds import OrderKind
from ...domain.orders.lines import Line, NewItem, NewLine
from ...domain.orders.order import Order
from ...domain.stores.demand import is_same_variant
from ...domain.stores.model import SnapshotLine, Store
from ...unit.seller_unit import SellerUnit
from ..pairing.lookup import Connected, deciding, is_left_out, items_for

_NONE = ConnectionId("")


@light
class WantedLine:
    """
    Units of a line that the shop wants to be sent by us.
    """

    external_line_id: str
    sku: str
    title: str
    units: int
    sold_minor: int
    sold_currency: str
    external_variant_id: str = ""
    external_product_id: str = ""

    @property
    def sku_key(self) -> str:
        """
        The SKU as it is compared; the variant's id where there is none.
        """
        return known_as(self.sku, self.external_variant_id)

    @property
    def keys(self) -> tuple[str, ...]:
        """
        By what it may be connected, the most exact first.
        """
        return keys_of_line(
            self.sku, self.external_variant_id, self.external_product_id
        )

    @classmethod
    def of(cls, line: SnapshotLine, units: int) -> "WantedLine":
        """
        Return *units* of a line as the shop tells it.
        """
        return cls(
            line.external_line_id,
            line.sku,
            line.title,
            units,
            *line.sold_for,
            line.external_variant_id,
            line.external_product_id,
        )


def wanted_of(line: Line, units: int) -> WantedLine:
    """
    Return *units* of a line of ours, as the shop told it when we took it on.
    """
    return WantedLine(
        line.external_line_id,
        line.sku,
        line.title,
        units,
        line.sold_minor,
        line.sold_currency,
        line.external_variant_id,
        line.external_product_id,
    )


class HasKeys(Protocol):
    """
    A line, by what it may be connected.
    """

    @property
    def keys(self) -> Sequence[str]:
        """
        The keys, the most exact first.
        """
        ...


@light(kw_only=True)
class NewPart:
    """
    What a new part of a shop's order is, beside its lines.

    Attributes:
        contact_version: Which version of the contact it is sent to.

        is_paid: Whether the shop's customer has paid.

        doubts: What of the shop's order is in doubt, in words; empty for nothing.
    """

    external_id: str
    number: str
    part: int
    placed_at: datetime
    contact_id: ContactId
    contact_version: int
    country: str
    is_paid: bool
    doubts: str = ""


class OrderWriter:
    """
    Writes orders of one store within one unit of work.
    """

    def __init__(
        self,
        unit: SellerUnit,
        store: Store,
        connected: Connected,
        *,
        pay_within: timedelta,
        not_ours: AbstractSet[str] = frozenset(),
    ) -> None:
        self.by = Actor(Role.STORE, store.store_id)
        self.pay_by = unit.now + pay_within
        self._unit = unit
        self._store = store
        self._connected = connected
        self._not_ours = not_ours

    def is_left_out(self, line: HasKeys) -> bool:
        """
        Tell whether *line* is of what the seller called not ours.
        """
        if not self._not_ours:
            return False  # as of most shops
        return is_left_out(
            self._connected, self._not_ours, self._store.store_id, line.keys
        )

    def write(self, new: NewPart, lines: Sequence[WantedLine]) -> Order:
        """
        Create a part of a shop's order; whether it can be paid follows from its lines.
        """
        unit, now = self._unit, self._unit.now
        order_id = OrderId(new_id())
        order = Order(
            seller_id=unit.seller_id, order_id=order_id, kind=OrderKind.STORE.value
        )
        order.import_from_store(
            OrderImported(
                state="",
                store_id=self._store.store_id,
                external_id=new.external_id,
                part=new.part,
                number=new.number,
                currency=unit.seller.currency,
                contact_id=new.contact_id,
                country=new.country,
                placed_at=new.placed_at,
                pay_by=None,
                lines=tuple([self.line(line, new.country) for line in lines]),
                by=self.by,
                occurred_at=now,
            ),
            pay_by=self.pay_by,
        )
        if new.contact_version > 1:  # the shop moved it since it was first told
            order.follow_address(
                version=new.contact_version, country=new.country, by=self.by, at=now
            )
        if new.doubts:
            self.hold(order, HoldReason.STORE_DATA, new.doubts)
        if not new.is_paid:
            self.hold(order, HoldReason.STORE_UNPAID, "")
        self.hold_unknown_country(order)
        return unit.orders.add(order_id, order)

    def line(self, line: WantedLine, country: str) -> NewLine:
        """
        Return a line of an order to *country*, paired by what it is connected to.
        """
        match = deciding(self._connected, self._store.store_id, line.keys)
        return NewLine(
            external_line_id=line.external_line_id,
            sku=line.sku,
            title=line.title,
            quantity=line.units,
            sold_minor=line.sold_minor,
            sold_currency=line.sold_currency,
            external_variant_id=line.external_variant_id,
            external_product_id=line.external_product_id,
            items=() if match is None else items_for(match, line.units, country),
            connection_id=_NONE if match is None else match.connection_id,
            connection_version=0 if match is None else match.connection_version,
        )

    def line_of(self, order: Order, line: WantedLine) -> NewLine:
        """
        Return a line of *order* anew; what was paired, or set apart, for this order
        alone stays so while the shop wants the same.
        """
        new = self.line(line, order.country)
        ours = _on_its_own(order, line)
        if ours is None:
            return new
        return attrs.evolve(
            new,
            items=tuple(
                NewItem(i.variant_id, i.quantity) for i in order.items_of(ours.line)
            ),
            connection_id=_NONE,
            connection_version=0,
            is_set_apart=ours.is_set_apart,
        )

    def hold_unknown_country(self, order: Order) -> None:
        """
        Hold *order* while nobody knows which country it goes to.
        """
        if order.country == UNKNOWN_COUNTRY and not has_hold(order, HoldReason.ADDRESS):
            self.hold(order, HoldReason.ADDRESS, "the shop told no country that is one")

    def hold(self, order: Order, reason: HoldReason, detail: str) -> HoldId:
        """
        Hold *order* for what the shop told.
        """
        hold_id = HoldId(new_id())
        order.hold(hold_id, reason, detail=detail, by=self.by, at=self._unit.now)
        return hold_id


def has_hold(order: Order, reason: HoldReason) -> bool:
    """
    Tell whether *order* is held for *reason*.
    """
    return any(hold.reason == reason for hold in order.holds)


def _on_its_own(order: Order, told: WantedLine) -> Line | None:
    """
    Return the line that the seller paired, or set apart, for this order alone; None
    where the shop wants something else of it now, or it follows connections.
    """
    for line in order.lines:
        is_same = (line.external_line_id, line.sku_key, line.quantity) == (
            told.external_line_id,
            told.sku_key,
            told.units,
        )
        if is_same and is_same_variant(line, told) and line.is_on_its_own:
            return line
    return None
