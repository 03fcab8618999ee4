"""
What the adapters of the kit's servers have in common: one table of what went wrong.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ...ports.errors import (
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from .server import Answer

_UNAUTHORIZED, _THROTTLED, _FAILED = 401, 429, 500


class ServerClient:
    """
    Asks a server, and says what went wrong as `sourcehere.ports.errors` does.

    Attributes:
        name: Whom errors name.
    """

    name = "server"

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        """
        Ask, and translate what went wrong on the way.
        """
        try:
            answer = ask()
        except OSError as error:
            raise self._broken(str(error)) from error
        if answer.status == _UNAUTHORIZED:
            raise self._unauthorized()
        if answer.status == _THROTTLED:
            raise self._throttled(answer)
        if answer.status >= _FAILED:
            raise self._down(answer)
        return answer

    def _broken(self, words: str) -> Exception:
        return UnknownOutcomeError(provider=self.name, detail=words)

    def _unauthorized(self) -> Exception:
        return UnauthorizedError(provider=self.name, detail="the token is refused")

    def _throttled(self, answer: Answer) -> Exception:
        pause = timedelta(seconds=int(answer.headers["retry-after"]))
        return ThrottledError(provider=self.name, detail="too often", retry_after=pause)

    def _down(self, answer: Answer) -> Exception:
        return UnknownOutcomeError(
            provider=self.name, detail=f"it says {answer.status}"
        )

    def _json(self, answer: Answer) -> Any:
        try:
            return json.loads(answer.text)
        except ValueError as error:
            raise ProtocolError(provider=self.name, detail="not JSON") from error

    def _object(self, answer: Answer, *names: str) -> Any:
        """
        Return an answer that is an object, and has *names*.
        """
        told = self._json(answer)
        if not isinstance(told, dict) or not told.keys() >= set(names):
            wanted = ", ".join(names)
            detail = f"the answer is no object with {wanted}"
            raise ProtocolError(provider=self.name, detail=detail)
        return told
