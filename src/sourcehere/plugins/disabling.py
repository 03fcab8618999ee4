"""
Installed plugins that are not used: a list that lies beside them, in the environment.

It belongs to the Python environment, as what is installed does, so that every process
of it sees the same.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

_NAME = "disabled-plugins.txt"


def disabled_file() -> Path:
    """
    Return where the list is; it may not be there yet.
    """
    given = os.environ.get("SOURCEHERE_DISABLED_PLUGINS", "")
    return Path(given) if given else Path(sys.prefix) / "etc" / "sourcehere" / _NAME


def disabled_plugins() -> frozenset[str]:
    """
    Return the names of the plugins that are not used.
    """
    try:
        text = disabled_file().read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    return frozenset(line.strip() for line in text.splitlines() if line.strip())


def write_disabled(names: Iterable[str]) -> None:
    """
    Let exactly these plugins be disabled.

    Raises:
        OSError: If the file cannot be written.
    """
    path = disabled_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text("".join(f"{name}\n" for name in sorted(names)), "utf-8")
    written.replace(path)
