"""
Opening a database: create what is missing, upgrade what is old, refuse what is newer.

The schema's version is one row of the table `sourcehere_version`. When it is the newest
this release knows, nothing more happens and Alembic is not even imported. Otherwise one
process upgrades, in one transaction, while others wait; killed half-way, nothing has
happened.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import sqlalchemy as sa

from sourcehere.ports.storage import SchemaVersionError, Table

from .options import SqlOptions
from .storage import SqlStorage

VERSION_TABLE = "sourcehere_version"
# Any number will do, as long as every release uses the same.
_UPGRADE_LOCK = 7_305_448_230_163


def open_storage(
    url: str,
    tables: Iterable[Table],
    *,
    options: SqlOptions | None = None,
    upgrade: bool = True,
) -> SqlStorage:
    """
    Open the database at *url*, its schema as this release needs it.

    Args:
        tables: `sourcehere.unit.tables.TABLES`.

        upgrade: Create or upgrade the schema if need be.

    Raises:
        SchemaVersionError: If the database is newer than this release, or is older
            and *upgrade* is false.

        StorageUnavailableError: If the database cannot be reached.
    """
    storage = SqlStorage(url, tables=tables, options=options)
    try:
        _bring_up_to_date(storage, upgrade=upgrade)
    except BaseException:
        storage.close()
        raise
    return storage


@cache
def known_versions() -> tuple[str, ...]:
    """
    List the schema versions of this release, oldest first: the migrations' numbers.
    """
    folder = files("sourcehere_sql") / "migrations" / "versions"
    names = (file.name for file in folder.iterdir())
    return tuple(sorted(n.partition("_")[0] for n in names if n[0].isdigit()))


def read_version(connection: sa.Connection) -> str:
    """
    Read the schema version of a database; empty if it has none yet.
    """
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return ""
    version = sa.table(VERSION_TABLE, sa.column("version_num"))
    return str(connection.scalar(sa.select(version.c.version_num)) or "")


def _bring_up_to_date(storage: SqlStorage, *, upgrade: bool) -> None:
    newest = known_versions()[-1]
    with storage.translated_errors(), storage.engine.connect() as connection:
        found = read_version(connection)
        connection.rollback()
        if found == newest:
            return
        _require_upgradable(storage, found, upgrade=upgrade)
        _lock_schema(connection)
        found = read_version(connection)
        if found != newest:  # nobody else has done it meanwhile
            _require_upgradable(storage, found, upgrade=upgrade)
            run_migrations(connection)
        connection.commit()


def _require_upgradable(storage: SqlStorage, found: str, *, upgrade: bool) -> None:
    versions = known_versions()
    if found and found not in versions:
        advice = "install a newer sourcehere-sql"
    elif not upgrade:
        advice = "open it once with upgrade=True"
    else:
        return
    raise SchemaVersionError(
        url=storage.url, found=found or "none", expected=versions[-1], advice=advice
    )


def _lock_schema(connection: sa.Connection) -> None:
    """
    Begin a transaction that only one process at a time can be in.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    # Somebody's upgrade may take longer than a statement usually may.
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")


def run_migrations(connection: sa.Connection) -> None:
    """
    Run the missing migrations in the open transaction of *connection*.
    """
    # Alembic takes longer to import than a database to open.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "sourcehere_sql:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
