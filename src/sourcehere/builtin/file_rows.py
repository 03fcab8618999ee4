"""
What one record of a shop's file is: a line, a fee, or a reject with its reason.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

from ..domain.kernel.address import UNKNOWN_COUNTRY, Address
from ..domain.kernel.errors import InvalidAmountError, UnknownCurrencyError
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..domain.stores.model import Charge, Reject, RejectReason
from .file_config import FileStoreConfig
from .file_records import Columns

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,10}")
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")
_QUANTITY_MAX = 10**9
_MINOR_MAX = 10**15  # beyond any price; thousands of lines still add up in 64 bits
_STORED_MAX = 2**63 - 1


class _BadValueError(Exception):
    """
    A cell that cannot be read; the text names the column, and of the value no more than
    a digit.
    """


@frozen
class ProductRow:
    """
    A record that is a product line, with what it says of its order.
    """

    row: int
    sku: str
    title: str
    quantity: int
    unit_price: Money
    placed_at: datetime
    address: Address
    variant_id: str = ""
    product_id: str = ""


class RowReader:
    """
    Judges records one by one, by a configuration and a header.
    """

    def __init__(self, config: FileStoreConfig, columns: Columns) -> None:
        self._config = config
        self._columns = columns
        self._zone = config.zone()
        self._fees = config.fees
        self._countries = {
            alias.strip().casefold(): code
            for alias, code in config.country_aliases.items()
        }
        # The rows of an order mostly share their time, and strptime is slow.
        self._times: dict[str, datetime | None] = {}

    def order_number(self, cells: list[str]) -> str:
        """
        Return the order that a record belongs to; empty where it names none.
        """
        return self._columns.cell(cells, "order_number").strip()

    def is_cancellation(self, order_number: str) -> bool:
        """
        Tell whether *order_number* is that of a cancellation note.
        """
        prefix = self._config.cancellation_prefix
        return bool(prefix) and order_number.startswith(prefix)

    def read(self, row: int, cells: list[str]) -> ProductRow | Charge | Reject:
        """
        Judge one record; the first check that speaks decides.

        1. The order number has the cancellation prefix: `cancellation_note`.
        2. The SKU is a fee code: a charge, with its amount if that can be read.
        3. A cell that cannot be parsed, or too many or few cells: `bad_value`. Numbers
           and times are of ASCII digits.
        4. `quantity_not_positive`, then `price_negative`; a price of 0 is fine.
        """
        number = self.order_number(cells)
        if self.is_cancellation(number):
            detail = "order_number has the cancellation prefix"
            return Reject(row, RejectReason.CANCELLATION_NOTE, number, detail)
        if self._columns.cell(cells, "sku").strip().casefold() in self._fees:
            return self._charge(row, cells)
        try:
            line, price = self._product(row, cells)
        except _BadValueError as bad:
            return Reject(row, RejectReason.BAD_VALUE, number, str(bad))
        if line.quantity <= 0:
            detail = "quantity is not positive"
            return Reject(row, RejectReason.QUANTITY_NOT_POSITIVE, number, detail)
        if price < 0:
            detail = "unit_price is negative"
            return Reject(row, RejectReason.PRICE_NEGATIVE, number, detail)
        return line

    def _product(self, row: int, cells: list[str]) -> tuple[ProductRow, Decimal]:
        self._require_shape(cells)
        if not self.order_number(cells):
            msg = "order_number is empty"
            raise _BadValueError(msg)
        sku = self._columns.cell(cells, "sku")
        variant_id = self._columns.cell(cells, "variant_id").strip()
        if not sku.strip() and not variant_id:
            msg = "sku is empty"
            raise _BadValueError(msg)
        price, exact = self._price(cells)
        line = ProductRow(
            row=row,
            sku=sku,
            title=self._columns.cell(cells, "title"),
            quantity=self._quantity(cells),
            unit_price=price,
            placed_at=self._placed_at(cells),
            address=self._address(cells),
            variant_id=variant_id,
            product_id=self._columns.cell(cells, "product_id").strip(),
        )
        return line, exact

    def _require_shape(self, cells: list[str]) -> None:
        if msg := self._columns.shape_problem(cells):
            raise _BadValueError(msg)

    def _numeric(self, cells: list[str], column: str) -> str:
        """
        Return a cell that is written in digits, without the spaces around it.

        `strptime` takes any script's digits in some places, `Decimal` in all: only
        ASCII digits are read, so that every column refuses the same.
        """
        text = self._columns.cell(cells, column).strip()
        foreign = next((c for c in text if c.isdigit() and not c.isascii()), "")
        if foreign:
            msg = f"{column} has the digit {foreign!r}; only 0 to 9 are read"
            raise _BadValueError(msg)
        return text

    def _quantity(self, cells: list[str]) -> int:
        text = self._numeric(cells, "quantity")
        if not _WHOLE_NUMBER.fullmatch(text) or abs(int(text)) > _QUANTITY_MAX:
            msg = "quantity is no whole number up to a thousand million"
            raise _BadValueError(msg)
        return int(text)

    def _currency(self, cells: list[str]) -> str:
        text = self._columns.cell(cells, "currency").strip().upper()
        return text or self._config.currency

    def _price(self, cells: list[str]) -> tuple[Money, Decimal]:
        """
        Return the price, and what was written: a tenth of a cent below 0 is below 0.
        """
        text = self._numeric(cells, "unit_price")
        try:
            price = Money.parse(text, self._currency(cells))
        except InvalidAmountError:
            msg = "unit_price is no plain decimal number"
            raise _BadValueError(msg) from None
        except UnknownCurrencyError:
            msg = "currency is no ISO 4217 code"
            raise _BadValueError(msg) from None
        if abs(price.minor) > _MINOR_MAX:
            msg = "unit_price is too large"
            raise _BadValueError(msg)
        return price, Decimal(text)

    def _placed_at(self, cells: list[str]) -> datetime:
        text = self._numeric(cells, "placed_at")
        if text not in self._times:
            self._times[text] = self._instant(text)
        at = self._times[text]
        if at is None:
            msg = "placed_at is in none of the configured formats"
            raise _BadValueError(msg)
        return at

    def _instant(self, text: str) -> datetime | None:
        for form in self._config.date_formats:
            try:
                local = datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
                if local.tzinfo is None:
                    local = local.replace(tzinfo=self._zone)
                return local.astimezone(UTC)
            except (ValueError, OverflowError):
                continue
        return None

    def _address(self, cells: list[str]) -> Address:
        return Address(
            country=self._country(self._columns.cell(cells, "country").strip()),
            customer=self._columns.cell(cells, "customer").strip(),
        )

    def _country(self, text: str) -> str:
        code = self._countries.get(text.casefold())
        if code is None and _TWO_LETTERS.fullmatch(text):
            code = text.upper()
        return code or UNKNOWN_COUNTRY

    def _charge(self, row: int, cells: list[str]) -> Charge:
        return Charge(
            row=row,
            external_id=self.order_number(cells),
            code=self._columns.cell(cells, "sku").strip(),
            currency=self._currency(cells),
            amount_minor=self._charged(cells),
            amount_text=self._columns.cell(cells, "unit_price"),
        )

    def _charged(self, cells: list[str]) -> int | None:
        try:
            self._require_shape(cells)
            price, _ = self._price(cells)
            amount = price * self._quantity(cells)
        except _BadValueError:
            return None
        return amount.minor if abs(amount.minor) <= _STORED_MAX else None
