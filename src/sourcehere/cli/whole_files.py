"""
Files that are there once they are whole: until then the one before stays as it was.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import UsageError


@contextmanager
def whole(output: Path) -> Iterator[Path]:
    """
    Lend a path to write to; it becomes *output* when the block ends. Whatever is raised
    within leaves no half of a file. A device or a pipe is written to itself.

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
            yield beside
            if target.exists():
                shutil.copymode(target, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        message = f"{output}: {error.strerror or type(error).__name__}"
        raise UsageError(message) from None
