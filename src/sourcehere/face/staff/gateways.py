"""
Payment gateways: connected, and held against what they pay out.
"""

from collections.abc import Mapping
from datetime import datetime

from ...domain.kernel.ids import check_id
from ...plugins.hookspecs import PAYMENT_PROVIDER
from ...plugins.plain_secrets import require_references
from ...services.gateways.connections import PAYMENT
from ...services.gateways.reconciling import PayoutReport
from ...unit.tables.freight import PROVIDERS_OF, ProviderConnection
from ..lists import Page
from ..records.payments import GatewayConnection
from ..scope import STAFF, Desk, command, reading


class GatewaysDesk(Desk):
    """
    Connects payment gateways, which top up wallets.
    """

    @reading(STAFF)
    def list(self, *, after: str = "", limit: int = 50) -> Page[GatewayConnection]:
        """
        List the gateways, by name, those that rest too.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            PROVIDERS_OF, PAYMENT, convert=self._view, after=after, limit=limit
        )

    @command(STAFF, at_desk=True)
    def connect(
        self,
        name: str,
        *,
        provider: str,
        config: Mapping[str, object],
        check: bool = True,
        allow_plain: bool = False,
        command_id: str = "",
    ) -> GatewayConnection:
        """
        Configure a payment gateway for the whole platform.

        The same facts again change nothing; `change` changes it. One that was
        disconnected is connected anew.

        Args:
            check: Whether a provider that can try its credentials does; if that fails,
                nothing is stored.

            allow_plain: Keep secrets that stand in *config* as they are, instead of
                references to them.

        Raises:
            UnknownProviderError: If no plugin offers *provider*.

            ConfigError: If *config* does not fit, or holds a secret.

            InvalidInputError: If *name* is no id, or holds a colon.

            ProviderError: If the provider cannot be made, or its check fails.

            AlreadyExistsError: If *name* is connected otherwise.
        """
        check_id("name", name)
        if not allow_plain:
            self._require_references(provider, config)
        self._app.gateways.connect(
            name,
            provider=provider,
            config=config,
            by=self._by,
            check=check,
            command_id=command_id,
        )
        return self._view(self._app.gateways.get(name))

    @command(STAFF, at_desk=True)
    def change(
        self,
        name: str,
        *,
        config: Mapping[str, object],
        check: bool = True,
        allow_plain: bool = False,
        command_id: str = "",
    ) -> GatewayConnection:
        """
        Change a gateway's configuration, such as its credentials. A paused one stays
        paused.

        Args:
            config: The whole configuration from now on.

            check: Whether the provider tries it, if it can; if that fails, the former
                one stays.

            allow_plain: Keep secrets that stand in *config* as they are, instead of
                references to them.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.

            ConfigError: If *config* does not fit, or holds a secret.

            ProviderError: If the provider cannot be made, or its check fails.
        """
        if not allow_plain:
            self._require_references(self._app.gateways.get(name).provider, config)
        known = self._app.gateways.change(
            name, config=config, by=self._by, check=check, command_id=command_id
        )
        return self._view(known)

    @command(STAFF, at_desk=True)
    def pause(
        self, name: str, *, why: str = "", command_id: str = ""
    ) -> GatewayConnection:
        """
        Let nothing new begin at a gateway; what it was asked for before is still
        followed.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.
        """
        return self._move(name, "pause", why, command_id)

    @command(STAFF, at_desk=True)
    def resume(self, name: str, *, command_id: str = "") -> GatewayConnection:
        """
        Use a paused gateway again.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.
        """
        return self._move(name, "resume", "", command_id)

    @command(STAFF, at_desk=True)
    def disconnect(
        self, name: str, *, why: str = "", command_id: str = ""
    ) -> GatewayConnection:
        """
        End a gateway's connection: nothing new begins at it, its webhooks are refused,
        and what it was asked for before is still followed. `connect` with the same name
        takes it up again.

        Raises:
            NotFoundError: If there is none of that name.
        """
        return self._move(name, "disconnect", why, command_id)

    @reading(STAFF)
    def check(self, name: str) -> bool:
        """
        Let a gateway try its credentials now, if it can; nothing is changed.

        Returns:
            Whether they were tried; False where its plugin cannot.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.

            ProviderError: If they are refused, or it does not answer.
        """
        return self._app.gateways.check(name)

    @reading(STAFF, outside=True)
    def reconcile(self, name: str, *, since: datetime) -> PayoutReport:
        """
        Compare a gateway's payouts since some time with the ledger; nothing is changed.

        Raises:
            NotFoundError: If there is none of that name.

            PayoutsUnsupportedError: If it lists none.

            ProviderError: If it does not answer, or what it tells makes no sense.

            InvalidInputError: If *since* has no zone.
        """
        return self._app.gateways.reconcile(name, since=since)

    def _view(self, known: ProviderConnection) -> GatewayConnection:
        return GatewayConnection(
            name=known.name,
            provider=known.provider,
            state=known.state,
            why=known.why,
            is_installed=self._app.registry.offers(PAYMENT_PROVIDER, known.provider),
        )

    def _require_references(self, provider: str, config: Mapping[str, object]) -> None:
        offers = self._app.registry.providers(PAYMENT_PROVIDER)
        require_references(offers, provider, config, kind=PAYMENT_PROVIDER)

    def _move(
        self, name: str, command: str, why: str, command_id: str
    ) -> GatewayConnection:
        known = self._app.gateways.move(
            name, command, by=self._by, why=why, command_id=command_id
        )
        return self._view(known)
