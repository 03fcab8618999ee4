"""
How long each step took, and a bar while a person watches.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..domain.kernel.values import frozen

_WIDTH = 30


@frozen
class Step:
    """
    One step of the story: how many orders it is about, and what it cost this time.
    """

    name: str
    orders: int
    wall_s: float
    cpu_s: float


class Steps:
    """
    Measures steps, and shows how far each one is on a terminal.
    """

    def __init__(self) -> None:
        self.done: list[Step] = []
        self._is_watched = sys.stderr.isatty()
        self._name = ""
        self._total = 0
        self._count = 0

    @contextmanager
    def step(self, name: str, orders: int) -> Iterator[None]:
        """
        Measure what happens inside.
        """
        self._name, self._total, self._count = name, orders, 0
        wall, cpu = time.perf_counter(), time.process_time()
        self.advance(0)
        yield
        self.done.append(
            Step(
                name,
                orders,
                round(time.perf_counter() - wall, 3),
                round(time.process_time() - cpu, 3),
            )
        )
        if self._is_watched:
            self._draw(self._total)
            sys.stderr.write("\n")

    def advance(self, count: int) -> None:
        """
        Say that *count* more orders are through.
        """
        self._count += count
        if self._is_watched:
            self._draw(min(self._count, self._total))

    def _draw(self, count: int) -> None:
        filled = _WIDTH * count // max(self._total, 1)
        bar = "#" * filled + "." * (_WIDTH - filled)
        sys.stderr.write(f"\r{self._name:<12} [{bar}] {count}/{self._total}")
        sys.stderr.flush()
