"""
An order of a shop's file, as the core takes it in.
"""

import hashlib
from collections.abc import Sequence

import attrs

from ..domain.kernel.checks import looks_damaged
from ..domain.kernel.money import Money
from ..domain.kernel.skus import comparison_key
from ..domain.kernel.values import light
from ..domain.stores.model import (
    Reject,
    RejectReason,
    SnapshotLine,
    StoreOrderSnapshot,
)
from .file_cells import BadValueError
from .file_facts import OrderFacts
from .file_layout import Layout, unknown_word
from .file_lines import LineSaid
from .file_prices import Pricing
from .file_rows import RowSaid

_ID_MAX = 200
_DOUBTS_MAX = 20
_REMEMBERED = 2048  # lines, which come again and again

_TAKEN_OUT = frozenset({"cancelled", "refunded"})  # a line that is not sent
_IN_PART = {
    "partly": "a line is sent in part, and the export does not say how many units",
    "partly_refunded": "a line is refunded in part, and the export does not say how"
    " many units",
}

_Made = tuple[SnapshotLine, str]  # a line, and what is doubtful about it


@light
class Order:
    """
    What became of the records of one order.

    Attributes:
        snapshot: None where none of them is a line.

        rejects: Of records that turned out to be none.

        first_row: The first that is a line; 0 where none is.
    """

    snapshot: StoreOrderSnapshot | None
    rejects: tuple[Reject, ...]
    first_row: int = 0


class _RefusedError(Exception):
    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class LineMaker:
    """
    Makes lines of what records say; those that come again are made once.
    """

    def __init__(self, pricing: Pricing, layout: Layout) -> None:
        self._pricing = pricing
        self._layout = layout
        self._known: dict[tuple[object, ...], _Made] = {}

    def lines(
        self, row: RowSaid, facts: OrderFacts, counts: dict[str, int]
    ) -> list[_Made]:
        """
        Return the lines of a record, each with what is doubtful about it.

        Raises:
            _RefusedError: If the record has no line after all; none of it is counted
                then.
        """
        taken: set[str] = set()
        for line in row.lines:
            _require_whole(line, facts, self._layout)
            _require_another(line, counts, taken)
        prices = [self._price(line, facts) for line in row.lines]
        return [
            self._made(_id_of(line, counts), line, facts, price)
            for line, price in zip(row.lines, prices, strict=True)
        ]

    def _price(self, line: LineSaid, facts: OrderFacts) -> Money | None:
        try:
            return self._pricing.unit_price(line, facts.currency)
        except BadValueError as bad:
            raise _RefusedError(RejectReason.BAD_VALUE, str(bad)) from None

    def _made(
        self, name: str, line: LineSaid, facts: OrderFacts, price: Money | None
    ) -> _Made:
        key = (line, name, facts.currency, facts.is_refunded, facts.is_fulfilled)
        made = self._known.get(key)
        if made is None:
            made = _line(name, line, facts, price, self._layout)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = made
        return made


def order_of(
    external_id: str,
    rows: Sequence[RowSaid],
    facts: OrderFacts,
    maker: LineMaker,
    *,
    doubts: Sequence[str],
    rows_rejected: int,
) -> Order:
    """
    Make an order of what its records say.

    Args:
        doubts: What is doubtful about it, beside what *facts* say.

        rows_rejected: How many of its records were rejected before.
    """
    lines: list[SnapshotLine] = []
    first_row = 0
    rejects: list[Reject] = []
    questions = [*doubts, *facts.doubts]
    counts: dict[str, int] = {}
    for row in rows:
        try:
            found = maker.lines(row, facts.apart.get(row.row, facts), counts)
        except _RefusedError as refused:
            rejects.append(Reject(row.row, refused.reason, row.number, str(refused)))
            continue
        if found and not lines:
            first_row = row.row
        for line, doubt in found:
            lines.append(line)
            if doubt:
                questions.append(doubt)
    is_unsaid = not lines and bool(rejects) and not rows_rejected
    if is_unsaid and not facts.is_cancelled and _is_empty(rows):
        # The shop has it still, and wants nothing of it any more.
        gone = attrs.evolve(facts, is_cancelled=True, apart={})
        made = order_of(external_id, rows, gone, maker, doubts=(), rows_rejected=0)
        return attrs.evolve(made, rejects=tuple(rejects))
    if not lines or facts.placed_at is None:
        return Order(None, tuple(rejects))
    snapshot = StoreOrderSnapshot(
        external_id=external_id,
        number=facts.number,
        placed_at=facts.placed_at,
        address=facts.address,
        lines=tuple(lines),
        paid_at_store=facts.is_paid,
        # Of no units, be it that all were refunded, is an order wanted no more.
        cancelled=facts.is_cancelled or not any(line.quantity for line in lines),
        rows_rejected=rows_rejected + len(rejects),
        doubts=tuple(dict.fromkeys(questions))[:_DOUBTS_MAX],
    )
    return Order(snapshot, tuple(rejects), first_row)


