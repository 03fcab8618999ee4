"""
From a shop's snapshots to our orders: new ones, edits, cancellations.

Facts merge forward only: an equal snapshot changes nothing, nor does an older one. An
edit is followed while nothing is paid here, and held for a person once it is.
"""

import hashlib
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from functools import cached_property

import attrs

from ...domain.contacts.model import ContactVersion
from ...domain.effects.told_errors import UnreadableLinesError
from ...domain.kernel.ids import ContactId, new_id
from ...domain.kernel.values import frozen
from ...domain.orders.holds import HoldReason
from ...domain.orders.machine import SENDING_STATES, UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.stores.demand import told
from ...domain.stores.model import Reject, RejectReason, Store, StoreOrderSnapshot
from ...domain.stores.record import StoreOrderRecord
from ...doors.stores import version_of
from ...unit.reading import Asked
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORE_ORDERS
from ...unit.words import write_words
from ..pairing.lookup import (
    Connected,
    ask_for_connected_skus,
    ask_for_names_not_ours,
)
from .ages import is_older, newest
from .editing import Editor, follow_cancellation
from .nameless import lost_names, with_names_of
from .supplying import going_on
from .texts import Texts
from .writing import NewPart, OrderWriter, WantedLine, has_hold

_FIRST_VERSION = 1
_SEEN_AGAIN = timedelta(hours=20)


@frozen
class Imported:
    """
    What became of some snapshots.

    Attributes:
        unreadable: Orders that were not followed, as what we keep of them makes no
            sense.
    """

    orders: int = 0
    lines: int = 0
    units: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    nothing_wanted: int = 0
    unreadable: int = 0

    @property
    def told(self) -> int:
        """
        How many orders were told, older ones not counted.
        """
        return self.orders + self.nothing_wanted + self.changed + self.unchanged

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(*map(operator.add, _COUNTS(self), _COUNTS(other)))


_COUNTS = operator.attrgetter(*(count.name for count in attrs.fields(Imported)))


def fingerprint(
    snapshot: StoreOrderSnapshot, texts: Texts, not_ours: AbstractSet[str]
) -> str:
    """
    Return a digest that two snapshots share only if they say the same.

    When it was said makes no difference; what the seller calls not ours does.
    """
    if snapshot.version or snapshot.changed_at is not None:
        snapshot = attrs.evolve(snapshot, version=0, changed_at=None)
    text = texts.of(snapshot)
    if not_ours and (left_out := _left_out(snapshot, not_ours)):
        text = f"{text} without {left_out}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _left_out(snapshot: StoreOrderSnapshot, not_ours: AbstractSet[str]) -> list[str]:
    return sorted({k for line in snapshot.lines for k in line.keys} & not_ours)


