"""
Asks where parcels are, and reads what is told.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from sourcehere import FreightRequest
from sourcehere.domain.freight.model import FreightAnswer
from sourcehere.ports.context import Context
from sourcehere.ports.errors import ProtocolError, ProviderError, SignatureError
from sourcehere.ports.tracking import CarrierFact, TrackedNumber
from sourcehere_http import strict_json
from sourcehere_http.shapes import read_shape

from .client import NAME, Asked, Client, is_unregistered
from .config import Track17Config
from .times import with_times
from .words import meaning_of

_PLACE_MAX = 100
_WHAT_TO_DO = "say in the configuration, as `zone`, where such carriers' clocks are"


class Track17:
    """
    Follows the parcels of some two thousand carriers; quotes no freight.
    """

    is_pure = True  # of quotes: there are none

    def __init__(
        self,
        config: Track17Config,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._config = config
        self._logger = context.logger
        self._client = Client(config, context, transport)
        self._zone = ZoneInfo(config.zone) if config.zone else None
        self._codes = {name.casefold(): code for name, code in config.codes.items()}

    def quote(self, _request: FreightRequest, /) -> FreightAnswer:
        """
        Offer no way to send anything.
        """
        return FreightAnswer((), ())

    def check(self) -> None:
        """
        Try the key, and tell in the log how many numbers may still be registered.
        """
        left = self._client.quota()
        tell = self._logger.info if left else self._logger.warning
        tell("%s numbers are left in the quota", left)

    def carriers(self) -> Sequence[str]:
        """
        List those that were configured; none for all.
        """
        return self._config.carriers

    def track(
        self, numbers: Sequence[TrackedNumber], /
    ) -> Sequence[Sequence[CarrierFact] | Exception]:
        """
        Ask for all at once; those that nobody has registered are registered first.

        What is new to 17TRACK is asked of its carrier within minutes, so that the first
        answer has often nothing in it.
        """
        asked = [self._asked(number) for number in numbers]
        answers = self._client.known(asked)
        if self._config.registers:
            self._register(asked, answers)
        return [self._told(answer) for answer in answers]

    def verify_tracking(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Check the signature, which is of the body and the access key; then read of which
        number it is.
        """
        signed = hashlib.sha256(body + b"/" + self._config.key.encode()).hexdigest()
        given = headers.get("sign", "").strip().lower()
        if not hmac.compare_digest(given.encode(), signed.encode()):
            raise SignatureError(provider=NAME, detail="the signature is wrong")
        said = strict_json(body, provider=NAME)
        number = read_shape(NAME, lambda told: told["data"]["number"], said)
        if not isinstance(number, str) or not number.strip():
            raise ProtocolError(provider=NAME, detail="it names no number")
        return (number.strip(),)

    def close(self) -> None:
        """
        Close the connections; may be called twice.
        """
        self._client.close()

    def _asked(self, number: TrackedNumber) -> Asked:
        code = self._codes.get(number.carrier.strip().casefold(), 0)
        # As receipts print it: in groups, which 17TRACK knows nothing of.
        return Asked(number="".join(number.tracking_number.split()), code=code)

    def _register(
        self,
        asked: Sequence[Asked],
        answers: "list[Mapping[str, Any] | ProviderError]",
    ) -> None:
        """
        Register what nobody has, and ask for it again; what fails is in its place.
        """
        places = [n for n, answer in enumerate(answers) if is_unregistered(answer)]
        if not places:
            return
        refused = self._client.register([asked[n] for n in places])
        taken = []
        for place, why_not in zip(places, refused, strict=True):
            if why_not is None:
                taken.append(place)
            else:
                answers[place] = why_not
        if taken:
            known = self._client.known([asked[n] for n in taken])
            for place, answer in zip(taken, known, strict=True):
                answers[place] = answer

    def _told(
        self, answer: Mapping[str, Any] | ProviderError
    ) -> Sequence[CarrierFact] | Exception:
        if isinstance(answer, ProviderError):
            return answer
        try:
            return read_shape(NAME, self._facts, answer, what="a number's events")
        except ProtocolError as error:
            return error

    def _facts(self, answer: Mapping[str, Any]) -> list[CarrierFact]:
        found: dict[str, CarrierFact] = {}  # two carriers of one parcel tell the same
        info = answer.get("track_info") or {}
        for provider in (info.get("tracking") or {}).get("providers") or ():
            events = provider.get("events") or ()
            for event, at in with_times(events, self._zone):
                fact = self._fact(event, at)
                if fact is not None:
                    found[fact.key] = fact
        return list(found.values())

    def _fact(
        self, event: Mapping[str, Any], at: datetime | None
    ) -> CarrierFact | None:
        word = str(event.get("sub_status") or event.get("stage") or "")
        meaning = meaning_of(word)
        if at is None:
            words = "an event has no time with a zone, and is left out: %r; %s"
            self._logger.warning(words, word, _WHAT_TO_DO)
        if meaning is None or at is None:
            return None
        status, incident = meaning
        place = " ".join(str(event.get("location") or "").split())[:_PLACE_MAX]
        said = hashlib.sha256(str(event.get("description") or "").encode()).hexdigest()
        return CarrierFact(
            key=f"{at.isoformat()} {word} {said[:16]}",
            status=status,
            happened_at=at,
            place=place,
            incident=incident,
        )
