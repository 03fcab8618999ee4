"""
From a shop's snapshots to our orders: new ones, edits, cancellations.

Facts merge forward only: an equal snapshot changes nothing, an edit is followed while
nothing is paid here, and held for a person once it is.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

import attrs

from ...domain.catalog.model import comparison_key
from ...domain.contacts.model import ContactVersion
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.address import Address
from ...domain.kernel.ids import ConnectionId, ContactId, HoldId, OrderId, new_id
from ...domain.orders.events import AddressCorrected, OrderImported
from ...domain.orders.holds import HoldReason
from ...domain.orders.kinds import OrderKind
from ...domain.orders.lines import NewItem, NewLine
from ...domain.orders.machine import ENDED_STATES, UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.stores.model import (
    SnapshotLine,
    Store,
    StoreOrderRecord,
    StoreOrderSnapshot,
)
from ...unit.seller_unit import SellerUnit
from ...unit.streams import events_of
from ...unit.tables.contacts import CONTACT_VERSIONS, CONTACTS
from ...unit.tables.stores import STORE_ORDERS
from ...unit.text.codecs import dumper
from ..pairing.lookup import Connected, connected_skus, items_for
from .parting import follow_help, lines_by_part, places_of

_NONE = ConnectionId("")
_write_snapshot = dumper(StoreOrderSnapshot)


@attrs.frozen
class Imported:
    """
    What became of some snapshots.
    """

    orders: int = 0
    lines: int = 0
    units: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(
            *(
                a + b
                for a, b in zip(attrs.astuple(self), attrs.astuple(other), strict=True)
            )
        )


def fingerprint(snapshot: StoreOrderSnapshot) -> str:
    """
    Return a digest that two snapshots share only if they say the same.
    """
    text = _write_snapshot(snapshot)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Importer:
    """
    Imports snapshots of one store within one unit of work.
    """

    def __init__(self, unit: SellerUnit, store: Store, *, pay_within: timedelta):
        self._unit = unit
        self._store = store
        self._by = Actor(Role.STORE, store.store_id)
        self._pay_within = pay_within

    def run(self, snapshots: Sequence[StoreOrderSnapshot]) -> Imported:
        """
        Import *snapshots*; of several of one order the last counts.
        """
        newest = {s.external_id: s for s in snapshots}
        store_id = self._store.store_id
        known = {
            r.external_id: r
            for r in self._unit.many(
                STORE_ORDERS, [(store_id, name) for name in newest], lock=True
            )
        }
        marks = {name: fingerprint(s) for name, s in newest.items()}
        fresh = [s for s in newest.values() if s.external_id not in known]
        edited = [
            (s, known[s.external_id])
            for s in newest.values()
            if s.external_id in known
            and known[s.external_id].fingerprint != marks[s.external_id]
        ]
        lines = (line for s in (*fresh, *(e[0] for e in edited)) for line in s.lines)
        connected = connected_skus(
            self._unit, ((store_id, comparison_key(line.sku)) for line in lines)
        )
        total = Imported(unchanged=len(newest) - len(fresh) - len(edited))
        orders = [self._import(s, connected, marks[s.external_id]) for s in fresh]
        self._follow_all(edited, connected, marks)
        return total + _brought(orders) + Imported(changed=len(edited))

    def _import(
        self, snapshot: StoreOrderSnapshot, connected: Connected, mark: str
    ) -> Order | None:
        """
        Create a new order; return None where the shop wants nothing of us.
        """
        unit, now = self._unit, self._unit.now
        contact_id = ContactId(new_id())
        wanted = [line for line in snapshot.lines if line.quantity_wanted]
        order: Order | None = None
        if wanted and not snapshot.cancelled:
            order = self._write_order(snapshot, wanted, connected, (contact_id, 1))
        unit.insert(
            CONTACTS,
            ContactVersion(
                seller_id=unit.seller_id,
                contact_id=contact_id,
                version=1,
                address=snapshot.address,
                recorded_at=now,
            ),
        )
        unit.insert(
            STORE_ORDERS,
            StoreOrderRecord(
                seller_id=unit.seller_id,
                store_id=self._store.store_id,
                external_id=snapshot.external_id,
                fingerprint=mark,
                contact_id=contact_id,
                parts=() if order is None else (order.order_id,),
                places=() if order is None else places_of([order]),
                seen_at=now,
            ),
        )
        return order

    def _write_order(
        self,
        snapshot: StoreOrderSnapshot,
        wanted: Sequence[SnapshotLine],
        connected: Connected,
        contact: tuple[ContactId, int],
        *,
        part: int = 1,
    ) -> Order:
        unit, now = self._unit, self._unit.now
        order_id = OrderId(new_id())
        order = Order(
            seller_id=unit.seller_id, order_id=order_id, kind=OrderKind.STORE.value
        )
        order.import_from_store(
            OrderImported(
                state="",
                store_id=self._store.store_id,
                external_id=snapshot.external_id,
                part=part,
                number=snapshot.number,
                currency=unit.seller.currency,
                contact_id=contact[0],
                country=snapshot.address.country,
                placed_at=snapshot.placed_at,
                pay_by=None,
                lines=tuple([self._line(line, connected) for line in wanted]),
                by=self._by,
                occurred_at=now,
            ),
            pay_by=now + self._pay_within,
        )
        if contact[1] > 1:  # the shop moved it while it was cancelled
            country = snapshot.address.country
            order.follow_address(
                version=contact[1], country=country, by=self._by, at=now
            )
        if snapshot.rows_rejected:
            detail = f"{snapshot.rows_rejected} records could not be read"
            self._hold(order, HoldReason.STORE_DATA, detail)
        if not snapshot.paid_at_store:
            self._hold(order, HoldReason.STORE_UNPAID, "")
        return unit.orders.add(order_id, order)

    def _line(self, line: SnapshotLine, connected: Connected) -> NewLine:
        match = connected.get((self._store.store_id, comparison_key(line.sku)))
        return NewLine(
            external_line_id=line.external_line_id,
            sku=line.sku,
            title=line.title,
            quantity=line.quantity_wanted,
            sold_minor=line.unit_price.minor,
            sold_currency=line.unit_price.currency,
            items=() if match is None else items_for(match, line.quantity_wanted),
            connection_id=_NONE if match is None else match.connection_id,
            connection_version=0 if match is None else match.connection_version,
        )

    def _line_of(
        self, order: Order, line: SnapshotLine, connected: Connected
    ) -> NewLine:
        new = self._line(line, connected)
        alone = _paired_alone(order, line)
        if not alone:
            return new
        return attrs.evolve(new, items=alone, connection_id=_NONE, connection_version=0)

    def _hold(self, order: Order, reason: HoldReason, detail: str) -> None:
        order.hold(
            HoldId(new_id()), reason, detail=detail, by=self._by, at=self._unit.now
        )

    def _follow_all(
        self,
        edited: Sequence[tuple[StoreOrderSnapshot, StoreOrderRecord]],
        connected: Connected,
        marks: Mapping[str, str],
    ) -> None:
        unit = self._unit
        unit.orders.load(sorted(part for _, r in edited for part in r.parts))
        for snapshot, record in edited:
            orders = unit.orders.load(record.parts)
            version = self._follow_address(snapshot, record, orders)
            told, homeless = lines_by_part(snapshot, record, orders)
            self._follow(snapshot, told, connected)
            parts = record.parts
            if homeless and not snapshot.cancelled:
                contact, part = (record.contact_id, version), len(parts) + 1
                order = self._write_order(
                    snapshot, homeless, connected, contact, part=part
                )
                parts = (*parts, order.order_id)
            unit.put(
                STORE_ORDERS,
                attrs.evolve(
                    record,
                    fingerprint=marks[snapshot.external_id],
                    parts=parts,
                    places=places_of(unit.orders.load(parts)),
                    seen_at=unit.now,
                ),
            )

    def _follow(
        self,
        snapshot: StoreOrderSnapshot,
        lines: Mapping[OrderId, Sequence[SnapshotLine]],
        connected: Connected,
    ) -> None:
        for order in self._unit.orders.load(list(lines)):
            if snapshot.cancelled:
                self._follow_cancellation(order)
                continue
            if snapshot.paid_at_store:
                order.release_holds_for(
                    HoldReason.STORE_UNPAID, by=self._by, at=self._unit.now
                )
            if _lines_differ(order, lines[order.order_id]):
                self._follow_lines(order, lines[order.order_id], connected)

    def _follow_cancellation(self, order: Order) -> None:
        if order.state in ENDED_STATES:
            return
        ended = order.cancel_by_store(by=self._by, at=self._unit.now)
        if not ended and not _has_hold(order, HoldReason.STORE_CANCELLED):
            self._hold(order, HoldReason.STORE_CANCELLED, "cancelled in the shop")

    def _follow_lines(
        self, order: Order, told: Sequence[SnapshotLine], connected: Connected
    ) -> None:
        wanted = [line for line in told if line.quantity_wanted]
        unpaid = order.state in UNPAID_STATES
        if unpaid and not wanted:
            self._follow_cancellation(order)
        elif unpaid:
            lines = [self._line_of(order, line, connected) for line in wanted]
            now, before = (
                self._unit.now,
                {n.line: n.external_line_id for n in order.lines},
            )
            order.follow_store_lines(lines, by=self._by, at=now)
            follow_help(self._unit, order, before)
            order.pair_lines([], by=self._by, at=now, pay_by=now + self._pay_within)
        elif order.state not in ENDED_STATES and not _has_hold(
            order, HoldReason.STORE_CHANGED
        ):
            self._hold(order, HoldReason.STORE_CHANGED, "lines changed in the shop")

    def _follow_address(
        self,
        snapshot: StoreOrderSnapshot,
        record: StoreOrderRecord,
        orders: Sequence[Order],
    ) -> int:
        """
        Take over where the shop sends it now, if the shop said anything new.

        A seller's correction stands until the shop itself tells another address.

        Returns:
            The contact's newest version.
        """
        unit, address = self._unit, snapshot.address
        versions = unit.find(CONTACT_VERSIONS, [(record.contact_id,)])
        newest = versions[-1]
        if address == newest.address or address == self._told(versions, orders):
            return newest.version
        version = newest.version + 1
        unit.insert(
            CONTACTS,
            attrs.evolve(
                newest, version=version, address=address, recorded_at=unit.now
            ),
        )
        for order in orders:
            followed = order.follow_address(
                version=version, country=address.country, by=self._by, at=unit.now
            )
            if not followed and not _has_hold(order, HoldReason.STORE_CHANGED):
                detail = "address changed in the shop"
                self._hold(order, HoldReason.STORE_CHANGED, detail)
        return version

    def _told(
        self, versions: Sequence[ContactVersion], orders: Sequence[Order]
    ) -> Address:
        """
        Return the address that the shop told last: the newest nobody here corrected.
        """
        unit = self._unit
        corrected = {
            event.contact_version
            for order in orders
            for event in events_of(unit.session, unit.seller_id, order.order_id)
            if isinstance(event, AddressCorrected) and event.by.role != Role.STORE
        }
        return [v.address for v in versions if v.version not in corrected][-1]


def _brought(orders: Sequence[Order | None]) -> Imported:
    made = [order for order in orders if order is not None]
    lines = [line for order in made for line in order.lines]
    return Imported(len(made), len(lines), sum([line.quantity for line in lines]))


def _paired_alone(order: Order, told: SnapshotLine) -> tuple[NewItem, ...]:
    """
    Return the items the seller paired a line with for this order alone; none where the
    shop wants something else of it now, or connections pair it.
    """
    for line in order.lines:
        is_same = (line.external_line_id, line.sku, line.quantity) == (
            told.external_line_id,
            told.sku,
            told.quantity_wanted,
        )
        if is_same and line.is_paired and not line.connection_id:
            items = order.items_of(line.line)
            return tuple(NewItem(i.variant_id, i.quantity) for i in items)
    return ()


def _has_hold(order: Order, reason: HoldReason) -> bool:
    return any(hold.reason == reason for hold in order.holds)


def _lines_differ(order: Order, told: Sequence[SnapshotLine]) -> bool:
    """
    Tell whether the shop wants something else than the order's lines.

    Units we have sent may be fulfilled in the shop already, or not yet; units we took
    out may be refunded there, or not.
    """
    theirs = {line.external_line_id: line for line in told}
    for ours in order.lines:
        line = theirs.pop(ours.external_line_id, None)
        if line is None or line.sku != ours.sku:
            return True
        sent = min(order.units_complete(ours, {}), line.quantity_fulfilled)
        done = sent + min(order.units_taken_out(ours), line.quantity_refunded)
        if not 0 <= ours.quantity - line.quantity_wanted <= done:
            return True
    return any(line.quantity_wanted for line in theirs.values())
