"""
What gateways tell by themselves: payments to be asked about at the next round.
"""

from collections.abc import Mapping
from datetime import datetime

from ...domain.effects.gateway_errors import PaymentWebhooksUnsupportedError
from ...domain.effects.payment_facts import PaymentHint
from ...domain.kernel.values import frozen
from ...doors.answers import Answerer
from ...doors.payments import references_of
from ...doors.webhooks import by_lower_names
from ...ports.payments import SupportsPaymentWebhooks
from ...unit.tables.freight import ProviderConnection
from ...unit.tables.payments import PAYMENT_HINTS
from ..base.asking import read_webhook
from ..base.hint_receiving import HintReceiving
from .connections import PAYMENT


@frozen
class PaymentHintsKept:
    """
    That a gateway's webhook is kept: say 200 to it.

    Attributes:
        references: The payments that it is about; none of a ping.
    """

    references: tuple[str, ...]


class PaymentHints(HintReceiving):
    """
    Receives what gateways tell by themselves.
    """

    _kind = PAYMENT
    _called = "gateway"

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
        connection = self._told_by(name, headers, body)
        references = self._references(connection, headers, body)

        def made(told: str, at: datetime) -> PaymentHint:
            return PaymentHint(connection=name, reference=told, told_at=at)

        self._keep_hints(PAYMENT_HINTS, references, made)
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
