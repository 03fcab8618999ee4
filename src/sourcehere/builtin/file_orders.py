"""
Which orders a shop's file holds: records gathered by order number, wherever they stand.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ..domain.kernel.values import frozen
from ..domain.stores.model import Charge, Reject, RejectReason, StoreOrderSnapshot
from .file_cells import looks_damaged
from .file_clock import Clock
from .file_config import FileStoreConfig
from .file_content import digest_of
from .file_facts import order_facts
from .file_layout import Layout, Layouts
from .file_prices import Pricing
from .file_rows import RowReader, RowSaid
from .file_snapshots import order_of
from .file_table import Table, read_table

_WHO = ("customer", "email")  # by which a customer is known, the first that is told


@frozen
class Group:
    """
    All that one order number has in the file, be it an order or not.

    Attributes:
        rank: Its place in the listing: the row of the order's first line, or the first
            row of what is no order.
    """

    rank: int
    order: StoreOrderSnapshot | None
    rejects: tuple[Reject, ...]
    charges: tuple[Charge, ...]


@frozen
class FileContent:
    """
    A file as it was read once.

    Attributes:
        digest: Names these bytes, read by this configuration.

        layout: By which profile it was understood.

        header: What its columns are called.

        groups: Sorted by rank.

        orders: By their external id.

        notes: What was found out about the file, for people.
    """

    digest: str
    layout: Layout
    header: tuple[str, ...]
    groups: tuple[Group, ...]
    orders: dict[str, StoreOrderSnapshot]
    notes: tuple[str, ...]

    @classmethod
    def parse(cls, data: bytes, config: FileStoreConfig) -> "FileContent":
        """
        Read a whole file.

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
        notes = Counter[str]()
        reader = RowReader(config, layout, Clock(config, layout))
        gathered = _gathered(table, reader, layout, notes)
        rows = (row for one in gathered.values() for row in one.rows)
        pricing = Pricing(config, layout, rows)
        groups: list[Group] = []
        while gathered:  # as they are done, so that not everything is kept twice
            _, one = gathered.popitem()
            groups.append(one.group(config, layout, pricing))
        groups.sort(key=lambda group: group.rank)
        orders = {g.order.external_id: g.order for g in groups if g.order is not None}
        told = (*_above(table), *(_counted(words, n) for words, n in notes.items()))
        return cls(
            digest_of(data, config),
            layout,
            table.header,
            tuple(groups),
            orders,
            told,
        )


def _above(table: Table) -> list[str]:
    above = [f"above the header: {words}" for words in table.preamble]
    return [*table.notes, *above]


def _counted(words: str, count: int) -> str:
    return words if count == 1 else f"{words} ({count} times)"


def _gathered(
    table: Table, reader: RowReader, layout: Layout, notes: Counter[str]
) -> dict[str | int, "Gathered"]:
    gathered: dict[str | int, Gathered] = {}
    for row, cells in enumerate(table.rows, start=1):
        if row == 1 and layout.profile.is_described and _describes(layout, cells):
            notes["a row that describes the columns is left out"] += 1
            continue
        said = reader.read(row, cells)
        if said.footer:
            notes[f"row {row} is no order: {said.footer}"] += 1
            continue
        notes.update(said.notes)
        # Rows without an order number have nothing in common: each is on its own.
        # A number that was rounded is of nobody knows how many orders.
        is_known = said.number and not looks_damaged(said.number)
        key = reader.key_of(said.number) if is_known else row
        if key not in gathered:
            gathered[key] = Gathered(str(key) if is_known else said.number, row)
        gathered[key].take(said)
    return gathered


def _describes(layout: Layout, cells: list[str]) -> bool:
    return not any(c.isdigit() for c in layout.cell(cells, "quantity"))


@attrs.define
class Gathered:
    """
    What the records of one order number say.
    """

    external_id: str
    first_row: int
    rows: list[RowSaid] = attrs.field(factory=list)

    def take(self, said: RowSaid) -> None:
        """
        Take in one more record.
        """
        self.rows.append(said)

    def group(self, config: FileStoreConfig, layout: Layout, pricing: Pricing) -> Group:
        """
        Return what became of them.
        """
        ours, strangers = _parted(self.rows)
        facts = order_facts(ours, config, layout)
        rejects = [row.reject for row in self.rows if row.reject is not None]
        rejects += [_stranger(row) for row in strangers]
        doubts = _spellings(self.rows, config)
        if strangers:
            doubts.append("another customer has the same order number")
        made = order_of(
            self.external_id,
            ours,
            facts,
            pricing,
            layout,
            doubts=doubts,
            rows_rejected=len(rejects),
        )
        order = made.snapshot
        rejects += made.rejects
        if order is None and self._should_be_one(config):
            rejects.append(self._no_lines())
        rejects.sort(key=lambda reject: reject.row)
        charges = [
            pricing.charge(row.number, row.charge, facts.currency)
            for row in self.rows
            if row.charge is not None
        ]
        rank = self.first_row if order is None else made.first_row
        return Group(rank, order, tuple(rejects), tuple(charges))

    def _should_be_one(self, config: FileStoreConfig) -> bool:
        number = self.rows[0].number
        prefix = config.cancellation_prefix
        is_note = bool(prefix) and number.startswith(prefix)
        return bool(number) and not is_note and not looks_damaged(number)

    def _no_lines(self) -> Reject:
        reason = RejectReason.NO_PRODUCT_LINES
        detail = "no row of this order_number is a product line"
        return Reject(self.first_row, reason, self.rows[0].number, detail)


def _parted(rows: Sequence[RowSaid]) -> tuple[list[RowSaid], list[RowSaid]]:
    """
    Part the records of an order from those of other customers under its number.
    """
    known: dict[str, str] = {}
    for row in rows:
        if row.is_sound and not known:
            known = {n: row.facts[n] for n in _WHO if n in row.facts}
    ours: list[RowSaid] = []
    strangers: list[RowSaid] = []
    for row in rows:
        is_strange = row.is_sound and _is_another(row, known)
        (strangers if is_strange else ours).append(row)
    return ours, strangers


def _is_another(row: RowSaid, known: Mapping[str, str]) -> bool:
    """
    Tell whether a record names another customer; like is compared with like.
    """
    for name in _WHO:
        said, first = row.facts.get(name, ""), known.get(name, "")
        if said and first:
            return said.casefold() != first.casefold()
    return False


def _stranger(row: RowSaid) -> Reject:
    detail = "another customer has this order number"
    return Reject(row.row, RejectReason.OTHER_CUSTOMER, row.number, detail)


def _spellings(rows: Iterable[RowSaid], config: FileStoreConfig) -> list[str]:
    numbers = dict.fromkeys(row.number for row in rows)
    if len(numbers) == 1 or config.number_prefix:
        return []
    written = " and ".join(repr(number) for number in numbers)
    return [f"its number is written {written[:200]}; configure `number_prefix`"]
