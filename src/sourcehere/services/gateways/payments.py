"""
Money of sellers that gateways move: wallets are topped up, checkouts paid by card, and
money is returned to its source.
"""

from ...domain.effects.payment_stages import OPEN_STAGES
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...doors.private import may_be_card
from ...unit.seller_unit import SellerUnit
from ...unit.tables.payments import PAYMENTS_PAYING
from ...unit.tables.wallet import CHECKOUTS, PLANS_OF, WALLETS
from ..base.commands import Given, answer_of
from ..paying.paying import Payment
from .asking import GatewayAsking
from .plans import ids_of, plan_returns, plan_top_up, require_amount

_SOURCE_MAX = 500


@frozen
class CardPaid:
    """
    What became of paying a checkout by card.

    Attributes:
        attempt: How its money was moved; None where the wallet held enough.

        payment: What was paid; None where nothing is yet.
    """

    attempt: PaymentAttempt | None
    payment: Payment | None


@frozen
class _Planned:
    """
    What a command to pay by card answers: the attempt, or what the wallet has paid.
    """

    attempt_id: str
    paid: dict[str, int]


class CardPayments(GatewayAsking):
    """
    Tops up wallets by gateways, pays by card, and returns money to its source.
    """

    def top_up(
        self,
        seller_id: str,
        amount: Money,
        *,
        source: str,
        gateway: str,
        by: Actor,
        command_id: str = "",
    ) -> PaymentAttempt:
        """
        Charge a card, or what else *source* stands for, and put the money into the
        wallet.

        The same command again charges nothing a second time: it goes on where it was.

        Returns:
            The attempt; its `stage` says what became of it. Where nobody knows yet, it
            is asked about again by itself.

        Raises:
            InvalidInputError: If the amount is not positive, or the source is none, or
                may be the number of a card.

            CurrencyMismatchError: If it is in another currency than the wallet.

            NotFoundError: If there is no such gateway.

            GatewayRestsError: If nothing new begins at it.
        """
        seller, request = SellerId(seller_id), (amount, source, gateway)
        given = Given(command_id, "top_up_by_card", request)
        known = self._answered(seller, given)
        if known is not None:
            return self._again(seller_id, answer_of(known, str))
        currency = self._read(seller, lambda unit: unit.seller.currency)
        require_amount(amount, currency)
        self.require_chargeable(source=source, gateway=gateway)
        made: list[PaymentAttempt] = []

        def work(unit: SellerUnit) -> str:
            attempt = plan_top_up(
                unit,
                amount,
                gateway=gateway,
                source=source,
                settings=self._settings,
                by=by,
            )
            made[:] = [attempt]
            return str(attempt.attempt_id)

        attempt_id = self._once(seller, given, work, str)
        return self._begun(seller_id, attempt_id, made)

    def pay(
        self,
        seller_id: str,
        checkout_id: str,
        *,
        expected_total: Money,
        source: str,
        gateway: str,
        returns: bool,
        by: Actor,
        command_id: str = "",
    ) -> CardPaid:
        """
        Charge what the wallet lacks, and pay a checkout: the wallet is credited and the
        orders are paid in one commit, or the money stays in the wallet, with why.

        What the seller has is used first, since it is theirs to use, and each charge
        costs a fee; what other payments on their way count on is left to them. Where
        the wallet holds enough, nothing is charged.

        Args:
            returns: Whether the money goes back to its source if it cannot pay.

        Raises:
            SourceHereError: As `Paying.pay` and `top_up`; nothing is charged then.

            CommandRefusedError: If another attempt is to pay one of its orders.
        """
        seller = SellerId(seller_id)
        request = (checkout_id, expected_total, source, gateway, returns)
        given = Given(command_id, "pay_by_card", request)
        known = self._answered(seller, given)
        made: list[PaymentAttempt] = []
        if known is None:
            self.require_chargeable(source=source, gateway=gateway)

            def work(unit: SellerUnit) -> _Planned:
                made.clear()
                self._checkouts.require_payable(
                    unit, checkout_id, expected_total=expected_total, by=by
                )
                lacking = _lacking(unit, expected_total)
                if lacking.minor > 0:
                    unit.available()  # locked: others count on what is seen then
                    lacking = _lacking(unit, expected_total)
                if lacking.minor <= 0:
                    paid = self._checkouts.pay_within(
                        unit, checkout_id, expected_total=expected_total, by=by
                    )
                    return _Planned("", paid)
                attempt = plan_top_up(
                    unit,
                    lacking,
                    gateway=gateway,
                    source=source,
                    settings=self._settings,
                    by=by,
                    checkout_id=checkout_id,
                    returns=returns,
                )
                made[:] = [attempt]
                return _Planned(str(attempt.attempt_id), {})

            planned = self._once(seller, given, work, _Planned)
        else:
            planned = answer_of(known, _Planned)
        if not planned.attempt_id:
            return CardPaid(None, Payment(planned.paid, {}))
        return self.paid_by(self._begun(seller_id, planned.attempt_id, made))

    def require_chargeable(self, *, source: str, gateway: str) -> None:
        """
        Refuse what cannot be charged now, before anything is priced or planned.

        Raises:
            InvalidInputError: If the source is none, or may be the number of a card.

            NotFoundError: If there is no such gateway.

            GatewayRestsError: If nothing new begins at it.
        """
        _require_source(source)
        self._calls.require_usable(gateway)

    def paid_by(self, attempt: PaymentAttempt) -> CardPaid:
        """
        Return what an attempt has paid.
        """
        if not attempt.has_paid:
            return CardPaid(attempt, None)

        def read(unit: SellerUnit) -> dict[str, int]:
            plans = unit.find(PLANS_OF, [(attempt.checkout_id,)])
            return {str(plan.order_id): plan.total_minor for plan in plans}

        return CardPaid(attempt, Payment(self._read(attempt.seller_id, read), {}))

    def withdraw(
        self,
        seller_id: str,
        amount: Money,
        *,
        attempt_id: str = "",
        by: Actor,
        command_id: str = "",
    ) -> tuple[PaymentAttempt, ...]:
        """
        Return money to its source: of one capture, or of the newest ones first. It is
        held while it is on its way, and available again if it is declined.

        Returns:
            One attempt for each capture that it is of.

        Raises:
            NotFoundError: If there is no such attempt.

            CommandRefusedError: If less was captured, and is not returned yet, by
                gateways that can be asked now.

            InsufficientFundsError: If the wallet does not hold it.

            SellerDebtError: If something is owed.

            InvalidInputError: If the amount is not positive.

            CurrencyMismatchError: If it is in another currency than the wallet.
        """
        seller = SellerId(seller_id)
        given = Given(command_id, "withdraw", (amount, attempt_id))
        made: list[PaymentAttempt] = []
        usable = self._calls.usable()

        def work(unit: SellerUnit) -> dict[str, int]:
            made[:] = plan_returns(
                unit,
                amount,
                attempt_id=attempt_id,
                usable=usable,
                settings=self._settings,
                by=by,
            )
            return ids_of(made)

        planned = self._once(seller, given, work, dict[str, int])
        own = {one.attempt_id for one in made}
        if own == planned.keys():
            return tuple(self._go_on_all(made))
        return tuple(self._again(seller_id, name) for name in planned)

    def _begun(
        self, seller_id: str, attempt_id: str, made: list[PaymentAttempt]
    ) -> PaymentAttempt:
        """
        Go on with what this call has planned, or another one.
        """
        if made and made[0].attempt_id == attempt_id:
            return self._go_on(made[0])
        return self._again(seller_id, attempt_id)

    def _again(self, seller_id: str, attempt_id: str) -> PaymentAttempt:
        """
        Go on with an attempt that was begun, at once; one that has ended is as it is.
        """
        attempt = self.get(seller_id, attempt_id)
        if attempt.stage not in OPEN_STAGES:
            return attempt
        return self.take_up(seller_id, attempt_id, is_asked_for=True)


def _lacking(unit: SellerUnit, total: Money) -> Money:
    """
    Return what a wallet lacks to pay, with what is owed first, and without what other
    attempts that are on their way count on.
    """
    wallet = unit.need(WALLETS)
    if total.minor <= 0:
        return Money.zero(total.currency)
    others = {a.checkout_id: a.amount_minor for a in unit.find(PAYMENTS_PAYING, [(1,)])}
    promised = sum(  # one that brings more than its total, for a debt, needs nothing
        max(checkout.total_minor - others[checkout.checkout_id], 0)
        for checkout in unit.many(CHECKOUTS, [(name,) for name in others])
    )
    free = max(wallet.available - promised, 0)
    return Money(total.minor - free - wallet.debt, total.currency)


def _require_source(source: str) -> None:
    if not source.strip() or len(source) > _SOURCE_MAX or not source.isprintable():
        expected = f"a token of 1 to {_SOURCE_MAX} characters"
    elif may_be_card(source):
        expected = "a token that the gateway made, but may be the number of a card"
    else:
        return
    # What is no token may be a card's number: it is not shown.
    raise InvalidInputError(field="source", value="...", expected=expected)
