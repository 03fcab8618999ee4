"""
How a shop that is a CSV file is read: which columns, which words, whose clock.
"""

import os
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.money import exponent_of
from ..domain.kernel.values import frozen
from .file_columns import (
    COLUMNS,
    OPTION,
    OPTIONAL_COLUMNS,
    OPTIONAL_PRODUCT_COLUMNS,
    PRODUCT_COLUMNS,
    UNASKED_COLUMNS,
    UNASKED_PRODUCT_COLUMNS,
    Sheet,
    check_columns,
    sheet_of,
)

DATE_FORMATS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M%z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d",
)

_SAMPLE_TIME = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")


@frozen(kw_only=True)
class FileStoreConfig:
    """
    Where a shop's CSV files are, and what their words mean.

    Attributes:
        path: The orders, below the host's folder; UTF-8 with or without BOM, `,` or
            `;` between cells.

        fulfilments_path: Where pushed fulfilments are appended, below that folder too.

        currency: Of rows without a currency of their own.

        columns: Our name -> the header's name; a name not given is its own header.
            An empty header says that there is no such column (title, customer,
            country, currency, variant_id and product_id only). The last three are
            optional unless named.

        time_zone: Whose clock the times are told by. An hour that the clock shows
            twice is the first of the two; one that it skips is read by the offset
            before the change.

        date_formats: As `strptime` has them, tried in order. With `%z` the row's
            own offset counts.

        country_aliases: A country as the shop writes it, in any case -> ISO 3166-1
            alpha-2. Two letters without an alias are taken as a code, anything else
            is `ZZ`, unknown.

        fee_codes: SKUs, in any case, that are the shop's fees and no products.

        cancellation_prefix: Order numbers that start with it are cancellation notes;
            empty for none.

        paid_at_store: Whether the orders in the file are paid by the customer.

        products_path: What the shop sells, a CSV file too; empty where no file tells
            it.

        product_columns: As *columns*, of that file: sku, title, variant_id, product_id
            and barcode, the last three optional unless named. A column `option:Colour`
            has the colours; `{"option:Colour": "Farbe"}` gives it another header.
    """

    path: str
    fulfilments_path: str
    currency: str
    columns: dict[str, str] = attrs.field(factory=dict)
    time_zone: str = "UTC"
    date_formats: tuple[str, ...] = DATE_FORMATS
    country_aliases: dict[str, str] = attrs.field(factory=dict)
    fee_codes: tuple[str, ...] = ()
    cancellation_prefix: str = ""
    paid_at_store: bool = True
    products_path: str = ""
    product_columns: dict[str, str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        _check_paths(self)
        exponent_of(self.currency)
        check_columns("columns", self.columns, names=COLUMNS, optional=OPTIONAL_COLUMNS)
        check_columns(
            "product_columns",
            self.product_columns,
            names=PRODUCT_COLUMNS,
            optional=OPTIONAL_PRODUCT_COLUMNS,
            prefix=OPTION,
        )
        self.zone()
        _check_formats(self.date_formats)
        for alias, code in self.country_aliases.items():
            if not _COUNTRY_CODE.fullmatch(code):
                field = f"country_aliases.{alias}"
                raise InvalidInputError(
                    field=field, value=code, expected="two capital letters"
                )

    def zone(self) -> ZoneInfo:
        """
        Return the clock that the times are told by.

        Raises:
            InvalidInputError: If no such time zone is known here.
        """
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise InvalidInputError(
                field="time_zone",
                value=self.time_zone,
                expected="a time zone known here, such as Europe/London",
            ) from None

    @property
    def fees(self) -> frozenset[str]:
        """
        The SKUs of fees as they are compared: stripped, and in one case.
        """
        return frozenset(code.strip().casefold() for code in self.fee_codes)

    @property
    def paths(self) -> dict[str, str]:
        """
        The files of the shop, by the field that names them.
        """
        named = {"path": self.path, "fulfilments_path": self.fulfilments_path}
        if self.products_path:
            named["products_path"] = self.products_path
        return named

    def orders_sheet(self) -> Sheet:
        """
        Return which columns are read of the orders' file.
        """
        return sheet_of(self.path, COLUMNS, self.columns, unasked=UNASKED_COLUMNS)

    def products_sheet(self) -> Sheet:
        """
        Return which columns are read of the products' file.
        """
        return sheet_of(
            self.products_path,
            PRODUCT_COLUMNS,
            self.product_columns,
            unasked=UNASKED_PRODUCT_COLUMNS,
            prefix=OPTION,
        )


def _check_paths(config: FileStoreConfig) -> None:
    for field, value in config.paths.items():
        if not value or "\0" in value:
            raise InvalidInputError(field=field, value=value, expected="a file's path")
    written = os.path.normpath(config.fulfilments_path)
    if os.path.normpath(config.path) == written:
        raise InvalidInputError(
            field="fulfilments_path",
            value=config.fulfilments_path,
            expected="another file than the orders'",
        )
    if config.products_path and os.path.normpath(config.products_path) == written:
        raise InvalidInputError(
            field="products_path",
            value=config.products_path,
            expected="another file than the fulfilments'",
        )


def _check_formats(formats: tuple[str, ...]) -> None:
    if not formats:
        raise InvalidInputError(
            field="date_formats", value=formats, expected="at least one format"
        )
    for i, form in enumerate(formats):
        if not _tells_the_day(form):
            raise InvalidInputError(
                field=f"date_formats[{i}]",
                value=form,
                expected="a strptime format with year, month and day",
            )


def _tells_the_day(form: str) -> bool:
    try:
        read = datetime.strptime(_SAMPLE_TIME.strftime(form), form)  # noqa: DTZ007 - only its date is looked at
    except (ValueError, re.error):
        return False
    return read.date() == _SAMPLE_TIME.date()