class Importer:
    """
    Imports snapshots of one store within one unit of work.

    Attributes:
        texts: Of the snapshots.

        set_aside: The orders that could not be followed; they are as they were.
    """

    def __init__(
        self,
        unit: SellerUnit,
        store: Store,
        snapshots: Sequence[StoreOrderSnapshot],
        *,
        pay_within: timedelta,
    ) -> None:
        """
        Begin to read what *snapshots* are held against; of several of one order the
        newest counts, else the last.
        """
        self._unit = unit
        self._store = store
        self._pay_within = pay_within
        self._newest = newest(snapshots)
        self._names_not_ours = ask_for_names_not_ours(unit, store.store_id)
        self._known_asked = self._ask_for_known(self._newest)
        self._connected_asked = self._ask_for_connected()
        self.texts = Texts()
        self.set_aside: list[Reject] = []

    def run(self, *, mended: frozenset[str] = frozenset()) -> Imported:
        """
        Import the snapshots.

        Args:
            mended: Orders that were told so that they could not be trusted, and are
                told well now.
        """
        known = _by_id(self._known_asked)
        newest = self._with_names(known)
        texts, not_ours = self.texts, self._not_ours
        marks = {name: fingerprint(s, texts, not_ours) for name, s in newest.items()}
        fresh: list[StoreOrderSnapshot] = []
        edited: list[tuple[StoreOrderSnapshot, StoreOrderRecord]] = []
        same: list[StoreOrderRecord] = []
        older = 0
        for name, snapshot in newest.items():
            record = known.get(name)
            if record is None:
                fresh.append(snapshot)
            elif is_older(snapshot, record, now=self._unit.now):
                older += 1
            elif record.fingerprint != marks[name] or name in mended:
                edited.append((snapshot, record))
            else:
                same.append(record)
        self._see(same)
        orders = [self._import(s, marks[s.external_id]) for s in fresh]
        self._follow_all(edited, marks)
        counts = Imported(
            changed=len(edited) - len(self.set_aside),
            unreadable=len(self.set_aside),
            unchanged=len(same),
            older=older,
            nothing_wanted=sum(order is None for order in orders),
        )
        return counts + _brought(orders)

    def distrust(self, told_of: Mapping[str, str]) -> None:
        """
        Hold the orders of which the shop told what cannot be trusted.

        Args:
            told_of: The shop's key of the order -> what was wrong.
        """
        unit, writer = self._unit, self._writer
        for record in self._known(told_of).values():
            for order in going_on(unit.orders.load(record.parts)):
                if not has_hold(order, HoldReason.STORE_DATA):
                    detail = "what the shop told last makes no sense"
                    hold_id = writer.hold(order, HoldReason.STORE_DATA, detail)
                    words = told_of[record.external_id]
                    write_words(unit, order.order_id, hold_id, words, by=writer.by)

    def follow_notes(self, names: Sequence[str]) -> None:
        """
        Hold the orders that a cancellation note of the shop names: which of their units
        it means, a person knows.
        """
        unit, writer = self._unit, self._writer
        for record in self._known(dict.fromkeys(names)).values():
            for order in going_on(unit.orders.load(record.parts)):
                is_paid = order.state in SENDING_STATES
                reason = (
                    HoldReason.STORE_CANCELLED if is_paid else HoldReason.STORE_DATA
                )
                is_stoppable = is_paid or order.state in UNPAID_STATES
                if is_stoppable and not has_hold(order, reason):
                    writer.hold(order, reason, "a cancellation note names it")

    def follow_gone(self, names: Sequence[str]) -> None:
        """
        Follow that the shop has these orders no more: what is not paid is cancelled,
        the rest is held.
        """
        unit, writer = self._unit, self._writer
        for record in self._known(dict.fromkeys(names)).values():
            parts = unit.orders.load(record.parts)
            told = follow_cancellation(
                unit, writer, record, parts, detail="the shop has it no more"
            )
            gone = attrs.evolve(told, fingerprint="", seen_at=unit.now)
            unit.put(STORE_ORDERS, gone)

    def see(self, names: Sequence[str]) -> None:
        """
        Keep that the shop was asked about these orders, and said nothing of them.
        """
        now = self._unit.now
        known = self._known(dict.fromkeys(names)).values()
        self._unit.put(STORE_ORDERS, *(attrs.evolve(r, seen_at=now) for r in known))

    def _with_names(
        self, known: Mapping[str, StoreOrderRecord]
    ) -> Mapping[str, StoreOrderSnapshot]:
        """
        Return the newest snapshots, lines that have lost their names known as what they
        were.
        """
        is_named_anew = False
        for record in known.values():
            snapshot = self._newest[record.external_id]
            if lost := lost_names(snapshot, record):
                parts = self._unit.orders.load(record.parts)
                named = with_names_of(snapshot, lost, parts)
                self._newest[record.external_id] = named
                is_named_anew = True
        if is_named_anew:
            self._connected_asked = self._ask_for_connected()
        return self._newest

    @cached_property
    def _not_ours(self) -> frozenset[str]:
        return self._names_not_ours()

    def _known(self, names: Mapping[str, object]) -> dict[str, StoreOrderRecord]:
        return _by_id(self._ask_for_known(names))

    def _ask_for_known(self, names: Iterable[str]) -> Asked[StoreOrderRecord]:
        keys = [(self._store.store_id, name) for name in names]
        return self._unit.ask_for(STORE_ORDERS, keys, lock=True)

    def _ask_for_connected(self) -> Callable[[], Connected]:
        store_id = self._store.store_id
        lines = (line for snapshot in self._newest.values() for line in snapshot.lines)
        wanted = ((store_id, key) for line in lines for key in line.keys)
        return ask_for_connected_skus(self._unit, wanted)

    @cached_property
    def _writer(self) -> OrderWriter:
        return OrderWriter(
            self._unit,
            self._store,
            self._connected_asked(),
            pay_within=self._pay_within,
            not_ours=self._not_ours,
        )

    def _see(self, records: Sequence[StoreOrderRecord]) -> None:
        """
        Keep that the shop still has these orders, at most once in a day each.
        """
        now = self._unit.now
        stale = [r for r in records if now - r.seen_at >= _SEEN_AGAIN]
        self._unit.put(STORE_ORDERS, *(attrs.evolve(r, seen_at=now) for r in stale))

    def _import(self, snapshot: StoreOrderSnapshot, mark: str) -> Order | None:
        """
        Create a new order; return None where the shop wants nothing of us.
        """
        unit, now, writer = self._unit, self._unit.now, self._writer
        contact_id = ContactId(new_id())
        lines = snapshot.lines
        wanted = [
            WantedLine.of(line, units)
            for line in lines
            if (units := line.quantity_wanted) and not writer.is_left_out(line)
        ]
        order: Order | None = None
        if wanted and not snapshot.cancelled:
            order = writer.write(
                NewPart(
                    external_id=snapshot.external_id,
                    number=snapshot.number,
                    part=1,
                    placed_at=snapshot.placed_at,
                    contact_id=contact_id,
                    contact_version=_FIRST_VERSION,
                    country=snapshot.address.country,
                    is_paid=snapshot.paid_at_store,
                    doubts=snapshot.doubts_in_words,
                ),
                wanted,
            )
        unit.write_contact(
            ContactVersion(
                seller_id=unit.seller_id,
                contact_id=contact_id,
                version=_FIRST_VERSION,
                address=snapshot.address,
                recorded_at=now,
            )
        )
        unit.insert(
            STORE_ORDERS,
            StoreOrderRecord(
                seller_id=unit.seller_id,
                store_id=self._store.store_id,
                external_id=snapshot.external_id,
                fingerprint=mark,
                version=version_of(snapshot),
                paid_at_store=snapshot.paid_at_store,
                cancelled=snapshot.cancelled,
                rows_rejected=snapshot.doubts_count,
                contact_id=contact_id,
                parts=() if order is None else (order.order_id,),
                lines=tuple(
                    [told(n, is_not_ours=writer.is_left_out(n)) for n in lines]
                ),
                seen_at=now,
            ),
        )
        return order

    def _follow_all(
        self,
        edited: Sequence[tuple[StoreOrderSnapshot, StoreOrderRecord]],
        marks: Mapping[str, str],
    ) -> None:
        unit = self._unit
        unit.orders.load(sorted(part for _, r in edited for part in r.parts))
        for snapshot, record in edited:
            try:
                followed = Editor(unit, self._writer, snapshot).follow(record)
            except UnreadableLinesError as error:
                self._set_aside(record, error)
                continue
            known = attrs.evolve(
                followed,
                fingerprint=marks[snapshot.external_id],
                version=version_of(snapshot) or record.version,
                seen_at=unit.now,
                is_missing=False,
            )
            unit.put(STORE_ORDERS, known)

    def _set_aside(self, record: StoreOrderRecord, error: UnreadableLinesError) -> None:
        """
        Hold an order that cannot be followed, as far as it goes on still.
        """
        reason = RejectReason.TOLD_UNREADABLE
        self.set_aside.append(Reject(0, reason, record.external_id, str(error)))
        attempt = f"{error.message_id}/{error.number}"
        detail = f"what attempt {attempt} told the shop cannot be read"
        for order in going_on(self._unit.orders.load(record.parts)):
            if not has_hold(order, HoldReason.STORE_DATA):
                self._writer.hold(order, HoldReason.STORE_DATA, detail)


def _by_id(asked: Asked[StoreOrderRecord]) -> dict[str, StoreOrderRecord]:
    return {record.external_id: record for record in asked.all()}


def _brought(orders: Sequence[Order | None]) -> Imported:
    made = [order for order in orders if order is not None]
    lines = [line for order in made for line in order.lines]
    return Imported(len(made), len(lines), sum([line.quantity for line in lines]))
