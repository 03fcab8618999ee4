"""
Running migrations: change the tables, then compute what follows from other columns.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import sqlalchemy as sa

from sourcehere.ports.storage import Row, Session, Table

from .backend import Backend
from .place import VERSION_TABLE, Place

_OURS = files("sourcehere_sql") / "migrations" / "versions"
_REVISION = re.compile(r"""^revision\b.*= *["'](.+)["']""", re.MULTILINE)
_BATCH = 1000  # rows that are read and written together


@cache
def known_versions(more: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """
    List the schema versions that can be made, oldest first, as the migrations say them:
    their numbers, behind the first of which stands of which tables it is.

    Args:
        more: Folders with migrations beside the package's own.
    """
    files = (file for folder in (_OURS, *more) for file in folder.iterdir())
    numbered = sorted((f for f in files if f.name[0].isdigit()), key=lambda f: f.name)
    return tuple(_revision(file) for file in numbered)


def _revision(file: Traversable) -> str:
    found = _REVISION.search(file.read_text(encoding="utf-8"))
    return file.name.partition("_")[0] if found is None else found[1]


def read_version(connection: sa.Connection, place: Place) -> str:
    """
    Read the schema version of a database; empty if it has none yet.
    """
    table, schema = place.name(VERSION_TABLE), place.schema or None
    if not sa.inspect(connection).has_table(table, schema=schema):
        return ""
    version = sa.table(table, sa.column("version_num"), schema=schema)
    return str(connection.scalar(sa.select(version.c.version_num)) or "")


def write_version(connection: sa.Connection, place: Place, version: str) -> None:
    """
    Write the schema version of a new database, in the table that Alembic would make.
    """
    name = place.name(VERSION_TABLE)
    table = sa.Table(
        name,
        sa.MetaData(schema=place.schema or None),
        sa.Column("version_num", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("version_num", name=f"{name}_pkc"),
    )
    table.create(connection)
    connection.execute(table.insert().values(version_num=version))


def run_migrations(
    connection: sa.Connection,
    place: Place,
    backend: Backend,
    tables: Sequence[Table],
    *,
    more: Sequence[Path] = (),
) -> None:
    """
    Run the missing migrations in the open transaction of *connection*.

    Columns that follow from other columns are computed last, when every row has all
    the columns of *tables*.
    """
    # Alembic takes longer to import than a database to open.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folders = [str(folder) for folder in (_OURS, *more)]
    config.set_main_option("script_location", "sourcehere_sql:migrations")
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(folders).replace("%", "%%"))
    config.attributes.update(connection=connection, place=place)
    command.upgrade(config, "head")
    stale: set[tuple[str, str]] = config.attributes["changes"].stale
    driver = connection.connection.driver_connection
    session = backend.join(driver, read_only=False)
    try:
        for table in tables:
            columns = {c for name, c in stale if name == table.name}
            refresh(session, table, columns & set(table.position))
    finally:
        session.close()


def refresh(session: Session, table: Table, columns: Iterable[str]) -> None:
    """
    Compute *columns* of every row of *table* anew, a batch of rows at a time.
    """
    places = [table.position[name] for name in columns]
    maker = table.maker
    if not places:
        return
    assert maker is not None, f"nobody knows how to compute {table.name}"
    last: Row | None = None
    while True:
        rows = session.page(
            table.primary,
            (),
            after=None if last is None else table.key_of(last),
            until=None,
            limit=_BATCH,
            descending=False,
        )
        fresh = [_changed(row, maker.recompute(row), places) for row in rows]
        changed = [new for old, new in zip(rows, fresh, strict=True) if old != new]
        session.replace(table, changed, expected=None)
        if len(rows) < _BATCH:
            return
        last = rows[-1]


def _changed(row: Row, fresh: Row, places: Iterable[int]) -> Row:
    new: Mapping[int, object] = {place: fresh[place] for place in places}
    return tuple(new.get(i, value) for i, value in enumerate(row))  # type: ignore[misc]  # values of rows
