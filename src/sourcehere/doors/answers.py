"""
Who answered, and how an answer that makes no sense is told.
"""

import enum
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

from ..domain.kernel.annotations import check_for
from ..domain.kernel.checks import kind_of
from ..domain.kernel.errors import InvalidInputError, SaidOfIt, SourceHereError
from ..domain.kernel.money import Money
from ..domain.kernel.shown import storable as storable
from ..domain.kernel.values import frozen
from ..ports.errors import ProtocolError

T = TypeVar("T")
_SHOWN = 80  # characters of a value, and of a plugin's own words
_WORDS = 500
_PLAIN = (str, int, float, Decimal, bytes, date, Money, enum.Enum)


@frozen
class Answerer:
    """
    The connection that is asked, for errors to name.

    Attributes:
        provider: The plugin's name for it, such as `file`.

        connection: What it is called here: a store's id, a freight connection's name;
            empty for what has none, such as a policy.

        is_local: Whether it is in this process: asked in the thread of who asks, for as
            long as it takes.
    """

    provider: str
    connection: str = ""
    is_local: bool = False

    def refuse(self, field: str, value: object, expected: str) -> NoReturn:
        """
        Raise the error for an answer whose *field* is not *expected*.

        Raises:
            ProtocolError: Always.
        """
        shown = shown_value(value)
        raise ProtocolError(
            provider=self.provider,
            connection=self.connection,
            field=field,
            value=shown,
            detail=f"{field}: {shown!r} is not {expected}",
        )

    def check(self, hint: object, field: str, value: object) -> None:
        """
        Accept *value* if it is what the annotation *hint* says, all the way down.

        Raises:
            ProtocolError: If it is not; names the field within *value*.
        """
        try:
            check_for(hint)(field, value)
        except InvalidInputError as error:
            self.refuse(error.field, error.value, error.expected)

    def ask(self, call: Callable[[], T]) -> T:
        """
        Call a plugin; what it was not meant to raise becomes an error that is.

        Raises:
            SourceHereError: As the plugin raised it on purpose.

            ProtocolError: For any other exception; names its type, and holds no more of
                its text than a line.
        """
        try:
            return call()
        except SourceHereError:
            raise
        except Exception as error:
            raise ProtocolError(
                provider=self.provider,
                connection=self.connection,
                detail=words_of(error),
            ) from error


def shown_value(value: object) -> str | int | None:
    """
    Return what an error shows of a foreign value: never more than a line of it, and of
    what is made of others its kind alone, since it may hold what a buyer is called.
    """
    if value is None or (isinstance(value, int) and abs(value) < 2**63):
        return value
    if type(value) is SaidOfIt:
        return value
    if not isinstance(value, _PLAIN):
        return kind_of(value)
    text = value if isinstance(value, str) else text_of(value, how=repr)
    return storable(text, most=_SHOWN)


def text_of(value: object, *, how: Callable[[Any], str] = str) -> str:
    """
    Return a foreign object's text, also where asking for it fails.
    """
    try:
        return how(value)
    except Exception as error:  # noqa: BLE001 - an object of a plugin's, whatever it does
        return f"a {type(value).__name__} without a text ({type(error).__name__})"


def words_of(error: BaseException) -> str:
    """
    Return the type and the text of an error as they can be kept, whatever it is.
    """
    return storable(f"{type(error).__name__}: {text_of(error)}", most=_WORDS)
