"""
What providers tell by themselves: kept, and asked about at the next round.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from ...domain.kernel.connections import DISCONNECTED
from ...domain.kernel.errors import NotFoundError
from ...doors.webhooks import check_webhook_size
from ...unit.platform_unit import PlatformUnit
from ...unit.records import Records
from ...unit.tables.freight import PROVIDERS, ProviderConnection
from .service import Service

H = TypeVar("H")


class HintReceiving(Service):
    """
    Receives the webhooks of providers of one kind.
    """

    _kind = ""
    _called = ""  # what errors call such a connection

    def _told_by(
        self, name: str, headers: Mapping[str, str], body: bytes
    ) -> ProviderConnection:
        """
        Return the connection whose webhook this says it is.

        Raises:
            WebhookTooLargeError: If it is larger than is taken.

            NotFoundError: If there is no such connection of this kind, or it is
                disconnected.
        """
        check_webhook_size(
            headers,
            body,
            bytes_max=self._settings.webhook_max,
            headers_max=self._settings.webhook_headers_max,
        )
        known = self._units.platform(
            lambda unit: unit.get(PROVIDERS, name), read_only=True
        )
        is_there = known is not None and known.kind == self._kind
        if known is None or not is_there or known.state == DISCONNECTED:
            raise NotFoundError(kind=self._called, id=name)
        return known

    def _keep_hints(
        self,
        records: Records[H],
        named: Sequence[str],
        made: Callable[[str, datetime], H],
    ) -> None:
        """
        Keep what a connection *named*, each *made* of its name and of now.
        """

        def work(unit: PlatformUnit) -> None:
            hints = [made(name, unit.now) for name in named]
            unit.many(records, map(records.key_of, hints), lock=True)
            unit.put(records, *hints)

        if named:
            self._units.platform(work)
