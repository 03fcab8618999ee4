"""
Opening a database: create what is missing, upgrade what is old, refuse what is newer.

The schema's version is one row of the table `sourcehere_version`. When it is the newest
this release knows, nothing more happens. A new database gets the tables as they are
declared, which is what all migrations lead to; Alembic is imported for an older one
only. One process does it, in one transaction, while others wait; killed half-way,
nothing has happened.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import sqlalchemy as sa

from sourcehere.ports.providers import SchemaState, SchemaVersion
from sourcehere.ports.storage import SchemaVersionError, Table

from .options import SqlOptions
from .own_schema import owner_checked, require_schema, rights_checked
from .schema import build_metadata
from .storage import SqlStorage
from .taken import require_free
from .upgrading import known_versions, read_version, run_migrations, write_version

# Any number will do, as long as every release uses the same.
_UPGRADE_LOCK = 7_305_448_230_163


def open_storage(
    url: str,
    tables: Iterable[Table],
    *,
    options: SqlOptions | None = None,
    upgrade: bool = True,
    migrations: Sequence[Path] = (),
) -> SqlStorage:
    """
    Open the database at *url*, its schema as this release needs it.

    Args:
        url: Such as `sqlite:///orders.db?prefix=sh_`, or
            `postgresql+psycopg://host/name?schema=shop_a`; without these, SQLite names
            have no prefix and the PostgreSQL schema is `sourcehere`.

        tables: `sourcehere.unit.tables.TABLES`; none to see what the migrations make.

        upgrade: Bring an older schema up to date. A new database is always made.

        migrations: Folders with migrations that follow the package's own.

    Raises:
        SchemaVersionError: If the database is newer than this release, or was made
            before the first one with other tables; or is older and *upgrade* is false.

        SchemaForbiddenError: If the PostgreSQL role may not use or make the schema.

        NotOwnerError: If it may not bring the tables of another role up to date.

        TablesTakenError: If others' tables there are called as ours are.

        StorageUnavailableError: If the database cannot be reached.
    """
    storage = SqlStorage(url, tables=tables, options=options)
    try:
        _bring_up_to_date(storage, tuple(migrations), upgrade=upgrade)
    except BaseException:
        storage.close()
        raise
    return storage


def look_at_schema(url: str, *, migrations: Sequence[Path] = ()) -> SchemaVersion:
    """
    Read the schema version of the database at *url*; nothing is made or changed.

    Raises:
        SchemaForbiddenError: If the PostgreSQL role may not read it.

        StorageUnavailableError: If the database cannot be reached.
    """
    storage = SqlStorage(url, tables=())
    storage.close()
    engine = storage.backend.look()
    found = ""
    if engine is not None:
        with storage.translated_errors(), engine.connect() as connection:
            found = _read_version(storage, connection)
        engine.dispose()
    versions = known_versions(tuple(migrations))
    state = _state(found, versions)
    return SchemaVersion(found=found, expected=versions[-1], state=state)


def _state(found: str, versions: tuple[str, ...]) -> SchemaState:
    if not found:
        return SchemaState.EMPTY
    if found == versions[-1]:
        return SchemaState.CURRENT
    if found in versions:
        return SchemaState.OLD
    is_first = found.partition("_")[0] == versions[0].partition("_")[0]
    return SchemaState.UNRELEASED if is_first else SchemaState.NEWER


def _bring_up_to_date(
    storage: SqlStorage, more: tuple[Path, ...], *, upgrade: bool
) -> None:
    newest = known_versions(more)[-1]
    with storage.translated_errors(), storage.engine.connect() as connection:
        found = _read_version(storage, connection)
        connection.rollback()
        if found == newest:
            return
        _require_upgradable(storage, found, more, upgrade=upgrade)
        _lock_schema(connection)
        found = _read_version(storage, connection)
        if found != newest:  # nobody else has done it meanwhile
            _require_upgradable(storage, found, more, upgrade=upgrade)
            make_tables(storage, connection, found, more)
        connection.commit()


def _read_version(storage: SqlStorage, connection: sa.Connection) -> str:
    with rights_checked(connection, storage.address):
        return read_version(connection, storage.address.place)


def _require_upgradable(
    storage: SqlStorage, found: str, more: tuple[Path, ...], *, upgrade: bool
) -> None:
    versions = known_versions(more)
    state = _state(found, versions)
    if state is SchemaState.NEWER:
        advice = "install a newer sourcehere-sql"
    elif state is SchemaState.UNRELEASED:
        advice = (
            "it was made before the first release, with other tables: make a new one"
        )
    elif state is SchemaState.OLD and not upgrade:
        advice = "run `sourcehere db upgrade`, or open it once with upgrade=True"
    else:
        return
    raise SchemaVersionError(
        url=storage.url, found=found, expected=versions[-1], advice=advice
    )


def make_tables(
    storage: SqlStorage,
    connection: sa.Connection,
    found: str = "",
    more: Sequence[Path] = (),
) -> None:
    """
    Bring the tables up to date in the open transaction of *connection*.

    Args:
        found: The version they have; empty if there are none.
    """
    require_schema(connection, storage.address)
    place, tables = storage.address.place, storage.tables
    checked = owner_checked if found else rights_checked
    with checked(connection, storage.address):
        metadata = build_metadata(tables, place)
        if not found:
            require_free(connection, storage.address, metadata)
        if found or more or not tables:
            run_migrations(connection, place, storage.backend, tables, more=more)
        else:
            metadata.create_all(connection, checkfirst=False)
            write_version(connection, place, known_versions()[-1])


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
