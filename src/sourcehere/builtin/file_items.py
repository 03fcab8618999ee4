"""
How shops write all lines of an order into one cell.
"""

import re
from collections.abc import Iterator, Mapping

from ..domain.kernel.values import frozen
from .file_cells import BadValueError

_SHOWN = 40
# Our names that only a cell of many lines has, beside those of columns.
AMOUNT_REFUNDED = "amount_refunded"


@frozen(kw_only=True)
class ItemsFormat:
    """
    How lines stand in one cell, as in `name:Cup|quantity:2;name:Hat|quantity:1`: each
    begins with the key that the first one begins with.

    Attributes:
        between: What stands between two lines.

        within: What stands between two things that are said of one line; also within
            what is said, where no key follows.

        key: What a key is, as a regular expression; a colon follows it.

        columns: Our name -> the keys that say it, of which the first one counts that
            is there.
    """

    between: str
    within: str
    key: str
    columns: Mapping[str, tuple[str, ...]]

    def read(self, cell: str) -> Iterator[dict[str, str]]:
        """
        Yield what a cell says of each of its lines, by our names.

        Raises:
            BadValueError: If one of them says a thing twice, so that it may be two.
        """
        for said in self._said(cell):
            yield {
                name: next((said[key].strip() for key in keys if key in said), "")
                for name, keys in self.columns.items()
            }

    def _said(self, cell: str) -> Iterator[dict[str, str]]:
        a_key = re.compile(rf"\s*({self.key}):")
        first, between = a_key.match(cell), re.escape(self.between)
        begin = rf"{between}(?=\s*{re.escape(first[1])}:)" if first else between
        for text in re.split(begin, cell):
            if not text.strip():
                continue
            item: dict[str, str] = {}
            key = ""
            for part in text.split(self.within):
                if key and not a_key.match(part):
                    item[key] += f"{self.within}{part}"  # within what is said
                    continue
                key, _, said = part.partition(":")
                key = key.strip()
                if key in item:
                    msg = f"items says {key[:_SHOWN]!r} twice of one line"
                    raise BadValueError(msg)
                item[key] = said
            yield item


# WooCommerce's "Customer / Order / Coupon Export", and what a file with columns of its
# own is expected to have.
BY_BARS = ItemsFormat(
    between=";",
    within="|",
    key="[a-z_]+",
    columns={
        "sku": ("sku",),
        "title": ("name",),
        "quantity": ("quantity",),
        "unit_price": ("total", "subtotal"),
        "variant_id": ("variation_id",),
        "product_id": ("product_id",),
        "line_id": ("id",),
        "quantity_refunded": ("refunded_qty",),
        AMOUNT_REFUNDED: ("refunded",),
    },
)
