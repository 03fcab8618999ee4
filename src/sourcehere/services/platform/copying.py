"""
How everything that one storage keeps comes into another one, such as from a file into
a server.
"""

from collections.abc import Callable, Iterator, Mapping

from ...domain.kernel.errors import InvalidInputError
from ...ports.storage import Row, Session, Storage, Table
from ...ports.storage_errors import NotEmptyError
from ...unit.tables import TABLES

_AT_ONCE = 500
_KEYS_AT_ONCE = 5_000


def copy_rows(
    source: Storage, target: Storage, *, progress: Callable[[int], None] | None = None
) -> Mapping[str, int]:
    """
    Copy every row of every table, as they are at one moment: all of them, or none.

    Rows are read and written some hundred at a time, so that many take no more memory.

    Args:
        progress: Called with how many rows came so far, after some hundred each; they
            are counted anew where a lost connection is made again.

    Returns:
        Name of a table -> how many rows it has; those without any are left out.

    Raises:
        NotEmptyError: If anything is kept in *target*, or somebody else wrote into it
            meanwhile.

        InvalidInputError: If both are one storage.
    """
    if source is target:
        expected = "another database"
        raise InvalidInputError(field="other", value=target.url, expected=expected)

    def read(reading: Session) -> Mapping[str, int]:
        try:
            return target.transact(
                lambda writing: _copy(reading, writing, progress, url=target.url),
                read_only=False,
            )
        except _NotReadError as failed:
            raise failed.error from None

    return source.transact(read, read_only=True)


class _NotReadError(Exception):
    """
    What the source raised, on its way through the target: one of the same kind would
    take it for its own, and tell it as such.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def _copy(
    reading: Session,
    writing: Session,
    progress: Callable[[int], None] | None,
    *,
    url: str,
) -> Mapping[str, int]:
    for table in TABLES:
        if next(_pages(writing, table, at_once=1), ()):
            raise NotEmptyError(url=url, table=table.name)
    copied: dict[str, int] = {}
    for table in TABLES:
        for rows in _read(reading, table):
            writing.insert(table, rows)
            copied[table.name] = copied.get(table.name, 0) + len(rows)
            if progress is not None:
                progress(sum(copied.values()))
    _require_alone(writing, copied, url=url)
    return copied


def _require_alone(session: Session, copied: Mapping[str, int], *, url: str) -> None:
    """
    Refuse what others have written since it was empty: a server lets them, and it would
    be mixed with what was copied.

    They are counted in many steps: a single one may take longer than a statement may.
    """
    for table in TABLES:
        keys = table.only(table.key)
        counted = sum(map(len, _pages(session, keys, at_once=_KEYS_AT_ONCE)))
        if counted != copied.get(table.name, 0):
            raise NotEmptyError(url=url, table=table.name)


def _read(reading: Session, table: Table) -> Iterator[list[Row]]:
    try:
        yield from _pages(reading, table, at_once=_AT_ONCE)
    except Exception as error:
        raise _NotReadError(error) from error


def _pages(session: Session, table: Table, *, at_once: int) -> Iterator[list[Row]]:
    after = None
    while rows := session.page(
        table.primary, (), after=after, until=None, limit=at_once, descending=False
    ):
        yield rows
        after = table.key_of(rows[-1])
