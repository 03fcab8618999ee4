"""
Orders as people see them: find, list, count, tell their story.
"""

from collections.abc import Sequence

import attrs

from ...domain.disputes.model import Dispute
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.actor import Actor
from ...domain.kernel.address import Address
from ...domain.kernel.errors import Blocker, InvalidInputError
from ...domain.kernel.events import Event
from ...domain.kernel.ids import HoldId, OrderId, SellerId
from ...domain.kernel.parcels import PlannedParcel
from ...domain.kernel.values import frozen
from ...domain.orders.events import OrderPaid
from ...domain.orders.machine import AWAITING_PAYMENT
from ...domain.orders.rules import words_of_hold
from ...domain.orders.tabs import Tab
from ...domain.orders.views import OrderHeader, OrderView, header_of, view_of
from ...domain.shipments.model import Parcel
from ...domain.wallet.goodwill import Goodwill
from ...domain.wallet.model import Refund
from ...ports.storage import Key
from ...unit.counting import units_of_orders
from ...unit.seller_unit import SellerUnit
from ...unit.streams import events_of
from ...unit.tables.contacts import CONTACTS
from ...unit.tables.disputes import DISPUTES_OF
from ...unit.tables.orders import ORDERS_BY_NUMBER, TABS_OF
from ...unit.tables.payments import PAYMENTS_PAYING
from ...unit.tables.shipments import PARCELS_OF
from ...unit.tables.stores import STORE_ORDERS
from ...unit.tables.wallet import GOODWILLS_OF_ORDER, PLANS_OF
from ...unit.text.codecs import loader
from ...unit.words import say_words
from ..base.service import Service
from .lists import kept, way_to
from .refund_reading import refunds_of
from .story import TimelineEntry, story_of

_PARTS = STORE_ORDERS.table.only(("external_id", "parts", "seller_id", "store_id"))
_read_parts = loader(tuple[OrderId, ...])


@frozen
class OrderPage:
    """
    A page of a list, newest first.

    Attributes:
        after: The last order of the page where there are more; empty at the end.
    """

    orders: tuple[OrderHeader, ...]
    after: str


@frozen
class OrderSheet:
    """
    Everything about an order at one moment.

    Attributes:
        planned: The parcels that freight was paid for, where they are several.

        payment: The attempt by card that is to pay it still; None where none is.

        allowed: The commands that whoever asked can do now.
    """

    order: OrderView
    planned: tuple[PlannedParcel, ...]
    payment: PaymentAttempt | None
    parcels: tuple[Parcel, ...]
    refunds: tuple[Refund, ...]
    goodwill: tuple[Goodwill, ...]
    disputes: tuple[Dispute, ...]
    timeline: tuple[TimelineEntry, ...]
    allowed: tuple[str, ...]


