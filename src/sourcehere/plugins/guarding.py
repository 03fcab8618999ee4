"""
Providers whose answers and errors tell no secret, whatever the plugin puts into them.

Both go into rows (a message of the outbox keeps an error), to people and into logs, and
HTTP libraries like to repeat the URL or the header they sent.
"""

import copy
import functools
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from types import NoneType
from typing import Any, TypeVar

import attrs

from ..domain.kernel.errors import SourceHereError
from ..domain.kernel.values import frozen
from ..ports.errors import ProtocolError
from .references import forms_of, hide

T = TypeVar("T")
_DEPTH = 8  # of values within an error's attributes
_ANSWER_DEPTH = 16
# A shorter one cannot be told from a SKU or a quantity: in an answer it stays.
SHORTEST_IN_ANSWERS = 6
_PLAIN = (int, float, bool, NoneType, datetime, Decimal)


def guarded(
    provider: T, *, name: str, secrets: Iterable[str], connection: str = ""
) -> T:
    """
    Return *provider*, its answers and errors without *secrets*; itself where there are
    none.

    What is returned has the same methods and attributes, and `isinstance` says the
    same of it. A secret of fewer than six characters is blanked in errors alone.

    Args:
        name: The provider's, for errors that take the place of foreign ones.

        connection: What it is called here, for the same.
    """
    known = frozenset(secret for secret in secrets if secret)
    if not known:
        return provider
    kind = type(provider)
    who = _Who(name, connection, known)
    names = [n for n in dir(provider) if not n.startswith("__")]
    members: dict[str, Any] = {n: _member(provider, n, who) for n in names}
    members["__class__"] = property(lambda _: kind)
    members["__repr__"] = lambda _: hide(repr(provider), known)
    # What the provider has got since, or makes up when it is asked.
    members["__getattr__"] = lambda _, attribute: getattr(provider, attribute)
    members["__slots__"] = ()
    made: T = type(f"Guarded{kind.__name__}", (), members)()
    return made


@frozen
class _Who:
    """
    The provider that is guarded, its connection, and what it must not tell.
    """

    name: str
    connection: str
    secrets: frozenset[str]
    in_answers: frozenset[str] = attrs.field(init=False)
    forms: tuple[str, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        told = frozenset(s for s in self.secrets if len(s) >= SHORTEST_IN_ANSWERS)
        object.__setattr__(self, "in_answers", told)
        object.__setattr__(self, "forms", tuple(f for s in told for f in forms_of(s)))

    def error(self, error: Exception) -> Exception:
        return without(
            error, name=self.name, connection=self.connection, secrets=self.secrets
        )


def without(
    error: Exception, *, name: str, secrets: frozenset[str], connection: str = ""
) -> Exception:
    """
    Return *error* as it may be shown: itself if it tells none of *secrets*.

    One of ours keeps its type, and its texts are blanked. A foreign one that tells a
    secret is replaced, since its inside is not ours to change. Causes that tell one are
    cut off, as a traceback shows them too.
    """
    forms = [form for secret in secrets for form in forms_of(secret)]
    if not any(_tells(e, forms) for e in _chain(error)):
        return error
    if not isinstance(error, SourceHereError):
        detail = hide(f"{type(error).__name__}: {error}", secrets)
        return ProtocolError(provider=name, detail=detail, connection=connection)
    error.args = tuple(_blanked(a, secrets) for a in error.args)
    for field, value in vars(error).items():
        setattr(error, field, _blanked(value, secrets))
    error.__cause__ = error.__context__ = None
    return error


def _member(provider: object, attribute: str, who: _Who) -> Any:
    if not callable(getattr(type(provider), attribute, None)):
        # Looked up anew each time: a provider may change it.
        return property(lambda _: getattr(provider, attribute))

    @functools.wraps(getattr(provider, attribute))
    def call(_: object, *args: Any, **kwargs: Any) -> Any:
        method: Callable[..., Any] = getattr(provider, attribute)
        try:
            answer = method(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - raised again below, as it may be shown
            caught = error
        else:
            return _answer(answer, who)
        # Outside of the handler: else what was caught would hang on as its context.
        shown = who.error(caught)
        if shown is caught:
            raise caught
        raise shown from None

    return call


def _answer(value: Any, who: _Who, depth: int = 0) -> Any:
    """
    Return *value* without secrets, all the way down; itself if it tells none.

    A push of many returns an error for each that failed: those are told as if raised.
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Exception):
        return who.error(value)
    if isinstance(value, str):
        is_told = any(form in value for form in who.forms)
        return hide(str(value), who.in_answers) if is_told else value
    parts = _parts(value) if depth < _ANSWER_DEPTH else None
    if parts is None:
        return _unless_told(value, who)
    shown = [_answer(part, who, depth + 1) for part in parts]
    if all(new is old for new, old in zip(shown, parts, strict=True)):
        return value
    return _with_parts(value, shown)


def _parts(value: Any) -> list[Any] | None:
    """
    List what *value* is made of; None where nobody knows.
    """
    if type(value) in (list, tuple, set, frozenset):
        return list(value)
    if type(value) is dict:
        return [*value, *value.values()]
    if attrs.has(type(value)):
        return [getattr(value, field.name, None) for field in attrs.fields(type(value))]
    return None


def _with_parts(value: Any, parts: list[Any]) -> Any:
    if type(value) is dict:
        return dict(zip(parts[: len(value)], parts[len(value) :], strict=True))
    if not attrs.has(type(value)):
        return type(value)(parts)
    # Not made anew: an odd value is for the doors to refuse, and not for its class.
    made = copy.copy(value)
    for field, part in zip(attrs.fields(type(value)), parts, strict=True):
        object.__setattr__(made, field.name, part)
    return made


def _unless_told(value: object, who: _Who) -> object:
    """
    Return *value*, or what may be shown of it where its text tells a secret.
    """
    try:
        shown = f"{value!r} {value}"
    except Exception:  # noqa: BLE001 - an object of a plugin's, whatever it does
        return value
    if any(form in shown for form in who.forms):
        return hide(repr(value), who.in_answers)
    return value


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _tells(error: BaseException, forms: Iterable[str]) -> bool:
    try:
        text = f"{error} {error!r} {vars(error)!r} {getattr(error, '__notes__', '')}"
    except Exception:  # noqa: BLE001 - an object of a plugin's, whatever it does
        return True
    return any(form in text for form in forms)


def _blanked(value: Any, secrets: frozenset[str], depth: int = 0) -> Any:
    if isinstance(value, str):
        return hide(value, secrets)
    if depth < _DEPTH and type(value) in (list, tuple, set, frozenset):
        return type(value)(_blanked(item, secrets, depth + 1) for item in value)
    if depth < _DEPTH and type(value) is dict:
        return {
            _blanked(k, secrets, depth + 1): _blanked(v, secrets, depth + 1)
            for k, v in value.items()
        }
    shown = repr(value)
    kept = hide(shown, secrets)
    return value if kept == shown else kept
