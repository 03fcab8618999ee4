"""
What carriers tell by themselves: numbers to be asked for at the next round.
"""

from collections.abc import Mapping
from datetime import datetime

from ...domain.freight.errors import TrackingWebhooksUnsupportedError
from ...domain.kernel.values import frozen
from ...domain.shipments.walks import TrackingHint
from ...doors.answers import Answerer
from ...doors.tracking import hinted_numbers
from ...doors.webhooks import by_lower_names
from ...ports.tracking import SupportsTrackingWebhooks
from ...unit.tables.freight import ProviderConnection
from ...unit.tables.shipments import TRACKING_HINTS
from ..base.asking import read_webhook
from ..base.hint_receiving import HintReceiving


@frozen
class HintsKept:
    """
    That a carrier's webhook is kept: say 200 to it.

    Attributes:
        numbers: The tracking numbers that it is about; none of a ping.
    """

    numbers: tuple[str, ...]


class Hints(HintReceiving):
    """
    Receives what carriers tell by themselves.
    """

    _kind = "freight"
    _called = "freight connection"

    def receive(
        self, name: str, *, headers: Mapping[str, str], body: bytes
    ) -> HintsKept:
        """
        Check a webhook, keep what it is about, and return at once: nobody is asked.

        Raises:
            WebhookTooLargeError: If it is larger than is taken; then it is not read.

            NotFoundError: If there is no such connection, or it is disconnected.

            TrackingWebhooksUnsupportedError: If its provider has none.

            SignatureError: If it is not signed by the carrier, or was changed.

            ProtocolError: If its content makes no sense.
        """
        connection = self._told_by(name, headers, body)
        numbers = self._numbers(connection, headers, body)

        def made(told: str, at: datetime) -> TrackingHint:
            return TrackingHint(connection=name, tracking_number=told, told_at=at)

        self._keep_hints(TRACKING_HINTS, numbers, made)
        return HintsKept(numbers)

    def _numbers(
        self, connection: ProviderConnection, headers: Mapping[str, str], body: bytes
    ) -> tuple[str, ...]:
        name, provider = connection.name, connection.provider
        who = Answerer(provider, name)
        made: object = who.ask(
            lambda: self._ports.providers.freight_provider(
                provider, connection.config, connection=name
            )
        )
        if not isinstance(made, SupportsTrackingWebhooks):
            raise TrackingWebhooksUnsupportedError(connection=name, provider=provider)

        def read() -> tuple[str, ...]:
            told = made.verify_tracking(body, by_lower_names(headers))
            return hinted_numbers(told, who)

        return read_webhook(who, read)