class OrderReading(Service):
    """
    Finds, lists and counts orders.
    """

    def get(self, seller_id: str, order_id: str) -> OrderView:
        """
        Return one order, as it is now.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self.get_many(seller_id, [order_id])[0]

    def get_many(self, seller_id: str, order_ids: Sequence[str]) -> list[OrderView]:
        """
        Return orders as they are now, in the order asked.

        Raises:
            NotFoundError: If the seller has none of some id.
        """

        def work(unit: SellerUnit) -> list[OrderView]:
            found = unit.orders.load(order_ids, lock=False)
            return say_words(unit, [view_of(order) for order in found])

        return self._read(SellerId(seller_id), work)

    def find_external(
        self, seller_id: str, store_id: str, external_ids: Sequence[str]
    ) -> dict[str, tuple[str, ...]]:
        """
        Return our order ids of shop orders; those we do not know are absent.
        """

        def work(unit: SellerUnit) -> dict[str, tuple[str, ...]]:
            keys: list[Key] = [(seller_id, store_id, name) for name in external_ids]
            found = unit.session.get(_PARTS, keys, lock=False) if keys else []
            return {str(name): _read_parts(str(parts)) for name, parts, *_ in found}

        return self._read(SellerId(seller_id), work)

    def find_number(self, seller_id: str, number: str) -> tuple[str, ...]:
        """
        Return the ids of the orders that people call *number*, oldest first.
        """

        def work(unit: SellerUnit) -> tuple[str, ...]:
            after, until = (seller_id, ""), seller_id
            found = unit.page(ORDERS_BY_NUMBER, number, after=after, until=until)
            return tuple(str(order.order_id) for order in found)

        return self._read(SellerId(seller_id), work)

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
        way, prefix, keep = way_to(tab, store_id=store_id, kind=kind)

        def work(unit: SellerUnit) -> OrderPage:
            found = kept(unit, way, prefix, keep, after=after, limit=limit + 1)
            shown = found[:limit]
            units = units_of_orders(unit, shown)
            headers = say_words(unit, [header_of(o, units[o.order_id]) for o in shown])
            has_more = len(found) > limit
            return OrderPage(tuple(headers), headers[-1].order_id if has_more else "")

        return self._read(SellerId(seller_id), work)

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

        return self._read(SellerId(seller_id), work)

    def allowed(self, seller_id: str, order_id: str, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do to an order now.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: unit.orders.one(order_id, lock=False).allowed(by=by),
        )

    def why_not(
        self, seller_id: str, order_id: str, command: str, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* to an order now.

        An empty answer means that it can be done. A hold says what was typed into it
        too; a refusal, which may end up in a log, does not.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            order = unit.orders.one(order_id, lock=False)
            found = order.blockers(command, by=by)
            (view,) = say_words(unit, [view_of(order)])
            words = {hold.hold_id: words_of_hold(hold) for hold in view.holds}
            return tuple(
                attrs.evolve(b, words=words[HoldId(str(b.facts["hold"]))])
                if b.code == "on_hold"
                else b
                for b in found
            )

        return self._read(SellerId(seller_id), work)

    def events(self, seller_id: str, order_id: str) -> list[Event]:
        """
        List everything that happened to an order, in order.
        """
        owner = SellerId(seller_id)
        return self._read(owner, lambda unit: events_of(unit.session, owner, order_id))

    def refunds(self, seller_id: str, order_id: str) -> tuple[Refund, ...]:
        """
        List every refund that counts for an order, oldest first: those of its units,
        and those of units that it bought and another order was served.
        """

        def work(unit: SellerUnit) -> tuple[Refund, ...]:
            events = events_of(unit.session, unit.seller_id, order_id)
            return refunds_of(unit, order_id, events)

        return self._read(SellerId(seller_id), work)

    def address(self, seller_id: str, order_id: str) -> Address:
        """
        Return where an order goes; personal data.

        Raises:
            NotFoundError: If there is no such order, or it goes to no customer.
        """

        def work(unit: SellerUnit) -> Address:
            order = unit.orders.one(order_id, lock=False)
            key = (order.contact_id, order.contact_version)
            return unit.need(CONTACTS, *key).address

        return self._read(SellerId(seller_id), work)

    def timeline(
        self, seller_id: str, order_id: str, *, by: Actor
    ) -> tuple[TimelineEntry, ...]:
        """
        Tell an order's story, oldest first; notes for staff are for staff only.
        """

        def work(unit: SellerUnit) -> tuple[TimelineEntry, ...]:
            events = events_of(unit.session, unit.seller_id, order_id)
            refunds = refunds_of(unit, order_id, events)
            return story_of(unit, order_id, events, refunds, by=by)

        return self._read(SellerId(seller_id), work)

    def sheet(self, seller_id: str, order_id: str, *, by: Actor) -> OrderSheet:
        """
        Return everything about an order, read in one transaction.

        Raises:
            NotFoundError: If the seller has none of that id.
        """

        def work(unit: SellerUnit) -> OrderSheet:
            order = unit.orders.one(order_id, lock=False)
            events = events_of(unit.session, unit.seller_id, order_id)
            paid = [event for event in events if isinstance(event, OrderPaid)]
            refunds = refunds_of(unit, order_id, events)
            return OrderSheet(
                say_words(unit, [view_of(order)])[0],
                paid[-1].parcels if paid else (),
                _payment(unit, order_id) if order.state == AWAITING_PAYMENT else None,
                tuple(unit.find(PARCELS_OF, [(order_id,)])),
                refunds,
                tuple(unit.find(GOODWILLS_OF_ORDER, [(order_id,)])),
                tuple(unit.find(DISPUTES_OF, [(order_id,)])),
                story_of(unit, order_id, events, refunds, by=by),
                order.allowed(by=by),
            )

        return self._read(SellerId(seller_id), work)


def _payment(unit: SellerUnit, order_id: str) -> PaymentAttempt | None:
    """
    Return the attempt by card that is to pay an order still: there is one at most.
    """
    attempts = {one.checkout_id: one for one in unit.find(PAYMENTS_PAYING, [(1,)])}
    plans = unit.find(PLANS_OF, [(name,) for name in attempts])
    checkouts = (plan.checkout_id for plan in plans if plan.order_id == order_id)
    return next((attempts[name] for name in checkouts), None)
