"""
Whether a host's connection can take our work, and what is said where it cannot.
"""

import sqlite3
import sys
from typing import Any

from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.storage import StorageUnavailableError

_EXPECTED = (
    "one that can go on: open, of this thread, and in a transaction that has not"
    " failed; roll back what did"
)
_WORDS = 200


def require_fit(connection: Any) -> None:
    """
    Refuse a driver's connection that reads and writes texts otherwise than we do, or
    that answers later what it is asked.

    Raises:
        InvalidInputError: If it does.
    """
    if isinstance(connection, sqlite3.Connection):
        if connection.text_factory is not str:
            value = "with a text_factory of its own"
            raise _refused(value, "one that reads texts as `str`")
    elif connection.info.encoding != "utf-8":
        value = f"with the client_encoding {connection.info.encoding}"
        raise _refused(value, "one in UTF8, which has every character")
    elif connection.pgconn.pipeline_status:
        # Whether a row was changed at all would not be known when it is asked for.
        value = "within its `pipeline()`"
        raise _refused(value, "one that answers at once: leave the pipeline first")


def unfit(error: Exception) -> InvalidInputError:
    """
    Return what is said of a connection on which nothing could be begun.
    """
    return _refused(_words(error), _EXPECTED)


def away(connection: Any, error: Exception) -> StorageUnavailableError:
    """
    Return what is said where Django could not connect: to be tried again.
    """
    database = f"{connection.vendor} {connection.settings_dict['NAME']}"
    return StorageUnavailableError(url=database, cause=_words(error))


def _words(error: Exception) -> str:
    words = str(cause_of(error)).strip().partition("\n")[0][:_WORDS]
    return words or type(error).__name__


def lost() -> InvalidInputError:
    """
    Return what is said of a connection whose transaction was lost within our work.
    """
    expected = (
        "one whose transaction is whole: roll back, begin it anew, and then join the"
        " connection again"
    )
    return _refused("its transaction was lost", expected)


def cause_of(error: Exception) -> Exception:
    """
    Return the driver's own error behind one of SQLAlchemy or Django, if there is one.
    """
    cause = getattr(error, "orig", None) or error.__cause__
    return cause if isinstance(cause, Exception) else error


def errors_of_django() -> tuple[type[Exception], ...]:
    """
    Return what Django raises of a database.
    """
    errors = sys.modules["django.db.utils"]  # whoever has a connection imported it
    return (errors.Error,)


def _refused(value: str, expected: str) -> InvalidInputError:
    return InvalidInputError(field="connection", value=value, expected=expected)
