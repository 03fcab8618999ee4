"""
A storage whose process dies after some of its steps, and what those steps are called.

A step is a commit, or a call that happened outside. Between two of them a process may
die at any time; what it had in memory is lost then, and nothing else may be.
"""

import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import TypeVar

from ..ports.storage import Session, Storage

T = TypeVar("T")
_PACKAGE = Path(__file__).parents[1]
_INSIDE = ("unit", "ports", "testing", "domain", "builtin")


class DiedError(BaseException):
    """
    The process is gone: nothing catches this but who started it.
    """


class DyingStorage:
    """
    Any storage; it dies when it is told to, and keeps the names of the steps before.

    Attributes:
        steps: Each step since `begin`, by name.
    """

    def __init__(self, inner: Storage) -> None:
        self._inner = inner
        self.steps: list[str] = []
        self._left: int | None = None

    @property
    def url(self) -> str:
        """
        Where the storage below keeps its data.
        """
        return self._inner.url

    def begin(self, *, dies_after: int | None = None) -> None:
        """
        Begin to count steps; with *dies_after*, live for so many of them only.
        """
        self.steps, self._left = [], dies_after

    def transact(self, work: Callable[[Session], T], /, *, read_only: bool) -> T:
        """
        Run *work* in one transaction, if the process lives.

        Raises:
            DiedError: If it does not.
        """
        if self._left is not None and self._left <= 0:
            raise DiedError
        result = self._inner.transact(work, read_only=read_only)
        if not read_only:
            self.reached(step_of(inspect.currentframe()))
        return result

    def reached(self, step: str) -> None:
        """
        Count a step that has happened, here or outside.
        """
        self.steps.append(step)
        if self._left is not None:
            self._left -= 1

    def close(self) -> None:
        """
        Do nothing: the storage below is closed by who opened it.
        """


def step_of(frame: FrameType | None) -> str:
    """
    Return the name of the step that *frame* takes, such as `paying.paying.pay`.
    """
    while frame is not None:
        inside = _takes_steps(frame.f_code.co_filename)
        if inside:
            return name_of(inside, frame.f_code.co_qualname)
        frame = frame.f_back
    return "nobody"


@cache
def _takes_steps(file: str) -> tuple[str, ...]:
    """
    Return where in the package the *file* is whose functions take steps; empty if they
    take none of their own.
    """
    path = Path(file)
    if not path.is_relative_to(_PACKAGE):
        return ()
    inside = path.relative_to(_PACKAGE).with_suffix("").parts
    is_base = inside[:2] == ("services", "base")
    return () if inside[0] in _INSIDE or is_base else inside


def name_of(path: tuple[str, ...], qualname: str) -> str:
    """
    Return the name of a step in a function: room, file and method; what is defined
    within a method is a part of it.
    """
    method = qualname.partition(".<locals>")[0].rpartition(".")[2]
    return ".".join((*path[1:], method))
