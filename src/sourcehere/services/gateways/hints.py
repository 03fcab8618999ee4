"""
What gateways tell by themselves: payments to be asked about at the next round.
"""

from collections.abc import Mapping

from ...domain.effects.gateway_errors import PaymentWebhooksUnsupportedError
from ...domain.effects.payment_facts import PaymentHint
from ...domain.kernel.connections import DISCONNECTED
from ...domain.kernel.errors import NotFoundError
from ...domain.kernel.values import frozen
from ...doors.answers import Answerer
from ...doors.payments import references_of
from ...doors.webhooks import by_lower_names, check_webhook_size
from ...ports.payments import SupportsPaymentWebhooks
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.freight import PROVIDERS, ProviderConnection
from ...unit.tables.payments import PAYMENT_HINTS
from ..base.asking import read_webhook
from ..base.service import Service
from .connections import PAYMENT


@frozen
class PaymentHintsKept:
    """
    That a gateway's webhook is kept: say 200 to it.

    Attributes:
        references: The payments that it is about; none of a ping.
    """

    references: tuple[str, ...]


class PaymentHints(Service):
    """
    Receives what gateways tell by themselves.
    """

    def receive(
        self, name: str, *, headers: Mapping[str, str], body: bytes
    ) -> PaymentHintsKept:
        """
        Check a webhook, keep what it is about, and return at once: nobody is asked.
        What it says of money is not believed: that is fetched.

        Raises:
            WebhookTooLargeError: If it is larger than is taken; then it is not read.

            NotFoundError: If there is no such gateway, or it is disconnected.

            PaymentWebhooksUnsupportedError: If its provider has none.

            SignatureError: If it is not signed by the gateway, or was changed.

            ProtocolError: If its content makes no sense.
        """
        check_webhook_size(
            headers,
            body,
            bytes_max=self._settings.webhook_max,
            headers_max=self._settings.webhook_headers_max,
        )
        connection = self._units.platform(
            lambda unit: unit.get(PROVIDERS, name), read_only=True
        )
        is_there = connection is not None and connection.kind == PAYMENT
        if connection is None or not is_there or connection.state == DISCONNECTED:
            raise NotFoundError(kind="gateway", id=name)
        references = self._references(connection, headers, body)

        def keep(unit: PlatformUnit) -> None:
            hints = [
                PaymentHint(connection=name, reference=reference, told_at=unit.now)
                for reference in references
            ]
            keys = [(name, reference) for reference in references]
            unit.many(PAYMENT_HINTS, keys, lock=True)
            unit.put(PAYMENT_HINTS, *hints)

        if references:
            self._units.platform(keep)
        return PaymentHintsKept(references)

    def _references(
        self, connection: ProviderConnection, headers: Mapping[str, str], body: bytes
    ) -> tuple[str, ...]:
        name, provider = connection.name, connection.provider
        who = Answerer(provider, name)
        made: object = who.ask(
            lambda: self._ports.providers.payment_provider(
                provider, connection.config, connection=name
            )
        )
        if not isinstance(made, SupportsPaymentWebhooks):
            raise PaymentWebhooksUnsupportedError(connection=name, provider=provider)

        def read() -> tuple[str, ...]:
            told = made.verify_payment(body, by_lower_names(headers))
            return references_of(told, who)

        return read_webhook(who, read)
