"""
The seller's orders: find, read, and the commands of one step.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ...domain.kernel.address import Address
from ...domain.kernel.checks import Prose
from ...domain.kernel.errors import Blocker, SourceHereError
from ...domain.kernel.ids import HoldId, OrderId
from ...domain.orders.holds import HoldReason
from ...domain.orders.kinds import OrderKind
from ...domain.orders.tabs import Tab
from ...domain.orders.views import OrderHeader, OrderView
from ...services.ordering.reading import TimelineEntry
from ...unit.tables.orders import ORDERS_OF
from ..lists import Cursor, Page, check_limit
from ..records.orders import OrderDetails, details_of
from ..results import (
    HoldPlaced,
    NoteWritten,
    OrderState,
    PartAdded,
    PartsProcessed,
    Report,
)
from ..scope import PEOPLE, SELLER, STAFF, Desk, command, reading


class OrdersDesk(Desk):
    """
    Shows orders, and moves them step by step.
    """

    @reading()
    def get(self, order_id: str) -> OrderView:
        """
        Return one order as it is now.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.orders.get(self._seller_id, order_id)

    @reading()
    def get_many(self, order_ids: Sequence[str]) -> list[OrderView]:
        """
        Return orders as they are now, in the order asked, from one moment.

        Raises:
            NotFoundError: If the seller has none of some id.
        """
        return self._app.orders.get_many(self._seller_id, order_ids)

    @reading()
    def details(self, order_id: str) -> OrderDetails:
        """
        Return everything about an order, read at one moment: lines, parcels, refunds,
        disputes, its timeline, and what can be done now.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return details_of(
            self._app.orders.sheet(self._seller_id, order_id, by=self._by)
        )

    @reading()
    def list(
        self,
        *,
        tab: Tab = Tab.ALL,
        store_id: str = "",
        kind: OrderKind | None = None,
        after: str = "",
        limit: int = 50,
    ) -> Page[OrderHeader]:
        """
        List the orders of a tab, newest first, of one store or kind where asked.

        Raises:
            InvalidInputError: If *limit* is not 1 to 500.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        check_limit(limit)
        wanted = "" if kind is None else kind.value
        cursor = Cursor(
            ("orders", self._seller_id, tab, store_id, wanted), ORDERS_OF.index
        )
        key = cursor.read(after)
        page = self._app.orders.page(
            self._seller_id,
            tab=tab,
            store_id=store_id,
            kind=wanted,
            after="" if key is None else str(key[0]),
            limit=limit,
        )
        return Page(page.orders, cursor.write((page.after,)) if page.after else "")

    @reading()
    def counts(
        self, *, store_id: str = "", kind: OrderKind | None = None
    ) -> Mapping[Tab, int]:
        """
        Count the orders of every tab; the cost does not grow with the orders.
        """
        wanted = "" if kind is None else kind.value
        return self._app.orders.counts(self._seller_id, store_id=store_id, kind=wanted)

    @reading()
    def find_number(self, number: str) -> tuple[OrderId, ...]:
        """
        Return the ids of the orders that people call *number*, oldest first.
        """
        found = self._app.orders.find_number(self._seller_id, number)
        return tuple(OrderId(name) for name in found)

    @reading()
    def find_external(
        self, store_id: str, external_ids: Sequence[str]
    ) -> Mapping[str, tuple[OrderId, ...]]:
        """
        Return our orders of a shop's order ids; those we do not know are absent.
        """
        found = self._app.orders.find_external(self._seller_id, store_id, external_ids)
        return {name: tuple(OrderId(p) for p in parts) for name, parts in found.items()}

    @reading()
    def address(self, order_id: str) -> Address:
        """
        Return where an order goes; personal data.

        Raises:
            NotFoundError: If there is no such order, or it goes to no customer.
        """
        return self._app.orders.address(self._seller_id, order_id)

    @reading()
    def timeline(self, order_id: str) -> tuple[TimelineEntry, ...]:
        """
        Tell an order's story, oldest first; notes for staff are shown to staff only.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.orders.timeline(self._seller_id, order_id, by=self._by)

    @reading()
    def allowed(self, order_id: str) -> tuple[str, ...]:
        """
        List the commands that can be done to an order now, by whoever asks.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.orders.allowed(self._seller_id, order_id, by=self._by)

    @reading()
    def why_not(self, order_id: str, command: str) -> tuple[Blocker, ...]:
        """
        Return every reason why *command* cannot be done to an order now.

        An empty answer means that it can be done. For `pay` the order is priced as a
        checkout would, so that the reasons know the wallet, the method that was chosen,
        the fields that the address lacks, and the country that nobody serves; `allowed`
        looks at the order alone.

        Raises:
            UnknownCommandError: If no order has such a command.
        """
        found = self._app.orders.why_not(
            self._seller_id, order_id, command, by=self._by
        )
        if found or command != "pay":
            return found
        return self._app.checkouts.why_not_paid(self._seller_id, order_id, by=self._by)

    @command(SELLER)
    def ignore(
        self, order_ids: Sequence[str], *, command_id: str = ""
    ) -> Report[OrderState]:
        """
        Set unrecognized orders aside; a refused one is reported and the rest go on.
        """
        done = self._app.orders.ignore(
            self._seller_id, order_ids, by=self._by, command_id=command_id
        )
        return _states(done.done, done.failed)

    @command(SELLER)
    def restore(
        self, order_ids: Sequence[str], *, command_id: str = ""
    ) -> Report[OrderState]:
        """
        Take ignored orders up again; what is paired meanwhile can be paid at once.
        """
        done = self._app.orders.restore(
            self._seller_id, order_ids, by=self._by, command_id=command_id
        )
        return _states(done.done, done.failed)

    @command(PEOPLE)
    def process_paired_lines(
        self, order_ids: Sequence[str], *, command_id: str = ""
    ) -> Report[PartsProcessed]:
        """
        Let the paired lines of unrecognized orders be paid; the others become a second
        part of the same store order, each order in one commit.
        """
        report = self._app.orders.process_paired_lines(
            self._seller_id, order_ids, by=self._by, command_id=command_id
        )
        done = {
            name: PartsProcessed(OrderId(name), OrderId(rest))
            for name, rest in report.done.items()
        }
        return Report(done, report.failed)

    @command(SELLER)
    def cancel(
        self, order_ids: Sequence[str], *, command_id: str = ""
    ) -> Report[OrderState]:
        """
        Cancel orders that are not paid; a refused one is reported and the rest go on.
        """
        done = self._app.orders.cancel(
            self._seller_id, order_ids, by=self._by, command_id=command_id
        )
        return _states(done.done, done.failed)

    @command(SELLER)
    def choose_shipping(
        self, order_ids: Sequence[str], method: str, *, command_id: str = ""
    ) -> Report[OrderState]:
        """
        Choose the shipping method that the next checkout prices. For a method that no
        freight connection has, the report says `UnknownMethodError` of each order; for
        a short code that several have, `AmbiguousMethodError`.

        Args:
            method: Its code, such as `std`, or its full code, such as `card:std`; empty
                for the cheapest.
        """
        done = self._app.orders.choose_shipping(
            self._seller_id, order_ids, method, by=self._by, command_id=command_id
        )
        return _states(done.done, done.failed)

    @command(PEOPLE)
    def take_over(self, order_id: str, *, command_id: str = "") -> PartAdded:
        """
        Supply what the shop added to an order that is paid: the added units become the
        next part of the shop's order, to be paid by itself.

        Raises:
            CommandRefusedError: If the shop changed nothing, or added nothing.
        """
        part = self._app.orders.take_over(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return PartAdded(OrderId(order_id), OrderId(part))

    @command(PEOPLE)
    def correct_address(
        self, order_id: str, address: Address, *, command_id: str = ""
    ) -> None:
        """
        Send an order elsewhere while nothing has left.

        Raises:
            CommandRefusedError: If a parcel has left, or the order is paid and the
                country would change.
        """
        self._app.orders.correct_address(
            self._seller_id, order_id, address, by=self._by, command_id=command_id
        )

    @command(STAFF)
    def hold(
        self,
        order_id: str,
        *,
        detail: Prose,
        reason: HoldReason = HoldReason.STAFF,
        until: date | datetime | None = None,
        command_id: str = "",
    ) -> HoldPlaced:
        """
        Place a hold on an order, as staff.

        Args:
            detail: Why. It is shown with the hold, and kept apart from the order's
                events as notes are.

            reason: `STAFF`, or `ADDRESS` where the parcel cannot be addressed: that
                hold ends by itself when another address is given.

            until: When a hold of staff is released by itself: a time, or the end of a
                day in the platform's zone; never if not given.

        Raises:
            CommandRefusedError: If the order has ended.

            InvalidInputError: If *reason* is one that only facts give.
        """
        made = self._app.orders.hold(
            self._seller_id,
            order_id,
            detail=detail,
            by=self._by,
            reason=reason,
            until=self._until(until),
            command_id=command_id,
        )
        return HoldPlaced(OrderId(order_id), HoldId(made))

    @command(STAFF)
    def release_hold(
        self, order_id: str, hold_id: str, *, command_id: str = ""
    ) -> None:
        """
        Release a hold, as staff: what it blocked can be done again.

        Raises:
            CommandRefusedError: If no such hold is open.
        """
        self._app.orders.release_hold(
            self._seller_id, order_id, hold_id, by=self._by, command_id=command_id
        )

    @command(PEOPLE)
    def note(
        self,
        order_id: str,
        text: Prose,
        *,
        for_staff: bool = False,
        command_id: str = "",
    ) -> NoteWritten:
        """
        Write something about an order.

        Args:
            for_staff: Hide it from the seller.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        made = self._app.orders.note(
            self._seller_id,
            order_id,
            text,
            by=self._by,
            for_staff=for_staff,
            command_id=command_id,
        )
        return NoteWritten(OrderId(order_id), made)

    @command(STAFF)
    def give_up(self, order_id: str, *, command_id: str = "") -> OrderState:
        """
        End a shipped order of which everything was lost and refunded, as staff.

        Raises:
            CommandRefusedError: If units are not refunded, or a dispute is open.
        """
        state = self._app.orders.give_up(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)


def _states(
    done: Mapping[str, str], failed: Mapping[str, SourceHereError]
) -> Report[OrderState]:
    return Report(
        {name: OrderState(OrderId(name), state) for name, state in done.items()}, failed
    )
