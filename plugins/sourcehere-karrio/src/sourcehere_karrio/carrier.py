"""
A carrier that karrio speaks to, as a freight provider.
"""

from collections.abc import Sequence
from datetime import timedelta

import httpx2

from sourcehere.domain.freight.model import FreightAnswer, FreightRequest
from sourcehere.ports.context import Context
from sourcehere.ports.labels import LabelFile, LabelRequest, SoldLabel
from sourcehere.ports.tracking import CarrierFact, TrackedNumber

from .asking import Asker
from .config import KarrioConfig
from .easypost import EasyPost
from .labels import Labels
from .own import Own
from .quotes import Quotes
from .tracking import Tracking, check

_OWN = {"easypost": EasyPost()}
_UNTRIED = Own()


class KarrioCarrier:
    """
    Quotes, sells labels and tells where parcels are; safe to share between threads.

    Args:
        transport: Instead of the network, for tests.
    """

    def __init__(
        self,
        config: KarrioConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        own = _OWN.get(config.carrier, _UNTRIED)
        self._codes = tuple(service.code for service in config.services)
        self._asker = Asker(config, context, transport)
        self._quotes = Quotes(config, self._asker)
        self._labels = Labels(config, context, self._asker, own)
        self._tracking = Tracking(config, context, self._asker, own)

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        Ask the carrier for its rates.
        """
        return self._quotes.quote(request)

    def methods(self) -> Sequence[str]:
        """
        List the codes of the configured services.
        """
        return self._codes

    def label_key_ttl(self) -> timedelta:
        """
        None: karrio passes on no key by which a carrier could know a sale again.
        """
        return timedelta(0)

    def buy_label(self, request: LabelRequest, /, *, idempotency_key: str) -> SoldLabel:
        """
        Buy a label; the key stands in the carrier's field for references.
        """
        return self._labels.buy(request, idempotency_key)

    def void_label(self, reference: str, /, *, idempotency_key: str) -> None:
        """
        Have the carrier take a label back; a label is void once, whatever the key.
        """
        del idempotency_key
        self._labels.void(reference)

    def forget_label(self, reference: str, /) -> None:
        """
        Remove the file that is kept of a label.
        """
        self._labels.forget(reference)

    def label_file(self, reference: str, /) -> LabelFile:
        """
        Return the file that came with the label; nobody is asked.
        """
        return self._labels.file(reference)

    def carriers(self) -> Sequence[str]:
        """
        List the configured carriers.
        """
        return self._tracking.carriers

    def track(
        self, numbers: Sequence[TrackedNumber], /
    ) -> "Sequence[Sequence[CarrierFact] | Exception]":
        """
        Ask the carrier for each number.
        """
        told = self._tracking.track(numbers)
        check(told)
        return told

    def check(self) -> None:
        """
        Ask for a price, which shows whether the credentials are taken.
        """
        self._quotes.check()

    def close(self) -> None:
        """
        Close the connections.
        """
        self._asker.close()
