"""
SQL that both databases share, written once per table and place, and kept.

A *mark* is the driver's placeholder: `?` or `%s`. Names come from declared tables,
never from input, and are always quoted: `order` is a word of SQL. *at* is what stands
before a table's name (`Place.before`); columns are always named, so that their order
in the database does not matter.
"""
# ruff: noqa: S608 - made of declared names, never of input

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from sourcehere.ports.storage import Check, ColumnKind, Index, Table


def names(columns: Iterable[str], *, of: str = "") -> str:
    """
    List *columns*, each as a column *of* that table if one is given.
    """
    before = f"{of}." if of else ""
    return ", ".join(f'{before}"{name}"' for name in columns)


def every(table: Table, *, of: str = "") -> str:
    """
    List all columns of *table*, in the order of its rows.
    """
    return names((column.name for column in table.columns), of=of)


def placed(table: Table, at: str) -> str:
    """
    Name *table* from any connection; *at* is `Place.before`.
    """
    return f'{at}{table.name}"'


def equal_marks(columns: Iterable[str], mark: str) -> str:
    """
    Write "each of *columns* equals a parameter".
    """
    return " AND ".join(f'"{name}" = {mark}' for name in columns) or "1 = 1"


def equal_columns(columns: Iterable[str], left: str, right: str) -> str:
    """
    Write "each of *columns* is the same in *left* and *right*".
    """
    return " AND ".join(f'{left}."{name}" = {right}."{name}"' for name in columns)


def is_said(table: Table, column: str, *, of: str = "") -> str:
    """
    Write "*column* is neither empty nor 0", word for word as the condition of an index.
    """
    whole = table.whole
    kind = whole.columns[whole.position[column]].kind
    nothing = "''" if kind is ColumnKind.TEXT else "0"
    return f"{names([column], of=of)} <> {nothing}"


def and_is_said(table: Table, column: str, *, of: str = "") -> str:
    """
    Write the same behind other conditions; nothing for no *column*.
    """
    return f" AND {is_said(table, column, of=of)}" if column else ""


@cache
def settable(table: Table) -> tuple[str, ...]:
    """
    The columns that a replacement writes: all but the key, or the key if that is all.
    """
    rest = tuple(c.name for c in table.columns if c.name not in table.key)
    return rest or table.key


@cache
def select_equal(
    table: Table,
    at: str,
    columns: tuple[str, ...],
    order: tuple[str, ...],
    mark: str,
    found_if: str = "",
) -> str:
    """
    Select the rows whose *columns* have given values, in *order*.
    """
    text = f"SELECT {every(table)} FROM {placed(table, at)}"
    if columns or found_if:
        text += f" WHERE {equal_marks(columns, mark)}"
        text += and_is_said(table, found_if)
    if order:
        text += f" ORDER BY {names(order)}"
    return text


@cache
def select_page(
    index: Index, at: str, mark: str, *, after: bool, until: bool, descending: bool
) -> str:
    """
    Select a page of *index*: parameters are prefix, after, until, limit.
    """
    sort = index.sort_columns
    terms = [equal_marks(index.equal, mark)] if index.equal else []
    if after:
        marks = ", ".join([mark] * len(sort))
        terms.append(f"({names(sort)}) {'<' if descending else '>'} ({marks})")
    if until:
        terms.append(f"{names(sort[:1])} {'>=' if descending else '<='} {mark}")
    if index.found_if:
        terms.append(is_said(index.table, index.found_if))
    text = f"SELECT {every(index.table)} FROM {placed(index.table, at)}"
    if terms:
        text += f" WHERE {' AND '.join(terms)}"
    if sort:
        way = " DESC" if descending else ""
        text += " ORDER BY " + ", ".join(f'"{name}"{way}' for name in sort)
    return f"{text} LIMIT {mark}"


@cache
def select_totals(
    index: Index, at: str, prefix: int, by: tuple[str, ...], column: str, mark: str
) -> str:
    """
    Select *by*, and the sum of *column* (or the count), where a *prefix* is given.
    """
    amount = f'CAST(sum("{column}") AS BIGINT)' if column else "count(*)"
    text = f"SELECT {names(by)}{', ' if by else ''}{amount}"
    text += f" FROM {placed(index.table, at)}"
    if prefix or index.found_if:
        text += f" WHERE {equal_marks(index.equal[:prefix], mark)}"
        text += and_is_said(index.table, index.found_if)
    if by:
        text += f" GROUP BY {names(by)}"
    return text


def checks_after(
    table: Table, columns: Sequence[str], after: Callable[[str], str]
) -> list[tuple[str, str]]:
    """
    Return both sides of the checks that a change of *columns* could break.

    Args:
        after: Writes the value that a column has after the change.
    """

    def side(of: str | int) -> str:
        return after(of) if isinstance(of, str) else str(of)

    def concerned(check: Check) -> bool:
        return check.lower in columns or check.upper in columns

    return [(side(c.lower), side(c.upper)) for c in table.checks if concerned(c)]


def free_messages(
    table: Table, at: str, mark: str, without: str, only: str, resting: Table | None
) -> str:
    """
    Select the keys of messages that may be claimed.

    Args:
        without: The condition on a connection that is not to be left alone.

        only: The condition on one of those that alone are asked for; empty for any.

        resting: Where it stands which connections rest; None for nowhere.

    Parameters are now, what *without* and *only* ask for, now again if there is
    *resting*, and limit.
    """
    asked = f'AND m."connection" {only}' if only else ""
    if resting is not None:
        asked += f"""
        AND NOT EXISTS (
            SELECT 1 FROM {placed(resting, at)} AS r
            WHERE r."connection" = m."connection" AND r."next_at" > {mark}
        )"""
    return f"""
        SELECT {names(table.key, of="m")}
        FROM {placed(table, at)} AS m
        WHERE m."state" = 'waiting' AND m."next_at" <= {mark}
        AND m."connection" {without} {asked}
        AND NOT EXISTS (
            SELECT 1 FROM {placed(table, at)} AS p
            WHERE p."seller_id" = m."seller_id" AND p."channel" = m."channel"
            AND p."lane" = m."lane" AND p."position" < m."position"
            AND p."state" NOT IN ('done', 'superseded', 'discarded')
        )
        ORDER BY m."next_at", m."seller_id", m."message_id"
        LIMIT {mark}"""


CLAIM_ORDER = ("next_at", "seller_id", "message_id")
