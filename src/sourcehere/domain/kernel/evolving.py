"""
Other versions of frozen values, by functions made once per class and change.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast

import attrs

T = TypeVar("T")


def evolved(value: T, **changes: object) -> T:
    """
    Give *value* with other fields, as `attrs.evolve` would; for hot paths.

    Three times faster than `attrs.evolve`, and unlike it not checked by type checkers.

    Raises:
        TypeError: If there is no such field.
    """
    cls: Any = type(value)
    return cast("T", _evolver(cls, tuple(changes))(value, *changes.values()))


@lru_cache(maxsize=1024)
def _evolver(cls: type, changed: tuple[str, ...]) -> Callable[..., object]:
    fields = {f.name: f.alias for f in attrs.fields(cast("Any", cls)) if f.init}
    unknown = [name for name in changed if name not in fields]
    if unknown:
        msg = f"{cls.__name__} has no {', '.join(unknown)}"
        raise TypeError(msg)
    values = [
        f"{alias}={name if name in changed else f'_old.{name}'}"
        for name, alias in fields.items()
    ]
    source = f"lambda _old, {', '.join(changed)}: _cls({', '.join(values)})"
    # As attrs does for __init__: the source is made of our own field names only.
    made = eval(source, {"_cls": cls})  # noqa: S307 - see above
    return cast("Callable[..., object]", made)
