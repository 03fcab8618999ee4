"""
What a host opens the order core with: a mistake is told there, and not by the first
call that meets it.
"""

import os
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from ..domain.kernel.errors import InvalidInputError
from ..plugins.allowed_secrets import Secrets
from ..services.base.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


def _is_list(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def _is_list_of_texts(value: Any) -> bool:
    return _is_list(value) and all(isinstance(one, str) for one in value)


def _has(name: str) -> Callable[[Any], bool]:
    return lambda value: callable(getattr(value, name, None))


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


# Whether it will do, what is expected, and whether it may be None.
_NEEDED: dict[str, tuple[Callable[[Any], bool], str, bool]] = {
    "plugins": (_is_list, "a list of plugins", False),
    "clock": (_has("now"), "a clock, which has `now()`", True),
    "settings": (_is(Settings), "Settings(...)", True),
    "calendars": (_is(Mapping), 'a mapping, such as {"DE": calendar}', True),
    "storage": (_has("transact"), "an open storage; `url` is for a URL", True),
    "secrets": (_is(Secrets), 'Secrets(...), such as Secrets(env=["SHOP_*"])', False),
    "folder": (_is(str, os.PathLike), "a path, or empty for none", False),
    "private_hosts": (
        _is_list_of_texts,
        'a list of names, such as ["localhost"]',
        False,
    ),
}

_ANY: tuple[Callable[[Any], bool], str, bool] = (lambda _: True, "", True)


def checked(opening: Callable[P, R]) -> Callable[P, R]:
    """
    Let *opening* refuse what it cannot be opened with.

    Nothing of a value is told but its kind: it may be a secret.
    """

    @wraps(opening)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in kwargs.items():
            fits, expected, may_be_none = _NEEDED.get(name, _ANY)
            if not (value is None and may_be_none) and not fits(value):
                kind = type(value).__name__
                raise InvalidInputError(field=name, value=kind, expected=expected)
        return opening(*args, **kwargs)

    return call
