"""
What carriers tell by themselves: numbers to be asked for at the next round.
"""

from collections.abc import Mapping

from ...domain.freight.errors import TrackingWebhooksUnsupportedError
from ...domain.kernel.connections import DISCONNECTED
from ...domain.kernel.errors import NotFoundError
from ...domain.kernel.values import frozen
from ...domain.shipments.walks import TrackingHint
from ...doors.answers import Answerer
from ...doors.tracking import hinted_numbers
from ...doors.webhooks import by_lower_names, check_webhook_size
from ...ports.tracking import SupportsTrackingWebhooks
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.freight import PROVIDERS, ProviderConnection
from ...unit.tables.shipments import TRACKING_HINTS
from ..base.asking import read_webhook
from ..base.service import Service


@frozen
class HintsKept:
    """
    That a carrier's webhook is kept: say 200 to it.

    Attributes:
        numbers: The tracking numbers that it is about; none of a ping.
    """

    numbers: tuple[str, ...]


class Hints(Service):
    """
    Receives what carriers tell by themselves.
    """

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
        check_webhook_size(
            headers,
            body,
            bytes_max=self._settings.webhook_max,
            headers_max=self._settings.webhook_headers_max,
        )
        connection = self._units.platform(
            lambda unit: unit.get(PROVIDERS, name), read_only=True
        )
        if connection is None or connection.state == DISCONNECTED:
            raise NotFoundError(kind="freight connection", id=name)
        numbers = self._numbers(connection, headers, body)

        def keep(unit: PlatformUnit) -> None:
            hints = [
                TrackingHint(connection=name, tracking_number=number, told_at=unit.now)
                for number in numbers
            ]
            keys = [(name, number) for number in numbers]
            unit.many(TRACKING_HINTS, keys, lock=True)
            unit.put(TRACKING_HINTS, *hints)

        if numbers:
            self._units.platform(keep)
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
