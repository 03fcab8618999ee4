"""
Opening files that somebody else named: below one folder, regular, without waiting.

A seller writes the paths of a shop that is a file. So a path may not leave the folder
that the host gave, not by `..` and not by a link; and what is no regular file, such as
a pipe that never answers or a device that never ends, is not read.
"""

import errno
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePath
from typing import BinaryIO

from .file_locks import try_lock

SELLER = "{seller}"
READ_MAX = 2**27  # bytes; a shop's file of a million rows has less
_SAFE = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = _SAFE | getattr(os, "O_DIRECTORY", 0)
_OWNER_ONLY = 0o600
_STEPS = os.open in os.supports_dir_fd  # else links are looked for, not excluded
_LINK = "is a link, and links are not followed"


class OutsideFolderError(ValueError):
    """
    A path that leaves the folder it has to stay in.
    """


def folder_of(folder: str, seller_id: str) -> str:
    """
    Return the folder that files of *seller_id* stay in; empty if there is none.

    Args:
        folder: As the host gave it; `{seller}` in it stands for the seller's id.

        seller_id: Empty for what is the platform's own.
    """
    if not folder or (SELLER in folder and not seller_id):
        return ""
    named = folder.replace(SELLER, seller_id)
    return _absolute(named) or str(Path(named).absolute())


@lru_cache(maxsize=1024)
def _absolute(folder: str) -> str:
    """
    Return a folder as it is written; empty if it depends on where the process is.
    """
    # Not resolved: it may be a link, and the host may turn it while we run.
    path = Path(folder)
    return str(path) if path.is_absolute() else ""


def steps_below(folder: str, path: str) -> tuple[str, ...]:
    """
    Return the names that lead from *folder* to *path*, which may be absolute.

    Only the words are looked at, not the disk: it costs nothing and may be asked when a
    configuration is written.

    Raises:
        OutsideFolderError: If it leaves the folder, or names no file in it.
    """
    given = PurePath(path)
    if given.is_absolute():
        try:
            given = given.relative_to(folder)
        except ValueError:
            raise OutsideFolderError from None
    steps = given.parts
    if not steps or ".." in steps or given.anchor or "\0" in path:
        raise OutsideFolderError
    return steps


def open_below(
    folder: str, path: str, *, flags: int = os.O_RDONLY, most: int = READ_MAX
) -> int:
    """
    Open the regular file *path* below *folder*; return its descriptor.

    What is created can be read and written by its owner only.

    Raises:
        OutsideFolderError: If the path leaves the folder.

        OSError: If it cannot be opened, is a link or below one, is no regular file, or
            is larger than *most* bytes.
    """
    steps = steps_below(folder, path)
    with _parent(folder, steps) as (place, name):
        descriptor = _open(name, flags | _SAFE, place)
    try:
        _require_readable(os.fstat(descriptor), most)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _require_readable(found: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "is no regular file")
    if found.st_size > most:
        raise OSError(errno.EFBIG, f"is larger than {most} bytes")


def read_open(file: BinaryIO, *, most: int) -> bytes:
    """
    Read all of an open file, also one that grows meanwhile.

    Raises:
        OSError: If it is larger than *most* bytes.
    """
    data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"is larger than {most} bytes")
    return data


def sync_parent(folder: str, path: str) -> None:
    """
    Wait until the disk knows the names beside *path*; Windows has no such call.
    """
    if os.name == "nt":
        return
    with _parent(folder, steps_below(folder, path)) as (place, _):
        assert place is not None
        os.fsync(place)


@contextmanager
def locked_below(folder: str, path: str, *, seconds: float) -> Iterator[None]:
    """
    Hold the lock file *path* below *folder* alone, across processes.

    The operating system gives the lock back when its holder dies. The file stays: to
    remove it would let two writers hold two files of one name.

    Raises:
        TimeoutError: If somebody else holds it for longer than *seconds*.

        OutsideFolderError: If the path leaves the folder.

        OSError: As `open_below`.
    """
    descriptor = open_below(folder, path, flags=os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor, seconds)
        yield  # closing the file unlocks it
    finally:
        os.close(descriptor)


def _lock(descriptor: int, seconds: float) -> None:
    pause, waited = 0.001, 0.0
    while not try_lock(descriptor):
        if waited >= seconds:
            raise TimeoutError(errno.ETIMEDOUT, "somebody else is writing to it")
        threading.Event().wait(pause)
        waited += pause
        pause = min(pause * 2, 0.05)


@contextmanager
def _parent(folder: str, steps: tuple[str, ...]) -> Iterator[tuple[int | None, str]]:
    """
    Open the folder of a file step by step: each name is looked up in the folder before
    it, so that nobody can put a link in between.
    """
    if not _STEPS:
        yield None, _without_links(folder, steps)
        return
    # The folder itself is the host's, who may well reach it by a link.
    here = os.open(folder, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for step in steps[:-1]:
            above, here = here, _open(step, os.O_RDONLY | _FOLDER, here)
            os.close(above)
        yield here, steps[-1]
    finally:
        os.close(here)


def _open(name: str, flags: int, place: int | None) -> int:
    try:
        return os.open(name, flags, _OWNER_ONLY, dir_fd=place)
    except OSError as error:
        # A folder that is a link is "no directory" to Linux.
        if error.errno in (errno.ELOOP, errno.ENOTDIR) and _is_link(name, place):
            raise OSError(errno.ELOOP, _LINK) from None
        raise


def _is_link(name: str, place: int | None) -> bool:
    try:
        found = os.stat(name, dir_fd=place, follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISLNK(found.st_mode)


def _without_links(folder: str, steps: tuple[str, ...]) -> str:
    path = Path(folder)
    for step in steps:
        path /= step
        if _is_link(str(path), None):
            raise OSError(errno.ELOOP, _LINK)
    return str(path)
