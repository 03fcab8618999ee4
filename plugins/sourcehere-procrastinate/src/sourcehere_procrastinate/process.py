"""
What the tasks of one process share.
"""

import asyncio
import atexit
import contextvars
import os
import platform
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from sourcehere import SourceHere, Worker

T = TypeVar("T")
Stop = Callable[[], bool]

_THREADS_MAX = 1_000  # more than any concurrency; they are started when needed


class Process:
    """
    The platform, opened by the first task of this process, its worker, and the threads
    in which steps run beside the event loop.

    procrastinate's concurrency alone decides how many steps run at once: the threads
    that Python has for such work are few where there are few processors.
    """

    def __init__(self, opened: Callable[[], SourceHere], *, every: timedelta) -> None:
        """
        Open nothing yet.
        """
        self._opened = opened
        self._every = every
        self._lock = threading.Lock()
        self._here: tuple[SourceHere, Worker] | None = None
        self._pool = ThreadPoolExecutor(_THREADS_MAX, thread_name_prefix="sourcehere")

    @property
    def platform(self) -> SourceHere:
        """
        The platform.
        """
        return self._open()[0]

    @property
    def worker(self) -> Worker:
        """
        Who does the steps of this process.
        """
        return self._open()[1]

    async def run(self, step: Callable[[Stop], T]) -> T:
        """
        Run *step* in a thread, and wait for its end: also where the job is aborted
        meanwhile, when *step* is told to stop.
        """
        is_over = threading.Event()
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._pool, context.run, step, is_over.is_set)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            is_over.set()
            await asyncio.wait([running])
            raise

    def close(self) -> None:
        """
        Write that this process works no more, and close the platform.
        """
        with self._lock:
            here, self._here = self._here, None
        if here is not None:
            opened, worker = here
            worker.end()
            opened.close()
            atexit.unregister(self.close)

    def _open(self) -> tuple[SourceHere, Worker]:
        with self._lock:
            if self._here is None:
                opened = self._opened()
                name = f"{platform.node()}-{os.getpid()}"
                self._here = opened, opened.worker(name=name, every=self._every)
                atexit.register(self.close)
            return self._here
