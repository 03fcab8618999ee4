"""
What to do about a provider that nobody offers.
"""

from collections.abc import Iterable

from .hookspecs import STORAGE
from .info import Origin, PluginFault

_SQL = "sourcehere-sql"
_INSTALLABLE = {
    (STORAGE, "sqlite"): _SQL,
    (STORAGE, "sqlite+pysqlite"): _SQL,
    (STORAGE, "postgres"): f"{_SQL}[postgresql]",
    (STORAGE, "postgresql"): f"{_SQL}[postgresql]",
    (STORAGE, "postgresql+psycopg"): f"{_SQL}[postgresql]",
}


def advice_for(
    kind: str,
    name: str,
    faults: Iterable[PluginFault],
    disabled: Iterable[Origin] = (),
    newer: Iterable[Origin] = (),
) -> str:
    """
    Say what to install, or which installed plugin may have it and is not in use yet,
    broken, or disabled.

    Empty where nothing is known.
    """
    package = _INSTALLABLE.get((kind, name), "")
    for origin in newer:
        if not package or origin.distribution == package.partition("[")[0]:
            return f"{origin} was installed after this process began: start it again"
    for fault in faults:
        if not package or fault.distribution == package.partition("[")[0]:
            origin = Origin(fault.name, fault.distribution, fault.version)
            return f"the plugin {origin} was set aside: {fault.error}"
    for origin in disabled:
        if not package or origin.distribution == package.partition("[")[0]:
            return f"{origin} is disabled: `sourcehere plugins enable {origin.name}`"
    return f"pip install '{package}'" if package else ""
