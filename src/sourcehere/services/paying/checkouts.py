"""
From "awaiting payment" to "paid": price a list of orders, agree; paying is beside.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import (
    Blocker,
    CommandRefusedError,
    InvalidInputError,
    SourceHereError,
)
from ...domain.kernel.ids import CheckoutId, SellerId, new_id
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.wallet.machine import OPEN
from ...domain.wallet.model import (
    Checkout,
    OrderPlan,
    Wallet,
)
from ...ports.storage_errors import HostsTransactionError
from ...unit.seller_unit import SellerUnit
from ...unit.tables.freight import ProviderConnection
from ...unit.tables.wallet import CHECKOUTS, PLANS_OF, WALLETS
from ..base.batches import unique
from ..base.bulk import Failures, failed_earlier, kept
from ..base.commands import Given, answer_of
from ..base.ports import Ports
from .arrivals import Arrivals
from .asking import ask_for
from .carriers import FreightDesk
from .freight import Freight, ask_for_freight
from .paying import Paying
from .paying import Payment as Payment
from .policies import policy_for
from .price_book import read_price_book
from .pricing import Goods, order_plan, price_goods
from .ways import NO_WAY, Way, choose_way


@frozen
class _Made:
    """
    What a command that checks out answers.
    """

    checkout_id: CheckoutId
    refused: Failures


@frozen
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

    @property
    def total(self) -> Money:
        """
        What it costs in all.
        """
        return Money(self.total_minor, self.currency)


def _blockers_of(error: SourceHereError) -> tuple[Blocker, ...]:
    if isinstance(error, CommandRefusedError):
        return tuple(error.blockers)
    name = type(error).__name__.removesuffix("Error")
    code = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    return (Blocker(code, str(error)),)


def some_orders(order_ids: Sequence[str]) -> list[str]:
    """
    Return *order_ids*, each once.

    Raises:
        InvalidInputError: If there is none.
    """
    wanted = unique(order_ids)
    if not wanted:
        raise InvalidInputError(
            field="order_ids", value=order_ids, expected="at least one order"
        )
    return wanted


def _too_dear(total: Money, wallet: Wallet) -> Blocker:
    held = Money(wallet.available, wallet.currency)
    owed = Money(-wallet.debt, wallet.currency)
    missing = total + owed - held
    has = f"{owed} is owed" if owed else f"the wallet holds {held}"
    facts: dict[str, str | int] = {
        "needed": str(total),
        "available": str(held),
        "missing": str(missing),
        **({"owed": str(owed)} if owed else {}),
    }
    words = f"it costs {total}, and {has}: {missing} is missing; top up the wallet"
    return Blocker("insufficient_funds", words, facts)


class Checkouts(Paying):
    """
    Prices and pays.
    """

    def __init__(self, ports: Ports, freight: Freight) -> None:
        super().__init__(ports)
        self._freight = freight
        self._arrivals = Arrivals(ports)

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

            FreightUnavailableError: If an order needs a freight connection that does
                not answer.

            AmbiguousMethodError: If several connections have the method of an order.

            ProtocolError: If what the allocation policy answers makes no sense.
        """
        wanted = some_orders(order_ids)
        owner, refused = SellerId(seller_id), dict[str, SourceHereError]()
        given = Given(command_id, "checkout", (tuple(wanted), each))
        known = self._known(owner, given)
        if known is not None:
            return known

        checkout_id = CheckoutId(new_id())
        plans = self._plan(
            owner, checkout_id, wanted, by=by, refused=refused if each else None
        )
        return self._store(owner, checkout_id, plans, refused, given)

    def was_priced(
        self, seller_id: str, order_ids: Sequence[str], *, each: bool, command_id: str
    ) -> bool:
        """
        Tell whether this very command has priced these orders before.
        """
        given = Given(command_id, "checkout", (tuple(unique(order_ids)), each))
        return self._answered(SellerId(seller_id), given) is not None

    def why_not_paid(
        self, seller_id: str, order_id: str, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why an order cannot be paid now: prices it as a checkout
        would, asks carriers, and looks into the wallet.

        Raises:
            NotFoundError: If there is no such order.
        """
        owner, refused = SellerId(seller_id), dict[str, SourceHereError]()
        checkout_id = CheckoutId(new_id())
        plans = self._plan(owner, checkout_id, [order_id], by=by, refused=refused)
        for error in refused.values():
            return _blockers_of(error)
        wallet = self._read(owner, lambda unit: unit.need(WALLETS))
        total = sum(plan.total_minor for plan in plans)
        if total <= wallet.available:
            return ()
        return (_too_dear(Money(total, wallet.currency), wallet),)

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
        desk: FreightDesk | None = None  # one: no carrier is asked anything twice

        def look(unit: SellerUnit) -> tuple[list[Goods], Sequence[ProviderConnection]]:
            if refused is not None:
                refused.clear()
                refused.update(out)
            stay = [name for name in wanted if name not in out]
            connections = ask_for_freight(unit) if desk is None else tuple
            priced = self._price(unit, stay, by=by, refused=refused)
            return priced, connections()

        while True:
            priced, connections = self._read(owner, look)
            desk = desk or self._freight.desk(connections)
            ways = self._ways(priced, desk, refused=refused)
            drawing = {g.order.order_id for g in priced if g.plan.picks}
            found = {n: e for n, e in (refused or {}).items() if n in drawing}
            if not found:
                break
            out.update(found)
        return self._plans(checkout_id, ways, desk)

    def _plans(
        self,
        checkout_id: CheckoutId,
        ways: Sequence[tuple[Goods, Way]],
        desk: FreightDesk,
    ) -> list[OrderPlan]:
        # Behind all prices: a carrier that fails at the other source costs no order.
        return [
            order_plan(
                goods,
                way,
                checkout_id=checkout_id,
                position=position,
                arrivals=self._arrivals.of(goods, way, desk),
            )
            for position, (goods, way) in enumerate(ways, start=1)
        ]

    def _known(self, owner: SellerId, given: Given) -> Offer | None:
        """
        Return the offer that this very command made before.
        """
        known = self._answered(owner, given)
        if known is None:
            return None
        made = answer_of(known, _Made)
        return self._offer(owner, made.checkout_id, failed_earlier(made.refused))

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

        return self._read(owner, work)

    def _price(
        self,
        unit: SellerUnit,
        wanted: Sequence[str],
        *,
        by: Actor,
        refused: dict[str, SourceHereError] | None,
    ) -> list[Goods]:
        unit.ask_for_seller()
        orders = unit.orders.load(wanted, lock=False)
        book = read_price_book(
            unit, orders, for_freight=True, origin=self._settings.origin
        )
        policy = policy_for(unit, self._ports)
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

    def _ways(
        self,
        priced: Sequence[Goods],
        desk: FreightDesk,
        *,
        refused: dict[str, SourceHereError] | None,
    ) -> list[tuple[Goods, Way]]:
        ways: list[tuple[Goods, Way]] = []
        for goods in priced:
            try:
                way = NO_WAY
                if goods.freight is not None:
                    quotes = ask_for(desk, goods, goods.freight)
                    way = choose_way(goods.order, goods.method, quotes, goods.rule)
            except HostsTransactionError:
                raise
            except SourceHereError as error:
                if refused is None:
                    raise
                refused[goods.order.order_id] = error
            else:
                ways.append((goods, way))
        return ways

    def _keep(
        self,
        unit: SellerUnit,
        checkout_id: CheckoutId,
        plans: Sequence[OrderPlan],
        *,
        state: str,
    ) -> Checkout:
        made = Checkout(
            seller_id=unit.seller_id,
            checkout_id=checkout_id,
            state=state,
            currency=unit.seller.currency,
            total_minor=sum(plan.total_minor for plan in plans),
            orders=len(plans),
            expires_at=unit.now + self._settings.checkout_valid,
        )
        unit.insert(CHECKOUTS, made)
        unit.insert(PLANS_OF.records, *plans)
        return made

    def _store(
        self,
        owner: SellerId,
        checkout_id: CheckoutId,
        plans: Sequence[OrderPlan],
        refused: Mapping[str, SourceHereError],
        given: Given,
    ) -> Offer:
        made: list[Checkout] = []
        answer = _Made(checkout_id, kept(refused))

        def work(unit: SellerUnit) -> _Made:
            made.append(self._keep(unit, checkout_id, plans, state=OPEN))
            return answer

        stored = self._once(owner, given, work, _Made)
        if not made or stored != answer:  # another run of the command was faster
            return self._offer(
                owner, stored.checkout_id, failed_earlier(stored.refused)
            )
        checkout = made[-1]
        return Offer(
            checkout_id,
            checkout.currency,
            checkout.total_minor,
            checkout.expires_at,
            tuple(plans),
            dict(refused),
        )
