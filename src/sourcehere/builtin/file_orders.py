"""
Which orders a shop's file holds: records gathered by order number, wherever they stand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import islice, starmap
from threading import Lock

from ..domain.kernel.values import frozen
from ..domain.stores.model import StoreOrderSnapshot
from .file_clock import Clock
from .file_config import FileStoreConfig
from .file_content import digest_of
from .file_groups import Gathered, Group
from .file_index import FileIndex
from .file_layout import Layout, Layouts
from .file_prices import Pricing
from .file_rows import RowReader, RowSaid
from .file_snapshots import LineMaker
from .file_table import Table, read_table

_Rows = Mapping[str | int, int]
_Make = Callable[[str | int], Group]
_NOWHERE = -1


@frozen(eq=False)
class FileContent:
    """
    A file as it was gone through once; its orders are read when they are asked for.

    Attributes:
        digest: Names these bytes, read by this configuration.

        layout: By which profile it was understood.

        header: What its columns are called.

        groups: By rank.

        orders: By their external id.

        notes: What was found out about the file, for people.
    """

    digest: str
    layout: Layout
    header: tuple[str, ...]
    groups: "Groups"
    orders: "Orders"
    notes: tuple[str, ...]

    @classmethod
    def parse(cls, data: bytes, config: FileStoreConfig) -> "FileContent":
        """
        Go through a whole file.

        Raises:
            FileStoreError: If it cannot be read as configured.
        """
        layouts = Layouts(config)
        table = read_table(
            data,
            path=config.path,
            fits=layouts.fits,
            missing=layouts.missing,
            encoding=config.encoding,
            is_quoted=layouts.is_quoted,
        )
        layout = layouts.of(table.header)

        def times() -> Iterator[str]:
            for _, cells in table.records.placed():
                yield layout.cell(cells, "placed_at")

        reader = RowReader(config, layout, Clock(config, layout, times))
        index = FileIndex(table, reader, layout)
        pricing = Pricing(config, layout, index)
        maker = LineMaker(pricing, layout)

        def made(key: str | int, said: Sequence[RowSaid]) -> Group:
            name = key if isinstance(key, str) else said[0].number
            return Gathered(name, said, key in index.followed).group(
                config, layout, pricing, maker
            )

        def make(key: str | int) -> Group:
            return made(key, index.said(key))

        def make_all() -> Iterator[Group]:
            return starmap(made, index.each())

        groups = Groups(index.first_rows, make_all)
        counted = (_counted(words, n) for words, n in index.notes.items())
        return cls(
            digest_of(data, config),
            layout,
            table.header,
            groups,
            Orders(index.first_rows, make, groups),
            (*_above(table), *counted),
        )


def _above(table: Table) -> list[str]:
    above = [f"above the header: {words}" for words in table.preamble]
    return [*table.notes, *above]


def _counted(words: str, count: int) -> str:
    return words if count == 1 else f"{words} ({count} times)"


class Groups:
    """
    All that a file has, by rank; each time it is walked, it is read.
    """

    def __init__(self, rows: _Rows, make_all: Callable[[], Iterator[Group]]) -> None:
        self._rows = rows
        self._make_all = make_all
        self._lock = Lock()
        self._rest: Iterator[Group] = iter(())
        self._place = _NOWHERE

    def __len__(self) -> int:
        """
        Count them.
        """
        return len(self._rows)

    def __iter__(self) -> Iterator[Group]:
        """
        Yield each; an order waits for the row of its first line.
        """
        late: list[tuple[int, Group]] = []
        for row, group in zip(self._rows.values(), self._make_all(), strict=True):
            while late and late[0][0] < row:
                yield heappop(late)[1]
            if group.rank == row:
                yield group
            else:
                heappush(late, (group.rank, group))  # no two have one rank
        while late:
            yield heappop(late)[1]

    def page(self, start: int, limit: int) -> list[Group]:
        """
        Return up to *limit* from the place *start* on; page after page reads each once.
        """
        with self._lock:
            before, self._place = self._place, _NOWHERE  # until the page is whole
            if before != start:
                self._rest = islice(self, start, None)
            found = list(islice(self._rest, limit))
            self._place = start + len(found)
        return found


class Orders(Mapping[str, StoreOrderSnapshot]):
    """
    The orders of a file; each time one is asked for, it is read.
    """

    def __init__(self, rows: _Rows, make: _Make, groups: Groups) -> None:
        self._rows = rows
        self._make = make
        self._groups = groups

    def names(self) -> frozenset[str]:
        """
        Return every order number that stands in the file, be it of an order or not.
        """
        return frozenset(key for key in self._rows if isinstance(key, str))

    def __getitem__(self, external_id: str) -> StoreOrderSnapshot:
        """
        Return the order of that id.

        Raises:
            KeyError: If the file has none.
        """
        order = self._make(external_id).order if external_id in self._rows else None
        if order is None:
            raise KeyError(external_id)
        return order

    def __iter__(self) -> Iterator[str]:
        """
        Yield their ids, by rank.
        """
        return (g.order.external_id for g in self._groups if g.order is not None)

    def __len__(self) -> int:
        """
        Count them.
        """
        return sum(1 for _ in self)
