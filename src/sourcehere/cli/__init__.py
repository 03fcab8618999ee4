"""
The `sourcehere` command: the whole domain from the shell (extra: `cli`).
"""

import io
import os
import sys
from collections.abc import Sequence

_OPTIONAL = frozenset({"cyclopts", "rich"})


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command, and return its exit code.

    0 done, 1 an audit found something, 2 the request is wrong, 3 the world has moved
    on, 4 somebody outside failed.

    Args:
        arguments: The words behind `sourcehere`; those of this process if not given.
    """
    try:
        from .entry import run  # noqa: PLC0415 - the extra may not be installed
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _OPTIONAL:
            raise
        sys.stderr.write("The command needs an extra: pip install 'sourcehere[cli]'\n")
        return 2
    _open_closed()
    _say_all()
    return run(sys.argv[1:] if arguments is None else arguments)


def _open_closed() -> None:
    """
    Let what was closed before (`>&-`) take what is said, and lose it.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(descriptor, "w", encoding="utf-8"))


def _say_all() -> None:
    """
    Let whatever is said be taken: files and pipes take it in UTF-8, as files that are
    written do, and a terminal shows as an escape what its encoding does not have.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8")
