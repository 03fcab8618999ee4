"""
The calls to a gateway about one payment: with no transaction open, and a time limit.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from ...domain.effects.gateway_errors import PayoutsUnsupportedError
from ...domain.effects.payment_stages import PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.connections import ACTIVE
from ...domain.kernel.errors import NotFoundError, SourceHereError
from ...domain.kernel.values import frozen
from ...doors.answers import Answerer, words_of
from ...doors.failures import checked_failure
from ...doors.payments import (
    chargebacks_of,
    finds_by_reference,
    found,
    key_ttl_of,
    payouts_of,
    told,
)
from ...doors.private import hide_cards
from ...ports.errors import DeclinedError, ProviderError, UnknownOutcomeError
from ...ports.payments import (
    Chargeback,
    PaymentProvider,
    PaymentRecord,
    Payout,
    SupportsChargebacks,
    SupportsPayouts,
)
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.freight import PROVIDERS, ProviderConnection
from ..base.asking import ask_outside
from ..base.ports import Ports
from ..base.provider_connections import connections_of
from ..base.resting import GatewayRestsError
from ..base.troubles import told_to_sellers
from .circuits import GatewayCircuits
from .connections import PAYMENT

T = TypeVar("T")


@frozen
class Gateway:
    """
    A gateway, ready to be asked.
    """

    name: str
    provider: PaymentProvider
    who: Answerer


@frozen
class NobodyCanTell:
    """
    The key is too old to be sent again, and what is not found may have happened.
    """


@frozen
class KnowsOfNone:
    """
    The gateway is sure that nothing happened under the reference.
    """


@frozen
class NotAsked:
    """
    The gateway was not asked: it cannot be made.
    """

    error: SourceHereError


Said = PaymentRecord | KnowsOfNone | NobodyCanTell | NotAsked | ProviderError


class GatewayCalls:
    """
    Asks gateways, and keeps in their circuits how they answered.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._settings = ports.settings
        self._circuits = GatewayCircuits(ports)

    def rests(self, name: str) -> bool:
        """
        Tell whether a gateway rests after trouble.
        """
        return self._circuits.rests(name)

    def require_usable(self, name: str) -> None:
        """
        Refuse a gateway at which nothing new can begin.

        Raises:
            NotFoundError: If there is none of that name.

            GatewayRestsError: If it is paused, disconnected, or did not answer well.

            ConnectionTroubleError: If its provider cannot be made.
        """
        connection = self._connection(name)
        if connection.state != ACTIVE:
            raise GatewayRestsError(name, connection.state, connection.why)
        if self.rests(name):
            raise GatewayRestsError(name, "resting", "it did not answer well")
        try:
            key_ttl_of(*self._asked_of(self._made(connection)))
        except SourceHereError as error:
            log = self._ports.watch.log("gateways")
            log.warning("the gateway %s cannot be used: %s", name, words_of(error))
            raise told_to_sellers(name, error, is_made=False) from error

    def usable(self) -> frozenset[str]:
        """
        Return the gateways at which something new can begin.
        """
        known = self._ports.units.platform(
            lambda unit: connections_of(unit, PAYMENT), read_only=True
        )
        return frozenset(
            one.name
            for one in known
            if one.state == ACTIVE
            and not self.rests(one.name)
            and self._can_be_made(one)
        )

    def gateway(self, name: str) -> Gateway:
        """
        Make the provider of a gateway. One that is paused or disconnected is still
        asked what became of what it was asked for before.

        Raises:
            SourceHereError: If there is none, or it cannot be made.
        """
        return self._made(self._connection(name))

    def why_not(self, name: str) -> SourceHereError | None:
        """
        Return why a gateway cannot be asked at all, such as that no plugin offers its
        provider any more; None where it can.
        """
        try:
            self.gateway(name)
        except SourceHereError as error:
            return error
        return None

    def moved(self, attempt: PaymentAttempt, *, is_first: bool) -> Said:
        """
        Have money moved, or find out whether it was moved before.

        Args:
            is_first: Whether nothing can have happened with its key yet.
        """
        try:
            gateway = self.gateway(attempt.connection)
            is_repeated = not attempt.is_pending and self.honours(gateway, attempt)
        except SourceHereError as error:
            return NotAsked(error)
        if is_first or is_repeated:
            ask = partial(_ask, gateway.provider, attempt)
            reference = attempt.reference
            return self._call(
                gateway,
                attempt.step.value,
                lambda: told(ask, gateway.who, reference=reference),
                attempt,
            )
        return self._looked_up(gateway, attempt)

    def looked_up(self, attempt: PaymentAttempt) -> Said:
        """
        Look up what became of the step that an attempt has come to.
        """
        try:
            gateway = self.gateway(attempt.connection)
        except SourceHereError as error:
            return NotAsked(error)
        return self._looked_up(gateway, attempt)

    def honours(self, gateway: Gateway, attempt: PaymentAttempt) -> bool:
        """
        Tell whether the key of an attempt's step is still the same payment.
        """
        ttl = key_ttl_of(*self._asked_of(gateway))
        return attempt.step_at + ttl > self._ports.clock.now()

    def chargebacks(
        self, attempt: PaymentAttempt
    ) -> tuple[Chargeback, ...] | NotAsked | ProviderError | None:
        """
        Ask what was taken back of a capture; None where the gateway cannot be asked.
        """
        try:
            gateway = self.gateway(attempt.connection)
        except SourceHereError as error:
            return NotAsked(error)
        provider: object = gateway.provider
        if not isinstance(provider, SupportsChargebacks):
            return None
        ask = partial(chargebacks_of, provider, gateway.who, attempt.gateway_id)
        return self._call(gateway, "chargebacks", ask, attempt)

    def payouts(self, name: str, since: datetime) -> tuple[Payout, ...]:
        """
        Ask what was sent to the platform's bank account.

        Raises:
            PayoutsUnsupportedError: If the gateway cannot tell.

            ProviderError: If it does not, or what it tells makes no sense.
        """
        gateway = self.gateway(name)
        provider: object = gateway.provider
        if not isinstance(provider, SupportsPayouts):
            raise PayoutsUnsupportedError(
                connection=name, provider=gateway.who.provider
            )
        ask = partial(payouts_of, provider, gateway.who, since)
        said = self._call(gateway, "payouts", ask)
        if isinstance(said, ProviderError):
            raise said
        return said

    def _looked_up(self, gateway: Gateway, attempt: PaymentAttempt) -> Said:
        provider, who = gateway.provider, gateway.who
        ask = partial(_look, provider, who, attempt.reference)
        said = self._call(gateway, "find", ask, attempt)
        if isinstance(said, DeclinedError):  # to tell; it says nothing of the payment
            return UnknownOutcomeError(provider=said.provider, detail=said.detail)
        if isinstance(said, ProviderError):
            return said
        record, is_sure = said
        if record is not None:
            return record
        return KnowsOfNone() if is_sure else NobodyCanTell()

    def _asked_of(self, gateway: Gateway) -> tuple[PaymentProvider, Answerer]:
        return gateway.provider, gateway.who

    def _made(self, connection: ProviderConnection) -> Gateway:
        name = connection.name
        provider = self._ports.providers.payment_provider(
            connection.provider, connection.config, connection=name
        )
        return Gateway(name, provider, Answerer(connection.provider, name))

    def _can_be_made(self, connection: ProviderConnection) -> bool:
        try:
            self._made(connection)
        except SourceHereError:
            return False
        return True

    def _connection(self, name: str) -> ProviderConnection:
        def work(unit: PlatformUnit) -> ProviderConnection | None:
            return unit.get(PROVIDERS, name)

        known = self._ports.units.platform(work, read_only=True)
        if known is None or known.kind != PAYMENT:
            raise NotFoundError(kind="gateway", id=name)
        return known

    def _call(
        self,
        gateway: Gateway,
        what: str,
        ask: Callable[[], T],
        attempt: PaymentAttempt | None = None,
    ) -> T | ProviderError:
        (answer,) = ask_outside(
            self._ports.watch,
            f"payments.{what}",
            [(gateway.who, ask)],
            within=self._settings.payment_within,
            about={} if attempt is None else _about(attempt),
        )
        said = (
            checked_failure(gateway.who, answer, hide=partial(_hidden, attempt))
            if isinstance(answer, Exception)
            else answer
        )
        error = said if isinstance(said, ProviderError) else None
        self._circuits.judge(gateway.name, error)
        return said


def _hidden(attempt: PaymentAttempt | None, words: str) -> str:
    return hide_cards(words if attempt is None else attempt.without_source(words))


def _about(attempt: PaymentAttempt) -> dict[str, str | int]:
    about: dict[str, str | int] = {
        "payment": attempt.attempt_id,
        "attempt": attempt.sends,
    }
    return about | ({"checkout": attempt.checkout_id} if attempt.checkout_id else {})


def _ask(provider: PaymentProvider, attempt: PaymentAttempt) -> PaymentRecord:
    names = {"reference": attempt.reference, "idempotency_key": attempt.key}
    match attempt.step:
        case PaymentStep.AUTHORIZE:
            return provider.authorize(attempt.wanted, attempt.source, **names)
        case PaymentStep.CAPTURE:
            named = attempt.authorization_id
            return provider.capture(named, attempt.wanted, **names)
        case PaymentStep.REFUND:
            named = attempt.authorization_id
            return provider.refund(named, attempt.wanted, **names)


def _look(
    provider: PaymentProvider, who: Answerer, reference: str
) -> tuple[PaymentRecord | None, bool]:
    return found(provider, who, reference), finds_by_reference(provider, who)
