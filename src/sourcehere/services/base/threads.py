"""
The threads in which calls to the outside run.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_runs_inline: ContextVar[bool] = ContextVar("runs_inline", default=False)


def start_thread(run: Callable[[], object], *, name: str) -> None:
    """
    Run *run* beside what the caller does; a process that ends does not wait for it.
    """
    if _runs_inline.get():
        run()
        return
    threading.Thread(target=run, daemon=True, name=name).start()


def start_keeper(run: Callable[[], object], *, name: str) -> None:
    """
    Run *run*, which goes on for as long as its work does, beside what the caller does.
    """
    if not _runs_inline.get():
        threading.Thread(target=run, daemon=True, name=name).start()


@contextmanager
def without_threads() -> Iterator[None]:
    """
    Let what is done inside, in this thread, start no other: calls run where they are
    started, and keepers not at all, so that a run can be the same again.
    """
    token = _runs_inline.set(True)
    try:
        yield
    finally:
        _runs_inline.reset(token)
