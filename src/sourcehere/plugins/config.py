"""
From a plain mapping to a provider's configuration class, or everything wrong with it.
"""

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar, cast

import attrs
from cattrs import (
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
)
from cattrs.errors import IterableValidationNote, StructureHandlerNotFoundError
from cattrs.gen import make_dict_structure_fn

from ..domain.kernel.errors import InvalidInputError, SourceHereError
from ..ports.errors import ConfigError, ConfigProblem
from .allowed_secrets import NO_SECRETS, Secrets
from .fields import SEQUENCES, fields_of, type_words
from .references import OutsideText, Resolved, hide, is_within, join, resolve
from .secret_fields import empty_secrets, secret_paths, secret_texts

C = TypeVar("C")
_CANNOT = (
    "cannot be written in JSON: let it be a text or a number, and make of it what you"
    " need"
)
_TRUTHS = {
    "true": True,
    "false": False,
    "yes": True,
    "no": False,
    "1": True,
    "0": False,
}


def look_up(
    cls: type,
    config: Mapping[str, object],
    *,
    provider: str,
    secrets: Secrets = NO_SECRETS,
    seller_id: str = "",
) -> Resolved:
    """
    Look up what the secret fields of *config*, meant for *cls*, refer to.

    Args:
        provider: Its name, for the error.

        secrets: What may be referred to.

        seller_id: Whose connection it is; empty for the platform's own.

    Raises:
        ConfigError: If no mapping fits *cls*.
    """
    _reader(cls, provider)
    takes = secret_paths(cls, config)
    return resolve(config, takes=takes, secrets=secrets, seller_id=seller_id)


def structure(cls: type[C], resolved: Resolved, *, provider: str) -> C:
    """
    Make a *cls* from a configuration whose references were looked up.

    Strict: an unknown key is refused, a number is no text, and 1.5 is no whole number.
    Only what comes from the environment or a file, always a text, may stand for a
    number or a truth value (true/false, yes/no, 1/0). An empty secret is refused.

    Args:
        provider: Its name, for the error.

    Raises:
        ConfigError: With every problem, each with the path of its field. Neither a
            secret nor anything that was looked up is in it.
    """
    read = _reader(cls, provider)
    made: C | None = None
    problems = [*resolved.problems, *empty_secrets(cls, resolved.value)]
    reported = tuple(problem.field for problem in problems)
    hidden = secret_texts(cls, resolved)
    try:
        made = read(resolved.value, cls)
    except Exception as error:  # noqa: BLE001 - validators may raise whatever they like
        found = _problems(error, "", hidden=hidden)
        problems += [p for p in found if not is_within(p.field, reported)]
    # Raised here, not where it was caught: what was caught may tell a secret.
    if problems:
        raise ConfigError(provider=provider, problems=problems)
    assert made is not None
    return made


def _reader(cls: type[C], provider: str) -> Callable[[object, object], C]:
    try:
        return cast("Callable[[object, object], C]", _converter.get_structure_hook(cls))
    except StructureHandlerNotFoundError as error:
        kind = getattr(error.type_, "__name__", str(error.type_))
        problem = ConfigProblem("", f"{cls.__name__} asks for {kind}, which {_CANNOT}")
        raise ConfigError(provider=provider, problems=[problem]) from error
    except Exception as error:
        words = f"no mapping fits {cls.__name__}: {type(error).__name__}: {error}"
        problem = ConfigProblem("", words)
        raise ConfigError(provider=provider, problems=[problem]) from error


class _UnfitError(Exception):
    """
    A value of the wrong kind.
    """


def _text(value: object, kind: type) -> object:
    if not isinstance(value, str):
        raise _UnfitError
    return kind(str(value))


def _whole_number(value: object, kind: type) -> object:
    if isinstance(value, OutsideText):
        return kind(int(value))
    if not isinstance(value, int) or isinstance(value, bool):
        raise _UnfitError
    return kind(value)


def _number(value: object, kind: type) -> object:
    if isinstance(value, OutsideText):
        return kind(float(value))
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _UnfitError
    return kind(value)


