"""
From "awaiting payment" to "paid": price a list of orders, agree, pay.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NoReturn

import attrs

from ..kernel.actor import Actor
from ..kernel.errors import (
    Blocker,
    CommandRefusedError,
    InvalidInputError,
    SourceHereError,
    StateError,
)
from ..kernel.ids import CheckoutId, SellerId, new_id
from ..orders.order import Order
from ..storage.schema import (
    CHECKOUTS,
    COMMANDS,
    ORDERS,
    PLANS_OF,
)
from ..storage.seller_unit import SellerUnit
from ..wallet.machine import CheckoutChart
from ..wallet.model import (
    Checkout,
    CheckoutExpiredError,
    OrderPlan,
    SpendGuardError,
)
from .base import Given, Ports, Service, answer_of, check_same, unique
from .capturing import pay_order
from .freight import Freight
from .pricing import Goods, choose_option, order_plan, price_goods, read_price_book


class RefusedEarlierError(StateError):
    """
    An order that this command left out when it was first given; check it out anew.
    """

    def __init__(self, *, order_id: str) -> None:
        super().__init__(f"order {order_id} was left out when this was first asked")
        self.order_id = order_id


@attrs.frozen
class Offer:
    """
    What a list of orders costs, until when, and what could not be priced.

    Attributes:
        plans: In the order asked, each with its freight, sources and reasons.

        refused: Order -> why it is not in the checkout; only where asked per order.
    """

    checkout_id: CheckoutId
    currency: str
    total_minor: int
    expires_at: datetime
    plans: tuple[OrderPlan, ...]
    refused: Mapping[str, SourceHereError]


@attrs.frozen
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


class Checkouts(Service):
    """
    Prices and pays.
    """

    def __init__(self, ports: Ports, freight: Freight) -> None:
        super().__init__(ports)
        self._freight = freight

    def checkout(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        each: bool = False,
        command_id: str = "",
    ) -> Offer:
        """
        Price orders in the order given, against one snapshot of stock.

        Nothing is reserved: paying plans again, and refuses what has changed.

        Args:
            each: Leave out what cannot be priced, instead of refusing the list.

        Raises:
            CommandRefusedError: If an order cannot be paid or sent now.

            NoPriceInCurrencyError: If a variant has no price in the wallet's currency.

            NotFoundError: If there is no such order.

            ProviderError: If a freight provider cannot answer.
        """
        wanted = unique(order_ids)
        if not wanted:
            raise InvalidInputError(
                field="order_ids", value=order_ids, expected="at least one order"
            )
        owner, refused = SellerId(seller_id), dict[str, SourceHereError]()
        given = Given(command_id, "checkout", (tuple(wanted), each))
        known = self._known(owner, given, wanted)
        if known is not None:
            return known

        checkout_id = CheckoutId(new_id())
        plans = self._plan(
            owner, checkout_id, wanted, by=by, refused=refused if each else None
        )
        offer = self._store(owner, checkout_id, plans, given)
        return attrs.evolve(offer, refused=dict(refused))

    def _plan(
        self,
        owner: SellerId,
        checkout_id: CheckoutId,
        wanted: Sequence[str],
        *,
        by: Actor,
        refused: dict[str, SourceHereError] | None,
    ) -> list[OrderPlan]:
        """
        Price *wanted* with freight; anew where an order left out had taken stock.
        """
        out: dict[str, SourceHereError] = {}  # cannot be sent, but drew on stock

        def look(unit: SellerUnit) -> list[Goods]:
            if refused is not None:
                refused.clear()
                refused.update(out)
            stay = [name for name in wanted if name not in out]
            return self._price(unit, stay, by=by, refused=refused)

        while True:
            priced = self.read(owner, look)
            plans = self._with_freight(priced, checkout_id, refused=refused)
            drawing = {g.order.order_id for g in priced if g.plan.picks}
            found = {n: e for n, e in (refused or {}).items() if n in drawing}
            if not found:
                return plans
            out.update(found)

    def _known(
        self, owner: SellerId, given: Given, wanted: Sequence[str]
    ) -> Offer | None:
        """
        Give the offer that this very command made before.
        """
        if not given.id:
            return None
        known = self.read(owner, lambda unit: unit.get(COMMANDS, given.id, ""))
        if known is None:
            return None
        check_same(known, given.digest())
        offer = self._offer(owner, answer_of(known, str), {})
        missing = set(wanted) - {plan.order_id for plan in offer.plans}
        refused = {name: RefusedEarlierError(order_id=name) for name in sorted(missing)}
        return attrs.evolve(offer, refused=refused)

    def _offer(
        self,
        owner: SellerId,
        checkout_id: str,
        refused: Mapping[str, SourceHereError],
    ) -> Offer:
        def work(unit: SellerUnit) -> Offer:
            checkout = unit.need(CHECKOUTS, checkout_id)
            return Offer(
                checkout.checkout_id,
                checkout.currency,
                checkout.total_minor,
                checkout.expires_at,
                tuple(unit.find(PLANS_OF, [(checkout_id,)])),
                dict(refused),
            )

        return self.read(owner, work)

    def _price(
        self,
        unit: SellerUnit,
        wanted: Sequence[str],
        *,
        by: Actor,
        refused: dict[str, SourceHereError] | None,
    ) -> list[Goods]:
        orders = unit.orders.load(wanted, lock=False)
        book = read_price_book(unit, orders, for_freight=True)
        policy = self.ports.providers.allocation_policy(self.settings.allocation_policy)
        priced: list[Goods] = []
        for order in orders:
            try:
                order.require("pay", by=by)
                priced.append(price_goods(order, book, policy))
            except SourceHereError as error:
                if refused is None:
                    raise
                refused[order.order_id] = error
        return priced

    def _with_freight(
        self,
        priced: Sequence[Goods],
        checkout_id: CheckoutId,
        *,
        refused: dict[str, SourceHereError] | None,
    ) -> list[OrderPlan]:
        desk = self._freight.desk()
        plans: list[OrderPlan] = []
        for goods in priced:
            try:
                option = None
                if goods.freight is not None:
                    option = choose_option(goods, desk.quote(goods.freight))
            except SourceHereError as error:
                if refused is None:
                    raise
                refused[goods.order.order_id] = error
            else:
                position = len(plans) + 1
                plans.append(
                    order_plan(
                        goods, option, checkout_id=checkout_id, position=position
                    )
                )
        return plans

    def _store(
        self,
        owner: SellerId,
        checkout_id: CheckoutId,
        plans: Sequence[OrderPlan],
        given: Given,
    ) -> Offer:
        made: list[Checkout] = []

        def work(unit: SellerUnit) -> str:
            made.append(
                Checkout(
                    seller_id=owner,
                    checkout_id=checkout_id,
                    state="open",
                    currency=unit.seller.currency,
                    total_minor=sum(plan.total_minor for plan in plans),
                    orders=len(plans),
                    expires_at=unit.now + self.settings.checkout_valid,
                )
            )
            unit.insert(CHECKOUTS, made[-1])
            unit.insert(PLANS_OF.records, *plans)
            return checkout_id

        stored = self.once(owner, given, work, str)
        if not made or stored != checkout_id:  # another run of the command was faster
            return self._offer(owner, stored, {})
        checkout = made[-1]
        return Offer(
            checkout_id,
            checkout.currency,
            checkout.total_minor,
            checkout.expires_at,
            tuple(plans),
            {},
        )

    def pay(
        self,
        seller_id: str,
        checkout_id: str,
        *,
        expected_total: int,
        by: Actor,
        each: bool = False,
        command_id: str = "",
    ) -> Payment:
        """
        Pay a checkout from the wallet: money and stock in one commit, or nothing.

        Goods and stock are planned again inside the commit; if anything costs
        something else than was agreed, nothing is paid.

        Args:
            expected_total: What the seller agreed to, in minor units.

            each: Pay order by order; what cannot be paid is reported, the rest is.

        Raises:
            SpendGuardError: If the total, or an order's, is not as agreed.

            InsufficientFundsError: If the wallet does not hold it.

            CheckoutExpiredError: If its time is over.

            CommandRefusedError: If an order cannot be paid now.

            NotFoundError: If there is no such checkout.
        """
        owner = SellerId(seller_id)
        request = (checkout_id, expected_total, each)
        given = Given(command_id, "pay", request)

        def everything(unit: SellerUnit) -> dict[str, int]:
            checkout, plans = self._agreed(unit, checkout_id, expected_total)
            return self._pay(unit, checkout, plans, by=by)

        if not each:
            return Payment(self.once(owner, given, everything, dict[str, int]), {})
        return self._pay_each(owner, checkout_id, expected_total, given, by=by)

    def _pay_each(
        self,
        owner: SellerId,
        checkout_id: str,
        expected_total: int,
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

        plans = self.read(owner, planned)

        def work(unit: SellerUnit, items: Sequence[tuple[str, int]]) -> dict[str, int]:
            if not items:
                return {}
            checkout, every = self._agreed(unit, checkout_id, expected_total)
            wanted = {name for name, _ in items}
            chosen = [plan for plan in every if plan.order_id in wanted]
            return self._pay(unit, checkout, chosen, by=by) if chosen else {}

        items = [(plan.order_id, plan.total_minor) for plan in plans]
        report = self.each(owner, given, items, work, int)
        self._close_if_paid(owner, checkout_id)
        return Payment(report.done, report.failed)

    def _close_if_paid(self, owner: SellerId, checkout_id: str) -> None:
        """
        Close a checkout whose orders were paid in several commits.
        """

        def work(unit: SellerUnit) -> None:
            checkout = unit.need(CHECKOUTS, checkout_id, lock=True)
            if checkout.state != "open":
                return
            plans = unit.find(PLANS_OF, [(checkout_id,)])
            orders = unit.many(ORDERS, [(plan.order_id,) for plan in plans])
            paid = sum(order.checkout_id == checkout_id for order in orders)
            self._close(unit, checkout, paid)

        self.units.seller(owner, work)

    def _agreed(
        self, unit: SellerUnit, checkout_id: str, expected_total: int
    ) -> tuple[Checkout, list[OrderPlan]]:
        checkout = unit.need(CHECKOUTS, checkout_id, lock=False)
        if unit.now > checkout.expires_at:
            raise CheckoutExpiredError(
                checkout_id=checkout_id, expired_at=checkout.expires_at
            )
        if checkout.total_minor != expected_total:
            raise SpendGuardError(
                differences={"total": (expected_total, checkout.total_minor)},
                currency=checkout.currency,
            )
        return checkout, unit.find(PLANS_OF, [(checkout_id,)])

    def _pay(
        self,
        unit: SellerUnit,
        checkout: Checkout,
        agreed: Sequence[OrderPlan],
        *,
        by: Actor,
    ) -> dict[str, int]:
        unit.orders.load(sorted(plan.order_id for plan in agreed))
        orders = unit.orders.load([plan.order_id for plan in agreed])
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
            raise SpendGuardError(differences=differences, currency=checkout.currency)
        for order, plan in zip(orders, now, strict=True):
            pay_order(unit, order, plan, by=by)
        self._close(unit, checkout, len(now))
        return {str(plan.order_id): plan.total_minor for plan in now}

    def _plan_again(
        self, unit: SellerUnit, orders: Sequence[Order], agreed: Sequence[OrderPlan]
    ) -> list[OrderPlan]:
        book = read_price_book(unit, orders, for_freight=False)
        policy = self.ports.providers.allocation_policy(self.settings.allocation_policy)
        again: list[OrderPlan] = []
        for order, plan in zip(orders, agreed, strict=True):
            goods = price_goods(order, book, policy)
            if plan.method and goods.method not in ("", plan.method):
                chosen = f"{goods.method} is chosen now, {plan.method} was priced"
                _refuse_freight(order, chosen)
            again.append(
                order_plan(
                    goods,
                    plan,
                    checkout_id=plan.checkout_id,
                    position=plan.position,
                )
            )
        return again

    def _close(self, unit: SellerUnit, checkout: Checkout, paid: int) -> None:
        event = "pay_rest" if paid == checkout.orders else "pay_some"
        state = CheckoutChart.after(checkout.state, event)
        if state != checkout.state:
            unit.put(CHECKOUTS, attrs.evolve(checkout, state=state))


def _require_addresses(orders: Sequence[Order], agreed: Sequence[OrderPlan]) -> None:
    """
    Refuse freight that was agreed for an address which is another one since.
    """
    for order, plan in zip(orders, agreed, strict=True):
        if order.contact_version != plan.contact_version:
            _refuse_freight(order, "it goes elsewhere now")


def _refuse_freight(order: Order, why: str) -> NoReturn:
    words = f"{why}; check out again"
    raise CommandRefusedError(
        kind="order",
        id=order.order_id,
        command="pay",
        blockers=[Blocker("freight_outdated", words)],
    )
