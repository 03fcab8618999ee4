"""
The file of a SQLite database: private when it is made, and read where it may not be
written.

SQLite reads a database in WAL mode only with two files beside it, which it makes if it
may. Where it may not, as on a mount that is read-only, the file can be read as one that
nobody changes, as long as that is true.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.exc import DisconnectionError

_WAL = b"\x02\x02"  # in the header, where SQLite keeps the mode
# Of an empty file SQLite would change the mode; what is too short has no meaning to it.
_NOTHING_YET = b"\0"
_SEEN = "seen"


def may_write(path: Path) -> bool:
    """
    Tell whether this process has the right to write what is at *path*.
    """
    how = os.access in os.supports_effective_ids
    return os.access(path, os.W_OK, effective_ids=how)


def make_private(path: Path, content: bytes = b"") -> None:
    """
    Make a file for its owner only; SQLite gives those beside it the same mode. Where
    *path* is a link, what it leads to is made.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    # If it fails, it is there, or SQLite says what is wrong.
    with suppress(OSError), _opened(path, flags) as made:
        made.write(content)


def _opened(path: Path, flags: int) -> BinaryIO:
    return os.fdopen(os.open(os.path.realpath(path), flags, 0o600), "wb")


def unchanging(path: Path) -> bool:
    """
    Tell whether the file at *path* can only be read as one that nobody changes; where
    it may not be written, but its folder, prepare it to be read as usual.
    """
    if may_write(path) or not path.is_file():
        return False
    if may_write(path.parent):
        _make_beside(path)
        return False
    return not _beside(path, "-shm").exists()


def _make_beside(path: Path) -> None:
    """
    Make the two files that readers need: SQLite would make them as read-only as the
    database is now, and then it could not be written when it may be again.
    """
    with path.open("rb") as file:
        is_wal = file.read(20)[18:] == _WAL
    if is_wal:
        make_private(_beside(path, "-wal"), _NOTHING_YET)
        make_private(_beside(path, "-shm"), _NOTHING_YET)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def uri_to_read(path: Path, *, unchanged: bool) -> str:
    """
    Return what SQLite opens to read only, *unchanged* without looking for changes.
    """
    more = "&immutable=1" if unchanged else ""
    return f"{path.absolute().as_uri()}?mode=ro{more}"


def connect_unchanging(
    path: Path, info: dict[Any, Any], how: dict[str, Any]
) -> sqlite3.Connection | None:
    """
    Connect to a file that can only be read as one that nobody changes; None if it can
    be opened as usual.

    Args:
        info: Of the pooled connection; keeps how the file looked.

        how: Arguments of the driver.
    """
    info.pop(_SEEN, None)
    if not unchanging(path):
        return None
    info[_SEEN] = _look(path)
    made: sqlite3.Connection = sqlite3.connect(
        uri_to_read(path, unchanged=True), uri=True, **how
    )
    return made


def is_unchanging(info: dict[Any, Any]) -> bool:
    """
    Tell whether a pooled connection came from `connect_unchanging`.
    """
    return _SEEN in info


def require_unchanged(path: Path, info: dict[Any, Any]) -> None:
    """
    Refuse to use a connection whose file somebody changed after all.

    Raises:
        DisconnectionError: So that the pool makes another one.
    """
    if info[_SEEN] != _look(path):
        raise DisconnectionError


def _look(path: Path) -> tuple[int, int, int, bool]:
    told = path.stat()
    is_used = _beside(path, "-shm").exists()
    return told.st_ino, told.st_size, told.st_mtime_ns, is_used
