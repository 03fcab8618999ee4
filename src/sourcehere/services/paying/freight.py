"""
Freight: the platform's configured providers, asked outside any transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from ...domain.freight.codes import check_connection_name
from ...domain.freight.estimate import DeliveryComparison, compare
from ...domain.freight.handling import Source
from ...domain.freight.model import DeliveryEstimate, FreightAnswer, FreightRequest
from ...domain.kernel.actor import Actor
from ...domain.kernel.connections import DISCONNECTED, NEW, ConnectionChart
from ...domain.kernel.errors import AlreadyExistsError, NotFoundError
from ...doors.answers import Answerer
from ...unit.base import Unit
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.freight import PROVIDERS, ProviderConnection
from ..base.asking import check_credentials
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.ports import Ports
from ..base.service import Service
from .arrivals import Arrivals
from .carriers import FreightDesk


class Freight(Service):
    """
    Configures freight providers, and quotes.
    """

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports)
        self._arrivals = Arrivals(ports)

    def connect(
        self,
        name: str,
        *,
        provider: str,
        config: Mapping[str, object],
        by: Actor,
        check: bool = True,
        command_id: str = "",
    ) -> None:
        """
        Configure a freight provider, such as a rate card, for the whole platform.

        The same facts again change nothing; one that was disconnected is connected
        anew.

        Args:
            check: Whether a provider that can try its credentials does, before anything
                is stored.

        Raises:
            UnknownProviderError: If no plugin offers *provider*.

            ConfigError: If *config* does not fit.

            InvalidInputError: If *name* holds a colon.

            ProviderError: If the provider cannot be made, or its check fails.

            AlreadyExistsError: If *name* is connected otherwise, or a provider of
                another kind.
        """
        require_staff(by, "connect_freight")
        check_connection_name(name)
        # What is usual leaves no trace: commands that were stored before are known.
        unusual = () if check else ("unchecked",)
        request = (name, provider, sorted(config.items(), key=repr), *unusual)
        given = Given(command_id, "connect_freight", request)
        if self._known_for_platform(given) is None:
            self._try(name, provider, config, check=check)

        def work(unit: PlatformUnit) -> str:
            known = unit.get(PROVIDERS, name, lock=True)
            if known is not None and known.kind != "freight":
                raise AlreadyExistsError(kind=f"{known.kind} provider", key=name)
            before = NEW if known is None else known.state
            if ConnectionChart.allows(before, "connect"):
                made = ProviderConnection(
                    name=name,
                    kind="freight",
                    provider=provider,
                    config=dict(config),
                    state=ConnectionChart.after(before, "connect"),
                )
                unit.put(PROVIDERS, made)
            elif known and (known.provider, known.config) != (provider, dict(config)):
                raise AlreadyExistsError(kind="freight connection", key=name)
            return name

        self._once_for_platform(given, work, str)

    def change(
        self,
        name: str,
        *,
        config: Mapping[str, object],
        by: Actor,
        check: bool = True,
        command_id: str = "",
    ) -> ProviderConnection:
        """
        Change a carrier's configuration; a paused one stays so.

        Args:
            check: Whether the provider tries the new configuration, if it can, before
                anything is stored.

        Raises:
            NotFoundError: If there is none of that name, or it is disconnected.

            ConfigError: If *config* does not fit.

            ProviderError: If the provider cannot be made, or its check fails.
        """
        require_staff(by, "change_freight")
        request = (name, sorted(config.items(), key=repr), check)
        given = Given(command_id, "change_freight", request)
        if self._known_for_platform(given) is None:
            self._try(name, self.get(name).provider, config, check=check)

        def work(unit: PlatformUnit) -> str:
            known = _connected(unit.get(PROVIDERS, name, lock=True), name)
            unit.put(PROVIDERS, attrs.evolve(known, config=dict(config)))
            return name

        self._once_for_platform(given, work, str)
        return self.get(name)

    def move(
        self,
        name: str,
        command: str,
        *,
        by: Actor,
        why: str = "",
        command_id: str = "",
    ) -> ProviderConnection:
        """
        Pause, resume or disconnect a carrier; one that is in that state already stays
        so. A paused one is not asked: its methods are left out, with the reason.

        Raises:
            NotFoundError: If there is none of that name, or it is disconnected.
        """
        require_staff(by, f"{command}_freight")

        def work(unit: PlatformUnit) -> str:
            known = _connected(unit.get(PROVIDERS, name, lock=True), name)
            if ConnectionChart.allows(known.state, command):
                state = ConnectionChart.after(known.state, command)
                unit.put(PROVIDERS, attrs.evolve(known, state=state, why=why))
            return name

        given = Given(command_id, f"{command}_freight", (name, why))
        self._once_for_platform(given, work, str)
        return self._units.platform(
            lambda unit: unit.need(PROVIDERS, name), read_only=True
        )

    def check(self, name: str) -> bool:
        """
        Let a carrier try its credentials now, if it can; nothing is changed.

        Returns:
            Whether they were tried; False where its plugin cannot.

        Raises:
            NotFoundError: If there is none of that name.

            ProviderError: If they are refused, or it does not answer.
        """
        known = self.get(name)
        return self._try(name, known.provider, known.config, check=True)

    def get(self, name: str) -> ProviderConnection:
        """
        Return a carrier's connection.

        Raises:
            NotFoundError: If there is none of that name, or it is disconnected.
        """
        found = {p.name: p for p in self.providers()}
        return _connected(found.get(name), name)

    def _try(
        self, name: str, provider: str, config: Mapping[str, object], *, check: bool
    ) -> bool:
        ports = self._ports.providers
        made = ports.freight_provider(provider, config, connection=name)
        if not check:
            return False
        who = Answerer(provider, name)
        return check_credentials(made, who, within=self._settings.freight_within)

    def providers(self) -> tuple[ProviderConnection, ...]:
        """
        List the freight providers that are connected, by name, paused ones too.
        """
        return self._units.platform(freight_connections, read_only=True)

    def desk(
        self, connections: Sequence[ProviderConnection] | None = None
    ) -> "FreightDesk":
        """
        Make a desk that asks all configured providers, each question once.

        Args:
            connections: Those that were read already.
        """
        return FreightDesk(
            self._ports.providers,
            self.providers() if connections is None else connections,
            within=self._settings.freight_within,
        )

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

    def quote(self, request: FreightRequest) -> FreightAnswer:
        """
        List every way to send *request*, cheapest first, and why others are left out.

        A connection that does not answer is among what is left out.

        Raises:
            FreightUnavailableError: If there is no way, and a connection that might
                have had one does not answer.

            InvalidInputError: If weight or volume is negative.
        """
        request.check()
        return self.desk().quote(request)


def freight_connections(unit: Unit) -> tuple[ProviderConnection, ...]:
    """
    Read the freight providers that are connected, by name, paused ones too.
    """
    return tuple(
        p
        for p in unit.each(PROVIDERS.primary)
        if p.kind == "freight" and p.state != DISCONNECTED
    )


def _connected(known: ProviderConnection | None, name: str) -> ProviderConnection:
    if known is None or known.kind != "freight" or known.state == DISCONNECTED:
        raise NotFoundError(kind="freight connection", id=name)
    return known
