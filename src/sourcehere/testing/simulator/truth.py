"""
The small model beside a run: what people were told, and what must follow from it.

It knows nothing of tables. Whoever does something writes down here what they were told
became of it; what the library stores is held against that.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import attrs

from ...domain.kernel.ids import ParcelId, SellerId
from ...domain.shipments.model import TrackingEvent, TrackingStatus
from ...domain.shipments.tracking import whereabouts
from .bargains import Bargains
from .claims import Claims
from .homes import Homes
from .shelves import Shelves
from .wrong import WrongError

# A number, and what was said of it to have happened when.
Fact = tuple[str, TrackingStatus, datetime]


@attrs.define
class KnownParcel:
    """
    A parcel that left.

    Attributes:
        number: The right tracking number, as the clerk who sent it knows it.

        facts: What the carrier said of it: number, status and time.

        untold: Numbers that its shop need not be told.
    """

    seller: str
    order_id: str
    parcel_id: str
    number: str
    is_replaced: bool = False
    facts: list[Fact] = attrs.field(factory=list)
    untold: set[str] = attrs.field(factory=set)

    def status(self, asked: Iterable[Fact]) -> TrackingStatus:
        """
        Return where it has to be, by what was said of its number: by its carrier, and
        by the one that is *asked*.
        """
        return whereabouts(
            _event(self, place, fact)
            for place, fact in enumerate((*self.facts, *asked))
            if fact[0] == self.number
        ).status


def _event(parcel: KnownParcel, place: int, fact: Fact) -> TrackingEvent:
    number, status, happened_at = fact
    return TrackingEvent(
        seller_id=SellerId(parcel.seller),
        parcel_id=ParcelId(parcel.parcel_id),
        key=str(place),
        status=status.value,
        place="",
        happened_at=happened_at,
        carrier="post",
        tracking_number=number,
    )


@attrs.define
class KnownDraft:
    """
    An order that a seller wrote.

    Attributes:
        units: How many platform units were wanted.

        is_placed: Whether somebody was told that it is placed.
    """

    seller: str
    order_id: str
    units: int
    is_placed: bool = False


@attrs.define
class KnownLabel:
    """
    A label that a packer was told of.

    Attributes:
        parcel_id: What left with it, as somebody saw; empty until then.
    """

    seller: str
    label_id: str
    parcel_id: str = ""
    is_void: bool = False


@attrs.define(kw_only=True)
class Wish:
    """
    Something that a seller wants a card to be charged for, once.

    Attributes:
        source: The token of it, and of nothing else.

        most: No more than this is charged.

        shop_orders: Order -> its shop order, of those that it is to pay.

        returns: Whether the money goes back if it cannot pay them.

        attempt_id: What was told to have begun; empty where nothing was.

        has_paid: Whether it was told to have paid.
    """

    seller: str
    source: str
    gateway: str
    most: int
    shop_orders: dict[str, tuple[str, str]] = attrs.field(factory=dict)
    returns: bool = False
    attempt_id: str = ""
    has_paid: bool = False


@attrs.define
class Truth:
    """
    What must be so.

    Attributes:
        topped_up: Seller -> what was put into the wallet.

        given: Seller and reference -> goodwill that stands, as staff was told.

        paid: Seller and order -> what was paid for it.

        parcels: Parcel -> what is known of it.

        connected: Sellers and SKUs, small -> their connections, ended ones too.

        changing: Connections that somebody wanted to change.

        ending: Those that somebody wanted to end.

        ended: Those of which they were told that they have ended.

        cancelled: Sellers and shop orders whose cancellation the shop has told -> the
            step by which it had.

        versions: Sellers and shop orders -> the newest version that was kept of each.

        given_up: Sellers and orders that they were told to have cancelled.

        wishes: Token of a card -> what it is to be charged for.

        returns: Attempt -> how much a seller was told to be on its way back by it.

        labels: Label -> what is known of it.

        drafts: Order -> what is known of it, of those that sellers wrote themselves.

        erased: Sellers and orders whose buyers they were told to be forgotten.

        claims: What is known of disputes.

        bargains: What is known of quotes.

        homes: What is known of goods at sellers' own places.

        shelves: What is known of what warehouses counted, and of held orders.
    """

    topped_up: Counter[str] = attrs.field(factory=Counter)
    given: dict[tuple[str, str], int] = attrs.field(factory=dict)
    paid: dict[tuple[str, str], int] = attrs.field(factory=dict)
    parcels: dict[str, KnownParcel] = attrs.field(factory=dict)
    connected: dict[tuple[str, str], list[str]] = attrs.field(factory=dict)
    changing: set[str] = attrs.field(factory=set)
    ending: set[str] = attrs.field(factory=set)
    ended: set[str] = attrs.field(factory=set)
    cancelled: dict[tuple[str, str], int] = attrs.field(factory=dict)
    versions: dict[tuple[str, str], int] = attrs.field(factory=dict)
    given_up: set[tuple[str, str]] = attrs.field(factory=set)
    wishes: dict[str, Wish] = attrs.field(factory=dict)
    returns: dict[str, int] = attrs.field(factory=dict)
    labels: dict[str, KnownLabel] = attrs.field(factory=dict)
    drafts: dict[str, KnownDraft] = attrs.field(factory=dict)
    erased: set[tuple[str, str]] = attrs.field(factory=set)
    claims: Claims = attrs.field(factory=Claims)
    bargains: Bargains = attrs.field(factory=Bargains)
    homes: Homes = attrs.field(factory=Homes)
    shelves: Shelves = attrs.field(factory=Shelves)

    def has_connected(self, seller: str, sku: str, connection_id: str) -> None:
        """
        Keep that a SKU was connected.
        """
        self.connected.setdefault((seller, sku.lower()), []).append(connection_id)

    def is_connected(self, seller: str, sku: str) -> bool:
        """
        Tell whether a SKU is connected, as far as somebody was told.
        """
        known = self.connected.get((seller, sku.lower()), [])
        return any(name not in self.ended for name in known)

    def has_paid(self, seller: str, orders: Iterable[tuple[str, int]]) -> None:
        """
        Keep what was paid for each order.

        Raises:
            WrongError: If one was paid before, or its seller cancelled it.
        """
        for order_id, minor in orders:
            if (seller, order_id) in self.paid:
                told = f"order {order_id} was paid twice"
                raise WrongError(told)
            self.paid[seller, order_id] = minor
            self._require_one_end(seller, order_id)

    def has_given_up(self, seller: str, order_id: str) -> None:
        """
        Keep that a seller cancelled an order that was not paid.

        Raises:
            WrongError: If it was.
        """
        self.given_up.add((seller, order_id))
        self._require_one_end(seller, order_id)

    def _require_one_end(self, seller: str, order_id: str) -> None:
        if (seller, order_id) in self.given_up and (seller, order_id) in self.paid:
            told = f"order {order_id} was paid, and cancelled by its seller"
            raise WrongError(told)

    def has_cancelled(self, orders: Iterable[tuple[str, str]], *, step: int) -> None:
        """
        Keep that a shop has told by now that orders are cancelled.
        """
        for order in orders:
            self.cancelled.setdefault(order, step)

    def has_kept(self, seller: str, name: str, version: int) -> None:
        """
        Keep which version of a shop's order is kept now.

        Raises:
            WrongError: If a newer one was before.
        """
        before = self.versions.get((seller, name), version)
        if version < before:
            told = f"{seller}: version {version} of {name} is kept, and {before} was"
            raise WrongError(told)
        self.versions[seller, name] = version

    def has_sent(self, seller: str, order_id: str, parcel_id: str, number: str) -> None:
        """
        Keep that a parcel left.

        Raises:
            WrongError: If there is one of that id.
        """
        if parcel_id in self.parcels:
            told = f"parcel {parcel_id} was sent twice"
            raise WrongError(told)
        self.parcels[parcel_id] = KnownParcel(seller, order_id, parcel_id, number)

    def has_drafted(self, seller: str, order_id: str, units: int) -> None:
        """
        Keep that a seller wrote an order.

        Raises:
            WrongError: If it is one that was written before.
        """
        if order_id in self.drafts:
            told = f"order {order_id} is the answer to two commands"
            raise WrongError(told)
        self.drafts[order_id] = KnownDraft(seller, order_id, units)

    def has_bought(self, seller: str, label_id: str) -> KnownLabel:
        """
        Keep that a label was asked for, whatever becomes of it.

        Raises:
            WrongError: If it is one that was asked for before.
        """
        if label_id in self.labels:
            told = f"label {label_id} is the answer to two commands"
            raise WrongError(told)
        self.labels[label_id] = KnownLabel(seller, label_id)
        return self.labels[label_id]

    def has_voided(self, label: KnownLabel, number: str, at: datetime) -> None:
        """
        Keep that a label was seen to be void, so that its number is not carried.
        """
        if not label.is_void:
            label.is_void = True
            fact = (number, TrackingStatus.CANCELLED, at)
            self.parcels[label.parcel_id].facts.append(fact)

    def live_parcels(self) -> list[KnownParcel]:
        """
        List the parcels that nothing was sent in place of.
        """
        return [p for p in self.parcels.values() if not p.is_replaced]
