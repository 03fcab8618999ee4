"""
Which values of a configuration must not be shown, and which secrets are missing.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from ..ports.errors import ConfigProblem
from .fields import is_secret, nested_fields, walk
from .references import Resolved, is_within


def secret_texts(cls: type, resolved: Resolved) -> frozenset[str]:
    """
    Collect what must not be shown: values of secret fields, and all from outside.

    What was looked up counts whatever its field: else whoever may write a configuration
    could read the environment out of error messages.
    """
    found = set(resolved.texts)
    for _, value in _secrets(cls, resolved.value):
        found.update(_leaves(value))
    return frozenset(found)


def secret_paths(cls: type, config: Mapping[str, object]) -> Callable[[str], bool]:
    """
    Tell of a path in *config* whether what is there belongs to a secret field.
    """
    found = [path for path, _ in _secrets(cls, dict(config))]
    return lambda path: is_within(path, found)


def empty_secrets(cls: type, value: object) -> Iterator[ConfigProblem]:
    """
    Find secrets that were given and say nothing: a forgotten variable, most likely.
    """
    for path, given in _secrets(cls, value):
        if isinstance(given, str) and not given.strip():
            yield ConfigProblem(path, "must not be empty")


def _secrets(cls: type, value: object) -> Iterator[tuple[str, object]]:
    """
    Find what secret fields hold, each with its path.

    A class without any is not walked: configurations are looked at each time that a
    provider is asked for, and a rate card is large.
    """
    if _has_secrets(cls):
        for path, field, given in walk(cls, value):
            if is_secret(field):
                yield path, given


@cache
def _has_secrets(cls: type) -> bool:
    return any(map(is_secret, nested_fields(cls)))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
