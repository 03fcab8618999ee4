"""
Arguments, checked at the door: what a method was promised is what it gets.
"""

import inspect
import typing
from collections.abc import Callable, Mapping
from functools import cache
from itertools import chain
from typing import Any

from ..domain.kernel.annotations import check_for
from ..domain.kernel.checks import LINE_MAX, TEXT_MAX, Check


def check_arguments(function: Callable[..., Any], args: Any, kwargs: Any) -> None:
    """
    Check what *function* is about to be called with, `self` left aside.

    What does not fit its signature is left to the call, which refuses it.

    Raises:
        InvalidInputError: If an argument is not what its annotation says.
    """
    names, checks = _checks_of(function)
    for name, value in chain(zip(names, args, strict=False), kwargs.items()):
        check = checks.get(name)
        if check is not None:
            check(name, value)


@cache
def _checks_of(
    function: Callable[..., Any],
) -> tuple[tuple[str, ...], Mapping[str, Check]]:
    hints = typing.get_type_hints(function, include_extras=True)
    hints.pop("return", None)
    checks = {name: check_for(hint, _most(name)) for name, hint in hints.items()}
    _, *names = inspect.signature(function).parameters
    return tuple(names), checks


def _most(name: str) -> int:
    """
    Return how long texts of an argument may be whose annotation does not say.

    A cursor is as long as what it stands behind; it is never stored.
    """
    return TEXT_MAX if name == "after" else LINE_MAX
