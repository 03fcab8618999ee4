"""
Opening the order core as the person at the shell allows it.
"""

import os
from collections.abc import Callable

import attrs

from .. import InvalidInputError, Promises, Secrets, Settings
from .. import open as open_sourcehere
from ..domain.kernel.errors import CallerError
from ..face.core import SourceHere

_OTEL: dict[str, Callable[[SourceHere], object]] = {
    "traces": lambda sh: sh.trace(),
    "metrics": lambda sh: sh.observe(),
}


def open_here(url: str, /, *, upgrade: bool) -> SourceHere:
    """
    Open the database at *url*, with what the environment allows connections.

    Files of shops stay below the folder SOURCEHERE_FOLDER, or below the present one.
    Secrets are none but those that SOURCEHERE_SECRETS_ENV names, words with spaces
    between, and those in the folder SOURCEHERE_SECRETS_FILES: sellers may have written
    the configurations, so that a person's own environment is not theirs to name.

    Shops are called at public addresses, and at the hosts that
    SOURCEHERE_PRIVATE_HOSTS names, words such as `localhost` with spaces between.

    The platform's time zone is SOURCEHERE_ZONE. What it promises sellers is
    SOURCEHERE_PROMISES, words such as `ship_days=7` with spaces between.

    OpenTelemetry, which somebody else has set up in this process, is told what
    SOURCEHERE_OTEL names: `traces`, `metrics` or both, with a space between.

    Raises:
        InvalidInputError: If one of these says what cannot be.
    """
    kinds = _otel_here()
    opened = open_sourcehere(
        url,
        upgrade=upgrade,
        folder=folder_here(),
        secrets=secrets_here(),
        settings=settings_here(),
        private_hosts=_names_here(
            "SOURCEHERE_PRIVATE_HOSTS", "localhost shop.internal"
        ),
    )
    try:
        for kind in kinds:
            _OTEL[kind](opened)
    except CallerError:
        opened.close()
        raise
    return opened


def _otel_here() -> list[str]:
    kinds = os.environ.get("SOURCEHERE_OTEL", "").split()
    for kind in kinds:
        if kind not in _OTEL:
            raise InvalidInputError(
                field="SOURCEHERE_OTEL", value=kind, expected=" or ".join(_OTEL)
            )
    return kinds


def settings_here() -> Settings:
    """
    Return what the environment says that the platform decides otherwise.

    Raises:
        InvalidInputError: If SOURCEHERE_ZONE is no time zone, or SOURCEHERE_PROMISES
            promises what nobody can.
    """
    usual = Settings()
    return Settings(
        zone=os.environ.get("SOURCEHERE_ZONE", "") or usual.zone,
        promises=attrs.evolve(usual.promises, **_promises_here()),
    )


def _promises_here() -> dict[str, int]:
    known = {field.name for field in attrs.fields(Promises)}
    said: dict[str, int] = {}
    for word in os.environ.get("SOURCEHERE_PROMISES", "").split():
        name, _, days = word.partition("=")
        if name not in known or not (days.isascii() and days.isdigit()):
            expected = " ".join(f"{name}=DAYS" for name in sorted(known))
            raise InvalidInputError(
                field="SOURCEHERE_PROMISES", value=word, expected=expected
            )
        said[name] = int(days)
    return said


def folder_here() -> str:
    """
    Return the folder for the files of shops.
    """
    return os.environ.get("SOURCEHERE_FOLDER", "") or os.curdir


def secrets_here() -> Secrets:
    """
    Return what the environment says that configurations may refer to.

    Raises:
        InvalidInputError: If SOURCEHERE_SECRETS_ENV has commas.
    """
    return Secrets(
        env=_names_here("SOURCEHERE_SECRETS_ENV", "SHOP_* ACME_TOKEN"),
        files=os.environ.get("SOURCEHERE_SECRETS_FILES", ""),
    )


def _names_here(variable: str, example: str) -> list[str]:
    """
    Return the names that a variable lists.

    Names with commas between would be taken for a single one that nothing has, and
    whoever needs them would be told that they are not allowed.
    """
    names = os.environ.get(variable, "").split()
    for name in names:
        if "," in name:
            expected = f"names with spaces between, such as {example}"
            raise InvalidInputError(field=variable, value=name, expected=expected)
    return names
