"""
Which options a URL may have: ours, and on PostgreSQL those of its driver.
"""

from collections.abc import Iterable
from difflib import get_close_matches

import sqlalchemy as sa

from sourcehere.domain.kernel.errors import InvalidInputError

from .options import OPTION_NAMES

_OURS = ", ".join(OPTION_NAMES)


def require_none_left(url: sa.URL) -> None:
    """
    Refuse what is left of the options of an SQLite file's *url* once ours are read:
    the driver's own limits are said by ours.

    Raises:
        InvalidInputError: If there is any.
    """
    for name in url.query:
        _refuse(name, f"an option of SQLite's URL; these are prefix, {_OURS}")


def require_known(url: sa.URL, known: Iterable[str]) -> None:
    """
    Refuse an option of a server's *url* that its driver does not know.

    Args:
        known: The driver's options.

    Raises:
        InvalidInputError: If it does not know one, or the time limit to connect within
            is no whole number.
    """
    names = list(known)
    for name in url.query:
        if name not in names:
            near = get_close_matches(name, [*names, *OPTION_NAMES, "schema"], 1)
            meant = f", such as {near[0]}" if near else ""
            _refuse(
                name,
                f"an option of PostgreSQL's URL{meant}; these are schema, {_OURS},"
                " and what libpq knows, such as sslmode",
            )
    seconds = url.query.get("connect_timeout", "0")
    if not (isinstance(seconds, str) and seconds.isascii() and seconds.isdigit()):
        raise InvalidInputError(
            field="connect_timeout", value=seconds, expected="whole seconds"
        )


def _refuse(name: str, expected: str) -> None:
    # Without its value: a password whose option is misspelled would be in it.
    raise InvalidInputError(field="url", value=name, expected=expected)
