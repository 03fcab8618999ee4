"""
From "awaiting payment" to "paid": price orders, agree, pay.
"""

from collections.abc import Sequence

from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import CheckoutId
from ...domain.kernel.money import Money
from ...services.paying import paying
from ..records.modes import ShippingModes, modes_of
from ..records.money import Offer, Payment, offer_of, payment_of
from ..records.payments import CardPayment, card_payment_of
from ..scope import SELLER, Desk, command, reading


class CheckoutsDesk(Desk):
    """
    Prices orders, says how they can be sent, and pays them from the wallet.
    """

    @reading()
    def modes(self, order_id: str) -> ShippingModes:
        """
        List every method by which an unpaid order can be sent, with its price and when
        it arrives, and say of each other one why not. Nothing is stored.

        Raises:
            NotFoundError: If there is no such order.

            CommandRefusedError: If the order cannot be priced now, for another reason
                than how it travels.

            NoPriceInCurrencyError: If a variant has no price in the wallet's currency.

            HostsTransactionError: If a carrier has to be asked, and a host's
                transaction is open.
        """
        return modes_of(self._app.modes.modes(self._seller_id, order_id))

    @command(SELLER)
    def open(
        self,
        order_ids: Sequence[str],
        *,
        each: bool = False,
        source: str = "",
        gateway: str = "",
        command_id: str = "",
    ) -> Offer:
        """
        Price orders in the order given, against one snapshot of the seller's stock.

        Nothing is reserved: paying plans again, and refuses what has changed.

        Args:
            each: Leave out what cannot be priced, instead of refusing the list.

            source, gateway: How it will be paid by card, as `pay_by_card` has it: what
                cannot be charged now is refused before anything is priced.

        Raises:
            DeclinedError: If the gateway is paused, or rests after trouble.

            ConnectionTroubleError: If the gateway is not set up as it has to be.

            InvalidInputError: If there is no source for a gateway, or it may be the
                number of a card.

            CommandRefusedError: If an order cannot be paid or sent now.

            NoPriceInCurrencyError: If a variant has no price in the wallet's currency.

            NotFoundError: If there is no such order.

            ProviderError: If a freight provider cannot answer, or what the allocation
                policy answers makes no sense.

            HostsTransactionError: If a carrier has to be asked, and a host's
                transaction is open: open the offer before it begins.
        """
        if (source or gateway) and not self._app.checkouts.was_priced(
            self._seller_id, order_ids, each=each, command_id=command_id
        ):
            self._app.payments.require_chargeable(source=source, gateway=gateway)
        offer = self._app.checkouts.checkout(
            self._seller_id, order_ids, by=self._by, each=each, command_id=command_id
        )
        return offer_of(offer)

    @command(SELLER)
    def pay(
        self,
        offer: Offer | str,
        *,
        expected_total: Money | None = None,
        each: bool = False,
        command_id: str = "",
    ) -> Payment:
        """
        Pay an offer from the wallet: money and stock in one commit, or nothing.

        Goods and stock are planned again inside the commit; if anything costs something
        else than was agreed, nothing is paid.

        Args:
            offer: What `open` returned: its total is what the seller agreed to. Or the
                checkout's id, with *expected_total*.

            expected_total: What the seller agreed to, where only the id is at hand.

            each: Pay order by order; what cannot be paid is reported, the rest is paid.

        Raises:
            SpendGuardError: If the total, or an order's, is not as agreed.

            InsufficientFundsError: If the wallet does not hold it.

            CheckoutExpiredError: If its time is over; open a new one.

            CommandRefusedError: If an order cannot be paid now.

            InvalidInputError: If an id is given without what was agreed to.

            NotFoundError: If there is no such checkout.
        """
        checkout_id, agreed = _agreed(offer, expected_total)
        payment = self._app.checkouts.pay(
            self._seller_id,
            checkout_id,
            expected_total=agreed,
            by=self._by,
            each=each,
            command_id=command_id,
        )
        return payment_of(payment, checkout_id, agreed.currency)

    @command(SELLER)
    def pay_at_most(
        self, order_ids: Sequence[str], amount: Money, *, command_id: str = ""
    ) -> Payment:
        """
        Price orders and pay them from the wallet, all or none, where they cost no more
        than *amount* together; for who pays without looking at each price.

        It is one commit. Where freight is not only computed, as by rate cards, carriers
        are asked before, and goods and stock are planned again in it as `pay` does.

        Args:
            order_ids: In the order in which they take the seller's stock.

            amount: What all may cost together, freight and handling too.

        Raises:
            InvalidInputError: If *amount* is less than nothing.

            SpendLimitError: If they cost more.

            InsufficientFundsError: If the wallet does not hold it.

            CurrencyMismatchError: If *amount* is not in the wallet's currency.

            CommandRefusedError: If an order cannot be paid or sent now.

            NoPriceInCurrencyError: If a variant has no price in the wallet's currency.

            NotFoundError: If there is no such order.

            ProviderError: As `open`.

            SpendGuardError: If prices changed after a carrier had been asked.

            HostsTransactionError: As `open`.
        """
        done = self._app.checkouts.pay_at_most(
            self._seller_id,
            order_ids,
            amount=amount,
            by=self._by,
            command_id=command_id,
        )
        payment = paying.Payment(done.paid, {})
        return payment_of(payment, done.checkout_id, amount.currency)

    @command(SELLER, at_desk=True, outside=True)
    def pay_by_card(
        self,
        offer: Offer | str,
        *,
        source: str,
        gateway: str,
        expected_total: Money | None = None,
        return_unpaid: bool = False,
        command_id: str = "",
    ) -> CardPayment:
        """
        Pay an offer as a whole by a card, or what else a gateway has a token for.

        What the wallet lacks is charged; then the wallet is credited and the orders are
        paid in one commit. Where they cannot be paid any more, the money stays in the
        wallet, and `because` says why. One attempt at a time pays an order.

        Args:
            offer: As `pay` has it.

            source: The gateway's token, as `wallet.top_up_by_card` has it.

            gateway: The connection, as `gateways.connect` named it.

            expected_total: What the seller agreed to, where only the id is at hand.

            return_unpaid: Let the money go back to its source where it cannot pay.

        Raises:
            SpendGuardError: If the total is not as agreed.

            CheckoutExpiredError: If its time is over; open a new one.

            CommandRefusedError: If an order cannot be paid now, or another attempt is
                to pay it: `payment_open` names that.

            InvalidInputError: If an id is given without what was agreed to, or there is
                no source, or it may be the number of a card.

            NotFoundError: If there is no such checkout or gateway.

            DeclinedError: If the gateway is paused, or rests after trouble.

            ConnectionTroubleError: If the gateway is not set up as it has to be.
        """
        checkout_id, agreed = _agreed(offer, expected_total)
        paid = self._app.payments.pay(
            self._seller_id,
            checkout_id,
            expected_total=agreed,
            source=source,
            gateway=gateway,
            returns=return_unpaid,
            by=self._by,
            command_id=command_id,
        )
        return card_payment_of(paid, checkout_id, agreed.currency, self._by)


def _agreed(
    offer: Offer | str, expected_total: Money | None
) -> tuple[CheckoutId, Money]:
    if isinstance(offer, Offer):
        agreed = offer.total if expected_total is None else expected_total
        return offer.checkout_id, agreed
    if expected_total is None:
        raise InvalidInputError(
            field="expected_total",
            value=None,
            expected="the total agreed to; a checkout's id alone does not say it",
        )
    return CheckoutId(offer), expected_total