def _is_empty(rows: Sequence[RowSaid]) -> bool:
    """
    Tell whether all lines are of no units.
    """
    lines = [line for row in rows for line in row.lines]
    is_dated = any(row.placed_at is not None for row in rows)
    return is_dated and not any(line.quantity for line in lines)


def _require_whole(line: LineSaid, facts: OrderFacts, layout: Layout) -> None:
    if not line.quantity and not _may_be_none(line, facts, layout):
        detail = "quantity is not positive"
        raise _RefusedError(RejectReason.QUANTITY_NOT_POSITIVE, detail)
    if facts.placed_at is None:
        raise _RefusedError(RejectReason.BAD_VALUE, "placed_at is empty")


def _may_be_none(line: LineSaid, facts: OrderFacts, layout: Layout) -> bool:
    """
    Tell whether a line of no units is no fault.
    """
    is_refunded = layout.profile.takes_off_refunds
    is_cancelled = facts.is_cancelled or _meaning(line, layout) == "cancelled"
    return is_refunded or is_cancelled


def _require_another(line: LineSaid, counts: dict[str, int], taken: set[str]) -> None:
    if not line.line_id:
        return
    if line.line_id in counts or line.line_id in taken:
        detail = "another row of this order has its line_id"
        raise _RefusedError(RejectReason.BAD_VALUE, detail)
    taken.add(line.line_id)


def _line(
    name: str,
    line: LineSaid,
    facts: OrderFacts,
    price: Money | None,
    layout: Layout,
) -> _Made:
    sent, doubt = _sent(line, facts, layout)
    sent = min(sent, line.quantity)
    left = line.quantity - sent
    is_taken_out = facts.is_refunded or _meaning(line, layout) in _TAKEN_OUT
    if looks_damaged(line.sku):
        doubt = f"the SKU {line.sku.strip()!r} looks rounded by a spreadsheet"
    made = SnapshotLine(
        external_line_id=name,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        unit_price=price,
        quantity_fulfilled=sent,
        # Units that were sent and refunded are sent all the same.
        quantity_refunded=left if is_taken_out else min(line.refunded, left),
        external_variant_id=line.variant_id,
        external_product_id=line.product_id,
    )
    return made, doubt


def _meaning(line: LineSaid, layout: Layout) -> str:
    return layout.words["line_status"].get(line.status, "")


def _sent(line: LineSaid, facts: OrderFacts, layout: Layout) -> tuple[int, str]:
    """
    Return how many units the shop says are sent, or sends itself, and what is doubtful
    about that.
    """
    senders = layout.words["sent_by"]
    if senders.get(line.sent_by) == "fulfilled":
        return line.quantity, ""
    if line.sent_by and line.sent_by not in senders:
        return 0, unknown_word("who sends what is", line.sent_by)
    if line.fulfilled is not None:
        return line.fulfilled, ""
    meaning = _meaning(line, layout)
    if meaning == "fulfilled" or (facts.is_fulfilled and not meaning):
        return line.quantity, ""
    return 0, _open_doubt(line, meaning, facts)


def _open_doubt(line: LineSaid, meaning: str, facts: OrderFacts) -> str:
    """
    Say what is doubtful about a line that is not sent.
    """
    if meaning in _IN_PART:
        return _IN_PART[meaning]
    if meaning == "open" and facts.is_fulfilled:
        return "the order is sent, and a line of it is not"
    if line.status and not meaning:
        return unknown_word("the line status", line.status)
    return ""


def _id_of(line: LineSaid, counts: dict[str, int]) -> str:
    """
    Return the shop's id of a line, else its SKU and which one of that SKU it is; never
    its place, which is another one in the next export.
    """
    key = line.line_id or comparison_key(line.sku) or line.variant_id
    counts[key] = counts.get(key, 0) + 1
    name = key if counts[key] == 1 else f"{key}#{counts[key]}"
    if len(name) <= _ID_MAX:
        return name
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
