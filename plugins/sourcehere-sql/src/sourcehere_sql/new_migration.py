"""
`python -m sourcehere_sql.new_migration "message"`: write the next migration.

It compares a scratch database that has all migrations with the tables as declared now.
CHECK constraints and moved data are not seen by that: add them to the written file.
With `--initial` instead of a message, the first migration is written anew from the
declared tables; only while no release has shipped it.
"""

import argparse
import re
import tempfile
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps

from sourcehere.unit.tables import TABLES

from .opening import VERSION_TABLE, known_versions, open_storage
from .schema import INTEGER, JSON, TEXT, TIME, build_metadata

_FOLDER = Path(__file__).parent / "migrations" / "versions"
_NAMES = ((TEXT, "TEXT"), (INTEGER, "INTEGER"), (TIME, "TIME"), (JSON, "JSON"))
_FILE = '''"""
{message}.
"""
# ruff: noqa: PLR0915 - a list of statements

import sqlalchemy as sa
from alembic import op

from sourcehere_sql.schema import {types}

revision = "{revision}"
down_revision = {previous!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """
    {message}.
    """
{body}
'''


def main() -> None:
    """
    Write one migration file and say which.
    """
    parser = argparse.ArgumentParser(description="Write the next migration.")
    parser.add_argument("message", nargs="?", default="")
    parser.add_argument("--initial", action="store_true")
    arguments = parser.parse_args()
    if arguments.initial == bool(arguments.message):
        parser.error("give either a message or --initial")
    path = write_initial() if arguments.initial else write_next(arguments.message)
    print(path)  # noqa: T201 - a command's answer


def write_initial() -> Path:
    """
    Write the first migration anew: every table as declared.
    """
    with tempfile.TemporaryDirectory() as folder:
        body = difference(sa.create_engine(f"sqlite:///{folder}/empty.db"))
    return _write("0001", None, "Create every table", body)


def write_next(message: str) -> Path:
    """
    Write a migration from the newest one to the tables as declared.
    """
    newest = known_versions()[-1]
    with tempfile.TemporaryDirectory() as folder:
        storage = open_storage(f"sqlite:///{folder}/newest.db", TABLES)
        body = difference(storage.engine)
        storage.close()
    return _write(f"{int(newest) + 1:04}", newest, message.rstrip("."), body)


def difference(engine: sa.Engine) -> str:
    """
    Write the operations that lead from *engine*'s schema to the declared one.
    """
    with engine.connect() as connection:
        options = {
            "version_table": VERSION_TABLE,
            "render_item": _render_type,
            "compare_type": False,  # SQLite cannot tell a time from an integer
        }
        context = MigrationContext.configure(connection, opts=options)
        script = produce_migrations(context, build_metadata(TABLES))
    engine.dispose()
    operations = script.upgrade_ops
    assert isinstance(operations, UpgradeOps)
    code = render_python_code(operations, render_item=_render_type)
    return "\n".join(
        line for line in code.splitlines() if not line.lstrip().startswith("#")
    )


def _render_type(
    kind: str, item: object, _context: AutogenContext
) -> str | Literal[False]:
    """
    Name our types as `sourcehere_sql.schema` does: they differ by database.
    """
    if kind == "type":
        for known, name in _NAMES:
            if item is known:
                return name
    return False


def _write(revision: str, previous: str | None, message: str, body: str) -> Path:
    used = [name for _, name in _NAMES if re.search(rf"\b{name}\b(?!\")", body)]
    slug = "initial" if previous is None else re.sub(r"\W+", "_", message.lower())
    path = _FOLDER / f"{revision}_{slug[:40].strip('_')}.py"
    path.write_text(
        _FILE.format(
            message=message,
            types=", ".join(sorted(used)) or "TEXT",
            revision=revision,
            previous=previous,
            body=body,
        ),
        encoding="utf-8",
    )
    return path


if __name__ == "__main__":
    main()
