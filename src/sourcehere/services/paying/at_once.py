"""
Pricing and paying at once, as far as a seller allows without looking at the price.
"""

from collections.abc import Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import CheckoutId, SellerId, new_id
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.wallet.errors import SpendLimitError
from ...domain.wallet.machine import PAID
from ...domain.wallet.model import OrderPlan
from ...unit.seller_unit import SellerUnit
from ..base.commands import Given, answer_of
from .checkouts import Checkouts, some_orders
from .freight import ask_for_freight


@frozen
class PaidAtOnce:
    """
    What was paid.

    Attributes:
        checkout_id: Where it is kept what each order cost.

        paid: Order -> minor units captured.
    """

    checkout_id: CheckoutId
    paid: dict[str, int]


class _AsksOutsideError(Exception):
    """
    A carrier has to be asked, which is not done within a transaction.
    """


class PayingAtOnce(Checkouts):
    """
    Prices and pays in one commit, where freight is computed; else prices before it.
    """

    def pay_at_most(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        amount: Money,
        by: Actor,
        command_id: str = "",
    ) -> PaidAtOnce:
        """
        Price orders and pay them from the wallet, all or none, where they cost no more
        than *amount* together.

        Raises:
            SpendLimitError: If they cost more.

            InsufficientFundsError: If the wallet does not hold it.

            CurrencyMismatchError: If *amount* is in another currency than the wallet.

            SourceHereError: As `checkout` and `pay`.
        """
        wanted, owner = some_orders(order_ids), SellerId(seller_id)
        request = (tuple(wanted), amount.minor, amount.currency)
        given = Given(command_id, "pay_at_most", request)

        def within(unit: SellerUnit) -> PaidAtOnce:
            return self._price_and_pay(unit, wanted, amount, by=by)

        try:
            return self._once(owner, given, within, PaidAtOnce)
        except _AsksOutsideError:
            return self._price_then_pay(owner, wanted, amount, given, by=by)

    def _price_and_pay(
        self, unit: SellerUnit, wanted: Sequence[str], amount: Money, *, by: Actor
    ) -> PaidAtOnce:
        unit.ask_for_seller()
        unit.orders.load(sorted(wanted))  # locked in one order, whatever the list's is
        connections = ask_for_freight(unit)
        priced = self._price(unit, wanted, by=by, refused=None)
        desk = self._freight.desk(connections())
        if not desk.is_pure:
            raise _AsksOutsideError
        ways = self._ways(priced, desk, refused=None)
        checkout_id = CheckoutId(new_id())
        plans = self._plans(checkout_id, ways, desk)
        _require_within(plans, amount, unit.seller.currency)
        self._keep(unit, checkout_id, plans, state=PAID)
        self._capture(unit, [goods.order for goods in priced], plans, by=by)
        return _paid(checkout_id, plans)

    def _price_then_pay(
        self,
        owner: SellerId,
        wanted: Sequence[str],
        amount: Money,
        given: Given,
        *,
        by: Actor,
    ) -> PaidAtOnce:
        known = self._answered(owner, given)
        if known is not None:
            return answer_of(known, PaidAtOnce)
        offer = self.checkout(owner, wanted, by=by)
        _require_within(offer.plans, amount, offer.currency)

        def work(unit: SellerUnit) -> PaidAtOnce:
            checkout, plans = self._agreed(unit, offer.checkout_id, offer.total)
            self._pay(unit, checkout, plans, by=by)
            return _paid(offer.checkout_id, plans)

        return self._once(owner, given, work, PaidAtOnce)


def _require_within(plans: Sequence[OrderPlan], amount: Money, currency: str) -> None:
    total = Money(sum(plan.total_minor for plan in plans), currency)
    if (total - amount).minor > 0:
        raise SpendLimitError(total=total, limit=amount)


def _paid(checkout_id: CheckoutId, plans: Sequence[OrderPlan]) -> PaidAtOnce:
    return PaidAtOnce(
        checkout_id, {str(plan.order_id): plan.total_minor for plan in plans}
    )
