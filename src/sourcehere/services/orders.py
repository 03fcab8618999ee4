"""
Orders as people see them: find, list, count, and the commands of one step.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import attrs

from ..contacts.model import Note
from ..kernel.actor import Actor, Role
from ..kernel.address import Address
from ..kernel.errors import Blocker, InvalidInputError
from ..kernel.events import Event
from ..kernel.ids import HoldId, ItemId, SellerId, new_id
from ..orders.lines import ItemQuantity
from ..orders.order import Order
from ..orders.tabs import Tab
from ..storage.aggregates import events_of
from ..storage.records import Way
from ..storage.schema import (
    CONTACT_VERSIONS,
    CONTACTS,
    NOTES,
    NOTES_OF,
    ORDERS_BY_KIND,
    ORDERS_BY_KIND_TAB,
    ORDERS_BY_NUMBER,
    ORDERS_BY_REFUNDS,
    ORDERS_BY_STORE,
    ORDERS_BY_STORE_TAB,
    ORDERS_BY_TAB,
    ORDERS_OF,
    REFUNDS_OF,
    STORE_ORDERS,
    TABS_OF,
)
from ..storage.seller_unit import SellerUnit
from ..wallet.model import Refund
from .base import BulkReport, Given, Service
from .pairing import recognize
from .refunding import Reason, book_refund, release_unsent, scaled


@attrs.frozen
class OrderPage:
    """
    A page of a list, newest first.

    Attributes:
        after: Give it to the next call; empty at the end.
    """

    orders: tuple[Order, ...]
    after: str


@attrs.frozen
class TimelineEntry:
    """
    Something that happened to an order, or that somebody wrote about it.

    Attributes:
        kind: The event's stored name, or `note`.
    """

    at: datetime
    by: Actor
    kind: str
    words: str


class Orders(Service):
    """
    Finds, lists and counts orders, and takes the commands of one step.
    """

    def get(self, seller_id: str, order_id: str) -> Order:
        """
        Give one order.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self.get_many(seller_id, [order_id])[0]

    def get_many(self, seller_id: str, order_ids: Sequence[str]) -> list[Order]:
        """
        Give orders, in the order asked.

        Raises:
            NotFoundError: If the seller has none of some id.
        """
        return self.read(
            SellerId(seller_id), lambda unit: unit.orders.load(order_ids, lock=False)
        )

    def find_external(
        self, seller_id: str, store_id: str, external_ids: Sequence[str]
    ) -> dict[str, tuple[str, ...]]:
        """
        Give our order ids of shop orders; those we do not know are absent.
        """

        def work(unit: SellerUnit) -> dict[str, tuple[str, ...]]:
            found = unit.many(STORE_ORDERS, [(store_id, e) for e in external_ids])
            return {record.external_id: record.parts for record in found}

        return self.read(SellerId(seller_id), work)

    def find_number(self, seller_id: str, number: str) -> tuple[str, ...]:
        """
        Give the ids of the orders that people call *number*, oldest first.
        """
        return self.read(
            SellerId(seller_id),
            lambda unit: tuple(
                str(order.order_id) for order in unit.page(ORDERS_BY_NUMBER, number)
            ),
        )

    def page(
        self,
        seller_id: str,
        *,
        tab: Tab = Tab.ALL,
        store_id: str = "",
        kind: str = "",
        after: str = "",
        limit: int = 50,
    ) -> OrderPage:
        """
        List orders of a tab, newest first, of one store or kind where asked.

        Raises:
            InvalidInputError: If *limit* is not 1 to 500.
        """
        if not 1 <= limit <= 500:  # noqa: PLR2004 - said in the docstring
            raise InvalidInputError(field="limit", value=limit, expected="1 to 500")
        way, prefix, keep = _way_to(tab, store_id=store_id, kind=kind)

        def work(unit: SellerUnit) -> OrderPage:
            found = _kept(unit, way, prefix, keep, after=after, limit=limit)
            orders = unit.orders.load([o.order_id for o in found], lock=False)
            last = orders[-1].order_id if len(orders) == limit else ""
            return OrderPage(tuple(orders), last)

        return self.read(SellerId(seller_id), work)

    def counts(
        self, seller_id: str, *, store_id: str = "", kind: str = ""
    ) -> dict[Tab, int]:
        """
        Count the orders of every tab, of one store or kind where asked.

        The cost does not grow with the orders.
        """

        def work(unit: SellerUnit) -> dict[Tab, int]:
            totals = unit.session.totals(
                TABS_OF.index,
                (seller_id,),
                by=["kind", "store_id", "tab"],
                column="delta",
            )
            counts = dict.fromkeys(Tab, 0)
            for (its_kind, its_store, tab), count in totals.items():
                if store_id in ("", its_store) and kind in ("", its_kind):
                    counts[Tab(str(tab))] += count
            return counts

        return self.read(SellerId(seller_id), work)

    def allowed(self, seller_id: str, order_id: str, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do to an order now.
        """
        return self.get(seller_id, order_id).allowed(by=by)

    def why_not(
        self, seller_id: str, order_id: str, command: str, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Give every reason why *by* cannot do *command* to an order now; none means go.
        """
        return self.get(seller_id, order_id).blockers(command, by=by)

    def events(self, seller_id: str, order_id: str) -> list[Event]:
        """
        List everything that happened to an order, in order.
        """
        owner = SellerId(seller_id)
        return self.read(owner, lambda unit: events_of(unit.session, owner, order_id))

    def refunds(self, seller_id: str, order_id: str) -> tuple[Refund, ...]:
        """
        List the refunds of an order, oldest first.
        """
        return self.read(
            SellerId(seller_id),
            lambda unit: tuple(unit.find(REFUNDS_OF, [(order_id,)])),
        )

    def address(self, seller_id: str, order_id: str) -> Address:
        """
        Give where an order goes; personal data.

        Raises:
            NotFoundError: If there is no such order, or it goes to no customer.
        """

        def work(unit: SellerUnit) -> Address:
            order = unit.orders.one(order_id, lock=False)
            key = (order.contact_id, order.contact_version)
            return unit.need(CONTACTS, *key).address

        return self.read(SellerId(seller_id), work)

    def timeline(
        self, seller_id: str, order_id: str, *, by: Actor
    ) -> tuple[TimelineEntry, ...]:
        """
        Tell an order's story, oldest first; notes for staff are for staff only.
        """
        owner = SellerId(seller_id)

        def work(unit: SellerUnit) -> tuple[TimelineEntry, ...]:
            unit.orders.one(order_id, lock=False)
            told = [
                TimelineEntry(event.occurred_at, event.by, event.NAME, _words(event))
                for event in events_of(unit.session, owner, order_id)
            ]
            written = [
                TimelineEntry(note.written_at, note.by, "note", note.text)
                for note in unit.find(NOTES_OF, [(order_id,)])
                if by.role == Role.STAFF or not note.for_staff
            ]
            return tuple(sorted(told + written, key=lambda entry: entry.at))

        return self.read(owner, work)

    # Commands of one step.

    def _each(
        self,
        seller_id: str,
        name: str,
        order_ids: Sequence[str],
        step: Callable[[SellerUnit, Order], object],
        command_id: str,
    ) -> BulkReport[str]:
        def work(
            unit: SellerUnit, items: Sequence[tuple[str, str]]
        ) -> Mapping[str, str]:
            orders = unit.orders.load([order_id for order_id, _ in items])
            for order in orders:
                step(unit, order)
            return {order.order_id: order.state for order in orders}

        items = [(order_id, "") for order_id in dict.fromkeys(order_ids)]
        given = Given(command_id, name, ())
        return self.each(SellerId(seller_id), given, items, work, str)

    def ignore(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Set unrecognized orders aside; each fails for itself.
        """

        def step(unit: SellerUnit, order: Order) -> None:
            order.ignore(by=by, at=unit.now)

        return self._each(seller_id, "ignore", order_ids, step, command_id)

    def restore(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Take ignored orders up again; what is paired meanwhile is recognized at once.
        """

        def step(unit: SellerUnit, order: Order) -> None:
            order.restore(by=by, at=unit.now)
            recognize(unit, [order], by=by, pay_within=self.settings.pay_within)

        return self._each(seller_id, "restore", order_ids, step, command_id)

    def cancel(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        End orders before they are paid; each fails for itself.
        """

        def step(unit: SellerUnit, order: Order) -> None:
            order.cancel(by=by, at=unit.now)

        return self._each(seller_id, "cancel", order_ids, step, command_id)

    def choose_shipping(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        method: str,
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Pick the shipping method that the next checkout prices; empty for the cheapest.
        """

        def step(unit: SellerUnit, order: Order) -> None:
            order.choose_shipping(method, by=by, at=unit.now)

        return self._each(seller_id, "choose_shipping", order_ids, step, command_id)

    def correct_address(
        self, seller_id: str, order_id: str, address: Address, *, by: Actor
    ) -> None:
        """
        Send an order elsewhere; the former address is kept as an older version.

        Raises:
            CommandRefusedError: If a parcel has left, or a paid order would change
                country.
        """

        def work(unit: SellerUnit) -> None:
            order = unit.orders.one(order_id)
            key = (order.contact_id, order.contact_version)
            known = unit.need(CONTACTS, *key)
            # The shop may have told newer ones that a paid order did not follow.
            versions = unit.find(CONTACT_VERSIONS, [(order.contact_id,)])
            version = versions[-1].version + 1
            order.correct_address(
                version=version, country=address.country, by=by, at=unit.now
            )
            newer = attrs.evolve(
                known, version=version, address=address, recorded_at=unit.now
            )
            unit.insert(CONTACTS, newer)

        self.units.seller(SellerId(seller_id), work)

    def hold(self, seller_id: str, order_id: str, *, detail: str, by: Actor) -> str:
        """
        Stop an order, as staff.

        Returns:
            The hold's id, to release it by.

        Raises:
            CommandRefusedError: If it has ended, or *by* is not staff.
        """
        hold_id = HoldId(new_id())

        def work(unit: SellerUnit) -> None:
            order = unit.orders.one(order_id)
            order.place_hold(hold_id, detail=detail, by=by, at=unit.now)

        self.units.seller(SellerId(seller_id), work)
        return hold_id

    def release_hold(
        self, seller_id: str, order_id: str, hold_id: str, *, by: Actor
    ) -> None:
        """
        Let an order go on, as staff.

        Raises:
            CommandRefusedError: If no such hold is open, or *by* is not staff.
        """

        def work(unit: SellerUnit) -> None:
            order = unit.orders.one(order_id)
            order.release_hold(HoldId(hold_id), by=by, at=unit.now)

        self.units.seller(SellerId(seller_id), work)

    def note(
        self,
        seller_id: str,
        order_id: str,
        text: str,
        *,
        by: Actor,
        for_staff: bool = False,
    ) -> str:
        """
        Write something about an order; the text is kept apart from its events.

        Returns:
            The note's id.

        Raises:
            CommandRefusedError: If *by* is neither the seller nor staff.
        """
        note_id = new_id()

        def work(unit: SellerUnit) -> None:
            order = unit.orders.one(order_id)
            order.add_note(note_id, by=by, at=unit.now)
            unit.insert(
                NOTES,
                Note(
                    seller_id=unit.seller_id,
                    note_id=note_id,
                    subject_id=order_id,
                    by=by,
                    text=text,
                    written_at=unit.now,
                    for_staff=for_staff,
                ),
            )

        self.units.seller(SellerId(seller_id), work)
        return note_id

    # Money back before anything left.

    def refund_units(
        self,
        seller_id: str,
        order_id: str,
        quantities: Mapping[str, int],
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Take units out of a paid order before they leave, and refund them, as staff.

        An order none of whose units are left to send, and of which nothing was sent,
        ends by it, freight refunded.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If units have left, or are refunded or disputed.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            units = {ItemId(name): q for name, q in quantities.items()}
            order.cancel_units(units, by=by, at=unit.now)
            gone = [ItemQuantity(name, q) for name, q in units.items()]
            settle_unsent(unit, order, gone, Reason("units", by))
            return order.state

        request = (order_id, sorted(quantities.items()))
        given = Given(command_id, "refund_units", request)
        return self.once(SellerId(seller_id), given, work, str)

    def refund_all(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        End a paid order before anything left, everything refunded, as staff.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If something has left, or *by* is not staff.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            end_and_refund(unit, order, command="refund_all", by=by)
            return order.state

        given = Given(command_id, "refund_all", order_id)
        return self.once(SellerId(seller_id), given, work, str)

    def give_up(self, seller_id: str, order_id: str, *, by: Actor) -> str:
        """
        End a shipped order of which everything was lost and refunded, as staff.

        Raises:
            CommandRefusedError: If units are not refunded, or a dispute is open.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.give_up(by=by, at=unit.now)
            return order.state

        return self.units.seller(SellerId(seller_id), work)


def end_and_refund(unit: SellerUnit, order: Order, *, command: str, by: Actor) -> None:
    """
    End a paid order before anything left, and give everything back.
    """
    gone = order.refund_rest(command=command, by=by, at=unit.now)
    parts = release_unsent(unit, order, gone)
    book_refund(
        unit,
        order,
        parts,
        freight_minor=freight_left(order),
        why=Reason("cancelled", by),
    )


def freight_left(order: Order) -> int:
    """
    Give the freight and handling that were paid and not refunded yet.
    """
    return order.freight_minor + order.handling_minor - order.freight_refunded_minor


def settle_unsent(
    unit: SellerUnit,
    order: Order,
    gone: Sequence[ItemQuantity],
    why: Reason,
    *,
    amount: int | None = None,
) -> int:
    """
    Refund units that were taken out before they left; end what has nothing left.

    Args:
        amount: What was agreed for them; None for everything that was paid.

    Returns:
        What was refunded, in minor units.
    """
    parts = release_unsent(unit, order, gone)
    is_over = order.is_everything_sent and not order.parcels
    freight = freight_left(order) if is_over else 0
    if amount is not None:
        parts = scaled(parts, amount)
        freight = min(freight, amount - sum(part.amount_minor for part in parts))
    book_refund(unit, order, parts, freight_minor=freight, why=why)
    if is_over:
        order.end_refunded(by=why.by, at=unit.now)
    elif order.is_everything_sent and order.can("short_ship_rest"):
        order.close_short(by=why.by, at=unit.now)
    return sum(part.amount_minor for part in parts) + freight


Keep = Callable[[Order], bool]


def _way_to(
    tab: Tab, *, store_id: str, kind: str
) -> tuple[Way[Order], tuple[str | int, ...], Keep]:
    def fits(order: Order) -> bool:
        return store_id in ("", order.store_id) and kind in ("", order.kind)

    if tab == Tab.REFUNDS:
        return ORDERS_BY_REFUNDS, (1,), fits
    if tab == Tab.ALL:
        if store_id:
            return ORDERS_BY_STORE, (store_id,), fits
        return (ORDERS_BY_KIND, (kind,), fits) if kind else (ORDERS_OF, (), fits)
    if store_id:
        return ORDERS_BY_STORE_TAB, (store_id, tab.value), fits
    if kind:
        return ORDERS_BY_KIND_TAB, (kind, tab.value), fits
    return ORDERS_BY_TAB, (tab.value,), fits


def _kept(
    unit: SellerUnit,
    way: Way[Order],
    prefix: tuple[str | int, ...],
    keep: Keep,
    *,
    after: str,
    limit: int,
) -> list[Order]:
    found: list[Order] = []
    position: tuple[str, ...] | None = (after,) if after else None
    while len(found) < limit:
        part = unit.page(way, *prefix, after=position, limit=limit, descending=True)
        found.extend(order for order in part if keep(order))
        if len(part) < limit:
            break
        position = (part[-1].order_id,)
    return found[:limit]


def _words(event: Event) -> str:
    told = attrs.asdict(
        event,
        recurse=False,
        filter=lambda a, v: a.name not in ("by", "occurred_at") and v not in ("", None),
    )
    parts = [f"{name} {value}" for name, value in told.items() if _is_short(value)]
    return ", ".join(parts)


def _is_short(value: object) -> bool:
    return isinstance(value, (str, int))
