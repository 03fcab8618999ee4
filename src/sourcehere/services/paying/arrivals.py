"""
When orders arrive: as they will be sent, and from the other source.
"""

from collections.abc import Iterable
from datetime import date

import attrs

from ...domain.freight.errors import AmbiguousMethodError, FreightUnavailableError
from ...domain.freight.estimate import arriving, estimate_leaving
from ...domain.freight.handling import Source
from ...domain.freight.model import DeliveryEstimate, FreightRequest
from ...domain.kernel.clock import day_at
from ...domain.kernel.errors import CommandRefusedError
from ...domain.wallet.model import PlannedArrival, PlannedItem
from ...domain.warehouse.consignments import Consignment
from ...ports.calendar import CalendarUnavailableError
from ..base.ports import Ports
from .asking import ask_as_one
from .carriers import FreightDesk
from .pricing import Goods
from .ways import Way, choose_way

# When goods leave that are paid on a day, by source and country of the warehouse.
_Today = tuple[date, dict[tuple[Source, str], DeliveryEstimate]]
# Why goods do not travel from somewhere at all.
_NO_WAY = (AmbiguousMethodError, CommandRefusedError, FreightUnavailableError)


class Arrivals:
    """
    Estimates by the platform's steps, calendars and zone.
    """

    def __init__(self, ports: Ports) -> None:
        self._clock = ports.clock
        self._calendars = ports.calendars
        self._settings = ports.settings
        self._today: _Today = (date.min, {})

    def estimate(
        self,
        *,
        days_min: int,
        days_max: int,
        source: Source,
        country: str,
        paid_on: date | None = None,
    ) -> DeliveryEstimate:
        """
        Estimate when an order arrives that is paid today, or on *paid_on*.
        """
        today = day_at(self._clock.now(), self._settings.zone)
        if paid_on is None or paid_on == today:
            leaving = self._leaving_today(today, source, country)
        else:
            leaving = self._leaving(paid_on, source, country)
        return arriving(leaving, days_min=days_min, days_max=days_max)

    def _leaving_today(
        self, today: date, source: Source, country: str
    ) -> DeliveryEstimate:
        """
        Count working days once a day: they are the same for every order paid on it.
        """
        day, known = self._today
        if day != today:
            known = {}
            self._today = (today, known)
        found = known.get((source, country))
        if found is None:
            found = known[source, country] = self._leaving(today, source, country)
        return found

    def _leaving(self, paid_on: date, source: Source, country: str) -> DeliveryEstimate:
        return estimate_leaving(
            paid_on=paid_on,
            source=source,
            calendars=self._calendars,
            handling=self._settings.handling,
            origin=self._settings.origin,
            warehouse=country,
        )

    def of(
        self, goods: Goods, way: Way, desk: FreightDesk
    ) -> tuple[PlannedArrival, ...]:
        """
        Estimate when *goods* arrive the *way* they are sent, and when from the other
        source: from the cloud warehouse where some of them are not in it, else sourced
        directly.

        There is no other source where no warehouse delivers to the country, or no
        carrier takes them from there. There is no estimate at all where nothing goes to
        a customer, or where the calendar's library is not installed: no checkout fails
        for that.
        """
        if goods.freight is None:
            return ()
        source, origin = source_of(goods.items), self._settings.origin
        stock = goods.stock_country
        is_all_cloud = source is Source.CLOUD
        other = Source.DIRECT if is_all_cloud else Source.CLOUD
        try:
            found = [self._as_sent(source, goods, way)]
            # Within one country the same carriers bring it in the same time.
            other_way: Way | None = way
            if stock and (stock != origin or goods.consigned):
                request = attrs.evolve(
                    goods.freight, origin=origin if is_all_cloud else stock
                )
                other_way = _way_for(request, goods, desk)
            if stock and other_way is not None:
                found.append(self._arrival(other, stock, other_way))
        except CalendarUnavailableError:
            return ()
        return tuple(found)

    def _as_sent(self, source: Source, goods: Goods, way: Way) -> PlannedArrival:
        """
        Estimate when the last parcel of *goods* is there.
        """
        stock = goods.stock_country
        if not goods.consigned:
            return self._arrival(source, stock, way)
        by_place = {
            one.consignment.leaves_from: one.consignment for one in goods.consigned
        }
        found: list[PlannedArrival] = []
        for parcel in way.parcels:
            one = by_place[parcel.leaves_from]
            by = attrs.evolve(way, days_min=parcel.days_min, days_max=parcel.days_max)
            found.append(self._arrival(_source(one), one.country, by))
        last = max(found, key=lambda arrival: arrival.latest)
        return attrs.evolve(
            last,
            source=source,
            country=stock,
            earliest=max(arrival.earliest for arrival in found),
            provisional=any(arrival.provisional for arrival in found),
        )

    def _arrival(self, source: Source, stock: str, way: Way) -> PlannedArrival:
        country = self._settings.origin if source is Source.DIRECT else stock
        found = self.estimate(
            days_min=way.days_min,
            days_max=way.days_max,
            source=source,
            country=country,
        )
        return PlannedArrival(
            source=source,
            country=country,
            method=way.method,
            freight_minor=way.freight_minor,
            earliest=found.earliest,
            latest=found.latest,
            provisional=found.provisional,
        )


def _way_for(request: FreightRequest, goods: Goods, desk: FreightDesk) -> Way | None:
    try:
        quotes = ask_as_one(desk, goods, request)
        return choose_way(goods.order, goods.method, quotes, goods.rule)
    except _NO_WAY:
        return None


def _source(one: Consignment) -> Source:
    if not one.direct:
        return Source.CLOUD
    return Source.PARTLY if one.from_lots else Source.DIRECT


def source_of(items: Iterable[PlannedItem]) -> Source:
    """
    Tell where the units of *items* come from.
    """
    are_all, is_any = True, False
    for item in items:
        are_all &= item.quantity_from_lots == item.quantity
        is_any |= item.quantity_from_lots > 0
    if are_all:
        return Source.CLOUD
    return Source.PARTLY if is_any else Source.DIRECT
