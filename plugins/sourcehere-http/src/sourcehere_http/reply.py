"""
What an API answered, read with care.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

import attrs

from sourcehere.ports.errors import DeclinedError, ProtocolError

from .shapes import read_shape

T = TypeVar("T")
# No amount or number of units has more zeros. A whole number of `1e999999999` would be
# written out before anybody could say that it is too large.
_ZEROS_MAX = 100
_SHOWN_MAX = 200  # characters of an answer that an error shows


@attrs.frozen
class Reply:
    """
    An answer that is neither a failure of the line nor of the server.

    Attributes:
        status: 200 to 299, or a refusal: 400 to 499.

        headers: By their names in lower case.
    """

    provider: str
    status: int
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)

    @property
    def is_refusal(self) -> bool:
        """
        Whether the API said no, and did nothing.
        """
        return self.status >= HTTPStatus.BAD_REQUEST

    @property
    def is_missing(self) -> bool:
        """
        Whether there is no such thing there.
        """
        return self.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

    def json(self) -> Any:
        """
        Return the answer's content; numbers with a fraction or an exponent are exact.

        Raises:
            ProtocolError: If it is not JSON, or has a number that is none, or that
                nobody could write out.
        """
        try:
            return json.loads(
                self.body, parse_float=_exact, parse_constant=_no_such_number
            )
        except (ValueError, ArithmeticError, RecursionError) as error:
            detail = f"the answer is not JSON: {type(error).__name__}"
            raise ProtocolError(provider=self.provider, detail=detail) from error

    def read(self, how: Callable[[Any], T]) -> T:
        """
        Return what *how* makes of the answer's content, such as an order.

        Raises:
            ProtocolError: If it is not JSON, or not of the shape that *how* reads: a
                field is missing, or is something else.
        """
        return read_shape(self.provider, how, self.json())

    def refuse(self, doing: str) -> NoReturn:
        """
        Say that the API said no while *doing*, in its own words.

        Raises:
            DeclinedError: Always.
        """
        detail = f"{doing}: {self.status} {_words(self.body)}".rstrip()
        raise DeclinedError(provider=self.provider, detail=detail)

    def needed(self, doing: str) -> "Reply":
        """
        Return the answer if the API did what it was asked for.

        Raises:
            DeclinedError: If it said no.
        """
        if self.is_refusal:
            self.refuse(doing)
        return self


def _exact(text: str) -> Decimal:
    number = Decimal(text)  # raises ArithmeticError where it has no room
    if abs(number.adjusted()) > _ZEROS_MAX:
        _no_such_number(text[:_SHOWN_MAX])
    return number


def _no_such_number(text: str) -> NoReturn:
    msg = f"{text} is no number"
    raise ValueError(msg)


def _words(body: bytes) -> str:
    """
    Return what a refusal says for people; all of it where it has no `message`.
    """
    text = body.decode("utf-8", "replace")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        text = str(told.get("message") or told.get("error") or text)
    return " ".join(text.split())[:_SHOWN_MAX]
