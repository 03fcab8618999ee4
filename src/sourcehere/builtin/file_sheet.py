"""
Where the columns of a shop's file of products stand.
"""

from collections.abc import Sequence

from ..domain.kernel.values import frozen
from .file_columns import Sheet
from .file_errors import HeaderError


@frozen
class Columns:
    """
    Where each of our columns stands in a record.

    Attributes:
        width: How many cells a record must have.

        positions: Our name -> index; a column that the file lacks is not in it.
    """

    width: int
    positions: dict[str, int]

    def shape_problem(self, cells: list[str]) -> str:
        """
        Say what is wrong with the number of a record's cells; empty where nothing is.
        """
        if len(cells) == self.width:
            return ""
        return f"{len(cells)} cells, the header has {self.width}"

    def cell(self, cells: list[str], name: str) -> str:
        """
        Return the cell of column *name*; empty where the file or the row has none.
        """
        position = self.positions.get(name)
        if position is None or position >= len(cells):
            return ""
        return cells[position]


def columns_of(header: Sequence[str], sheet: Sheet) -> Columns:
    """
    Return where the columns of *sheet* stand.

    Raises:
        HeaderError: If a configured one is missing or ambiguous.
    """
    titles = [title.strip() for title in header]
    wanted = {
        name: title
        for name, title in sheet.titles.items()
        if title in titles or name not in sheet.unasked
    }
    if sheet.prefix:
        found = [t for t in titles if t.startswith(sheet.prefix) and t != sheet.prefix]
        wanted = {**dict(zip(found, found, strict=True)), **wanted}
    missing = tuple(title for title in wanted.values() if title not in titles)
    repeated = tuple(
        dict.fromkeys(title for title in wanted.values() if titles.count(title) > 1)
    )
    if missing or repeated:
        raise HeaderError(path=sheet.path, missing=missing, repeated=repeated)
    positions = {name: titles.index(title) for name, title in wanted.items()}
    return Columns(len(titles), positions)


def fits(header: Sequence[str], sheet: Sheet) -> int:
    """
    Return how many columns of *sheet* a row has as a header has them; none where it is
    no header of one.
    """
    try:
        return len(columns_of(header, sheet).positions)
    except HeaderError:
        return 0


def missing(header: Sequence[str], sheet: Sheet) -> HeaderError:
    """
    Return the error for a header that does not fit.
    """
    try:
        columns_of(header, sheet)
    except HeaderError as error:
        return error
    msg = "the header fits"
    raise AssertionError(msg)
