"""
SQL for PostgreSQL, written once per table and place, and kept.

Many rows travel as one array per column and are unfolded by `unnest` into a relation
`w`. A statement that changes many rows locks them first, in key order, so that two of
them never wait for each other in a circle.

The server waits so long for each lock, not for all locks of a statement. One that is
*paced* lowers that for the next row when it has taken a while itself. Its first
parameter is how many milliseconds it may wait in all.
"""
# ruff: noqa: S608 - made of declared names, never of input

from functools import cache

from sourcehere.ports.storage import ColumnKind, Table

from . import statements

MARK = "%s"
# Evaluated row by row before each is locked: functions that are volatile come after
# sorting, and before locking. What is free is had even when nothing is left.
_PACE = (
    "CASE WHEN pg_catalog.clock_timestamp() > pg_catalog.statement_timestamp()"
    " + interval '10 ms' THEN pg_catalog.set_config('lock_timeout',"
    f" greatest({MARK}::int - (extract(epoch FROM pg_catalog.clock_timestamp()"
    " - pg_catalog.statement_timestamp()) * 1000)::int, 10)::text, true) END"
)


def _given(columns: tuple[str, ...]) -> str:
    marks = ", ".join([MARK] * len(columns))
    return f"unnest({marks}) AS w({statements.names(columns)})"


@cache
def select_many(
    table: Table, at: str, columns: tuple[str, ...], found_if: str = ""
) -> str:
    """
    Select the rows whose *columns* are given, in any order.
    """
    same = statements.equal_columns(columns, "t", "w")
    return (
        f"SELECT {statements.every(table, of='t')} FROM {_given(columns)}"
        f" JOIN {statements.placed(table, at)} AS t ON {same}"
        f"{statements.and_is_said(table, found_if, of='t')}"
    )


@cache
def select_locked(
    table: Table,
    at: str,
    columns: tuple[str, ...],
    *,
    many: bool,
    paced: bool = False,
    found_if: str = "",
) -> str:
    """
    Select and lock, in key order, the rows whose *columns* are given.
    """
    every = statements.every(table, of="t")
    text = f"SELECT {_paced(paced)}{every} FROM "
    if many:
        same = statements.equal_columns(columns, "t", "w")
        text += f"{_given(columns)} JOIN {statements.placed(table, at)} AS t ON {same}"
    else:
        text += f"{statements.placed(table, at)} AS t"
        text += f" WHERE {statements.equal_marks(columns, MARK)}"
    text += statements.and_is_said(table, found_if, of="t")
    text += f" ORDER BY {statements.names(table.key, of='t')} FOR UPDATE OF t"
    return f"SELECT {every} FROM ({text}) AS t" if paced else text


@cache
def select_named(
    table: Table,
    at: str,
    of: Table,
    columns: tuple[str, ...],
    *,
    many: bool,
    lock: bool,
    paced: bool = False,
    found_if: str = "",
) -> str:
    """
    Select the rows that rows of another table name, of which *columns* are given; with
    *lock*, locked in key order.
    """
    every = statements.every(table, of="t")
    names = statements.names(table.key, of="s")
    if many:
        same = statements.equal_columns(columns, "s", "w")
        given = f"{_given(columns)} JOIN {statements.placed(of, at)} AS s ON {same}"
    else:
        same = statements.equal_marks(columns, MARK)
        given = f"{statements.placed(of, at)} AS s WHERE {same}"
    given += statements.and_is_said(of, found_if, of="s")
    same = statements.equal_columns(table.key, "t", "n")
    text = (
        f"SELECT {_paced(paced)}{every}"
        f" FROM (SELECT DISTINCT {names} FROM {given}) AS n"
        f" JOIN {statements.placed(table, at)} AS t ON {same}"
    )
    if lock:
        text += f" ORDER BY {statements.names(table.key, of='t')} FOR UPDATE OF t"
    return f"SELECT {every} FROM ({text}) AS t" if paced else text


def _paced(paced: bool) -> str:  # noqa: FBT001 - a part of a text, or none
    return f'{_PACE} AS "pace", ' if paced else ""


@cache
def insert(table: Table, at: str, *, many: bool, new: bool, paced: bool = False) -> str:
    """
    Insert one row, or the given many; *new* ones only, telling their keys.
    """
    columns = tuple(column.name for column in table.columns)
    if many:
        given = _given(columns)
        if paced:
            given = f"(SELECT {_paced(paced)}w.* FROM {given}) AS w"
        source = f"SELECT {statements.names(columns, of='w')} FROM {given}"
    else:
        source = f"VALUES ({', '.join([MARK] * len(columns))})"
    into = statements.placed(table, at)
    text = f"INSERT INTO {into} ({statements.names(columns)}) {source}"
    if new:
        key = statements.names(table.key)
        text += f" ON CONFLICT ({key}) DO NOTHING RETURNING {key}"
    return text


