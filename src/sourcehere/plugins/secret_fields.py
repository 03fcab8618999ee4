"""
Which values of a configuration must not be shown, and which secrets are missing.
"""

from collections.abc import Callable, Iterator, Mapping

from ..ports.errors import ConfigProblem
from .fields import is_secret, walk
from .references import Resolved, is_within


def secret_texts(cls: type, resolved: Resolved) -> frozenset[str]:
    """
    Collect what must not be shown: values of secret fields, and all from outside.

    What was looked up counts whatever its field: else whoever may write a configuration
    could read the environment out of error messages.
    """
    found = set(resolved.texts)
    for _, field, value in walk(cls, resolved.value):
        if is_secret(field):
            found.update(_leaves(value))
    return frozenset(found)


def secret_paths(cls: type, config: Mapping[str, object]) -> Callable[[str], bool]:
    """
    Tell of a path in *config* whether what is there belongs to a secret field.
    """
    found = [path for path, field, _ in walk(cls, dict(config)) if is_secret(field)]
    return lambda path: is_within(path, found)


def empty_secrets(cls: type, value: object) -> Iterator[ConfigProblem]:
    """
    Find secrets that were given and say nothing: a forgotten variable, most likely.
    """
    for path, field, given in walk(cls, value):
        if is_secret(field) and isinstance(given, str) and not given.strip():
            yield ConfigProblem(path, "must not be empty")


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
