"""
What is wrong with a function that was meant as a hook: its name, or its arguments.
"""

import difflib
import inspect
from collections.abc import Callable, Collection

from .hookspecs import ALL_HOOKS, PROJECT, HookSpecs

_PREFIX = f"{PROJECT}_"
# How alike a name has to be that nobody marked: a letter or two are missing, too many,
# or in each other's place. What is less alike may be a function of the plugin's own.
_ALIKE = 0.95


def no_such_hook(name: str) -> str:
    """
    Say that there is no hook *name*, and which was meant.
    """
    close = difflib.get_close_matches(name, ALL_HOOKS, 1)
    return f"there is no hook {name}" + (f"; did you mean {close[0]}?" if close else "")


def mistake_in_functions(plugin: object, marked: Collection[str]) -> str:
    """
    Say which function was meant as a hook and cannot be one; nothing if there is none.

    Args:
        marked: The hooks that it has.
    """
    for name in marked:
        if is_async(getattr(plugin, name, None)):
            return f"{name} is async, and hooks are called as plain functions"
    for name in ALL_HOOKS:
        if name not in marked and callable(getattr(plugin, name, None)):
            return f"{name} is not marked with @hookimpl"
    ours = (name for name in dir(plugin) if name.startswith(_PREFIX))
    for name in ours:
        if name in marked or not inspect.isroutine(getattr(plugin, name, None)):
            continue
        if difflib.get_close_matches(name, ALL_HOOKS, 1, _ALIKE):
            return f"{no_such_hook(name)} (it is not marked with @hookimpl either)"
    return ""


def mistake_in_arguments(plugin: object) -> str:
    """
    Say which hook wants arguments that it is not given; nothing if none does.
    """
    for name in ALL_HOOKS:
        given = _wanted(getattr(HookSpecs, name))[1:]
        wanted = _wanted(getattr(plugin, name, None))
        unknown = [one for one in wanted if one not in given]
        if unknown and isinstance(plugin, type):
            called = plugin.__name__
            return f"{called} is a class: give an object of it, such as {called}()"
        if unknown:
            told = f"it is given {' and '.join(given)}" if given else "it takes none"
            return f"{name} has the argument {' and '.join(unknown)}: {told}"
    return ""


def is_async(function: object) -> bool:
    """
    Tell whether what is called would do nothing before somebody awaits it.
    """
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def _wanted(function: Callable[..., object] | None) -> list[str]:
    """
    List the arguments without a default.
    """
    try:
        found = inspect.signature(function) if function is not None else None
    except (TypeError, ValueError):
        return []
    return [
        one.name
        for one in (found.parameters.values() if found else ())
        if one.default is one.empty
        and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
