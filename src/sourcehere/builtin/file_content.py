"""
A shop's file, opened and parsed once for as long as it stays the same; and where a page
of it begins.
"""

import hashlib
import os
from collections.abc import Callable
from typing import Generic, TypeVar

from ..plugins.files import READ_MAX, open_below, read_open
from ..ports.errors import DeclinedError, UnauthorizedError
from .file_config import FileStoreConfig

PROVIDER = "file"
Content = TypeVar("Content")
_Stamp = tuple[int, int, int, int, int]


class ParsedFile(Generic[Content]):
    """
    A file below a folder, parsed once per content.
    """

    def __init__(
        self, path: str, *, folder: str, parse: Callable[[bytes], Content]
    ) -> None:
        self._path = path
        self._folder = folder
        self._parse = parse
        self._parsed: tuple[_Stamp, Content] | None = None
        self._named: tuple[_Stamp, str] | None = None

    def read(self) -> Content:
        """
        Return what the file holds now.

        Raises:
            FileStoreError: If it cannot be read as configured.

            ProviderError: If it cannot be opened.
        """
        stamp, data = self._open(None if self._parsed is None else self._parsed[0])
        if data is None:
            assert self._parsed is not None
            return self._parsed[1]
        content = self._parse(data)
        self._parsed = (stamp, content)
        return content

    def name(self, config: FileStoreConfig) -> str:
        """
        Name what the file holds now as read by *config*, without parsing it.

        Raises:
            ProviderError: If it cannot be opened.
        """
        stamp, data = self._open(None if self._named is None else self._named[0])
        if data is None:
            assert self._named is not None
            return self._named[1]
        digest = digest_of(data, config)
        self._named = (stamp, digest)
        return digest

    def _open(self, known: _Stamp | None) -> tuple[_Stamp, bytes | None]:
        """
        Return how the file is stamped, and what is in it; None for the latter if it is
        stamped as *known*.
        """
        try:
            with os.fdopen(open_below(self._folder, self._path), "rb") as file:
                # Stamped before reading: what is written meanwhile is seen next time.
                stamp = _stamp(os.fstat(file.fileno()))
                if stamp == known:
                    return stamp, None
                return stamp, read_open(file, most=READ_MAX)
        except OSError as error:
            detail = f"{self._path}: {error.strerror or type(error).__name__}"
            if isinstance(error, PermissionError):
                raise UnauthorizedError(provider=PROVIDER, detail=detail) from None
            raise DeclinedError(provider=PROVIDER, detail=detail) from None


def digest_of(data: bytes, config: FileStoreConfig) -> str:
    """
    Name *data* as read by *config*: other columns would give another content.
    """
    digest = hashlib.blake2b(repr(config).encode(), digest_size=16)
    digest.update(data)
    return digest.hexdigest()


def cursor_at(digest: str, offset: int) -> str:
    """
    Name the place at *offset* of the content that *digest* names.
    """
    return f"{digest}:{offset}"


def offset_of(cursor: str, *, digest: str) -> int:
    """
    Return the place that *cursor* names, or 0 where it names another content.
    """
    named, _, offset = cursor.partition(":")
    if named != digest or not (offset.isascii() and offset.isdigit()):
        return 0
    return int(offset)


def _stamp(status: os.stat_result) -> _Stamp:
    """
    Tell two states of a file apart without reading it.
    """
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,  # a copy may bring an old modification time along
    )
