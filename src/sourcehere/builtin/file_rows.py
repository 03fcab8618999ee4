"""
What one record of a shop's file says: of its order, and of a line of it.
"""

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from ..domain.kernel.checks import looks_damaged
from ..domain.kernel.values import light
from ..domain.stores.model import Reject, RejectReason
from .file_cells import (
    NOT_PLAIN,
    Amount,
    BadValueError,
    is_guarded,
    plain_text,
)
from .file_clock import Clock
from .file_config import FileStoreConfig
from .file_layout import Layout
from .file_lines import LineReader, LineSaid
from .file_profile import ORDER_COLUMNS

_NAMES = ("order_number", "sku")
_REMEMBERED = 2048
_NO = frozenset({"false", "no", "0", "n"})
_TOTALS = frozenset(
    {"total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme"}
    | {"totale", "totaal", "suma", "total général", "合計", "总计"}
)


@light(kw_only=True)
class ChargeSaid:
    """
    A fee of the shop, or something that needs no sending.
    """

    row: int
    code: str
    quantity: int | None
    amount: Amount | None
    text: str


class Head(NamedTuple):
    """
    What a record says beside its lines.

    Attributes:
        number: Of its order, as written; empty where it names none.

        facts: Our name of a column -> what it says of the order, where it says
            something.

        placed_at: When the order was placed; None where the record does not say.

        is_plain: Whether it is of an order, and nothing is wrong with it.
    """

    row: int
    number: str
    facts: Mapping[str, str]
    placed_at: datetime | None
    is_plain: bool


@light
class RowSaid:
    """
    What a record says: its head, and a line, a charge or why it is neither.
    """

    row: int
    number: str
    facts: Mapping[str, str]
    placed_at: datetime | None
    lines: tuple[LineSaid, ...] = ()
    charge: ChargeSaid | None = None
    reject: Reject | None = None

    @property
    def is_note(self) -> bool:
        """
        Whether it is a cancellation note, and no record of an order's.
        """
        reject = self.reject
        return reject is not None and reject.reason is RejectReason.CANCELLATION_NOTE

    @property
    def is_sound(self) -> bool:
        """
        Whether it was not rejected, and not all of its lines are of no units.
        """
        if self.reject is not None:
            return False
        for line in self.lines:
            if line.quantity:
                return True
        return not self.lines


