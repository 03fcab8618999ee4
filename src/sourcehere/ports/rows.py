"""
What a row is, and what a storage may ask of whoever makes a table's rows.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

Value = str | int | None
Key = tuple[Value, ...]
Row = tuple[Value, ...]
# What stored rows must be to be overwritten: their versions, or the rows as read.
Expected = Sequence[int] | Sequence[Row]


class RowMaker(Protocol):
    """
    Knows what old rows have in a column that was added after they were written.
    """

    @property
    def derived(self) -> AbstractSet[str]:
        """
        The columns that follow from the other columns of the same row.
        """
        ...

    def default_of(self, column: str, /) -> Value:
        """
        Return what a record has in *column* if nobody says otherwise, as it is stored.

        None where the column has no default, or where the default is None.
        """
        ...

    def recompute(self, row: Row, /) -> Row:
        """
        Return *row* with every derived column as it would be written today.
        """
        ...
