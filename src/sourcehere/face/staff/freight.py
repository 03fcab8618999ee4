"""
Carriers and rate cards: what they charge, and when something arrives.
"""

from collections.abc import Mapping
from datetime import date

from ...domain.freight.estimate import DeliveryComparison
from ...domain.freight.handling import Source
from ...domain.freight.model import DeliveryEstimate, FreightAnswer, FreightRequest
from ...domain.kernel.address import check_country
from ...domain.kernel.countries import country_code
from ...domain.kernel.ids import check_id
from ...plugins.hookspecs import FREIGHT_PROVIDER
from ...plugins.plain_secrets import require_references
from ...ports.calendar import CalendarUnavailableError
from ...services.paying.freight import FREIGHT
from ...unit.tables.freight import PROVIDERS_OF, ProviderConnection
from ..lists import Page
from ..records.goods import FreightConnection, FreightQuote
from ..scope import STAFF, Desk, command, reading


class FreightReadingDesk(Desk):
    """
    Quotes freight, and estimates when something arrives.
    """

    _for_staff = False  # sellers are not told how the platform's carriers are set up

    @reading()
    def quote(self, request: FreightRequest) -> FreightAnswer:
        """
        List every way to send *request*, cheapest first, and why others are left out.

        A connection that does not answer is among what is left out.

        Raises:
            FreightUnavailableError: If there is no way, and a connection that might
                have had one does not answer.

            InvalidInputError: If weight or volume is negative.

            HostsTransactionError: If a carrier has to be asked, and a host's
                transaction is open.
        """
        return self._app.freight.quote(request, for_staff=self._for_staff)

    @reading()
    def quote_with_arrivals(self, request: FreightRequest) -> FreightQuote:
        """
        List every way to send *request* as `quote` does, each with the days on which it
        arrives from a cloud warehouse at the origin and sourced directly.

        Raises:
            FreightUnavailableError: If there is no way, and a connection that might
                have had one does not answer.

            InvalidInputError: If weight or volume is negative.

            HostsTransactionError: If a carrier has to be asked, and a host's
                transaction is open.
        """
        answer = self._app.freight.quote(request, for_staff=self._for_staff)
        try:
            arrivals = tuple(
                self._app.freight.compare(days_min=o.days_min, days_max=o.days_max)
                for o in answer.options
            )
        except CalendarUnavailableError:
            arrivals = ()
        return FreightQuote(
            options=answer.options, left_out=answer.left_out, arrivals=arrivals
        )

    @reading()
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

        Today is the day in the platform's zone (`Settings.zone`).

        Args:
            days_min: On the way at least, as a freight option or an offer says.

            days_max: On the way at most, up to a thousand days.

            source: `CLOUD` where all goods are in the cloud warehouse, `PARTLY` where
                some are, else `DIRECT`.

            country: Where the cloud warehouse is; the origin (`Settings.origin`) if
                empty.

        Raises:
            InvalidInputError: If the days are negative, in the wrong order or too many,
                or *country* is none.

            CalendarUnavailableError: If the calendar's library is not installed.
        """
        return self._app.freight.estimate(
            days_min=days_min,
            days_max=days_max,
            source=source,
            country=_country(country),
            paid_on=paid_on,
        )

    @reading()
    def compare(
        self,
        *,
        days_min: int,
        days_max: int,
        country: str = "",
        paid_on: date | None = None,
    ) -> DeliveryComparison:
        """
        Estimate when an order arrives from the cloud warehouse, when it is sourced
        directly, and how many days the cloud warehouse saves.

        Both travel for the same days; an offer (`checkouts.open`) asks carriers anew
        where the cloud warehouse is in another country.

        Args:
            days_min: On the way at least, as a freight option or an offer says.

            days_max: On the way at most, up to a thousand days.

            country: Where the cloud warehouse is; the origin (`Settings.origin`) if
                empty.

            paid_on: The day of payment at the origin; today if not given.

        Raises:
            InvalidInputError: If the days are negative, in the wrong order or too many,
                or *country* is none.

            CalendarUnavailableError: If the calendar's library is not installed.
        """
        return self._app.freight.compare(
            days_min=days_min,
            days_max=days_max,
            country=_country(country),
            paid_on=paid_on,
        )

    @reading()
    def list(self, *, after: str = "", limit: int = 50) -> Page[FreightConnection]:
        """
        List the configured carriers and rate cards, by name.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            PROVIDERS_OF, FREIGHT, convert=self._view, after=after, limit=limit
        )

    def _view(self, known: ProviderConnection) -> FreightConnection:
        return FreightConnection(
            name=known.name,
            provider=known.provider,
            state=known.state,
            why=known.why,
            is_installed=self._app.registry.offers(FREIGHT_PROVIDER, known.provider),
        )


