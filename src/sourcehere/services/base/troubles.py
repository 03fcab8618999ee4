"""
What sellers are told of the trouble with a carrier or a gateway of the platform.

Whatever a provider says of its own set-up, such as the name of a secret, a host or a
path, is for its operator: sellers can do nothing about it.
"""

import re

from ...domain.kernel.connections import ConnectionTroubleError
from ...domain.kernel.errors import CallerError, CounterpartyError, SourceHereError
from ...doors.answers import words_of
from ...ports.errors import (
    DeclinedError,
    ProviderError,
    ThrottledError,
    TimedOutError,
    UnauthorizedError,
)

# What is said of the question, or of the time: sellers can act on it.
_FOR_SELLERS = (DeclinedError, ThrottledError, TimedOutError)
_TYPE = re.compile(r"(\w+Error): ")  # as `words_of` begins
_TOLD_WHOLE = frozenset({"ThrottledError", "TimedOutError", "NamedTwiceError"})


def told_to_sellers(
    connection: str, error: SourceHereError, *, is_made: bool
) -> SourceHereError:
    """
    Return what sellers are told in place of *error*; itself where it says nothing of
    how the platform is set up.

    Args:
        is_made: Whether the provider answered so; else it could not even be made.
    """
    if is_made and isinstance(error, _FOR_SELLERS):
        return error
    is_outside = isinstance(error, CounterpartyError)
    may_pass = is_made and is_outside and not isinstance(error, UnauthorizedError)
    told = ConnectionTroubleError(connection=connection, may_pass=may_pass)
    told.__cause__ = error
    return told


def kept_of_making(error: SourceHereError) -> str:
    """
    Return what is kept of why a provider cannot be made: with its type where it speaks
    of the set-up, so that `kept_for_sellers` knows it.
    """
    speaks_of_set_up = isinstance(error, CallerError | ProviderError)
    return words_of(error) if speaks_of_set_up else error.kept_words


def kept_for_sellers(kept: str) -> str:
    """
    Return what sellers are told in place of the words that were kept of a call. Those
    that begin with a type are a provider's, and the others ours.
    """
    found = _TYPE.match(kept)
    if found is None or found[1] in _TOLD_WHOLE:
        return kept
    return "the gateway gives no answer that can be used; staff see why"
