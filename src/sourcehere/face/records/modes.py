"""
How an order can be sent.
"""

from ...domain.freight.estimate import DaysSaved
from ...domain.freight.model import LeftOut
from ...domain.kernel.errors import Blocker
from ...domain.kernel.ids import OrderId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...services.paying import modes
from .money import Arrival, arrival_of, days_saved_by
from .planned import ParcelPlan, parcel_plans_of


@frozen(kw_only=True)
class ShippingMode:
    """
    One way to send an order, what all of it costs by that, and when it arrives.

    Attributes:
        method: The code by which `orders.choose_shipping` chooses it.

        connection: Name of the freight connection that offers it.

        total: Goods, handling and freight.

        days_min, days_max: On the way, as the carrier says.

        parcels: Where it travels in several, each with its price, which add up to the
            freight; empty where it travels in one.

        is_chosen: Whether the next checkout takes it.

        arrival, other_arrival, days_saved: As in an offer (`OfferedOrder`).
    """

    method: str
    connection: str
    name: str
    freight: Money
    total: Money
    days_min: int
    days_max: int
    chargeable_grams: int
    parcels: tuple[ParcelPlan, ...]
    is_chosen: bool
    arrival: Arrival | None
    other_arrival: Arrival | None
    days_saved: DaysSaved | None


@frozen(kw_only=True)
class ShippingModes:
    """
    Every way to send an unpaid order, and why the others cannot be used.

    Attributes:
        wanted: The method that the order, or its connection, asks for; empty where the
            rule of its shop decides: the cheapest if it has none.

        modes: Cheapest first; none where nothing goes to a customer.

        left_out: Why other methods cannot be used.

        cheapest, fastest: Codes of the modes; empty where there is none.

        blockers: Why the next checkout would be refused for how it travels; empty if it
            would not.
    """

    order_id: OrderId
    goods: Money
    handling: Money
    wanted: str
    modes: tuple[ShippingMode, ...]
    left_out: tuple[LeftOut, ...]
    cheapest: str
    fastest: str
    blockers: tuple[Blocker, ...]


def modes_of(found: modes.ShippingModes) -> ShippingModes:
    """
    Return *found* with its amounts as money.
    """
    return ShippingModes(
        order_id=found.order_id,
        goods=Money(found.goods_minor, found.currency),
        handling=Money(found.handling_minor, found.currency),
        wanted=found.wanted,
        modes=tuple(_mode_of(mode, found.currency) for mode in found.modes),
        left_out=found.left_out,
        cheapest=found.cheapest,
        fastest=found.fastest,
        blockers=found.blockers,
    )


def _mode_of(mode: modes.PricedMode, currency: str) -> ShippingMode:
    planned = [arrival_of(one, currency) for one in mode.arrivals]
    arrival, other, *_ = [*planned, None, None]
    return ShippingMode(
        method=mode.method,
        connection=mode.connection,
        name=mode.name,
        freight=Money(mode.freight_minor, currency),
        total=Money(mode.total_minor, currency),
        days_min=mode.days_min,
        days_max=mode.days_max,
        chargeable_grams=mode.chargeable_grams,
        parcels=parcel_plans_of(mode.parcels, currency),
        is_chosen=mode.is_chosen,
        arrival=arrival,
        other_arrival=other,
        days_saved=days_saved_by(arrival, other),
    )
