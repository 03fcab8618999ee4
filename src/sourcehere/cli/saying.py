"""
A connection's configuration, in a file or said at the shell field by field.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .errors import UsageError
from .reading import parse_json, read_object

Values = Annotated[list[str] | None, Parameter(name="--set")]
Secrets = Annotated[list[str] | None, Parameter(name="--env")]


def configured(
    config: Path | None, values: Values, secrets: Secrets
) -> dict[str, object] | None:
    """
    Return the configuration that is written and said; a field that is said overrides
    the file's. None where there is neither.

    Raises:
        UsageError: If the file cannot be read, or a word is no FIELD=VALUE.
    """
    said = said_fields(values, secrets)
    if config is None:
        return said or None
    return {**read_object(config), **said}


def configured_anew(
    config: Path | None, values: Values, secrets: Secrets
) -> dict[str, object]:
    """
    Return the whole configuration that takes the place of another.

    Raises:
        UsageError: If nothing is written or said, or as `configured` has it.
    """
    found = configured(config, values, secrets)
    if found is None:
        message = "say the whole configuration with --config, or with --set and --env"
        raise UsageError(message)
    return found


def said_fields(values: Values, secrets: Secrets) -> dict[str, object]:
    """
    Return the fields that were said: `--set FIELD=VALUE` for a text, `--set
    FIELD:=VALUE` for what else JSON has, `--env FIELD=VARIABLE`.

    Raises:
        UsageError: If a word is none of these, or a field is said twice.
    """
    said: dict[str, object] = {}
    for name, text in _parts(values or (), "--set", "VALUE"):
        field, value = name.removesuffix(":"), _value(name, text)
        _once(said, field)
        said[field] = value
    for field, variable in _parts(secrets or (), "--env", "VARIABLE"):
        _once(said, field)
        said[field] = {"$env": variable}
    return said


def _value(name: str, text: str) -> object:
    if not name.endswith(":"):
        return text
    try:
        return parse_json(text)
    except (ValueError, RecursionError):
        message = (
            f"--set {name}={text}: behind := stands JSON, such as 450, true or"
            ' ["GB", "FR"]; a text stands behind ='
        )
        raise UsageError(message) from None


def _once(said: dict[str, object], field: str) -> None:
    if field in said:
        message = f"{field} is said twice"
        raise UsageError(message)


def _parts(words: Sequence[str], option: str, what: str) -> list[tuple[str, str]]:
    found = []
    for word in words:
        field, separator, value = word.partition("=")
        if not (field.removesuffix(":") and separator and value):
            message = f"{option} {word}: say FIELD={what}"
            raise UsageError(message)
        found.append((field, value))
    return found
