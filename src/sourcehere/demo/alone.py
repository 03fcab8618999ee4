"""
One telling at a time: two would take each other's orders away.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..domain.kernel.errors import StateError
from ..plugins.files import locked_below

_SECONDS = 1.0  # for one that is about to end


class DemoUnderWayError(StateError):
    """
    Another process tells the demo's story.

    Attributes:
        out: Where the shop's fulfilments are written.
    """

    def __init__(self, *, out: str) -> None:
        super().__init__(
            f"the demo is under way already, in another process, and writes to {out}:"
            " wait until it ends, or tell another story by another --db and --out"
        )
        self.out = out


@contextmanager
def alone_at(out: Path) -> Iterator[None]:
    """
    Tell the story that writes to *out* alone, as long as this lasts; the operating
    system ends it with its process.

    Raises:
        DemoUnderWayError: If another process tells it.
    """
    with ExitStack() as held:
        lock = locked_below(out.anchor, f"{out}.demo.lock", seconds=_SECONDS)
        try:
            held.enter_context(lock)
        except TimeoutError:
            raise DemoUnderWayError(out=str(out)) from None
        yield
