"""
The seller's orders: the commands of one step.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ...domain.kernel.address import Address
from ...domain.kernel.checks import Prose
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.ids import HoldId, OrderId
from ...domain.kernel.money import Money
from ...domain.orders.holds import HoldReason
from ..results import (
    BuyerErased,
    HoldPlaced,
    NoteWritten,
    OrderState,
    PartAdded,
    PartsProcessed,
    Report,
)
from ..scope import PEOPLE, SELLER, STAFF, command
from .order_reading import OrdersReadingDesk


class OrdersDesk(OrdersReadingDesk):
    """
    Shows orders, and moves them step by step.
    """

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

    @command(PEOPLE)
    def confirm(
        self, order_ids: Sequence[str], *, command_id: str = ""
    ) -> Report[OrderState]:
        """
        Take orders as the shop told them, although something was in doubt (a hold
        `store_data` says what): they can be paid. A refused one is reported.

        An order that the shop tells anew, with more in doubt, is held again.
        """
        done = self._app.orders.confirm(
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

    @command(PEOPLE)
    def serve_from_local_stock(
        self, order_ids: Sequence[str], *, command_id: str = ""
    ) -> Report[OrderState]:
        """
        Serve unpaid orders of shops from the seller's local stock: each takes all its
        units, and ends here as cancelled (`local_stock`). Nothing is charged or sent by
        the platform, and the seller tells the shop of the parcel. An order that has an
        unpaired line, or of which not every unit is there, is refused and reported, and
        the rest go on. `local_stock.put_back` puts the units back.
        """
        done = self._app.local_stock.serve(
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
            CommandRefusedError: If the shop changed nothing, or added nothing that is
                ours.
        """
        part = self._app.orders.take_over(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return PartAdded(OrderId(order_id), OrderId(part))

    @command(PEOPLE)
    def correct_address(
        self,
        order_id: str,
        address: Address,
        *,
        supplement: Money | None = None,
        command_id: str = "",
    ) -> None:
        """
        Send an order elsewhere while nothing has left.

        Where the freight of a paid order costs less to the new address by its method,
        the difference is refunded; where it costs more, it is captured from the wallet.

        Args:
            supplement: The most that the freight may cost more; without it the refusal
                (`supplement_due`) says how much that is.

        Raises:
            CommandRefusedError: If a parcel has left, or its buyer was forgotten; or
                the order is paid, and the country would change, its method does not go
                there, or its freight would cost more than *supplement*.

            FreightUnavailableError: If the carrier does not say what it costs there.

            HostsTransactionError: If it has to be asked, and a host's transaction is
                open.

            InsufficientFundsError: If the wallet does not hold what it costs more.

            SellerDebtError: If it costs more, and the seller owes something.

            CurrencyMismatchError: If *supplement* is in another currency.
        """
        self._app.orders.correct_address(
            self._seller_id,
            order_id,
            address,
            by=self._by,
            command_id=command_id,
            supplement=supplement,
        )

    @command(PEOPLE)
    def erase_buyer(self, order_id: str, *, command_id: str = "") -> BuyerErased:
        """
        Forget who an order that is over went to, as a buyer may ask for: name, address,
        phone and email in all versions, of all parts of the purchase; what was written
        about them; and what the shop said that names it.

        The order, its money and its parcels stay, and the country. Done again, it
        forgets what came since. Shops are to forget the buyer themselves, and first.

        Raises:
            CommandRefusedError: If a part of it is not over, or a dispute is open.
        """
        done = self._app.erasing.erase_buyer(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return BuyerErased(
            order_ids=tuple(OrderId(name) for name in done.order_ids),
            addresses=done.addresses,
            texts=done.texts,
            answers=done.answers,
        )

    @command(STAFF)
    def reject(
        self, order_id: str, *, reason: Prose, command_id: str = ""
    ) -> OrderState:
        """
        End a paid order that the platform does not supply, before anything left, as
        staff: everything is refunded to the wallet that paid it.

        Args:
            reason: Why, as the seller reads it with the order and in its timeline; kept
                apart from the order's events as notes are.

        Raises:
            CommandRefusedError: If something has left, or a dispute is open about what
                has not.

            InvalidInputError: If no reason is given.
        """
        report = self._app.orders.reject(
            self._seller_id, [order_id], reason, by=self._by, command_id=command_id
        )
        for error in report.failed.values():
            raise error
        return OrderState(OrderId(order_id), report.done[order_id])

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
                hold ends by itself when another address is given. `OUT_OF_STOCK` where
                units cannot be bought: it ends when everything has left or is refunded.

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
