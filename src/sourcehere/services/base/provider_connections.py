"""
The platform's connections to providers: carriers, payment gateways.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import attrs

from ...domain.freight.codes import check_connection_name
from ...domain.kernel.actor import Actor
from ...domain.kernel.connections import (
    DISCONNECTED,
    NEW,
    ConnectionChart,
    DisconnectedError,
    rested,
)
from ...domain.kernel.errors import AlreadyExistsError, NotFoundError
from ...doors.answers import Answerer
from ...unit.base import Unit
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.freight import PROVIDERS, PROVIDERS_OF, ProviderConnection
from .asking import check_credentials
from .checks import require_staff
from .commands import Given
from .service import Service


class ProviderConnections(Service):
    """
    Configures the providers of one kind.
    """

    _kind = ""
    _called = ""  # what errors call such a connection

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
        Configure a provider for the whole platform.

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
        require_staff(by, f"connect_{self._kind}")
        check_connection_name(name)
        # What is usual leaves no trace: commands that were stored before are known.
        unusual = () if check else ("unchecked",)
        request = (name, provider, sorted(config.items(), key=repr), *unusual)
        given = Given(command_id, f"connect_{self._kind}", request)
        if self._known_for_platform(given) is None:
            self._try(name, provider, config, check=check)

        def work(unit: PlatformUnit) -> str:
            known = unit.get(PROVIDERS, name, lock=True)
            if known is not None and known.kind != self._kind:
                raise AlreadyExistsError(kind=f"{known.kind} provider", key=name)
            before = NEW if known is None else known.state
            if ConnectionChart.allows(before, "connect"):
                made = ProviderConnection(
                    name=name,
                    kind=self._kind,
                    provider=provider,
                    config=dict(config),
                    state=ConnectionChart.after(before, "connect"),
                )
                unit.put(PROVIDERS, made)
            elif known and (known.provider, known.config) != (provider, dict(config)):
                raise AlreadyExistsError(kind=self._called, key=name)
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
        Change a provider's configuration; a paused one stays so.

        Args:
            check: Whether the provider tries the new configuration, if it can, before
                anything is stored.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.

            ConfigError: If *config* does not fit.

            ProviderError: If the provider cannot be made, or its check fails.
        """
        require_staff(by, f"change_{self._kind}")
        request = (name, sorted(config.items(), key=repr), check)
        given = Given(command_id, f"change_{self._kind}", request)
        if self._known_for_platform(given) is None:
            self._try(name, self.get(name).provider, config, check=check)

        def work(unit: PlatformUnit) -> str:
            known = self._connected(unit.get(PROVIDERS, name, lock=True), name)
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
        Pause, resume or disconnect a provider; one that is in that state already stays
        so, and the newer *why* is kept. A paused one is not asked.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.
        """
        require_staff(by, f"{command}_{self._kind}")

        def work(unit: PlatformUnit) -> str:
            known = self._known(unit.get(PROVIDERS, name, lock=True), name)
            if command != "disconnect":
                known = self._connected(known, name)
            state, reason = rested(known.state, known.why, command, said=why)
            if (state, reason) != (known.state, known.why):
                unit.put(PROVIDERS, attrs.evolve(known, state=state, why=reason))
            return name

        given = Given(command_id, f"{command}_{self._kind}", (name, why))
        self._once_for_platform(given, work, str)
        return self._units.platform(
            lambda unit: unit.need(PROVIDERS, name), read_only=True
        )

    def check(self, name: str) -> bool:
        """
        Let a provider try its credentials now, if it can; nothing is changed.

        Returns:
            Whether they were tried; False where its plugin cannot.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.

            ProviderError: If they are refused, or it does not answer.
        """
        known = self.get(name)
        return self._try(name, known.provider, known.config, check=True)

    def get(self, name: str) -> ProviderConnection:
        """
        Return a provider's connection.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.
        """
        known = self._units.platform(
            lambda unit: unit.get(PROVIDERS, name), read_only=True
        )
        return self._connected(known, name)

    def _try(
        self, name: str, provider: str, config: Mapping[str, object], *, check: bool
    ) -> bool:
        made = self._made(name, provider, config)
        if not check:
            return False
        who = Answerer(provider, name)
        return check_credentials(made, who, self._ports, within=self._within)

    def providers(self) -> tuple[ProviderConnection, ...]:
        """
        List the providers that are connected, by name, paused ones too.
        """
        return self._units.platform(
            lambda unit: connections_of(unit, self._kind), read_only=True
        )

    def _made(self, name: str, provider: str, config: Mapping[str, object]) -> object:
        """
        Make a provider.
        """
        raise NotImplementedError

    @property
    def _within(self) -> timedelta:
        """
        How long it may take to try its credentials.
        """
        raise NotImplementedError

    def _known(self, found: ProviderConnection | None, name: str) -> ProviderConnection:
        if found is None or found.kind != self._kind:
            raise NotFoundError(kind=self._called, id=name)
        return found

    def _connected(
        self, found: ProviderConnection | None, name: str
    ) -> ProviderConnection:
        known = self._known(found, name)
        if known.state == DISCONNECTED:
            raise DisconnectedError(kind=self._called, name=name, why=known.why)
        return known


def connections_of(unit: Unit, kind: str) -> tuple[ProviderConnection, ...]:
    """
    Read the providers of a kind that are connected, by name, paused ones too.
    """
    return ask_for_connections(unit, kind)()


def ask_for_connections(
    unit: Unit, kind: str
) -> Callable[[], tuple[ProviderConnection, ...]]:
    """
    Begin to read what `connections_of` returns.
    """
    asked = unit.ask_for_each(PROVIDERS_OF, kind)
    return lambda: tuple(p for p in asked.all() if p.state != DISCONNECTED)
