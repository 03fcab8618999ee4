"""
Where a command that runs for long tells how it goes: on standard error, a line each.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from ..domain.kernel.errors import InvalidInputError
from .output import when
from .plain_text import plain

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_OURS = logging.getLogger("sourcehere")


class _Line(logging.Formatter):
    """
    A record in one line, with its time in UTC.
    """

    def format(self, record: logging.LogRecord) -> str:
        """
        Return the line; what plugins were told from outside moves no cursor.
        """
        at = when(datetime.fromtimestamp(record.created, UTC))
        return plain(f"{at} {super().format(record)}")


@contextmanager
def log_on_standard_error() -> Iterator[None]:
    """
    Tell what our loggers are told while the block is run, from the level on that
    SOURCEHERE_LOG says: warnings and errors unless it does.

    Where whoever started the command has set up where logs go, nothing is added.

    Raises:
        InvalidInputError: If SOURCEHERE_LOG is no level.
    """
    level = _level_here()
    if not _is_silent():
        yield
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line("%(levelname)s %(name)s: %(message)s"))
    before = _OURS.level
    _OURS.addHandler(handler)
    _OURS.setLevel(level)
    try:
        yield
    finally:
        _OURS.setLevel(before)
        _OURS.removeHandler(handler)


def _level_here() -> int:
    said = os.environ.get("SOURCEHERE_LOG", "") or "warning"
    level = _LEVELS.get(said)
    if level is None:
        raise InvalidInputError(
            field="SOURCEHERE_LOG", value=said, expected=f"one of {', '.join(_LEVELS)}"
        )
    return level


def _is_silent() -> bool:
    """
    Tell whether what our loggers are told goes nowhere.
    """
    handlers = [*_OURS.handlers, *logging.getLogger().handlers]
    return all(isinstance(handler, logging.NullHandler) for handler in handlers)
