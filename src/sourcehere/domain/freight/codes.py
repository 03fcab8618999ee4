"""
Which shipping method a code means, when several connections may have it.
"""

from collections.abc import Iterable
from functools import lru_cache

from ..kernel.errors import InvalidInputError

SEPARATOR = ":"
CODE_MAX = 100  # characters
NAME_MAX = 200

# The names of a connection and of its method.
MethodKey = tuple[str, str]


def full_code(connection: str, method: str) -> str:
    """
    Return the code that no other connection has, such as `card:std`.
    """
    if not method or not connection:
        return method or connection
    return f"{connection}{SEPARATOR}{method}"


def meant_by(code: str, methods: Iterable[MethodKey]) -> tuple[MethodKey, ...]:
    """
    Return those of *methods* that *code* may mean: more than one if it is ambiguous.

    A full code means its own method only; a short one all that are called so.
    """
    known = dict.fromkeys(methods)
    full = tuple([key for key in known if full_code(*key) == code])
    return full or tuple([key for key in known if key[1] == code])


def shortest_code(key: MethodKey, methods: Iterable[MethodKey]) -> str:
    """
    Return the short code of a method if no other of *methods* has it, else the full.
    """
    return key[1] if meant_by(key[1], methods) in ((), (key,)) else full_code(*key)


@lru_cache(maxsize=1024)
def flaw_of(name: str, *, most: int) -> str:
    """
    Return what a method's code or name is expected to be, but is not; empty if it can
    be typed, shown in a line, and kept by every storage.
    """
    if not name or name != name.strip():
        return "a text that begins and ends with a visible sign"
    if not name.isprintable():
        return "a text without control characters"
    return f"a text of at most {most} characters" if len(name) > most else ""


def check_connection_name(name: str) -> None:
    """
    Accept a name of a connection that full codes can begin with.

    Raises:
        InvalidInputError: If it holds the sign that full codes are parted by.
    """
    if SEPARATOR in name:
        expected = f"a name without {SEPARATOR!r}, which parts it from a method's code"
        raise InvalidInputError(field="name", value=name, expected=expected)
