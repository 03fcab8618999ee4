"""
What a plugin raised, as an error whose words and pauses can be kept.
"""

from datetime import timedelta

from ..ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    SignatureError,
    ThrottledError,
    TimedOutError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from .answers import Answerer, shown_value, storable, text_of, words_of
from .private import Hide, hide_nothing

# A shop that throttles and says "again at once" is not asked in a tight loop; one that
# says "in a thousand years" is asked tomorrow.
LEAST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(days=1)
_WORDS = 500
# Each says something of its own about what happened; looked for in this order.
_PLAIN = (DeclinedError, UnauthorizedError, UnknownOutcomeError, SignatureError)


def checked_failure(
    told: Answerer, error: BaseException, *, hide: Hide = hide_nothing
) -> ProviderError:
    """
    Return what *error* says, without anything of the plugin's own making in it.

    What is none of the errors that providers raise says nothing about the outcome, and
    becomes a `ProtocolError`.

    Args:
        hide: Blanks in its words what may be somebody's.
    """
    if isinstance(error, TimedOutError):  # ours: no plugin was there to raise it
        return error
    if not isinstance(error, ProviderError):
        return ProtocolError(
            provider=told.provider,
            connection=told.connection,
            detail=storable(hide(words_of(error)), most=_WORDS),
        )
    provider = storable(_attribute(error, "provider"), most=_WORDS)
    detail = storable(hide(_attribute(error, "detail")), most=_WORDS)
    if isinstance(error, ThrottledError):
        pause = _pause_of(error)
        return ThrottledError(provider=provider, detail=detail, retry_after=pause)
    for kind in _PLAIN:
        if isinstance(error, kind):
            return kind(provider=provider, detail=detail)
    return ProtocolError(
        provider=provider,
        connection=storable(_attribute(error, "connection"), most=_WORDS),
        field=storable(_attribute(error, "field"), most=_WORDS),
        value=shown_value(_hidden(_value(error, "value"), hide)),
        detail=detail,
    )


def _pause_of(error: ThrottledError) -> timedelta:
    told = _value(error, "retry_after")
    if not isinstance(told, timedelta):
        return LEAST_PAUSE
    return min(max(told, LEAST_PAUSE), LONGEST_PAUSE)


def _hidden(value: object, hide: Hide) -> object:
    return hide(value) if isinstance(value, str) else value


def _attribute(error: ProviderError, name: str) -> str:
    value = _value(error, name)
    return value if isinstance(value, str) else text_of(value)


def _value(error: ProviderError, name: str) -> object:
    try:
        return getattr(error, name, "")
    except Exception as raised:  # noqa: BLE001 - an object of a plugin's, whatever it does
        return f"no {name} ({type(raised).__name__})"
