"""
Every way to send one order: what it costs, when it arrives, and why others cannot.
"""

from collections.abc import Sequence
from datetime import date

import attrs

from ...domain.freight.codes import shortest_code
from ...domain.freight.model import FreightOption, LeftOut
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.errors import Blocker, CommandRefusedError, SourceHereError
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.parcels import PlannedParcel
from ...domain.kernel.values import frozen
from ...domain.wallet.model import PlannedArrival
from ...unit.seller_unit import SellerUnit
from ...unit.tables.freight import ProviderConnection
from ..base.ports import Ports
from ..base.service import Service
from .arrivals import Arrivals
from .asking import ask_for
from .carriers import FreightDesk, Quotes
from .freight import Freight, ask_for_freight
from .policies import policy_for
from .price_book import read_price_book
from .pricing import Goods, price_goods
from .ways import Way, choose_way


@frozen(kw_only=True)
class PricedMode:
    """
    One way to send an order, and what all of it costs by that.

    Attributes:
        method: The code by which it is chosen.

        parcels: Several, each with its price; empty where it travels in one.

        is_chosen: Whether the next checkout takes it.

        arrivals: As it is sent, and from the other source, as in an offer.
    """

    method: str
    connection: str
    name: str
    freight_minor: int
    total_minor: int
    days_min: int
    days_max: int
    chargeable_grams: int
    is_chosen: bool
    arrivals: tuple[PlannedArrival, ...]
    parcels: tuple[PlannedParcel, ...] = ()

    @property
    def latest(self) -> tuple[date, int]:
        """
        By when it is there at the latest; compares whether or not days can be told.
        """
        arrival = self.arrivals[0].latest if self.arrivals else date.min
        return arrival, self.days_max


@frozen(kw_only=True)
class ShippingModes:
    """
    How an order can be sent.

    Attributes:
        wanted: The method that the order, or its connection, asks for; empty where the
            rule of its shop decides.

        modes: Cheapest first.

        left_out: Why other methods cannot be used.

        blockers: Why the next checkout would be refused for how it travels; empty if it
            would not.
    """

    order_id: OrderId
    currency: str
    goods_minor: int
    handling_minor: int
    wanted: str
    modes: tuple[PricedMode, ...]
    left_out: tuple[LeftOut, ...]
    blockers: tuple[Blocker, ...]

    @property
    def cheapest(self) -> str:
        """
        The code of the cheapest; empty if there is none.
        """
        return self.modes[0].method if self.modes else ""

    @property
    def fastest(self) -> str:
        """
        The code of the one that is there first at the latest, the cheaper of equals.
        """
        quickest = min(self.modes, key=lambda mode: mode.latest, default=None)
        return "" if quickest is None else quickest.method


class Modes(Service):
    """
    Asks every carrier about one order.
    """

    def __init__(self, ports: Ports, freight: Freight) -> None:
        super().__init__(ports)
        self._freight = freight
        self._arrivals = Arrivals(ports)

    def modes(self, seller_id: str, order_id: str) -> ShippingModes:
        """
        List every method by which an unpaid order can be sent, with its price and days,
        and say of each other one why not.

        Goods are priced as a checkout would now; nothing is stored.

        Raises:
            NotFoundError: If there is no such order.

            CommandRefusedError: If the order cannot be priced now, for another reason
                than how it travels.

            NoPriceInCurrencyError: If a variant has no price in the wallet's currency.
        """

        def look(unit: SellerUnit) -> tuple[Goods, Sequence[ProviderConnection]]:
            unit.ask_for_seller()
            connections = ask_for_freight(unit)
            order = unit.orders.one(order_id, lock=False)
            order.require("pay", by=Actor(Role.SELLER, seller_id))
            book = read_price_book(
                unit, [order], for_freight=True, origin=self._settings.origin
            )
            policy = policy_for(unit, self._ports)
            return price_goods(order, book, policy), connections()

        goods, connections = self._read(SellerId(seller_id), look)
        desk = self._freight.desk(connections)
        if goods.freight is None:
            return _modes(goods, (), (), ())
        quotes = ask_for(desk, goods, goods.freight)
        chosen, blockers = _chosen(goods, quotes)
        options = quotes.answer.options
        methods = quotes.methods
        modes = [
            self._mode(goods, option, desk, quotes, chosen=chosen) for option in options
        ]
        left_out = [
            attrs.evolve(
                out,
                method=shortest_code((out.connection, out.method), methods)
                if out.method
                else "",
            )
            for out in quotes.answer.left_out
        ]
        return _modes(goods, modes, left_out, blockers)

    def _mode(
        self,
        goods: Goods,
        option: FreightOption,
        desk: FreightDesk,
        quotes: Quotes,
        *,
        chosen: Way | None,
    ) -> PricedMode:
        key = (option.connection, option.method)
        way = Way(
            method=shortest_code(key, quotes.methods),
            connection=option.connection,
            freight_minor=option.price.minor,
            days_min=option.days_min,
            days_max=option.days_max,
            chargeable_grams=option.chargeable_grams,
            parcels=option.parcels,
        )
        return PricedMode(
            method=way.method,
            connection=way.connection,
            name=option.name,
            freight_minor=way.freight_minor,
            total_minor=goods.goods_minor + goods.handling_minor + way.freight_minor,
            days_min=way.days_min,
            days_max=way.days_max,
            chargeable_grams=way.chargeable_grams,
            parcels=way.parcels,
            is_chosen=chosen is not None and _is_same(chosen, option),
            # From the other source by the same method, whatever is chosen.
            arrivals=self._arrivals.of(
                attrs.evolve(goods, method=way.method), way, desk
            ),
        )


def _is_same(chosen: Way, option: FreightOption) -> bool:
    codes = (option.method, option.full_code)
    return chosen.connection == option.connection and chosen.method in codes


def _chosen(goods: Goods, quotes: Quotes) -> tuple[Way | None, tuple[Blocker, ...]]:
    try:
        return choose_way(goods.order, goods.method, quotes, goods.rule), ()
    except CommandRefusedError as error:
        return None, tuple(error.blockers)
    except SourceHereError as error:
        return None, (Blocker("no_freight_option", str(error)),)


def _modes(
    goods: Goods,
    modes: Sequence[PricedMode],
    left_out: Sequence[LeftOut],
    blockers: Sequence[Blocker],
) -> ShippingModes:
    return ShippingModes(
        order_id=goods.order.order_id,
        currency=goods.order.currency,
        goods_minor=goods.goods_minor,
        handling_minor=goods.handling_minor,
        wanted=goods.method,
        modes=tuple(modes),
        left_out=tuple(left_out),
        blockers=tuple(blockers),
    )
