"""
The threads in which calls to the outside run.

A thread that is done waits a while for more to do: to start one takes longer than most
calls. Whoever hangs in a call keeps its thread, and nobody waits for it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from queue import Empty, SimpleQueue

_runs_inline: ContextVar[bool] = ContextVar("runs_inline", default=False)

_IDLE_SECONDS = 10.0

Run = Callable[[], object]


class _Worker:
    """
    One thread, and what it is to do next.
    """

    def __init__(self) -> None:
        self.inbox: SimpleQueue[tuple[Run, str] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True)

    @property
    def is_alive(self) -> bool:
        """
        Whether there is a thread: not in a child that was forked while it was idle.
        """
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def _work(self) -> None:
        while task := self._next():
            run, self._thread.name = task
            Context().run(run)  # as in a new thread: nothing of the last run is left
            del run, task
            self._thread.name = "idle"
            _idle.append(self)

    def _next(self) -> tuple[Run, str] | None:
        try:
            return self.inbox.get(timeout=_IDLE_SECONDS)
        except Empty:
            pass
        try:
            _idle.remove(self)
        except ValueError:  # chosen just now: what it is to do is on its way
            return self.inbox.get()
        return None


_idle: list[_Worker] = []


def start_thread(run: Run, *, name: str) -> None:
    """
    Run *run* beside what the caller does; a process that ends does not wait for it.
    """
    if _runs_inline.get():
        run()
        return
    worker = _taken()
    if worker is None:
        worker = _Worker()
        worker.start()
    worker.inbox.put((run, name))


def _taken() -> _Worker | None:
    while _idle:
        try:
            worker = _idle.pop()
        except IndexError:  # another was faster
            break
        if worker.is_alive:
            return worker
    return None


def start_keeper(run: Run, *, name: str) -> None:
    """
    Run *run*, which goes on for as long as its work does, beside what the caller does.
    """
    if not _runs_inline.get():
        start_thread(run, name=name)


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
