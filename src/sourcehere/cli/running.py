"""
One run of a command: what it is given, how it is told, and what is refused.

Apart from `entry`, so that help does not import the order core.
"""

from collections.abc import Callable

import attrs

from ..domain.kernel.errors import SourceHereError
from ..face.opening import schema_version
from .context import Context, Globals, Looker, Opener
from .errors import UsageError, as_called
from .errors import report as report
from .opening import open_here
from .output import Result, write


def context(
    said: Globals, opener: Opener | None = None, looker: Looker | None = None
) -> Context:
    """
    Return what a command is given; nothing is opened yet.

    Raises:
        UsageError: If `--as` names no role of a person.
    """
    return Context(said, opener or open_here, looker or schema_version)


def run_command(command: Callable[..., object], ctx: Context, *, is_given: bool) -> int:
    """
    Run *command*, tell its result, and return the exit code.

    Args:
        is_given: Whether the command asks for *ctx*.
    """
    try:
        result = command(ctx=ctx) if is_given else command()
        if not isinstance(result, Result):
            return 0  # it told by itself
        said = tuple(as_called(words, ctx.called) for words in result.problems)
        write(attrs.evolve(result, problems=said), as_json=ctx.said.as_json)
    except SourceHereError as error:
        return report(error, as_json=ctx.said.as_json, called=ctx.called)
    else:
        return result.exit_code
    finally:
        ctx.close()


def refuse(words: str, *, as_json: bool) -> int:
    """
    Say that the command line cannot be used, and return the exit code.
    """
    return report(UsageError(words), as_json=as_json)
