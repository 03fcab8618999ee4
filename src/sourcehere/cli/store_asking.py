"""
A platform's configuration, said at the shell: field by field, or asked for.
"""

from collections.abc import Sequence

from ..plugins.fields import FieldInfo, describe
from ..plugins.hookspecs import STORE_PLATFORM
from .context import Context
from .errors import UsageError

_TEXT = "a text"


def said_fields(values: Sequence[str], secrets: Sequence[str]) -> dict[str, object]:
    """
    Return the fields that were said: `--set FIELD=VALUE`, `--env FIELD=VARIABLE`.
    """
    said: dict[str, object] = {}
    for word in values:
        field, value = _parts(word, "--set", "VALUE")
        said[field] = value
    for word in secrets:
        field, variable = _parts(word, "--env", "VARIABLE")
        said[field] = {"$env": variable}
    return said


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


def _parts(word: str, option: str, what: str) -> tuple[str, str]:
    field, separator, value = word.partition("=")
    if not (field and separator and value):
        message = f"{option} {word}: say FIELD={what}"
        raise UsageError(message)
    return field, value


def _fields(ctx: Context, platform: str) -> Sequence[FieldInfo]:
    for info in ctx.sh.registry.providers(STORE_PLATFORM):
        if info.name == platform:
            return describe(info.config)
    return ()


def _question(field: FieldInfo) -> str:
    if field.secret:
        return f"{field.name}, a secret: the environment variable that holds it"
    return field.name
