"""
Which orders a shop's file holds: records gathered by order number, wherever they stand.
"""

import attrs

from ..domain.kernel.values import frozen
from ..domain.stores.model import (
    Charge,
    Reject,
    RejectReason,
    SnapshotLine,
    StoreOrderSnapshot,
)
from .file_config import FileStoreConfig
from .file_content import digest_of
from .file_records import read_records
from .file_rows import ProductRow, RowReader


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

        groups: Sorted by rank.

        orders: By their external id.
    """

    digest: str
    groups: tuple[Group, ...]
    orders: dict[str, StoreOrderSnapshot]

    @classmethod
    def parse(cls, data: bytes, config: FileStoreConfig) -> "FileContent":
        """
        Read a whole file.

        Raises:
            FileStoreError: If it cannot be read as configured.
        """
        columns, records = read_records(data, config.orders_sheet())
        reader = RowReader(config, columns)
        gathered: dict[str | int, _Gathered] = {}
        for row, cells in enumerate(records, start=1):
            number = reader.order_number(cells)
            # Rows without an order number have nothing in common: each is on its own.
            key = number or row
            if key not in gathered:
                gathered[key] = _Gathered(number, row)
            gathered[key].take(reader.read(row, cells))
        groups = sorted(
            (one.group(reader, config) for one in gathered.values()),
            key=lambda group: group.rank,
        )
        orders = {g.order.external_id: g.order for g in groups if g.order is not None}
        return cls(digest_of(data, config), tuple(groups), orders)


@attrs.define
class _Gathered:
    number: str
    first_row: int
    lines: list[ProductRow] = attrs.field(factory=list)
    rejects: list[Reject] = attrs.field(factory=list)
    charges: list[Charge] = attrs.field(factory=list)

    def take(self, read: ProductRow | Charge | Reject) -> None:
        match read:
            case ProductRow():
                self.lines.append(read)
            case Charge():
                self.charges.append(read)
            case Reject():
                self.rejects.append(read)

    def group(self, reader: RowReader, config: FileStoreConfig) -> Group:
        order = self._order(config) if self.lines else None
        rejects = list(self.rejects)
        if order is None and self.number and not reader.is_cancellation(self.number):
            rejects.append(self._no_lines())
        rejects.sort(key=lambda reject: reject.row)
        rank = self.lines[0].row if self.lines else self.first_row
        return Group(rank, order, tuple(rejects), tuple(self.charges))

    def _no_lines(self) -> Reject:
        reason = RejectReason.NO_PRODUCT_LINES
        detail = "no row of this order_number is a product line"
        return Reject(self.first_row, reason, self.number, detail)

    def _order(self, config: FileStoreConfig) -> StoreOrderSnapshot:
        first = self.lines[0]
        return StoreOrderSnapshot(
            external_id=self.number,
            number=self.number,
            placed_at=first.placed_at,
            address=first.address,
            lines=tuple(
                SnapshotLine(
                    external_line_id=str(ordinal),
                    sku=line.sku,
                    title=line.title,
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                    external_variant_id=line.variant_id,
                    external_product_id=line.product_id,
                )
                for ordinal, line in enumerate(self.lines, start=1)
            ),
            paid_at_store=config.paid_at_store,
            rows_rejected=len(self.rejects),
        )
