"""
Every call at every desk with one value in it that is too long or too large.
"""

import inspect

import attrs
from desk_world import METHODS, arguments, desk_of

from sourcehere import SourceHereError


def with_one(value, kind, new):
    """
    Return copies of *value*, one for each leaf of *kind* in it, which is *new* there.
    """
    if type(value) is kind:
        return [new]
    if attrs.has(type(value)):
        return list(_records(value, kind, new))
    if isinstance(value, list | tuple):
        return [
            type(value)((*value[:i], inner, *value[i + 1 :]))
            for i, item in enumerate(value)
            for inner in with_one(item, kind, new)
        ]
    if isinstance(value, dict):
        return list(_mappings(value, kind, new))
    return []


def _records(value, kind, new):
    for field in attrs.fields(type(value)):
        for inner in with_one(getattr(value, field.name), kind, new):
            try:
                yield attrs.evolve(value, **{field.name: inner})
            except SourceHereError:
                continue  # it cannot even be said


def _mappings(value, kind, new):
    for name, item in value.items():
        for inner in with_one(item, kind, new):
            yield {**value, name: inner}
    if kind is str and value:
        first, *rest = value
        yield {new: value[first], **{name: value[name] for name in rest}}


def odd_calls(bench, values, kind, new):
    """
    Return (name, call) of every method of every desk, once for each place of a *kind*.
    """
    for name, part, method, access in METHODS:
        role = min(access.roles)
        called = getattr(getattr(desk_of(bench, name, role), part), method)
        given = arguments(bench, values, f"{name}.{part}.{method}", called)
        usual = {
            one.name: one.default
            for one in inspect.signature(called).parameters.values()
            if type(one.default) is kind
        }
        for argument, value in (given | usual).items():
            for odd in with_one(value, kind, new):
                yield (
                    f"{name}.{part}.{method}({argument})",
                    called,
                    {**given, argument: odd},
                )


def outcomes(bench, values, kind, new):
    """
    Make all those calls; return what came of each: `done`, or the name of an error.
    """
    found = []
    for name, called, given in odd_calls(bench, values, kind, new):
        try:
            answer = called(**given)
        except SourceHereError as error:
            found.append((name, type(error).__name__))
        else:
            failed = getattr(answer, "failed", {}).values()
            found.append((name, ", ".join(type(e).__name__ for e in failed) or "done"))
    return found
