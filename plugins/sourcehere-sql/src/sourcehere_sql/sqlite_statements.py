"""
SQL for SQLite, written once per table and place, and kept: mostly one row at a time.
"""
# ruff: noqa: S608 - made of declared names, never of input

from functools import cache, lru_cache

from sourcehere.ports.storage import Table

from . import statements

MARK = "?"


@cache
def select_batch(
    table: Table, at: str, columns: tuple[str, ...], count: int, found_if: str = ""
) -> str:
    """
    Select the rows whose *columns* are one of *count* given keys, in any order.
    """
    marks = f"({', '.join(MARK * len(columns))})"
    return (
        f"WITH w({statements.names(columns)}) AS (VALUES {', '.join([marks] * count)})"
        f" SELECT {statements.every(table, of='t')}"
        f" FROM w CROSS JOIN {statements.placed(table, at)} AS t"
        f" ON {statements.equal_columns(columns, 't', 'w')}"
        f"{statements.and_is_said(table, found_if, of='t')}"
    )


@cache
def insert(table: Table, at: str) -> str:
    """
    Insert one row.
    """
    marks = ", ".join(MARK * len(table.columns))
    into = statements.placed(table, at)
    return f"INSERT INTO {into} ({statements.every(table)}) VALUES ({marks})"


@cache
def insert_new(table: Table, at: str) -> str:
    """
    Insert one row unless its key is taken.
    """
    key = statements.names(table.key)
    return f"{insert(table, at)} ON CONFLICT ({key}) DO NOTHING"


@lru_cache(maxsize=1024)  # columns change together in few ways
def change(table: Table, at: str, columns: tuple[str, ...]) -> str:
    """
    Overwrite *columns* of one row; parameters are values, then the key.
    """
    sets = ", ".join(f'"{name}" = {MARK}' for name in columns)
    same = statements.equal_marks(table.key, MARK)
    return f"UPDATE {statements.placed(table, at)} SET {sets} WHERE {same}"


@cache
def add(table: Table, at: str, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """
    Add to *columns* of one row, unless a check would break.

    Returns:
        The text, whose parameters are deltas, key, then the deltas of those columns
        that are named here.
    """
    deltas: list[str] = []

    def after(name: str) -> str:
        if name not in columns:
            return f'"{name}"'
        deltas.append(name)
        return f'"{name}" + {MARK}'

    sets = ", ".join(f'"{name}" = "{name}" + {MARK}' for name in columns)
    sets = sets or f'"{table.key[0]}" = "{table.key[0]}"'
    terms = [statements.equal_marks(table.key, MARK)]
    terms += [
        f"{lower} <= {upper}"
        for lower, upper in statements.checks_after(table, columns, after)
    ]
    into = statements.placed(table, at)
    sql = f"UPDATE {into} SET {sets} WHERE {' AND '.join(terms)}"
    return sql, tuple(deltas)


@cache
def delete(table: Table, at: str) -> str:
    """
    Remove one row.
    """
    same = statements.equal_marks(table.key, MARK)
    return f"DELETE FROM {statements.placed(table, at)} WHERE {same}"


@cache
def claim(table: Table, at: str, *, only: bool, resting: Table | None) -> str:
    """
    Take free messages: parameters are worker, lease, now, the JSON of connections to
    leave alone, the JSON of those that *only* are asked for, now again if there is
    *resting*, limit.
    """
    named = f"IN (SELECT value FROM json_each({MARK}))"
    asked = named if only else ""
    free = statements.free_messages(table, at, MARK, f"NOT {named}", asked, resting)
    return (
        f"UPDATE {statements.placed(table, at)}"
        f' SET "state" = \'sending\', "epoch" = "epoch" + 1,'
        f' "worker" = {MARK}, "lease_until" = {MARK}'
        f" WHERE ({statements.names(table.key)}) IN"
        f" ({free})"
        f" RETURNING {statements.every(table)}"
    )
