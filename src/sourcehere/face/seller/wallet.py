"""
The seller's money.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from ...domain.kernel.checks import Prose
from ...domain.kernel.money import Money
from ...domain.wallet.goodwill import GoodwillReason
from ...unit.tables.payments import PAYMENTS_OF
from ...unit.tables.wallet import GOODWILLS_OF, GOODWILLS_OF_ORDER, LEDGER_OF
from ..exported import LEDGER_COLUMNS, Cell, rows_of, whole
from ..lists import Page
from ..records.goodwill import GoodwillView, goodwill_of
from ..records.money import (
    Balance,
    LedgerLine,
    balance_of,
    ledger_line_of,
)
from ..records.months import WalletMonth, wallet_month_of
from ..records.payments import PaymentAttemptView, view_of_attempt
from ..records.statements import WalletStatement, statement_view_of
from ..scope import SELLER, STAFF, Desk, command, reading


class WalletDesk(Desk):
    """
    Shows the prepaid wallet, records transfers into it, and moves money by gateways.
    """

    @reading()
    def get(self) -> Balance:
        """
        Return the balances.

        Raises:
            NotFoundError: If the seller is not registered.
        """
        return balance_of(self._app.wallets.get(self._seller_id))

    @reading()
    def ledger(self, *, after: str = "", limit: int = 50) -> Page[LedgerLine]:
        """
        List the ledger, newest first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        page = self._mine(
            LEDGER_OF,
            convert=lambda entry: entry,
            after=after,
            limit=limit,
            descending=True,
        )
        booked = [(entry.purpose, entry.reference) for entry in page]
        orders = self._app.wallets.orders_of(self._seller_id, booked)
        lines = (
            ledger_line_of(entry, orders.get(place, ""))
            for entry, place in zip(page, booked, strict=True)
        )
        return Page(tuple(lines), page.next)

    @reading()
    def export(self) -> Iterator[Mapping[str, Cell]]:
        """
        Return the ledger as rows, column -> plain value, newest first; read as you go,
        so that a long one takes no more memory. A capture, a supplement, a refund and
        goodwill say which order they are of.
        """
        lines = ((line, self._seller_id) for line in whole(self.ledger))
        return rows_of(lines, LEDGER_COLUMNS)

    @reading()
    def months(self, first: date, last: date | None = None) -> tuple[WalletMonth, ...]:
        """
        Return what happened to the money month by month, the oldest first, as it is put
        into the books: by when it was booked, in the platform's zone.

        Args:
            first: Any day of the first month.

            last: Any day of the last month, at most ten years on; *first* if not given.

        Raises:
            InvalidInputError: If *last* is before *first*, or too long after it.
        """
        sums = self._app.wallets.months(
            self._seller_id, first=first, last=first if last is None else last
        )
        return tuple(map(wallet_month_of, sums))

    @reading()
    def statement(self, first: date, last: date | None = None) -> WalletStatement:
        """
        Return what happened to the money from one day to another, each transaction with
        what was there after it, by when it was booked in the platform's zone.

        Args:
            last: At most a year after *first*; the same day if not given.

        Raises:
            InvalidInputError: If *last* is before *first*, or too long after it.
        """
        end = first if last is None else last
        made = self._app.wallets.statement(self._seller_id, first=first, last=end)
        return statement_view_of(made, self._seller_id, first, end)

    @command(STAFF)
    def top_up(
        self,
        amount: Money,
        *,
        reference: str,
        received_at: datetime | None = None,
        command_id: str = "",
    ) -> Balance:
        """
        Record a bank transfer, as staff; a reference counts once.

        Raises:
            InvalidInputError: If the amount is not positive, the reference has blanks
                around it or was recorded with another amount, or *received_at* is more
                than two days ahead.

            TransferOfAnotherError: If it was recorded for another seller: the same
                money counts once.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        wallet = self._app.wallets.top_up(
            self._seller_id,
            amount,
            reference=reference,
            by=self._by,
            received_at=received_at,
            command_id=command_id,
        )
        return balance_of(wallet)

    @command(STAFF)
    def correct_top_up(
        self, reference: str, amount: Money, *, command_id: str = ""
    ) -> Balance:
        """
        Correct what was recorded of a bank transfer, as staff. What was spent of money
        that never arrived is owed, and settled by whatever arrives next.

        Args:
            amount: What arrived; 0 if nothing did, or it was another seller's.

        Raises:
            NotFoundError: If nothing was recorded under the reference.

            InvalidInputError: If the amount is below zero, or a gateway recorded it.

            TransferOfAnotherError: If it was recorded for another seller since.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        wallet = self._app.wallets.correct_top_up(
            self._seller_id, reference, amount, by=self._by, command_id=command_id
        )
        return balance_of(wallet)

    @command(STAFF)
    def pay_out(
        self,
        amount: Money,
        *,
        reference: str,
        paid_at: datetime | None = None,
        command_id: str = "",
    ) -> Balance:
        """
        Record a bank transfer to the seller, as staff; a reference counts once.

        What a gateway captured goes back to its source by `withdraw`.

        Raises:
            InsufficientFundsError: If less is in the wallet.

            SellerDebtError: If it is, and the seller owes something.

            InvalidInputError: If the amount is not positive, the reference has blanks
                around it or was recorded with another amount, or *paid_at* is more
                than two days ahead.

            TransferOfAnotherError: If it was recorded for another seller: the same
                money counts once.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        wallet = self._app.wallets.pay_out(
            self._seller_id,
            amount,
            reference=reference,
            by=self._by,
            paid_at=paid_at,
            command_id=command_id,
        )
        return balance_of(wallet)

    @reading()
    def goodwill(
        self, *, order_id: str = "", after: str = "", limit: int = 50
    ) -> Page[GoodwillView]:
        """
        List the credits that staff gave, newest first; what was taken back is among
        them.

        Args:
            order_id: Those that make up for this order; all if not given.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(
            GOODWILLS_OF_ORDER if order_id else GOODWILLS_OF,
            *((order_id,) if order_id else ()),
            convert=goodwill_of,
            after=after,
            limit=limit,
            descending=True,
        )

    @command(STAFF)
    def give_goodwill(
        self,
        amount: Money,
        *,
        reference: str,
        reason: GoodwillReason,
        order_id: str = "",
        note: Prose = "",
        command_id: str = "",
    ) -> Balance:
        """
        Credit the seller, as staff, beside what refunds give back; a reference counts
        once. What is owed is settled by it first.

        Args:
            order_id: The order that it makes up for, if it is about one.

            note: What else there is to say of it; the seller sees it.

        Raises:
            InvalidInputError: If the amount is not positive, the reference has blanks
                around it, or something else was given, or taken back, under it.

            NotFoundError: If there is no such order.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        wallet = self._app.wallets.give_goodwill(
            self._seller_id,
            amount,
            reference=reference,
            reason=reason,
            order_id=order_id,
            note=note,
            by=self._by,
            command_id=command_id,
        )
        return balance_of(wallet)

    @command(STAFF)
    def take_back_goodwill(self, reference: str, *, command_id: str = "") -> Balance:
        """
        Take back what was given by mistake, as staff; twice is once.

        Raises:
            NotFoundError: If nothing was given under the reference.

            InsufficientFundsError: If less is in the wallet.

            SellerDebtError: If it is, and the seller owes something.
        """
        wallet = self._app.wallets.take_back_goodwill(
            self._seller_id, reference, by=self._by, command_id=command_id
        )
        return balance_of(wallet)

    @command(SELLER, at_desk=True, outside=True)
    def top_up_by_card(
        self, amount: Money, *, source: str, gateway: str, command_id: str = ""
    ) -> PaymentAttemptView:
        """
        Charge a card, or what else a gateway has a token for, and put the money into
        the wallet.

        The attempt is kept with its keys before the gateway is asked. Where its answer
        is lost, `state` is `unknown`, and workers ask again with the same key; so does
        the same command. It is never charged twice. Where it is `pending`, the payer
        has to go to `redirect_url`. A definite no is `declined`: try again with another
        command.

        Args:
            source: The gateway's token. It is kept only while the same key may have to
                be sent again, and shown nowhere.

            gateway: The connection, as `gateways.connect` named it.

        Raises:
            InvalidInputError: If the amount is not positive, or the source is none, or
                may be the number of a card.

            CurrencyMismatchError: If the wallet is in another currency.

            NotFoundError: If there is no such gateway.

            DeclinedError: If the gateway is paused, or rests after trouble.

            ConnectionTroubleError: If it is not set up as it has to be.
        """
        attempt = self._app.payments.top_up(
            self._seller_id,
            amount,
            source=source,
            gateway=gateway,
            by=self._by,
            command_id=command_id,
        )
        return view_of_attempt(attempt, self._by)

    @command(SELLER, at_desk=True, outside=True)
    def withdraw(
        self, amount: Money, *, attempt_id: str = "", command_id: str = ""
    ) -> tuple[PaymentAttemptView, ...]:
        """
        Return money to its source: never more than a gateway captured, less what went
        back before or was taken back.

        It is held while it is on its way, and available again if the gateway declines.

        Args:
            attempt_id: Of which capture; the newest ones first if not given.

        Returns:
            One attempt for each capture that it is of.

        Raises:
            NotFoundError: If there is no such attempt.

            CommandRefusedError: If less can go back to its source, or its gateway
                rests.

            InsufficientFundsError: If the wallet does not hold it.

            SellerDebtError: If something is owed.

            InvalidInputError: If the amount is not positive.

            CurrencyMismatchError: If the wallet is in another currency.
        """
        attempts = self._app.payments.withdraw(
            self._seller_id,
            amount,
            attempt_id=attempt_id,
            by=self._by,
            command_id=command_id,
        )
        return tuple(view_of_attempt(attempt, self._by) for attempt in attempts)

    @reading()
    def attempts(self, *, after: str = "", limit: int = 50) -> Page[PaymentAttemptView]:
        """
        List the attempts to move money by gateways, newest first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(
            PAYMENTS_OF,
            convert=lambda attempt: view_of_attempt(attempt, self._by),
            after=after,
            limit=limit,
            descending=True,
        )

    @reading()
    def attempt(self, attempt_id: str) -> PaymentAttemptView:
        """
        Return one attempt.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        attempt = self._app.payments.get(self._seller_id, attempt_id)
        return view_of_attempt(attempt, self._by)
