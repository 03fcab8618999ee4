"""
How 17TRACK is asked, and what its codes mean.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs
import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere_http import Api

from .config import Track17Config

NAME = "17track"
NOT_REGISTERED = -18019902
_REGISTERED_ALREADY = -18019901
_NOTHING_YET = -18019909
_TOMORROW = timedelta(hours=6)
_UNAUTHORIZED = {
    -18010001: "this machine's address is not among those that may ask",
    -18010002: "the access key is refused",
    -18010004: "the account is disabled",
    -18010005: "the access key does not permit it",
}
_THROTTLED = {
    -18019907: ("all that may be asked in a day was asked", _TOMORROW),
    -18019908: ("no number is left in the account's quota", _TOMORROW),
}
_DECLINED = {
    NOT_REGISTERED: "the number is not registered",
    -18010011: "the number is none",
    -18010012: "the number is none",
    -18019903: "the number does not tell whose it is: give a code for its carrier",
    -18019910: "there is no carrier of that code",
}
_WANTS_MORE = "its carrier wants more than the number: register it in 17TRACK's pages"
# No new number gets over these by itself: somebody has to see them.
_NOT_FOLLOWED = {
    -18010018: f"{_WANTS_MORE}, with the country and the postcode",
    -18010019: f"{_WANTS_MORE}, with the postcode",
    -18010020: f"{_WANTS_MORE}, with the phone number",
    -18010022: f"{_WANTS_MORE}, with the day on which it was sent",
    -18019911: "17TRACK takes no numbers of its carrier at the moment",
}
_FAILED = -18010003
_QUOTA = "getquota"


@attrs.frozen(kw_only=True)
class Asked:
    """
    A number, as 17TRACK is asked for it.

    Attributes:
        code: 17TRACK's of the carrier; 0 where the number tells it.
    """

    number: str
    code: int = 0

    def told(self) -> dict[str, object]:
        """
        Return it as JSON has it.
        """
        return {"number": self.number, **({"carrier": self.code} if self.code else {})}

    def is_meant(self, said: Mapping[str, Any]) -> bool:
        """
        Tell whether an answer is of it.
        """
        is_same = str(said["number"]).casefold() == self.number.casefold()
        # Of what is rejected it tells no carrier, none as 0, or its code as a text.
        carrier = str(said.get("carrier") or "")
        return is_same and (not self.code or carrier in {"", "0", str(self.code)})


class Client:
    """
    Asks one account. It keeps nothing between two calls.
    """

    def __init__(
        self,
        config: Track17Config,
        context: Context,
        transport: httpx2.BaseTransport | None,
    ) -> None:
        self._api = Api(
            provider=NAME,
            base_url=config.url,
            context=context,
            headers={"17token": config.key},
            transport=transport,
        )
        self.close = self._api.close

    def known(
        self, asked: Sequence[Asked]
    ) -> "list[Mapping[str, Any] | ProviderError]":
        """
        Return what is known of each number, or why it is not told, in their order.

        Raises:
            ProviderError: If nothing is told of any.
        """
        return self._each("gettrackinfo", asked)

    def register(self, asked: Sequence[Asked]) -> list[ProviderError | None]:
        """
        Let numbers be followed; return why one is not. One that is followed already
        stays as it is, and costs nothing.

        Raises:
            ProviderError: If nothing is told of any.
        """
        said = self._each("register", asked)
        return [one if isinstance(one, ProviderError) else None for one in said]

    def quota(self) -> int:
        """
        Return how many numbers may still be registered.

        Raises:
            ProviderError: If it does not say.
        """
        data = self._ask(_QUOTA, [])
        left = data.get("quota_remain")
        if not isinstance(left, int):
            raise _unread(_QUOTA)
        return left

    def _each(
        self, path: str, asked: Sequence[Asked]
    ) -> "list[Mapping[str, Any] | ProviderError]":
        data = self._ask(path, [one.told() for one in asked])
        try:
            return [_answer_for(one, data) for one in asked]
        except (LookupError, TypeError, AttributeError) as error:
            raise _unread(path) from error

    def _ask(self, path: str, body: object) -> Mapping[str, Any]:
        reply = self._api.send("POST", f"/{path}", json=body).needed(f"asking {path}")
        said = reply.json()
        if not isinstance(said, dict) or not isinstance(said.get("code"), int):
            raise _unread(path)
        if said["code"]:
            raise _failure(said["code"])
        data = said.get("data")
        if not isinstance(data, dict):
            raise _unread(path)
        return data


def _answer_for(
    asked: Asked, data: Mapping[str, Any]
) -> Mapping[str, Any] | ProviderError:
    for said in data["accepted"]:
        if asked.is_meant(said):
            return dict(said)
    for said in data["rejected"]:
        if asked.is_meant(said):
            code = said["error"]["code"]
            if code in {_REGISTERED_ALREADY, _NOTHING_YET}:
                return {}
            return _failure(code)
    return ProtocolError(provider=NAME, detail="it says nothing of one of the numbers")


def is_unregistered(answer: object) -> bool:
    """
    Tell whether a number was not told of because nobody has registered it.
    """
    return isinstance(answer, _UnregisteredError)


class _UnregisteredError(DeclinedError):
    """
    Nobody has registered the number.
    """


def _failure(code: Any) -> ProviderError:
    if code in _UNAUTHORIZED:
        return UnauthorizedError(provider=NAME, detail=_UNAUTHORIZED[code])
    if code in _THROTTLED:
        words, pause = _THROTTLED[code]
        return ThrottledError(provider=NAME, detail=words, retry_after=pause)
    if code in _DECLINED:
        kind = _UnregisteredError if code == NOT_REGISTERED else DeclinedError
        return kind(provider=NAME, detail=_DECLINED[code])
    if code == _FAILED:
        return UnknownOutcomeError(provider=NAME, detail="it failed by itself")
    words = _NOT_FOLLOWED.get(code, f"it answers with the code {code!r}")
    return ProtocolError(provider=NAME, detail=words)


def _unread(path: str) -> ProtocolError:
    return ProtocolError(provider=NAME, detail=f"the answer to {path} cannot be read")
