"""
Showing when something arrives, and how much earlier it would from the cloud warehouse.
"""

from collections.abc import Mapping, Sequence

from ..domain.freight.estimate import DaysSaved
from ..domain.freight.model import DeliveryEstimate
from ..face.records.money import Arrival, OfferedOrder
from .output import Table, table


def arriving(estimate: DeliveryEstimate) -> str:
    """
    Show the days, such as `2026-03-17 to 2026-03-24`.
    """
    days = f"{estimate.earliest} to {estimate.latest}"
    return f"{days} (provisional)" if estimate.provisional else days


def saved_days(saved: DaysSaved | None) -> str:
    """
    Show how many days earlier the cloud warehouse is; nothing where there is no choice.
    """
    return "" if saved is None else f"{saved.earliest} to {saved.latest}"


def arrivals(orders: Sequence[OfferedOrder], numbers: Mapping[str, str]) -> Table:
    """
    Show when offered orders arrive: as they will be sent, and from the other source.

    Args:
        numbers: Order -> what it is called.
    """
    return table(
        [order for order in orders if order.arrival],
        {
            "number": lambda o: numbers[o.order_id],
            "from": lambda o: source_words(o.arrival),
            "arrives": lambda o: arrival_words(o.arrival),
            "or from": lambda o: source_words(o.other_arrival),
            "would arrive": lambda o: arrival_words(o.other_arrival),
            "cloud saves days": lambda o: saved_days(o.days_saved),
        },
        title="Arrives, if paid today",
    )


def source_words(arrival: Arrival | None) -> str:
    """
    Show where an order comes from, such as `cloud CN`.
    """
    return "" if arrival is None else f"{arrival.source} {arrival.country}"


def arrival_words(arrival: Arrival | None) -> str:
    """
    Show when an order arrives; nothing where that cannot be told.
    """
    return "" if arrival is None else arriving(arrival.estimate)
