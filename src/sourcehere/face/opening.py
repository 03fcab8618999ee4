"""
Opening the order core on a database.
"""

import os
from collections.abc import Mapping, Sequence

from ..app import compose
from ..app import schema_version as schema_version
from ..domain.kernel.clock import Clock
from ..plugins.allowed_secrets import NO_SECRETS, Secrets
from ..ports.calendar import Calendar
from ..ports.storage import Storage
from ..services.base.settings import Settings
from .core import SourceHere
from .opened_with import checked


@checked
def open(
    url: str = "memory://",
    *,
    plugins: Sequence[object] = (),
    load_entry_points: bool = True,
    clock: Clock | None = None,
    settings: Settings | None = None,
    calendar: Calendar | None = None,
    calendars: Mapping[str, Calendar] | None = None,
    storage: Storage | None = None,
    upgrade: bool = True,
    secrets: Secrets = NO_SECRETS,
    folder: str | os.PathLike[str] = "",
    private_hosts: Sequence[str] = (),
) -> SourceHere:
    """
    Open the order core on the database at *url*; it is made or upgraded where needed.

    Args:
        url: `memory://`, `sqlite:///orders.db`, `postgresql+psycopg://...`.

        plugins: Plugin objects to use beside the installed ones.

        load_entry_points: Whether to use installed plugins at all.

        clock: Where the present comes from; the wall clock if not given.

        settings: What the platform decides otherwise.

        calendar: The working days of the origin (`Settings.origin`), which delivery
            estimates count; those of `calendars` for it if not given.

        calendars: Country, ISO 3166-1 alpha-2 -> its working days, for goods that are
            packed there. China's are known; any other country that is not named works
            Monday to Friday without holidays, and estimates by it are provisional.

        storage: An open storage, used instead of *url*.

        upgrade: Whether an older database is brought up to date. If not, it is refused;
            a new one is created all the same.

        secrets: The environment variables and files that secret fields of connections
            may refer to; none if not given.

        folder: Where the files of shops are: a connection's paths stay below it. In
            `/srv/shops/{seller}` each seller has a folder of their own. No shop can be
            a file if not given.

        private_hosts: Hosts that connections may call although their addresses are not
            public, such as `localhost` or `10.0.0.7`. Sellers write configurations: any
            other URL has to lead to a public address.

    Raises:
        UnknownProviderError: If no plugin serves the URL's scheme.

        SchemaVersionError: If the database is newer than this release, or older and
            *upgrade* is false.

        StorageUnavailableError: If the database cannot be reached.

        InvalidInputError: If *calendars* names what is no country, or what is given is
            not what it is to be.
    """
    return SourceHere(
        compose(
            url,
            plugins=plugins,
            load_entry_points=load_entry_points,
            clock=clock,
            settings=settings,
            calendar=calendar,
            calendars=calendars,
            storage=storage,
            upgrade=upgrade,
            secrets=secrets,
            folder=os.fspath(folder),
            private_hosts=private_hosts,
        )
    )
