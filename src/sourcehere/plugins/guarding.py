"""
Providers whose errors tell no secret, whatever the plugin puts into them.

An error goes into rows (a message of the outbox keeps it), to people and into logs, and
HTTP libraries like to repeat the URL or the header they sent.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from ..domain.kernel.errors import SourceHereError
from ..ports.errors import ProtocolError
from .references import forms_of, hide

T = TypeVar("T")
_DEPTH = 8  # of values within an error's attributes


def guarded(provider: T, *, name: str, secrets: Iterable[str]) -> T:
    """
    Return *provider*, its errors without *secrets*; itself where there are none.

    What is returned has the same methods and attributes, and `isinstance` says the
    same of it.

    Args:
        name: The provider's, for errors that take the place of foreign ones.
    """
    known = frozenset(secret for secret in secrets if secret)
    if not known:
        return provider
    kind = type(provider)
    names = [n for n in dir(provider) if not n.startswith("__")]
    members: dict[str, Any] = {n: _member(provider, n, name, known) for n in names}
    members["__class__"] = property(lambda _: kind)
    members["__repr__"] = lambda _: hide(repr(provider), known)
    # What the provider has got since, or makes up when it is asked.
    members["__getattr__"] = lambda _, attribute: getattr(provider, attribute)
    members["__slots__"] = ()
    made: T = type(f"Guarded{kind.__name__}", (), members)()
    return made


def without(error: Exception, *, name: str, secrets: frozenset[str]) -> Exception:
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
        return ProtocolError(provider=name, detail=detail)
    error.args = tuple(_blanked(a, secrets) for a in error.args)
    for field, value in vars(error).items():
        setattr(error, field, _blanked(value, secrets))
    error.__cause__ = error.__context__ = None
    return error


def _member(
    provider: object, attribute: str, name: str, secrets: frozenset[str]
) -> Any:
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
            return _answer(answer, name, secrets)
        # Outside of the handler: else what was caught would hang on as its context.
        shown = without(caught, name=name, secrets=secrets)
        if shown is caught:
            raise caught
        raise shown from None

    return call


def _answer(answer: object, name: str, secrets: frozenset[str]) -> object:
    """
    Look for errors in an answer: a push of many returns one for each that failed.
    """
    if not isinstance(answer, list | tuple):
        return answer
    if not any(isinstance(item, Exception) for item in answer):
        return answer
    return [
        without(item, name=name, secrets=secrets)
        if isinstance(item, Exception)
        else item
        for item in answer
    ]


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
