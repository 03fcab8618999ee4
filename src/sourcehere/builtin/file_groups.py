"""
What became of the records of one order number: an order, rejects, charges.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from ..domain.kernel.checks import looks_damaged
from ..domain.kernel.values import light
from ..domain.stores.model import Charge, Reject, RejectReason, StoreOrderSnapshot
from .file_config import FileStoreConfig
from .file_facts import order_facts
from .file_layout import Layout
from .file_prices import Pricing
from .file_rows import RowSaid
from .file_snapshots import LineMaker, order_of

_GUEST = "0"  # the customer of all who have no account, as in WooCommerce
_NOWHERE = -1  # no row is behind it
_WHO = ("customer", "email")  # by which a customer is known, the first that is told


@light
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


@light
class Gathered:
    """
    What the records of one order number say.

    Attributes:
        is_followed: Whether a record stands below them that has no number.
    """

    external_id: str
    rows: Sequence[RowSaid]
    is_followed: bool = False

    def group(
        self,
        config: FileStoreConfig,
        layout: Layout,
        pricing: Pricing,
        maker: LineMaker,
    ) -> Group:
        """
        Return what became of them.
        """
        # What a note says of itself is nothing that its order says.
        rows = [row for row in self.rows if not row.is_note] or self.rows
        ours, strangers = _parted(rows)
        facts = order_facts(ours, config, layout)
        rejects = [row.reject for row in rows if row.reject is not None]
        rejects += [_stranger(row) for row in strangers]
        doubts = _spellings(rows, config)
        if strangers:
            doubts.append("another customer has the same order number")
        if len(rows) < len(self.rows):
            doubts.append("a cancellation note names it")
        if self.is_followed:
            doubts.append(
                "a row below it has no order number; configure `rows_continue`"
            )
        if _stands_twice(ours):
            doubts.append("its records stand in the file twice")
        made = order_of(
            self.external_id,
            ours,
            facts,
            maker,
            doubts=doubts,
            rows_rejected=len(rejects),
        )
        order = made.snapshot
        rejects += made.rejects
        if order is None and _should_be_one(rows[0]):
            rejects.append(_no_lines(rows[0]))
        if rows is not self.rows:
            rejects += [row.reject for row in self.rows if row.is_note and row.reject]
        rejects = [self._of_this(reject) for reject in rejects]
        rejects.sort(key=lambda reject: reject.row)
        charges = [
            pricing.charge(row.number, row.charge, facts.currency)
            for row in rows
            if row.charge is not None
        ]
        rank = self.rows[0].row if order is None else made.first_row
        return Group(rank, order, tuple(rejects), tuple(charges))

    def _of_this(self, reject: Reject) -> Reject:
        """
        Return a reject by the shop's key of its order, so that it ends once the order
        is told well. A note keeps the number of its own.
        """
        if reject.external_id in ("", self.external_id) or reject.about:
            return reject
        return attrs.evolve(reject, external_id=self.external_id)


def _stands_twice(rows: Sequence[RowSaid]) -> bool:
    """
    Tell whether records that stand together come again elsewhere, as where two exports
    were put into one file.
    """
    if not rows or rows[-1].row - rows[0].row < len(rows):
        return False  # mostly they stand together
    blocks: list[list[tuple[str, str, int]]] = []
    before = _NOWHERE
    for row in rows:
        if row.row != before + 1:
            blocks.append([])
        blocks[-1] += [(line.sku, line.title, line.quantity) for line in row.lines]
        before = row.row
    said = [tuple(block) for block in blocks if block]
    return len(set(said)) < len(said)


def _should_be_one(row: RowSaid) -> bool:
    return bool(row.number) and not row.is_note and not looks_damaged(row.number)


def _no_lines(row: RowSaid) -> Reject:
    reason = RejectReason.NO_PRODUCT_LINES
    detail = "no row of this order_number is a product line"
    return Reject(row.row, reason, row.number, detail)


def _parted(rows: Sequence[RowSaid]) -> tuple[list[RowSaid], list[RowSaid]]:
    """
    Part the records of an order from those of other customers under its number.
    """
    known: dict[str, str] = {}
    for row in rows:
        if not known and row.is_sound:
            known = {n: row.facts[n] for n in _WHO if n in row.facts}
    ours: list[RowSaid] = []
    strangers: list[RowSaid] = []
    for row in rows:
        is_strange = _is_another(row, known) and row.is_sound
        (strangers if is_strange else ours).append(row)
    return ours, strangers


def _is_another(row: RowSaid, known: Mapping[str, str]) -> bool:
    """
    Tell whether a record names another customer; like is compared with like.
    """
    for name in _WHO:
        said, first = row.facts.get(name), known.get(name)
        if said and first and not said == first == _GUEST:
            return said != first and said.casefold() != first.casefold()
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
