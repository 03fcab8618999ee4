"""
Labels' files: karrio hands each out once, as it is sold, so they are kept in a folder.

They name recipients. Only their owner can read them, and they go after some days.
"""

import base64
import binascii
import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from sourcehere.ports.labels import PDF, PNG, ZPL, LabelFile

_BEGINNINGS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"^XA": ZPL}
_NAMES = {PDF: ".pdf", PNG: ".png", ZPL: ".zpl"}


class NoFolderError(Exception):
    """
    There is no folder that labels could be kept in.
    """


class LabelFiles:
    """
    The labels of one connection.

    Args:
        folder: The host's; empty if it gave none.

        below: Of the configuration; empty for none.
    """

    def __init__(self, folder: str, below: str, connection: str) -> None:
        self._folder, self._below = folder, PurePath(below)
        self._name = hashlib.sha256(connection.encode()).hexdigest()[:16]

    def ready(self, now: datetime, kept: timedelta) -> None:
        """
        Make sure that a label could be kept, before it is paid for; and remove those
        that are older than *kept*.

        Raises:
            NoFolderError: If it could not.
        """
        path = self._path()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
            _remove_older(path, now - kept)
        except OSError as error:
            msg = f"labels_folder cannot be written: {error.strerror}"
            raise NoFolderError(msg) from None

    def keep(self, reference: str, file: LabelFile) -> None:
        """
        Keep what is printed, whole or not at all.

        Raises:
            OSError: If it cannot be written.
        """
        path = self._path()
        with tempfile.NamedTemporaryFile(dir=path, delete=False) as written:
            written.write(file.content)
            written.flush()
            os.fsync(written.fileno())
        name = self._stem(reference) + _NAMES[file.media_type]
        Path(written.name).replace(path / name)

    def read(self, reference: str) -> LabelFile | None:
        """
        Return what is printed; None where it is not kept.

        Raises:
            NoFolderError: If there is no folder.
        """
        for media_type, suffix in _NAMES.items():
            path = self._path() / (self._stem(reference) + suffix)
            if path.exists():
                return LabelFile(path.read_bytes(), media_type)
        return None

    def forget(self, reference: str) -> None:
        """
        Remove what is void, so that nobody prints it.
        """
        for suffix in _NAMES.values():
            (self._path() / (self._stem(reference) + suffix)).unlink(missing_ok=True)

    def _path(self) -> Path:
        if not self._folder or not self._below.parts:
            msg = "there is no labels_folder, or the host gave no folder"
            raise NoFolderError(msg)
        if self._below.is_absolute() or ".." in self._below.parts:
            msg = "labels_folder leads out of the host's folder"
            raise NoFolderError(msg)
        return Path(self._folder) / self._below / self._name

    def _stem(self, reference: str) -> str:
        return hashlib.sha256(reference.encode()).hexdigest()


def _remove_older(path: Path, than: datetime) -> None:
    for file in path.iterdir():
        with suppress(FileNotFoundError):  # another's, which is done with it
            if file.stat().st_mtime < than.timestamp():
                file.unlink()


def file_of(encoded: object) -> LabelFile | None:
    """
    Return what karrio handed out, by what it begins with; None where that is no label.
    """
    if not isinstance(encoded, str) or not encoded:
        return None
    try:
        content = base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return None
    for beginning, media_type in _BEGINNINGS.items():
        if content.lstrip().startswith(beginning):
            return LabelFile(content, media_type)
    return None
