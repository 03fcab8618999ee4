"""
Secrets that stand in a configuration as they are, instead of being referred to.
"""

from collections.abc import Iterable, Iterator, Mapping

from ..ports.errors import ConfigError, ConfigProblem
from .fields import is_secret, walk
from .info import AnyProvider
from .references import is_reference, join

_WORDS = (
    'is a secret: refer to it by {"$env": "NAME"} or {"$file": "PATH"}, or say that it'
    " may be kept as it is (allow_plain)"
)


def require_references(
    offers: Iterable[AnyProvider], name: str, config: Mapping[str, object], *, kind: str
) -> None:
    """
    Refuse a configuration that gives a secret as it is: it would be kept in the
    database, and in every copy of it.

    Args:
        offers: The providers there are; of an unknown one nothing is said.

        kind: Such as `store platform`, for the error.

    Raises:
        ConfigError: With a problem for each such field; tells no secret.
    """
    for info in offers:
        if info.name != name:
            continue
        found = [ConfigProblem(path, _WORDS) for path in _plain(info.config, config)]
        if found:
            raise ConfigError(provider=f"{kind} {name}", problems=found)


def _plain(cls: type, config: Mapping[str, object]) -> Iterator[str]:
    for path, field, value in walk(cls, dict(config)):
        if is_secret(field):
            yield from _kept(path, value)


def _kept(path: str, value: object) -> Iterator[str]:
    """
    Find what stands there as it is: of a secret that is a mapping, each of its values.
    """
    if is_reference(value):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _kept(join(path, str(key)), item)
    elif value is not None:
        yield path
