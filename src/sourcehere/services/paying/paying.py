"""
Paying a checkout: planned and priced again inside the commit, or nothing.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NoReturn

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError, SourceHereError
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...domain.wallet.errors import (
    CheckoutExpiredError,
    InsufficientFundsError,
    SpendGuardError,
)
from ...domain.wallet.machine import EXPIRES_AT, CheckoutChart
from ...domain.wallet.model import Checkout, OrderPlan
from ...unit.seller_unit import SellerUnit
from ...unit.tables.commands import COMMANDS
from ...unit.tables.orders import ORDERS
from ...unit.tables.wallet import CHECKOUTS, ORDER_PLANS, PLANS_OF, WALLETS
from ..base.commands import Given
from ..base.promising import promised, promises_to
from ..base.service import Service
from .capturing import pay_order
from .policies import policy_for
from .price_book import read_price_book
from .pricing import order_plan, price_goods
from .ways import is_agreed, way_agreed


@frozen
class Payment:
    """
    What was paid.

    Attributes:
        paid: Order -> minor units captured.

        failed: Order -> why it was not paid; only where asked per order.
    """

    paid: Mapping[str, int]
    failed: Mapping[str, SourceHereError]

    @property
    def total_minor(self) -> int:
        """
        What was captured in all.
        """
        return sum(self.paid.values())


class Paying(Service):
    """
    Pays what a checkout offers.
    """

    def pay(
        self,
        seller_id: str,
        checkout_id: str,
        *,
        expected_total: Money,
        by: Actor,
        each: bool = False,
        command_id: str = "",
    ) -> Payment:
        """
        Pay a checkout from the wallet: money and stock in one commit, or nothing.

        Goods and stock are planned again inside the commit; if anything costs
        something else than was agreed, nothing is paid.

        Args:
            expected_total: What the seller agreed to.

            each: Pay order by order; what cannot be paid is reported, the rest is.

        Raises:
            SpendGuardError: If the total, or an order's, is not as agreed.

            InsufficientFundsError: If the wallet does not hold it.

            CheckoutExpiredError: If its time is over.

            CommandRefusedError: If an order cannot be paid now.

            CurrencyMismatchError: If another currency was agreed to.

            NotFoundError: If there is no such checkout.
        """
        owner = SellerId(seller_id)
        request = (checkout_id, expected_total.minor, each)
        given = Given(command_id, "pay", request)

        def everything(unit: SellerUnit) -> dict[str, int]:
            checkout, plans = self._agreed(unit, checkout_id, expected_total)
            return self._pay(unit, checkout, plans, by=by)

        if not each:
            return Payment(self._once(owner, given, everything, dict[str, int]), {})
        return self._pay_each(owner, checkout_id, expected_total, given, by=by)

    def pay_within(
        self, unit: SellerUnit, checkout_id: str, *, expected_total: Money, by: Actor
    ) -> dict[str, int]:
        """
        Pay a checkout as `pay` does, in a transaction that does more.

        Raises:
            SourceHereError: As `pay`; then nothing of the transaction may be kept.
        """
        checkout, plans = self._agreed(unit, checkout_id, expected_total)
        return self._pay(unit, checkout, plans, by=by)

    def require_payable(
        self, unit: SellerUnit, checkout_id: str, *, expected_total: Money, by: Actor
    ) -> Checkout:
        """
        Refuse a checkout that cannot be paid as a whole now, and lock it.

        Raises:
            SourceHereError: As `pay`, but for what is planned and priced anew then.
        """
        checkout, plans = self._agreed(unit, checkout_id, expected_total)
        for order in unit.orders.load(sorted(plan.order_id for plan in plans)):
            order.require("pay", by=by)
        unit.need(CHECKOUTS, checkout_id, lock=True)
        return checkout

    def _pay_each(
        self,
        owner: SellerId,
        checkout_id: str,
        expected_total: Money,
        given: Given,
        *,
        by: Actor,
    ) -> Payment:
        def planned(unit: SellerUnit) -> list[OrderPlan]:
            found = unit.find(PLANS_OF, [(checkout_id,)])
            keys = [(given.id, plan.order_id) for plan in found if given.id]
            # What this command paid before it did pay, even if time is over by now.
            if not unit.many(COMMANDS, keys):
                self._agreed(unit, checkout_id, expected_total)
            return found

        plans = self._read(owner, planned)

        def work(unit: SellerUnit, items: Sequence[tuple[str, int]]) -> dict[str, int]:
            if not items:
                return {}
            checkout, every = self._agreed(unit, checkout_id, expected_total)
            wanted = {name for name, _ in items}
            chosen = [plan for plan in every if plan.order_id in wanted]
            return self._pay(unit, checkout, chosen, by=by)

        items = [(plan.order_id, plan.total_minor) for plan in plans]
        report = self._each(owner, given, items, work, int)
        if not report.done:
            return Payment(report.done, report.failed)
        return Payment(report.done, self._lacking(owner, report.failed))

    def _lacking(
        self, owner: SellerId, failed: Mapping[str, SourceHereError]
    ) -> dict[str, SourceHereError]:
        """
        Return *failed*, and what each order lacks after the others were paid: it was
        refused while the money for these was still there.
        """
        lacking = {
            name: error
            for name, error in failed.items()
            if isinstance(error, InsufficientFundsError)
        }
        if not lacking:
            return dict(failed)
        wallet = self._read(owner, lambda unit: unit.need(WALLETS))
        available = Money(wallet.available, wallet.currency)
        now: dict[str, SourceHereError] = {
            name: InsufficientFundsError(available=available, needed=error.needed)
            for name, error in lacking.items()
            if available.minor < error.needed.minor
        }
        return {**failed, **now}

    def _agreed(
        self, unit: SellerUnit, checkout_id: str, expected_total: Money
    ) -> tuple[Checkout, list[OrderPlan]]:
        plans = unit.ask_by(PLANS_OF, [(checkout_id,)])
        checkout = unit.need(CHECKOUTS, checkout_id)
        if EXPIRES_AT.has_passed(checkout.expires_at, unit.now):
            raise CheckoutExpiredError(
                checkout_id=checkout_id, expired_at=checkout.expires_at
            )
        total = Money(checkout.total_minor, checkout.currency)
        if expected_total - total:
            raise SpendGuardError(
                differences={"total": (expected_total.minor, total.minor)},
                currency=checkout.currency,
            )
        return checkout, plans.all()

    def _pay(
        self,
        unit: SellerUnit,
        checkout: Checkout,
        agreed: Sequence[OrderPlan],
        *,
        by: Actor,
    ) -> dict[str, int]:
        orders, now = self._as_agreed(unit, checkout.currency, agreed, by=by)
        # Other lots may have come, or come back, since: they cost the same.
        pairs = zip(agreed, with_picks(agreed, now), strict=True)
        unit.put(ORDER_PLANS, *[plan for then, plan in pairs if plan is not then])
        self._capture(unit, orders, now, by=by)
        paid = len(now)
        if paid < checkout.orders:
            paid += self._paid_before(unit, checkout, {plan.order_id for plan in now})
        self._close(unit, checkout, paid)
        return {str(plan.order_id): plan.total_minor for plan in now}

    def _as_agreed(
        self,
        unit: SellerUnit,
        currency: str,
        agreed: Sequence[OrderPlan],
        *,
        by: Actor,
    ) -> tuple[list[Order], list[OrderPlan]]:
        """
        Lock the orders, and plan them again; what differs from what was agreed is
        refused, but for the lots.
        """
        unit.ask_for_seller()
        names = [plan.order_id for plan in agreed]
        unit.orders.ask_for(sorted(names))  # locked in one order
        unit.ask_for_calls(names)
        orders = unit.orders.load(names)
        for order in orders:
            order.require("pay", by=by)
        _require_addresses(orders, agreed)
        now = self._plan_again(unit, orders, agreed)
        differences = {
            str(a.order_id): (a.total_minor, n.total_minor)
            for a, n in zip(agreed, now, strict=True)
            if (a.total_minor, a.items) != (n.total_minor, n.items)
        }
        if differences:
            raise SpendGuardError(differences=differences, currency=currency)
        _require_contents(orders, agreed, now)
        return orders, now

    def _capture(
        self,
        unit: SellerUnit,
        orders: Sequence[Order],
        plans: Sequence[OrderPlan],
        *,
        by: Actor,
    ) -> None:
        ship_by = promised(unit, promises_to(unit, self._settings).ship_days)
        for order, plan in zip(orders, plans, strict=True):
            pay_order(unit, order, plan, promised_by=ship_by, by=by)

    def _plan_again(
        self, unit: SellerUnit, orders: Sequence[Order], agreed: Sequence[OrderPlan]
    ) -> list[OrderPlan]:
        book = read_price_book(unit, orders, for_freight=False)
        policy = policy_for(unit, self._ports)
        again: list[OrderPlan] = []
        for order, plan in zip(orders, agreed, strict=True):
            goods = price_goods(order, book, policy)
            if plan.method and not is_agreed(goods.method, plan):
                chosen = f"{goods.method} is chosen now, {plan.method} was priced"
                _refuse_freight(order, chosen)
            again.append(
                order_plan(
                    goods,
                    way_agreed(plan),
                    checkout_id=plan.checkout_id,
                    position=plan.position,
                )
            )
        return again

    def _paid_before(
        self, unit: SellerUnit, checkout: Checkout, now: AbstractSet[OrderId]
    ) -> int:
        """
        Count the orders of a checkout that other commits have paid.

        Under its lock, so that of two that pay the rest side by side one sees both.
        """
        name = checkout.checkout_id
        unit.need(CHECKOUTS, name, lock=True)
        plans = unit.find(PLANS_OF, [(name,)])
        others = [(p.order_id,) for p in plans if p.order_id not in now]
        return sum(o.checkout_id == name for o in unit.peek(ORDERS, others))

    def _close(self, unit: SellerUnit, checkout: Checkout, paid: int) -> None:
        event = "pay_rest" if paid == checkout.orders else "pay_some"
        state = CheckoutChart.after(checkout.state, event)
        if state != checkout.state:
            unit.put(CHECKOUTS, attrs.evolve(checkout, state=state))


def with_picks(
    agreed: Sequence[OrderPlan], now: Sequence[OrderPlan]
) -> list[OrderPlan]:
    """
    Return what was agreed, from the lots that serve it now.
    """
    return [
        then if then.picks == plan.picks else attrs.evolve(then, picks=plan.picks)
        for then, plan in zip(agreed, now, strict=True)
    ]


def _require_addresses(orders: Sequence[Order], agreed: Sequence[OrderPlan]) -> None:
    """
    Refuse freight that was agreed for an address which is another one since.
    """
    for order, plan in zip(orders, agreed, strict=True):
        if order.contact_version != plan.contact_version:
            _refuse_freight(order, "it goes elsewhere now")


def _require_contents(
    orders: Sequence[Order], agreed: Sequence[OrderPlan], now: Sequence[OrderPlan]
) -> None:
    """
    Refuse what costs the same, but is not what freight was agreed for.
    """
    for order, then, plan in zip(orders, agreed, now, strict=True):
        changed = plan.contents.changed_since(then.contents)
        if changed:
            words = f"what is sent has changed since ({changed}); check out again"
            raise CommandRefusedError(
                kind="order",
                id=order.order_id,
                command="pay",
                blockers=[Blocker("goods_outdated", words)],
            )


def _refuse_freight(order: Order, why: str) -> NoReturn:
    words = f"{why}; check out again"
    raise CommandRefusedError(
        kind="order",
        id=order.order_id,
        command="pay",
        blockers=[Blocker("freight_outdated", words)],
    )
