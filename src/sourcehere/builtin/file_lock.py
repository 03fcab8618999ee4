"""
One writer at a time, across processes.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """
    Hold the lock file *path* alone, waiting for whoever has it.

    The operating system gives the lock back when its holder dies. The file stays: to
    remove it would let two writers hold two files of one name.

    Raises:
        OSError: If the file cannot be opened or locked.
    """
    with path.open("ab") as handle:
        _lock(handle.fileno())
        yield  # closing the file unlocks it


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
