"""
Opening the order core as the person at the shell allows it.
"""

import os

from .. import Secrets, Settings
from .. import open as open_sourcehere
from ..face.opening import SourceHere


def open_here(url: str, /, *, upgrade: bool) -> SourceHere:
    """
    Open the database at *url*, with what the environment allows connections.

    Files of shops stay below the folder SOURCEHERE_FOLDER, or below the present one.
    Secrets are none but those that SOURCEHERE_SECRETS_ENV names, words with spaces
    between, and those in the folder SOURCEHERE_SECRETS_FILES: sellers may have written
    the configurations, so that a person's own environment is not theirs to name.

    The platform's time zone is SOURCEHERE_ZONE.
    """
    return open_sourcehere(
        url,
        upgrade=upgrade,
        folder=folder_here(),
        secrets=secrets_here(),
        settings=settings_here(),
    )


def settings_here() -> Settings:
    """
    Return what the environment says that the platform decides otherwise.

    Raises:
        InvalidInputError: If SOURCEHERE_ZONE is no time zone.
    """
    zone = os.environ.get("SOURCEHERE_ZONE", "")
    return Settings(zone=zone) if zone else Settings()


def folder_here() -> str:
    """
    Return the folder for the files of shops.
    """
    return os.environ.get("SOURCEHERE_FOLDER", "") or os.curdir


def secrets_here() -> Secrets:
    """
    Return what the environment says that configurations may refer to.
    """
    return Secrets(
        env=os.environ.get("SOURCEHERE_SECRETS_ENV", "").split(),
        files=os.environ.get("SOURCEHERE_SECRETS_FILES", ""),
    )
