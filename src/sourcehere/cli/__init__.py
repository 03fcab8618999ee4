"""
The `sourcehere` command: the whole domain from the shell (extra: `cli`).
"""

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
    return run(sys.argv[1:] if arguments is None else arguments)
