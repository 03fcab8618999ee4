"""
`sourcehere db`.
"""

from cyclopts import App

from ..ports.providers import SchemaState, SchemaVersion
from .context import Ctx
from .output import Result

app = App(name="db")
_WORDS = {
    SchemaState.EMPTY: "there is no database yet; any command makes it",
    SchemaState.OLD: "older than this release needs; run `sourcehere db upgrade`",
    SchemaState.CURRENT: "what this release needs",
    SchemaState.NEWER: "newer than this release knows; install a newer release",
    SchemaState.UNRELEASED: (
        "of before the first release, with other tables; make a new one"
    ),
}


@app.command
def version(*, ctx: Ctx) -> Result:
    """
    Say which version the database has, and whether this release can use it.

    Nothing is made or changed, whatever the answer.
    """
    found = ctx.look()
    return Result(found, (_sentence(found),))


@app.command
def upgrade(*, ctx: Ctx) -> Result:
    """
    Bring the database up to date, or make it; no other command does.

    It is done in one transaction: cut off anywhere, nothing has happened.
    """
    before = ctx.look()
    ctx.upgrade()
    after = ctx.look()
    data = {"before": before.found, "after": after.found}
    if before == after:
        return Result(data, (_sentence(after),))
    if not before.found:
        return Result(data, (f"made at version {after.found}",))
    return Result(data, (f"upgraded from version {before.found} to {after.found}",))


@app.command
def copy(to: str, /, *, ctx: Ctx) -> Result:
    """
    Copy everything into another database, such as a file into a PostgreSQL server.

    The other one is made, and has to be empty; all rows come there, or none. What is
    written here meanwhile is not copied: let nobody write.

    Args:
        to: The URL of the other database.
    """
    tables = ctx.copy_to(to)
    rows = sum(tables.values())
    words = (
        f"copied {rows} rows of {len(tables)} tables; `sourcehere audit --replay --db"
        " URL` of the copy says whether all is as it must be"
    )
    return Result({"rows": rows, "tables": dict(tables)}, (words,))


def _sentence(version: SchemaVersion) -> str:
    if not version.expected:
        return "a storage without versions; nothing is ever upgraded"
    if version.state is SchemaState.EMPTY:
        return _WORDS[SchemaState.EMPTY]
    return f"version {version.found}: {_WORDS[version.state]}"
