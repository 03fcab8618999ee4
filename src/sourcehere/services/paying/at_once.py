"""
Pricing and paying at once, as far as a seller allows without looking at the price.
"""

from collections.abc import Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
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
from .paying import with_picks


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
    Prices and pays in one commit, and before it where carriers have to be asked.
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
            InvalidInputError: If *amount* is less than nothing.

            SpendLimitError: If they cost more.

            InsufficientFundsError: If the wallet does not hold it.

            CurrencyMismatchError: If *amount* is in another currency than the wallet.

            SourceHereError: As `checkout` and `pay`.
        """
        wanted, owner = some_orders(order_ids), SellerId(seller_id)
        if amount.minor < 0:
            raise InvalidInputError(
                field="amount", value=str(amount), expected="zero or more"
            )
        request = (tuple(wanted), amount.minor, amount.currency)
        given = Given(command_id, "pay_at_most", request)

        try:
            return self._once(
                owner,
                given,
                lambda unit: self._price_and_pay(unit, wanted, amount, by=by),
                PaidAtOnce,
            )
        except _AsksOutsideError:
            known = self._answered(owner, given)
        if known is not None:  # by another run, since
            return answer_of(known, PaidAtOnce)
        checkout_id = CheckoutId(new_id())
        plans = self._plan(owner, checkout_id, wanted, by=by, refused=None)
        return self._once(
            owner,
            given,
            lambda unit: self._pay_priced(unit, plans, amount, by=by),
            PaidAtOnce,
        )

    def _price_and_pay(
        self, unit: SellerUnit, wanted: Sequence[str], amount: Money, *, by: Actor
    ) -> PaidAtOnce:
        connections = ask_for_freight(unit)
        unit.orders.ask_for(sorted(wanted))  # locked in one order
        unit.ask_for_calls(wanted)
        unit.orders.load(wanted)
        desk = self._freight.desk(connections())
        if not desk.is_pure:
            raise _AsksOutsideError
        priced = self._price(unit, wanted, by=by, refused=None)
        ways = self._ways(priced, desk, refused=None)
        checkout_id = CheckoutId(new_id())
        plans = self._plans(checkout_id, ways, desk)
        _require_within(plans, amount, unit.seller.currency)
        self._keep(unit, checkout_id, plans, state=PAID)
        self._capture(unit, [goods.order for goods in priced], plans, by=by)
        return _paid(checkout_id, plans)

    def _pay_priced(
        self, unit: SellerUnit, plans: Sequence[OrderPlan], amount: Money, *, by: Actor
    ) -> PaidAtOnce:
        """
        Pay what was priced before, planned and priced again as an offer is.
        """
        currency, checkout_id = unit.seller.currency, plans[0].checkout_id
        _require_within(plans, amount, currency)
        orders, now = self._as_agreed(unit, currency, plans, by=by)
        self._keep(unit, checkout_id, with_picks(plans, now), state=PAID)
        self._capture(unit, orders, now, by=by)
        return _paid(checkout_id, plans)


def _require_within(plans: Sequence[OrderPlan], amount: Money, currency: str) -> None:
    total = Money(sum(plan.total_minor for plan in plans), currency)
    if (total - amount).minor > 0:
        raise SpendLimitError(total=total, limit=amount)


def _paid(checkout_id: CheckoutId, plans: Sequence[OrderPlan]) -> PaidAtOnce:
    return PaidAtOnce(
        checkout_id, {str(plan.order_id): plan.total_minor for plan in plans}
    )
