"""
`python -m sourcehere_sql.new_migration "message"`: write the next migration.

It compares a scratch database that has all migrations with the tables as declared now,
and needs ruff to format what it writes. CHECK constraints and moved data are not seen:
add them to the written file. A new field needs a default, or
`--fill table.column=VALUE` with the value as it is stored (a time in microseconds, a
document as its text). With `--initial` instead of a message, the first migration is
written anew from the declared tables; only while no release has shipped it.
"""

import argparse
import ast
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import sqlalchemy as sa

from sourcehere.ports.storage import Table
from sourcehere.unit.tables import TABLES

from .differing import TYPE_NAMES, CannotMigrateError, Fills, difference
from .opening import open_storage
from .upgrading import known_versions

FOLDER = Path(__file__).parent / "migrations" / "versions"
_LINE = 88
_STATEMENTS = 50
_FILE = '''"""
{message}
"""

{imports}

revision = "{revision}"
down_revision = {previous!r}
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    {indented}
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
    parser.add_argument(
        "--fill",
        action="append",
        default=[],
        metavar="TABLE.COLUMN=VALUE",
        help="what old rows get in a new column that has no default",
    )
    arguments = parser.parse_args()
    if arguments.initial == bool(arguments.message):
        parser.error("give either a message or --initial")
    try:
        fills = dict(map(read_fill, arguments.fill))
        path = (
            write_initial()
            if arguments.initial
            else write_next(arguments.message, fills=fills)
        )
    except CannotMigrateError as error:
        parser.error(str(error))
    print(path)  # noqa: T201 - a command's answer


def read_fill(text: str) -> tuple[tuple[str, str], str]:
    """
    Read `table.column=VALUE`.

    Raises:
        CannotMigrateError: If it has another form.
    """
    place, equals, value = text.partition("=")
    table, dot, column = place.partition(".")
    if not (equals and dot and table and column):
        message = f"--fill {text}: say TABLE.COLUMN=VALUE"
        raise CannotMigrateError(message)
    return (table, column), value


def write_initial(folder: Path = FOLDER) -> Path:
    """
    Write the first migration anew: every table as declared.

    Raises:
        CannotMigrateError: If others follow it, whose changes it would then make, too.
    """
    later = sorted(path.name for path in folder.glob("0*.py"))[1:]
    if later:
        message = f"remove what follows the first migration: {', '.join(later)}"
        raise CannotMigrateError(message)
    with tempfile.TemporaryDirectory() as scratch:
        engine = sa.create_engine(f"sqlite:///{scratch}/empty.db")
        body = difference(engine, TABLES)
        engine.dispose()
    # Of other tables it is another one: a database that has them is told so.
    tables = blake2b(body.encode(), digest_size=4).hexdigest()
    return _write(folder, f"0001_{tables}", None, "Create every table", body)


def write_next(
    message: str,
    *,
    tables: Sequence[Table] = TABLES,
    folder: Path = FOLDER,
    fills: Fills | None = None,
) -> Path:
    """
    Write into *folder* a migration from the newest one to *tables*.

    Args:
        folder: The package's own, or one whose migrations follow those of the package.

        fills: (table, column) -> what old rows get where there is no default.

    Raises:
        CannotMigrateError: If nothing differs, or no migration can be written.
    """
    more = () if folder == FOLDER else (folder,)
    newest = known_versions(more)[-1]
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/newest.db"
        with closing(open_storage(url, (), migrations=more)) as storage:
            body = difference(storage.engine, tables, fills=fills)
    if not body:
        nothing = "the migrations lead to the declared tables: nothing is to be written"
        raise CannotMigrateError(nothing)
    return _write(
        folder, f"{int(newest[:4]) + 1:04}", newest, message.rstrip("."), body
    )


def _write(
    folder: Path, revision: str, previous: str | None, message: str, body: str
) -> Path:
    slug = "initial" if previous is None else re.sub(r"\W+", "_", message.lower())
    path = folder / f"{revision[:4]}_{slug[:40].strip('_')}.py"
    sentence = textwrap.wrap(f"{message}.", _LINE - 4)
    text = _FILE.format(
        message="\n".join(sentence),
        indented="\n    ".join(sentence),
        imports=_imports(body),
        revision=revision,
        previous=previous,
        body=body,
    )
    path.write_text(_with_exceptions(_formatted(text)), encoding="utf-8")
    known_versions.cache_clear()
    return path


def _imports(body: str) -> str:
    used = [name for _, name in TYPE_NAMES if re.search(rf"\b{name}\b(?!\")", body)]
    lines = ["import sqlalchemy as sa", ""] if "sa." in body else []
    lines.append("from sourcehere_sql.changes import Changes")
    if used:
        lines.append(f"from sourcehere_sql.schema import {', '.join(sorted(used))}")
    return "\n".join(lines)


def _formatted(text: str) -> str:
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated"]
    command = [*ruff, f"--line-length={_LINE}", "--stdin-filename=migration.py", "-"]
    done = subprocess.run(  # noqa: S603 - our own tool
        command, input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def _with_exceptions(text: str) -> str:
    """
    Name the lint rules that *text* has to break, below its docstring.
    """
    upgrade = ast.parse(text).body[-1]
    found = {
        "E501": (
            "a default is one text",
            any(len(x) > _LINE for x in text.split("\n")),
        ),
        "PLR0915": (
            "a list of statements",
            sum(isinstance(node, ast.stmt) for node in ast.walk(upgrade)) > _STATEMENTS,
        ),
    }
    lines = "".join(
        f"# ruff: noqa: {code} - {why}\n"
        for code, (why, holds) in found.items()
        if holds
    )
    docstring, quotes, rest = text.partition('"""\n\n')
    return f"{docstring}{quotes[:4]}{lines}\n{rest}" if lines else text


if __name__ == "__main__":
    main()
