"""
Files that are there once they are whole: until then the one before stays as it was.
"""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import UsageError

# What ends a process where nothing is said: of a supervisor, and of a closed terminal.
_ENDS = ("SIGTERM", "SIGHUP")


@contextmanager
def whole(output: Path) -> Iterator[Path]:
    """
    Lend a path to write to; it becomes *output* when the block ends. Whatever is raised
    within leaves no half of a file, nor does a signal that ends the process. A device
    or a pipe is written to itself.

    Raises:
        UsageError: If it cannot be written.
    """
    try:
        if output.exists() and not output.is_file():
            yield output
            return
        # Where a link leads to, which stays a link.
        target = output.resolve()
        beside = target.with_name(f".{os.getpid()}.{target.name[:100]}")
        try:
            with _ended_by_raising():
                yield beside
            if target.exists():
                shutil.copymode(target, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        message = f"{output}: {error.strerror or type(error).__name__}"
        raise UsageError(message) from None


@contextmanager
def _ended_by_raising() -> Iterator[None]:
    """
    Let a signal that would end the process at once unwind it, as Ctrl-C does.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    found = [getattr(signal, name) for name in _ENDS if hasattr(signal, name)]
    ends = [end for end in found if signal.getsignal(end) is signal.SIG_DFL]
    try:
        for end in ends:
            signal.signal(end, _raise)
        yield
    finally:
        for end in ends:
            signal.signal(end, signal.SIG_DFL)


def _raise(number: int, _: object) -> None:
    raise SystemExit(128 + number)
