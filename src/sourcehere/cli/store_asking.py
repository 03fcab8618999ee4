"""
What a platform has to know to be connected, asked of the person at the terminal.
"""

from collections.abc import Sequence

from ..plugins.fields import FieldInfo, describe
from ..plugins.hookspecs import STORE_PLATFORM
from .context import Context

_TEXT = "a text"


def completed(
    ctx: Context, platform: str, given: dict[str, object]
) -> dict[str, object]:
    """
    Ask the person at the terminal for the fields that have to be there and are not.

    Where there is no terminal nothing is asked: connecting says what is missing.
    """
    found = dict(given)
    for field in _fields(ctx, platform):
        if field.required and field.name not in found and field.type == _TEXT:
            answer = ctx.asks(_question(field))
            if answer:
                found[field.name] = {"$env": answer} if field.secret else answer
    return found


def _fields(ctx: Context, platform: str) -> Sequence[FieldInfo]:
    for info in ctx.sh.registry.providers(STORE_PLATFORM):
        if info.name == platform:
            return describe(info.config)
    return ()


def _question(field: FieldInfo) -> str:
    if field.secret:
        return f"{field.name}, a secret: the environment variable that holds it"
    return field.name
