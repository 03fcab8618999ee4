"""
What a record of a shop's file says of its lines.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from ..domain.kernel.values import light
from .file_cells import Amount, BadValueError, amount, plain_text, whole_number
from .file_config import FileStoreConfig
from .file_items import AMOUNT_REFUNDED
from .file_layout import Layout
from .file_profile import LINE_COLUMNS

_NONE = re.compile(r"[0.,]*")
_REFUNDED_IN_PART = "partly_refunded"  # a line's status, of our own


@light(kw_only=True, eq=False)
class LineSaid:
    """
    A line as a record has it, before its order is known. Two that say the same are
    mostly one, so that they are told apart by being another.

    Attributes:
        fulfilled: Units sent already; None where the record does not say.

        amount: As written; None where no price is.

        status: Of the line, in lower case.

        sent_by: Who sends it, in lower case.
    """

    sku: str
    title: str
    quantity: int
    fulfilled: int | None = None
    refunded: int = 0
    amount: Amount | None = None
    line_id: str = ""
    variant_id: str = ""
    product_id: str = ""
    status: str = ""
    sent_by: str = ""


class LineReader:
    """
    Reads lines of records, by a configuration and a layout.

    Attributes:
        columns: Which it reads.
    """

    def __init__(self, config: FileStoreConfig, layout: Layout) -> None:
        self.columns = tuple(c for c in LINE_COLUMNS if layout.has(c))
        self._identity = config.identity
        self._decimal = config.decimal
        self._private = layout.profile.private
        self._no_line_ids = layout.profile.no_line_ids
        self._items = layout.profile.items
        self._is_one = layout.profile.is_one_unit and not layout.has("quantity")

    def read(self, texts: Sequence[str]) -> LineSaid:
        """
        Return the line whose columns say *texts*.

        Raises:
            BadValueError: If one of them cannot be parsed.
        """
        return self._line(dict(zip(self.columns, texts, strict=True)))

    def items(self, cell: str) -> Iterator[LineSaid]:
        """
        Yield the lines of a cell that has all of an order.

        Raises:
            BadValueError: If one of them cannot be parsed.
        """
        for item in self._items.read(cell):
            units = item.get("quantity_refunded", "").strip().lstrip("-")
            is_some = _is_some(item.get(AMOUNT_REFUNDED, ""))
            is_in_part = is_some and not units.strip("0")
            status = _REFUNDED_IN_PART if is_in_part else ""
            yield self._line(item | {"quantity_refunded": units, "line_status": status})

    def count(
        self, cell: Mapping[str, str], name: str, empty: int | None = None
    ) -> int:
        """
        Return how many units a cell says; *empty* where it says nothing.

        Raises:
            BadValueError: If it is no whole number.
        """
        text = plain_text(cell.get(name, ""))
        if name == "quantity" and self._is_one:
            return 1
        if empty is not None and not text.strip():
            return empty
        return whole_number(text, name, decimal=self._decimal)

    def amount(self, text: str) -> Amount | None:
        """
        Return the price that is written; None where none is.

        Raises:
            BadValueError: If it is none.
        """
        written = plain_text(text)
        if not written.strip():
            return None
        return amount(written, "unit_price", decimal=self._decimal)

    def _line(self, cell: Mapping[str, str]) -> LineSaid:
        sku, title = plain_text(cell.get("sku", "")), cell.get("title", "")
        if variation := cell.get("variation", "").strip():
            title = f"{title.strip()} - {variation}" if title.strip() else variation
        variant_id = self._variant_id(_stripped(cell, "variant_id"))
        sku = self._sku(sku, variant_id, title)
        line_id = _stripped(cell, "line_id")
        return LineSaid(
            sku=sku,
            title=title,
            quantity=self.count(cell, "quantity"),
            fulfilled=self._sent(cell),
            refunded=self.count(cell, "quantity_refunded", empty=0),
            amount=self.amount(cell.get("unit_price", "")),
            line_id="" if line_id in self._no_line_ids else line_id,
            variant_id=variant_id,
            product_id=_stripped(cell, "product_id"),
            status=_stripped(cell, "line_status").casefold(),
            sent_by=_stripped(cell, "sent_by").casefold(),
        )

    def _sku(self, sku: str, variant_id: str, title: str) -> str:
        """
        Return the SKU of a line, or what stands for it where it has none.

        Raises:
            BadValueError: If the line has nothing of what may identify it.
        """
        for name in self._identity:
            if name == "sku" and sku.strip():
                return sku
            if name == "variant_id" and variant_id:
                return sku
            if name == "title" and title.strip():
                return sku if sku.strip() else title
        msg = f"{' and '.join(self._identity)} is empty"
        raise BadValueError(msg)

    def _variant_id(self, text: str) -> str:
        if not text:
            return ""
        named = text.partition(self._private)[0] if self._private else text
        return " ".join(named.rstrip(", ").split())

    def _sent(self, cell: Mapping[str, str]) -> int | None:
        if cell.get("quantity_fulfilled", "").strip():
            return self.count(cell, "quantity_fulfilled")
        if cell.get("shipped_at", "").strip():
            return self.count(cell, "quantity")
        return None


def _stripped(cell: Mapping[str, str], name: str) -> str:
    text = cell.get(name)
    return plain_text(text).strip() if text else ""


def _is_some(amount: str) -> bool:
    return not _NONE.fullmatch(amount.strip().lstrip("-"))