def _truth(value: object, _: type) -> bool:
    if isinstance(value, OutsideText):
        if value.strip().lower() not in _TRUTHS:
            raise _UnfitError
        return _TRUTHS[value.strip().lower()]
    if not isinstance(value, bool):
        raise _UnfitError
    return value


def _is_items(kind: object) -> bool:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    # A tuple of fixed length is left to cattrs.
    return origin in SEQUENCES and (origin is not tuple or arguments[-1] is ...)


def _items_hook(kind: object) -> Callable[[object, object], object]:
    """
    Make what reads a list; cattrs by itself takes a text for a list of characters.
    """
    make, element = SEQUENCES[typing.get_origin(kind)], typing.get_args(kind)[0]
    read_item = _converter.get_structure_hook(element)

    def read(value: object, _: object) -> object:
        if not isinstance(value, list):
            raise _UnfitError
        items: list[object] = []
        errors: list[Exception] = []
        for i, item in enumerate(value):
            try:
                items.append(read_item(item, element))
            except Exception as error:  # noqa: BLE001 - collected
                note = IterableValidationNote(f"item {i}", i, element)
                error.__notes__ = [*getattr(error, "__notes__", ()), note]
                errors.append(error)
        if errors:
            msg = "items"
            raise IterableValidationError(msg, errors, make)
        return make(items)

    return read


def _class_hook(cls: type) -> Callable[[object, object], object]:
    read: Callable[[Mapping[str, object], object], object] = make_dict_structure_fn(
        cls, _converter, _cattrs_forbid_extra_keys=True
    )

    def read_mapping(value: object, kind: object) -> object:
        if not isinstance(value, dict):
            raise _UnfitError
        return read(value, kind)

    return read_mapping


_converter = Converter(forbid_extra_keys=True)
_converter.register_structure_hook(str, _text)
_converter.register_structure_hook(int, _whole_number)
_converter.register_structure_hook(float, _number)
_converter.register_structure_hook(bool, _truth)
_converter.register_structure_hook_func(
    lambda kind: kind is object, lambda value, _: value
)
_converter.register_structure_hook_factory(_is_items, _items_hook)
_converter.register_structure_hook_factory(attrs.has, _class_hook)


def _problems(
    error: BaseException, path: str, *, kind: object = None, hidden: Iterable[str]
) -> Iterator[ConfigProblem]:
    """
    Take apart what cattrs raised.

    Args:
        kind: The type that the value at *path* should have had; None where *error*
            is about the making of a whole class.

        hidden: Texts to blank in words that are not our own.
    """
    others: Iterable[Exception] = ()
    if isinstance(error, ClassValidationError):
        fields, others = error.group_exceptions()
        for inner, note in fields:
            here = join(path, note.name)
            yield from _problems(inner, here, kind=note.type, hidden=hidden)
    elif isinstance(error, IterableValidationError):
        items, others = error.group_exceptions()
        for inner, at in items:
            step = f"[{at.index}]" if isinstance(at.index, int) else f".{at.index}"
            yield from _problems(inner, path + step, kind=at.type, hidden=hidden)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = ", ".join(field.name for field in fields_of(error.cl)) or "none"
        for name in sorted(error.extra_fields):
            yield ConfigProblem(join(path, name), f"is unknown; there is: {known}")
    elif kind is None:
        yield _refusal(error, path, hidden)
    else:
        yield _misfit(error, path, kind)
    for inner in others:
        yield from _problems(inner, path, hidden=hidden)


def _refusal(error: BaseException, path: str, hidden: Iterable[str]) -> ConfigProblem:
    """
    Say what a class's own check said.
    """
    if isinstance(error, InvalidInputError):
        path = join(path, error.field)
        words = f"{error.value!r} is not {error.expected}"
    elif isinstance(error, SourceHereError):
        words = str(error)
    else:
        # The first argument is the message; attrs adds the value to the others.
        words = str(next(iter(error.args), "")) or type(error).__name__
    return ConfigProblem(path, hide(words, hidden))


def _misfit(error: BaseException, path: str, kind: object) -> ConfigProblem:
    if isinstance(error, KeyError):
        return ConfigProblem(path, "is required")
    return ConfigProblem(path, f"is not {type_words(kind)}")