@cache
def replace(
    table: Table,
    at: str,
    compared: tuple[str, ...],
    *,
    many: bool,
    paced: bool = False,
) -> str:
    """
    Overwrite one row, or the given many; parameters are values, key, expected.

    Many that are part of what is locked already are found once, and in any order.

    Args:
        compared: The columns in which the stored row must be as expected.
    """
    columns = statements.settable(table)
    if not many:
        sets = ", ".join(f'"{name}" = {MARK}' for name in columns)
        same = statements.equal_marks(table.key, MARK)
        same += "".join(_unchanged(table, name, "", MARK) for name in compared)
        into = statements.placed(table, at)
        return f"UPDATE {into} SET {sets} WHERE {same}{_telling(table)}"
    sets = ", ".join(f'"{name}" = w."new_{name}"' for name in columns)
    given = (
        *(f"new_{name}" for name in columns),
        *table.key,
        *(f"old_{name}" for name in compared),
    )
    if table.is_part and not compared:
        same = statements.equal_columns(table.key, "t", "w")
        return (
            f"UPDATE {statements.placed(table, at)} AS t SET {sets}"
            f" FROM {_given(given)} WHERE {same}{_telling(table, 't')}"
        )
    terms = [_unchanged(table, n, "t.", f'w."old_{n}"') for n in compared]
    return _change_many(table, at, given, f"SET {sets}", "".join(terms), paced=paced)


def _unchanged(table: Table, name: str, of: str, expected: str) -> str:
    column = table.columns[table.position[name]]
    if column.kind is ColumnKind.JSON:  # has no equality; we keep its exact text
        return f' AND {of}"{name}"::text IS NOT DISTINCT FROM {expected}::text'
    if column.nullable:
        return f' AND {of}"{name}" IS NOT DISTINCT FROM {expected}'
    return f' AND {of}"{name}" = {expected}'


@cache
def add(
    table: Table, at: str, columns: tuple[str, ...], *, many: bool, paced: bool = False
) -> tuple[str, tuple[str, ...]]:
    """
    Add to *columns* of one row, or of the given many, unless a check would break.

    Returns:
        The text, whose parameters are deltas, key, then the deltas of those columns
        that are named here.
    """
    deltas: list[str] = []

    def added(name: str) -> str:
        return f'w."add_{name}"' if many else MARK

    def after(name: str) -> str:
        if name not in columns:
            return f't."{name}"'
        deltas.append(name)
        return f't."{name}" + {added(name)}'

    sets = ", ".join(f'"{name}" = t."{name}" + {added(name)}' for name in columns)
    sets = sets or f'"{table.key[0]}" = t."{table.key[0]}"'
    terms = "".join(
        f" AND {lower} <= {upper}"
        for lower, upper in statements.checks_after(table, columns, after)
    )
    if many:
        given = tuple(f"add_{name}" for name in columns) + table.key
        text = _change_many(table, at, given, f"SET {sets}", terms, paced=paced)
        return text, ()
    same = statements.equal_marks(table.key, MARK)
    into = statements.placed(table, at)
    told = _telling(table, "t")
    text = f"UPDATE {into} AS t SET {sets} WHERE {same}{terms}{told}"
    return text, tuple(deltas)


@cache
def delete(table: Table, at: str, *, many: bool, paced: bool = False) -> str:
    """
    Remove one row, or the given many.
    """
    source = statements.placed(table, at)
    if not many:
        same = statements.equal_marks(table.key, MARK)
        return f"DELETE FROM {source} WHERE {same}"
    locked = _locked(table, at, table.key, paced=paced)
    return (
        f"{locked} DELETE FROM {source} AS t USING w"
        f" WHERE {statements.equal_columns(table.key, 't', 'w')}"
    )


@cache
def claim(table: Table, at: str, *, only: bool, resting: Table | None) -> str:
    """
    Take free messages that nobody else is taking: parameters are now, connections
    to leave alone, those that *only* are asked for, now again if there is *resting*,
    limit, worker, lease.
    """
    key = table.key
    asked = f"= ANY({MARK}::text[])" if only else ""
    alone = f"<> ALL({MARK}::text[])"
    free = statements.free_messages(table, at, MARK, alone, asked, resting)
    return (
        f"WITH free AS MATERIALIZED ({free}"
        f" FOR UPDATE OF m SKIP LOCKED)"
        f" UPDATE {statements.placed(table, at)} AS t SET \"state\" = 'sending',"
        f' "epoch" = t."epoch" + 1, "worker" = {MARK}, "lease_until" = {MARK}'
        f" FROM free WHERE {statements.equal_columns(key, 't', 'free')}"
        f" RETURNING {statements.every(table, of='t')}"
    )


def _locked(table: Table, at: str, given: tuple[str, ...], *, paced: bool) -> str:
    """
    Begin a statement with `w`: the given values of those rows that exist, now locked.
    """
    return (
        f"WITH w AS (SELECT {_paced(paced)}w.* FROM {_given(given)}"
        f" JOIN {statements.placed(table, at)} AS t"
        f" ON {statements.equal_columns(table.key, 't', 'w')}"
        f" ORDER BY {statements.names(table.key, of='t')} FOR UPDATE OF t)"
    )


def _change_many(
    table: Table,
    at: str,
    given: tuple[str, ...],
    change: str,
    term: str,
    *,
    paced: bool,
) -> str:
    return (
        f"{_locked(table, at, given, paced=paced)}"
        f" UPDATE {statements.placed(table, at)} AS t {change} FROM w"
        f" WHERE {statements.equal_columns(table.key, 't', 'w')}{term}"
        f"{_telling(table, 't')}"
    )


def _telling(table: Table, of: str = "") -> str:
    """
    End a statement that tells the keys of the rows that it changed.
    """
    return f" RETURNING {statements.names(table.key, of=of)}"


@cache
def of_all(text: str) -> str:
    """
    Let a statement fail unless it tells as many rows as is said behind its values:
    nothing can be divided by no.
    """
    return f"WITH done AS ({text}) SELECT 1 / (count(*) = {MARK})::int FROM done"
