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

    def read(self) -> Content:
        """
        Return what the file holds now.

        Raises:
            FileStoreError: If it cannot be read as configured.

            ProviderError: If it cannot be opened.
        """
        try:
            with os.fdopen(open_below(self._folder, self._path), "rb") as file:
                stamp = _stamp(os.fstat(file.fileno()))
                if self._parsed is not None and self._parsed[0] == stamp:
                    return self._parsed[1]
                data = read_open(file, most=READ_MAX)
        except OSError as error:
            detail = f"{self._path}: {error.strerror or type(error).__name__}"
            if isinstance(error, PermissionError):
                raise UnauthorizedError(provider=PROVIDER, detail=detail) from None
            raise DeclinedError(provider=PROVIDER, detail=detail) from None
        content = self._parse(data)
        # Stamped before reading: what was written meanwhile is seen the next time.
        self._parsed = (stamp, content)
        return content


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
