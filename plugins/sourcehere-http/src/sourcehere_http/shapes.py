"""
JSON of another shape than was asked for, as an error or as a record that is set aside.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sourcehere.domain.kernel.errors import CallerError
from sourcehere.domain.stores.model import Reject, RejectReason
from sourcehere.ports.errors import ProtocolError

T = TypeVar("T")
_WORDS_MAX = 80
# What reading raises where a field is missing, or is something else.
UNREADABLE = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,  # such as Decimal's of a text that is no number
    CallerError,
)


class OddValueError(ValueError):
    """
    A field says what nobody can go by, such as half a unit. Its words are shown to
    people: they say what is odd, and nothing of what was told.
    """


def read_shape(
    provider: str, how: Callable[[Any], T], told: Any, *, what: str = "the answer"
) -> T:
    """
    Return what *how* makes of *told*.

    Args:
        what: What it is, such as `order 17`, for the error.

    Raises:
        ProtocolError: If it is not of the shape that *how* reads; names the field where
            one is missing, and nothing of what was told: that may be personal.
    """
    try:
        return how(told)
    except UNREADABLE as error:
        raise ProtocolError(provider=provider, detail=unread(what, error)) from error


def id_told(told: object, field: str = "id") -> str:
    """
    Return the id of an order that cannot be read; empty where it tells none.
    """
    return str(told.get(field, "")) if isinstance(told, dict) else ""


def id_by(id_of: Callable[[Any], str], told: Any) -> str:
    """
    Return the id that *id_of* reads; empty where it reads none.
    """
    try:
        return id_of(told)
    except UNREADABLE:
        return ""


def set_aside(external_id: str, error: Exception) -> Reject:
    """
    Return an order that makes no sense as what it is: set aside, with its id.
    """
    detail = unread("the order", error)
    return Reject(0, RejectReason.BAD_VALUE, external_id, detail)


def unread(what: str, error: Exception) -> str:
    """
    Say that *what* cannot be read: the field where one is missing, what is odd where
    the adapter says so, and nothing of what was told.
    """
    words = type(error).__name__
    if isinstance(error, KeyError):
        words = f"there is no {error}"[:_WORDS_MAX]
    elif isinstance(error, OddValueError):
        words = str(error)[:_WORDS_MAX]
    return f"{what} cannot be read: {words}"
