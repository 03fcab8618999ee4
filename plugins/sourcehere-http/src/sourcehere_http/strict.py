"""
JSON that a stranger sent: no name twice, no depth without end.
"""

import json
import re
from typing import Any, NoReturn

from sourcehere.ports.errors import ProtocolError

DEPTH_MAX = 64
# A text with all its escapes, or a bracket.
_PART = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def strict_json(body: bytes, *, provider: str, depth_max: int = DEPTH_MAX) -> Any:
    """
    Return what *body* says.

    Raises:
        ProtocolError: If it is no JSON, an object has a name twice (two readers would
            see two values), or it is nested more deeply than *depth_max*.
    """
    if _depth(body) > depth_max:
        detail = f"the body is nested more than {depth_max} deep"
        raise ProtocolError(provider=provider, detail=detail)
    try:
        return json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
    except _TwiceError as error:
        detail = f"the body says {str(error)!r:.100} twice"
        raise ProtocolError(provider=provider, detail=detail) from error
    except (ValueError, RecursionError) as error:
        detail = f"the body is no JSON: {type(error).__name__}"
        raise ProtocolError(provider=provider, detail=detail) from error


class _TwiceError(ValueError):
    """
    A name is there twice.
    """


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for part in _PART.findall(body):
        if part in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif part in (b"]", b"}"):
            depth -= 1
    return deepest
