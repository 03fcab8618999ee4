"""
Freight: the platform's configured providers, asked outside any transaction.
"""

from collections.abc import Mapping
from datetime import date

from ...domain.freight.estimate import Source, estimate_delivery
from ...domain.freight.model import (
    DeliveryEstimate,
    FreightAnswer,
    FreightOption,
    FreightRequest,
    LeftOut,
)
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import AlreadyExistsError
from ...domain.wallet.model import OrderPlan
from ...ports.freight import FreightProvider
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.freight import PROVIDERS, ProviderConnection
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.service import Service


class Freight(Service):
    """
    Configures freight providers, and quotes.
    """

    def connect(
        self,
        name: str,
        *,
        provider: str,
        config: Mapping[str, object],
        by: Actor,
        command_id: str = "",
    ) -> None:
        """
        Configure a freight provider, such as a rate card, for the whole platform.

        The same facts again change nothing; other facts under a known name replace it.

        Raises:
            UnknownProviderError: If no plugin offers *provider*.

            ConfigError: If *config* does not fit.

            AlreadyExistsError: If *name* is a provider of another kind.
        """
        require_staff(by, "connect_freight")
        self._ports.providers.freight_provider(provider, config)

        def work(unit: PlatformUnit) -> str:
            known = unit.get(PROVIDERS, name, lock=True)
            if known is not None and known.kind != "freight":
                raise AlreadyExistsError(kind=f"{known.kind} provider", key=name)
            made = ProviderConnection(
                name=name, kind="freight", provider=provider, config=dict(config)
            )
            unit.put(PROVIDERS, made)
            return name

        request = (name, provider, sorted(config.items(), key=repr))
        given = Given(command_id, "connect_freight", request)
        self._once_for_platform(given, work, str)

    def providers(self) -> tuple[ProviderConnection, ...]:
        """
        List the configured freight providers, by name.
        """
        return self._units.platform(
            lambda unit: tuple(
                p for p in unit.each(PROVIDERS.primary) if p.kind == "freight"
            ),
            read_only=True,
        )

    def desk(self) -> "FreightDesk":
        """
        Make a desk that asks all configured providers, each question once.
        """
        return FreightDesk(
            [
                self._ports.providers.freight_provider(p.provider, p.config)
                for p in self.providers()
            ]
        )

    def estimate(
        self,
        *,
        days_min: int,
        days_max: int,
        source: Source,
        paid_on: date | None = None,
    ) -> DeliveryEstimate:
        """
        Estimate when an order arrives that is paid today, or on *paid_on*.

        Args:
            days_min: On the way at least, as a freight option or a plan says.

            days_max: On the way at most.

            source: `cloud` where all goods are in the cloud warehouse, else `direct`.

        Raises:
            CalendarUnavailableError: If the calendar's library is not installed.
        """
        return estimate_delivery(
            paid_on=self._ports.clock.now().date() if paid_on is None else paid_on,
            source=source,
            days_min=days_min,
            days_max=days_max,
            calendar=self._ports.calendar,
        )

    def estimate_plan(self, plan: OrderPlan) -> DeliveryEstimate:
        """
        Estimate when an order of a checkout arrives if it is paid today.

        Raises:
            CalendarUnavailableError: If the calendar's library is not installed.
        """
        is_cloud = all(i.quantity_from_lots == i.quantity for i in plan.items)
        return self.estimate(
            days_min=plan.days_min,
            days_max=plan.days_max,
            source=Source.CLOUD if is_cloud else Source.DIRECT,
        )

    def quote(self, request: FreightRequest) -> FreightAnswer:
        """
        List every way to send *request*, cheapest first, and why others are left out.

        Raises:
            ProviderError: If a provider cannot answer.
        """
        return self.desk().quote(request)


class FreightDesk:
    """
    Asks providers, and remembers what they answered to an equal question.
    """

    def __init__(self, providers: list[FreightProvider]) -> None:
        self._providers = providers
        self._known: dict[FreightRequest, FreightAnswer] = {}

    def quote(self, request: FreightRequest) -> FreightAnswer:
        """
        List every way to send *request*, cheapest first.

        Raises:
            ProviderError: If a provider cannot answer.
        """
        known = self._known.get(request)
        if known is None:
            known = self._known[request] = self._ask(request)
        return known

    def _ask(self, request: FreightRequest) -> FreightAnswer:
        options: list[FreightOption] = []
        left_out: list[LeftOut] = []
        for provider in self._providers:
            answer = provider.quote(request)
            options.extend(answer.options)
            left_out.extend(answer.left_out)
        options.sort(key=lambda option: (option.price.minor, option.method))
        return FreightAnswer(tuple(options), tuple(left_out))