class FreightDesk(FreightReadingDesk):
    """
    Configures carriers and rate cards for the whole platform.
    """

    _for_staff = True

    @command(STAFF)
    def connect(
        self,
        name: str,
        *,
        provider: str,
        config: Mapping[str, object],
        check: bool = True,
        allow_plain: bool = False,
        command_id: str = "",
    ) -> FreightConnection:
        """
        Configure a carrier or a rate card.

        The same facts again change nothing; `change` changes it. One that was
        disconnected is connected anew.

        Args:
            name: Full codes of its methods begin with it, as in `card:std`; so it has
                no colon.

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
        self._app.freight.connect(
            name,
            provider=provider,
            config=config,
            by=self._by,
            check=check,
            command_id=command_id,
        )
        return self._view(self._app.freight.get(name))

    @command(STAFF)
    def change(
        self,
        name: str,
        *,
        config: Mapping[str, object],
        check: bool = True,
        allow_plain: bool = False,
        command_id: str = "",
    ) -> FreightConnection:
        """
        Change a carrier's configuration: credentials, an address, a rate card. A paused
        one stays paused, and what was offered already is priced as it was agreed.

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
            self._require_references(self._app.freight.get(name).provider, config)
        known = self._app.freight.change(
            name, config=config, by=self._by, check=check, command_id=command_id
        )
        return self._view(known)

    @command(STAFF)
    def pause(
        self, name: str, *, why: str = "", command_id: str = ""
    ) -> FreightConnection:
        """
        Let a carrier rest: it is not asked, and its methods are left out, with *why*.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.
        """
        return self._move(name, "pause", why, command_id)

    @command(STAFF)
    def resume(self, name: str, *, command_id: str = "") -> FreightConnection:
        """
        Ask a paused carrier again.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.
        """
        return self._move(name, "resume", "", command_id)

    @command(STAFF)
    def disconnect(
        self, name: str, *, why: str = "", command_id: str = ""
    ) -> FreightConnection:
        """
        End a carrier's connection: nobody can choose its methods any more. `connect`
        with the same name takes it up again.

        Raises:
            NotFoundError: If there is none of that name.
        """
        return self._move(name, "disconnect", why, command_id)

    @reading(STAFF)
    def check(self, name: str) -> bool:
        """
        Let a carrier try its credentials now, if it can; nothing is changed.

        Returns:
            Whether they were tried; False where its plugin cannot.

        Raises:
            NotFoundError: If there is none of that name.

            DisconnectedError: If it is disconnected.

            ProviderError: If they are refused, or it does not answer.
        """
        return self._app.freight.check(name)

    def _require_references(self, provider: str, config: Mapping[str, object]) -> None:
        offers = self._app.registry.providers(FREIGHT_PROVIDER)
        require_references(offers, provider, config, kind=FREIGHT_PROVIDER)

    def _move(
        self, name: str, command: str, why: str, command_id: str
    ) -> FreightConnection:
        known = self._app.freight.move(
            name, command, by=self._by, why=why, command_id=command_id
        )
        return self._view(known)


def _country(text: str) -> str:
    code = country_code(text)
    if code:
        check_country("country", code)
    return code
