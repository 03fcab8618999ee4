"""
Freight: the platform's configured providers, asked outside any transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from ...domain.freight.estimate import DeliveryComparison, compare
from ...domain.freight.handling import Source
from ...domain.freight.model import DeliveryEstimate, FreightAnswer, FreightRequest
from ...unit.base import Unit
from ...unit.tables.freight import ProviderConnection
from ..base.ports import Ports
from ..base.provider_connections import ProviderConnections, ask_for_connections
from .arrivals import Arrivals
from .carriers import FreightDesk

FREIGHT = "freight"


class Freight(ProviderConnections):
    """
    Configures freight providers, and quotes.
    """

    _kind = FREIGHT
    _called = "freight connection"

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports)
        self._arrivals = Arrivals(ports)

    def _made(self, name: str, provider: str, config: Mapping[str, object]) -> object:
        ports = self._ports.providers
        return ports.freight_provider(provider, config, connection=name)

    @property
    def _within(self) -> timedelta:
        return self._settings.freight_within

    def desk(
        self,
        connections: Sequence[ProviderConnection] | None = None,
        *,
        for_staff: bool = False,
    ) -> "FreightDesk":
        """
        Make a desk that asks all configured providers, each question once.

        Args:
            connections: Those that were read already.

            for_staff: Whether what a provider in trouble says is told.
        """
        known = self.providers() if connections is None else connections
        return FreightDesk(self._ports, known, for_staff=for_staff)

    def estimate(
        self,
        *,
        days_min: int,
        days_max: int,
        source: Source,
        country: str = "",
        paid_on: date | None = None,
    ) -> DeliveryEstimate:
        """
        Estimate when an order arrives that is paid today, or on *paid_on*.

        Today is the day at the origin, in the platform's zone: Friday 17:00 UTC is
        Saturday in China.

        Args:
            days_min: On the way at least, as a freight option or a plan says.

            days_max: On the way at most.

            source: `cloud` where all goods are in the cloud warehouse, `partly` where
                some are, else `direct`.

            country: Of the cloud warehouse; the origin's if empty.

        Raises:
            CalendarUnavailableError: If the calendar's library is not installed.
        """
        return self._arrivals.estimate(
            days_min=days_min,
            days_max=days_max,
            source=source,
            country=country,
            paid_on=paid_on,
        )

    def compare(
        self,
        *,
        days_min: int,
        days_max: int,
        country: str = "",
        paid_on: date | None = None,
    ) -> DeliveryComparison:
        """
        Estimate both: from the cloud warehouse, and sourced directly, by one method.

        Raises:
            CalendarUnavailableError: If the calendar's library is not installed.
        """
        cloud, direct = (
            self.estimate(
                days_min=days_min,
                days_max=days_max,
                source=source,
                country=country,
                paid_on=paid_on,
            )
            for source in (Source.CLOUD, Source.DIRECT)
        )
        return compare(cloud=cloud, direct=direct)

    def quote(
        self, request: FreightRequest, *, for_staff: bool = True
    ) -> FreightAnswer:
        """
        List every way to send *request*, cheapest first, and why others are left out.

        A connection that does not answer is among what is left out.

        Args:
            for_staff: Whether what it says of its trouble is told.

        Raises:
            FreightUnavailableError: If there is no way, and a connection that might
                have had one does not answer.

            InvalidInputError: If weight or volume is negative.
        """
        request.check()
        return self.desk(for_staff=for_staff).quote(request)


def ask_for_freight(unit: Unit) -> Callable[[], tuple[ProviderConnection, ...]]:
    """
    Begin to read the freight providers that are connected, by name, paused ones too.
    """
    return ask_for_connections(unit, FREIGHT)
