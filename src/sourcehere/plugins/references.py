"""
Values that a configuration only refers to: `{"$env": "NAME"}` and `{"$file": "path"}`.

They are looked up each time a provider is asked for, and kept nowhere. Only a secret
field takes one, and only what the host allowed is looked up: a seller who writes a
configuration could read the host's files and environment otherwise.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeGuard
from urllib.parse import quote, quote_plus

import attrs

from ..domain.kernel.values import frozen
from ..ports.errors import ConfigProblem
from .allowed_secrets import NotAllowedError, Secrets

_ALLOWED_BY = {
    "$env": "Secrets(env=...) names them, SOURCEHERE_SECRETS_ENV at a shell",
    "$file": "Secrets(files=...) names a folder, SOURCEHERE_SECRETS_FILES at a shell",
}
_KINDS = tuple(_ALLOWED_BY)


class OutsideText(str):
    """
    A text from the environment or a file: it may stand for a number or a yes or no.
    """

    __slots__ = ()


@frozen
class Resolved:
    """
    A configuration with its references looked up.

    Attributes:
        value: Empty mappings stand for references that could not be looked up.

        texts: What came from outside.

        problems: Each with the path of its field.
    """

    value: dict[str, object] = attrs.field(repr=False)
    texts: frozenset[str] = attrs.field(repr=False)
    problems: tuple[ConfigProblem, ...]

    def digest(self) -> bytes:
        """
        Return the hash by which an equal configuration is known; tells nothing of it.
        """
        return _digest(json.dumps(self.value, sort_keys=True))


def given_digest(config: Mapping[str, object]) -> bytes | None:
    """
    Return the digest of a configuration as it is given; None if JSON cannot hold it.

    One that refers to nothing is known by it. One that refers to something is unlike
    all that were looked up: no reference is left in those.
    """
    try:
        return _digest(json.dumps(config, sort_keys=True))
    except (TypeError, ValueError, RecursionError):
        return None


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=32).digest()


def resolve(
    config: Mapping[str, object],
    *,
    takes: Callable[[str], bool],
    secrets: Secrets,
    seller_id: str = "",
) -> Resolved:
    """
    Look up the references in *config*, at any depth.

    Args:
        takes: Whether the field at a path may be a reference.

        secrets: What may be looked up.

        seller_id: Whose connection it is; empty for the platform's own.

    A file's last line end is no part of the value. What JSON could not hold is a
    problem too, so that a configuration can always be kept.
    """
    texts: set[str] = set()
    problems: list[ConfigProblem] = []

    def visit(value: object, path: str) -> object:
        if isinstance(value, Mapping):
            if is_reference(value):
                return look_up(value, path)
            return {
                _key(key, path, problems): visit(item, join(path, str(key)))
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [visit(item, f"{path}[{i}]") for i, item in enumerate(value)]
        if value is None or isinstance(value, str | int | float):
            return value
        words = f"a {type(value).__name__} is no plain value"
        problems.append(ConfigProblem(path, words))
        return None

    def look_up(reference: Mapping[object, object], path: str) -> object:
        if takes(path):
            found = _look_up(reference, secrets, seller_id)
        else:
            found = "takes no reference; only a secret field does"
        if isinstance(found, OutsideText):
            texts.add(str(found))
            return found
        problems.append(ConfigProblem(path, found))
        return {}

    value = {
        _key(key, "", problems): visit(item, str(key)) for key, item in config.items()
    }
    return Resolved(value, frozenset(texts), tuple(problems))


def is_reference(value: object) -> TypeGuard[Mapping[object, object]]:
    """
    Tell whether *value* is meant to be looked up; it may be wrong all the same.
    """
    return isinstance(value, Mapping) and any(kind in value for kind in _KINDS)


def join(path: str, name: str) -> str:
    """
    Return the path of *name* below *path*.
    """
    return f"{path}.{name}" if path else name


def is_within(path: str, outer: Iterable[str]) -> bool:
    """
    Tell whether *path* is one of *outer*, or inside of one.
    """
    return any(path == o or path.startswith((f"{o}.", f"{o}[")) for o in outer)


def hide(text: str, secrets: Iterable[str]) -> str:
    """
    Blank every one of *secrets* in *text*, also as `repr`, JSON and URLs write it.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        for form in forms_of(secret):
            text = text.replace(form, "***")
    return text


def forms_of(secret: str) -> tuple[str, ...]:
    """
    Return how *secret* may be written in a message, as it is first.
    """
    if not secret:
        return ()
    written = (
        secret,
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
    )
    return tuple(dict.fromkeys(written))


def _key(key: object, path: str, problems: list[ConfigProblem]) -> str:
    if not isinstance(key, str):
        problems.append(ConfigProblem(path, f"the key {key!r} is no text"))
    return str(key)


def _look_up(
    reference: Mapping[object, object], secrets: Secrets, seller_id: str
) -> str:
    """
    Return the value as `OutsideText`, or plain words for why there is none.
    """
    if len(reference) > 1:
        return "is a reference and more; a reference is one of $env and $file, alone"
    ((kind, name),) = reference.items()
    if not isinstance(name, str) or not name or "\0" in name:
        return f"{kind} does not name anything"
    return _read(str(kind), name, secrets, seller_id)


def _read(kind: str, name: str, secrets: Secrets, seller_id: str) -> str:
    try:
        if kind == "$file":
            return _text_of(secrets.file(name, seller_id=seller_id), name)
        value = secrets.variable(name, seller_id=seller_id)
    except NotAllowedError:
        words = f"{kind} {name} is not among the secrets that the host allowed"
        return f"{words}: {_ALLOWED_BY[kind]}"
    except OSError as error:
        return f"the file {name} cannot be read: {error.strerror or 'unknown reason'}"
    if value is None:
        return f"the environment variable {name} is not set"
    return OutsideText(value)


def _text_of(data: bytes, name: str) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return f"the file {name} is no UTF-8 text"
    return OutsideText(text.removesuffix("\n").removesuffix("\r"))