class RowReader:
    """
    Reads records one by one, by a configuration and a layout.

    Attributes:
        continues: Whether a record without an order number is of the order above it.
    """

    def __init__(self, config: FileStoreConfig, layout: Layout, clock: Clock) -> None:
        self.continues = config.rows_continue
        self._config = config
        self._layout = layout
        self._clock = clock
        self._fees = config.fees
        self._order_columns = tuple(c for c in ORDER_COLUMNS if layout.has(c))
        self._lines_of = LineReader(config, layout)
        self._order_texts = layout.reading(self._order_columns)
        self._name_texts = layout.reading(_NAMES)
        self._line_texts = layout.reading(self._lines_of.columns)
        self._unescape = layout.profile.is_html
        self._has_items, self._has_ships = layout.has("items"), layout.has("ships")
        # The records of an order mostly say the same of it, one after the other.
        self._last: tuple[Sequence[str], Head] | None = None
        # Of those that are lines and nothing else, the same come again and again.
        self._sound: dict[tuple[str, ...], tuple[LineSaid, ...]] = {}

    def number_of(self, cells: list[str]) -> str:
        """
        Return the order number of a record, as written; empty where it has none.
        """
        return plain_text(self._cell(cells, "order_number")).strip()

    def numbered(self, cells: list[str], number: str) -> list[str]:
        """
        Return a record with the order number of the one above, where it has none.
        """
        if self.number_of(cells):
            return cells
        place = self._layout.positions["order_number"][0]
        return [number if i == place else text for i, text in enumerate(cells)]

    def may_be_line(self, cells: list[str]) -> bool:
        """
        Tell whether a record without an order number says something of a line.
        """
        return any(text.strip() for text in self._line_texts(cells))

    def footer_of(self, number: str, cells: list[str]) -> str:
        """
        Return what a record says that is none: words of the shop's own below its
        records, or their sum; empty for a record.
        """
        is_total = number.rstrip(":").casefold() in _TOTALS
        if is_total and not self._cell(cells, "sku").strip():
            return "a row of totals"
        marks = self._layout.profile.footers
        if not marks:
            return ""
        words = " ".join(cell.strip() for cell in cells if cell.strip())
        is_footer = any(mark in words for mark in marks)
        return f"words of the shop's own: {words}" if is_footer else ""

    def notes_of(self, cells: list[str]) -> tuple[str, ...]:
        """
        Say what is found in a record, in words that are the same for all such records.
        """
        texts = self._name_texts(cells)
        if "'" not in "".join(texts):
            return ()  # mostly so
        names = zip(_NAMES, texts, strict=True)
        guarded = [name for name, text in names if is_guarded(text)]
        return tuple(f"an apostrophe before {name} is left out" for name in guarded)

    def read(self, row: int, cells: list[str]) -> RowSaid:
        """
        Read one record; the first check that speaks decides what it is.

        1. The order number has the cancellation prefix: `cancellation_note`.
        2. The SKU is a fee code, or the line needs no sending: a charge.
        3. A cell that cannot be parsed, or too many or few cells: `bad_value`.
        4. `quantity_not_positive`, then `price_negative`; a price of 0 is fine, and one
           that is not told is unknown.
        """
        head = self._head(row, cells)
        if not head.is_plain or len(cells) != self._layout.width:
            return self._judged(head, cells)
        texts = tuple(self._line_texts(cells))
        lines = self._sound.get(texts)
        if lines is None:
            said = self._judged(head, cells)
            if said.lines:
                if len(self._sound) >= _REMEMBERED:
                    self._sound.clear()
                self._sound[texts] = said.lines
            return said
        return RowSaid(row, head.number, head.facts, head.placed_at, lines)

    def _head(self, row: int, cells: list[str]) -> Head:
        texts, last = self._order_texts(cells), self._last
        if last is not None and last[0] == texts:
            _, number, facts, placed_at, is_plain = last[1]
            return Head(row, number, facts, placed_at, is_plain)
        facts = self._facts(texts)
        number = self.number_of(cells)
        placed_at = self._clock.read(facts.get("placed_at", ""))
        wrong = _problem(number, facts, placed_at, self._clock)
        is_plain = not self.cancelled_by(number) and not wrong
        head = Head(row, number, facts, placed_at, is_plain)
        self._last = (texts, head)
        return head

    def _facts(self, texts: Sequence[str]) -> dict[str, str]:
        facts: dict[str, str] = {}
        said = zip(self._order_columns, self._plain(texts), strict=True)
        for name, text in said:
            if text:  # mostly not: the records behind the first say little
                bare = (plain_text(text) if text[0] in NOT_PLAIN else text).strip()
                if bare:
                    facts[name] = bare
        return facts

    def key_of(self, number: str) -> str:
        """
        Return the shop's key of an order: its number without what is configured to be
        before it, and without a `#`, so that no two orders differ by that alone.
        """
        bare = number.removeprefix(self._config.number_prefix).strip()
        return bare.lstrip("#").strip() or number

    def cancelled_by(self, number: str) -> str:
        """
        Return the key of the order that a note of that number would cancel; empty where
        it is no note.
        """
        prefix = self._config.cancellation_prefix
        if not prefix or not number.startswith(prefix):
            return ""
        return self.key_of(number.removeprefix(prefix).strip()) or number

    def _judged(self, head: Head, cells: list[str]) -> RowSaid:
        if about := self.cancelled_by(head.number):
            detail = "order_number has the cancellation prefix"
            reason = RejectReason.CANCELLATION_NOTE
            note = Reject(head.row, reason, head.number, detail, about=about)
            return RowSaid(*head[:4], reject=note)
        if self._layout.is_summary(cells):
            return RowSaid(*head[:4])
        if self._is_charge(cells):
            return RowSaid(*head[:4], charge=self._charge(head.row, cells))
        try:
            return self._of_lines(head, self._lines(head, cells))
        except BadValueError as bad:
            return _rejected(head, RejectReason.BAD_VALUE, str(bad))

    def _of_lines(self, head: Head, lines: tuple[LineSaid, ...]) -> RowSaid:
        for line in lines:
            if line.quantity < 0:
                detail = "quantity is not positive"
                return _rejected(head, RejectReason.QUANTITY_NOT_POSITIVE, detail)
        for line in lines:
            if line.amount is not None and line.amount.is_negative:
                detail = "unit_price is negative"
                return _rejected(head, RejectReason.PRICE_NEGATIVE, detail)
        return RowSaid(*head[:4], lines)

    def _cell(self, cells: list[str], name: str) -> str:
        return self._layout.cell(cells, name)

    def _text(self, cells: list[str], name: str) -> str:
        text = self._cell(cells, name)
        return html.unescape(text) if self._unescape else text

    def _plain(self, texts: Sequence[str]) -> Sequence[str]:
        return [html.unescape(t) for t in texts] if self._unescape else texts

    def _is_charge(self, cells: list[str]) -> bool:
        if self._fees:
            sku = plain_text(self._cell(cells, "sku")).strip()
            if sku.casefold() in self._fees:
                return True
        if not self._has_ships:
            return False
        return self._cell(cells, "ships").strip().casefold() in _NO

    def _lines(self, head: Head, cells: list[str]) -> tuple[LineSaid, ...]:
        if problem := self._layout.shape_problem(cells):
            raise BadValueError(problem)
        if problem := _problem(*head[1:4], self._clock):
            raise BadValueError(problem)
        if self._has_items:
            return tuple(self._lines_of.items(self._text(cells, "items")))
        return (self._lines_of.read(self._plain(self._line_texts(cells))),)

    def _charge(self, row: int, cells: list[str]) -> ChargeSaid:
        text = self._cell(cells, "unit_price")
        cell = {name: self._text(cells, name) for name in ("quantity", "unit_price")}
        code = plain_text(self._cell(cells, "sku")).strip()
        quantity: int | None = None
        price: Amount | None = None
        try:
            if not self._layout.shape_problem(cells):
                quantity = self._lines_of.count(cell, "quantity")
                price = self._lines_of.amount(text)
        except BadValueError:
            quantity = None  # its amount is unknown, and it is a charge all the same
        return ChargeSaid(
            row=row,
            code=code or self._text(cells, "title").strip(),
            quantity=quantity,
            amount=price,
            text=text,
        )


def _problem(
    number: str, facts: Mapping[str, str], placed_at: datetime | None, clock: Clock
) -> str:
    """
    Say what is wrong with what a record says of its order; empty where nothing is.
    """
    if not number:
        return "order_number is empty"
    if looks_damaged(number):
        return "order_number was rounded by a spreadsheet; export it again as text"
    if "placed_at" in facts and placed_at is None:
        return clock.problem(facts["placed_at"])
    return ""


def _rejected(head: Head, reason: RejectReason, detail: str) -> RowSaid:
    return RowSaid(*head[:4], reject=Reject(head.row, reason, head.number, detail))
