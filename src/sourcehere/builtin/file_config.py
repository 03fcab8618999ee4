"""
How a shop that is a CSV file is read: which columns, which words, whose clock.
"""

import codecs
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.money import exponent_of
from ..domain.kernel.values import frozen
from .file_columns import (
    COLUMNS_NEEDED,
    IDENTITY_COLUMNS,
    OPTION,
    OPTIONAL_PRODUCT_COLUMNS,
    PRODUCT_COLUMNS,
    UNASKED_PRODUCT_COLUMNS,
    Sheet,
    check_columns,
    sheet_of,
)
from .file_profile import COLUMNS, PLAIN, STATUSES, profiles
from .fulfilment_formats import check_format

DATE_FORMATS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M%z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d",
)
DECIMALS = ("", ".", ",")

_SAMPLE_TIME = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")


@frozen(kw_only=True)
class FileStoreConfig:
    """
    Where a shop's CSV files are, and what their words mean.

    Attributes:
        path: The orders, below the host's folder: CSV parted by commas, semicolons,
            tabs or bars, or an Excel workbook.

        fulfilments_path: Where pushed fulfilments are appended, below that folder too;
            beside the orders, with `-fulfilments.csv` behind their name, if not given.

        fulfilments_as: How `stores fulfilments` writes what was pushed where nothing
            else is asked for, such as shopify; `plain` if not given.

        currency: Of amounts that do not say theirs, in their cell or in a column.

        profile: Which platform's export it is, one of `sourcehere stores profiles`;
            `plain` for columns of its own. Found by the header if not given.

        columns: Our name -> the header's name, beside those of the profile. Of a plain
            file a name not given is its own header; it has order_number, quantity and
            placed_at, and one of sku, variant_id and title. An empty header says that
            there is no such column; one that is named has to be there.

        encoding: Of the file, such as cp1252; found out if not given.

        decimal: `.` or `,`, what parts decimals where an amount could be read either
            way: 1.234 is refused if it is not given.

        identity: By what a line is known, the first that it has: of sku, variant_id
            and title, which stands for the SKU.

        number_prefix: What order numbers begin with, and is no part of them.

        rows_continue: Whether a row without an order number is of the order above it,
            as where a shop writes a number once, or cells were merged. Otherwise such a
            row is rejected, and the order above is held.

        time_zone: Whose clock the times are told by. An hour that the clock shows
            twice is the first of the two; one that it skips is read by the offset
            before the change.

        date_formats: As `strptime` has them, tried in order; those of the profile if
            not given. With `%z` the row's own offset counts. Days such as 2026-11-29
            are read as well, unless a format begins with the year: cells of dates are
            such, whatever a spreadsheet shows.

        country_aliases: A country as the shop writes it, in any case -> ISO 3166-1
            alpha-2, beside the codes and English names that are known. An order to
            another word is held.

        statuses: Our name of a status (order_status, payment_status, fulfilment_status,
            line_status, sent_by) -> the shop's word, in any case -> what it means: one
            of paid, unpaid, cancelled, refunded, partly_refunded, fulfilled, partly and
            open, which are known words themselves where a file has columns of its own.
            They go before those of the profile. An order with another word is held.

        fee_codes: SKUs, in any case, that are the shop's fees and no products.

        cancellation_prefix: Order numbers that start with it are cancellation notes of
            the order whose number stands behind it, which is held; empty for none.

        paid_at_store: Whether orders are paid by the customer of which the file does
            not say.

        products_path: What the shop sells, a CSV file too; empty where no file tells
            it.

        product_columns: As *columns*, of that file: sku, title, variant_id, product_id
            and barcode, the last three optional unless named. A column `option:Colour`
            has the colours; `{"option:Colour": "Farbe"}` gives it another header.
    """

    path: str
    fulfilments_path: str = ""
    fulfilments_as: str = ""
    currency: str = ""
    profile: str = ""
    columns: dict[str, str] = attrs.field(factory=dict)
    encoding: str = ""
    decimal: str = ""
    identity: tuple[str, ...] = IDENTITY_COLUMNS
    number_prefix: str = ""
    rows_continue: bool = False
    time_zone: str = "UTC"
    date_formats: tuple[str, ...] = ()
    country_aliases: dict[str, str] = attrs.field(factory=dict)
    statuses: dict[str, dict[str, str]] = attrs.field(factory=dict)
    fee_codes: tuple[str, ...] = ()
    cancellation_prefix: str = ""
    paid_at_store: bool = True
    products_path: str = ""
    product_columns: dict[str, str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        _check_paths(self)
        if self.currency:
            exponent_of(self.currency)
        check_columns(
            "columns",
            self.columns,
            names=COLUMNS,
            optional=frozenset(COLUMNS) - set(COLUMNS_NEEDED),
        )
        _check_words(self)
        _check_statuses(self.statuses)
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
    def aliases(self) -> dict[str, str]:
        """
        The countries' words as they are compared -> code.
        """
        aliases = self.country_aliases.items()
        return {" ".join(word.split()).casefold(): code for word, code in aliases}

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """
        Our name of a status -> word, as it is compared -> what it means.
        """
        return {
            name: {word.strip().casefold(): means for word, means in words.items()}
            for name, words in self.statuses.items()
        }

    @property
    def written_path(self) -> str:
        """
        Where pushed fulfilments are appended.
        """
        if self.fulfilments_path:
            return self.fulfilments_path
        return f"{self.path.removesuffix(PurePath(self.path).suffix)}-fulfilments.csv"

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
        named = {"path": self.path, "fulfilments_path": self.written_path}
        if self.products_path:
            named["products_path"] = self.products_path
        return named

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
    written = os.path.normpath(config.written_path)
    if os.path.normpath(config.path) == written:
        raise InvalidInputError(
            field="fulfilments_path",
            value=config.written_path,
            expected="another file than the orders'",
        )
    if config.products_path and os.path.normpath(config.products_path) == written:
        raise InvalidInputError(
            field="products_path",
            value=config.products_path,
            expected="another file than the fulfilments'",
        )


def _check_words(config: FileStoreConfig) -> None:
    names = ("", PLAIN, *(profile.name for profile in profiles()))
    if config.profile not in names:
        listed = ", ".join(names[1:])
        raise InvalidInputError(
            field="profile", value=config.profile, expected=f"one of {listed}"
        )
    if config.fulfilments_as:
        check_format("fulfilments_as", config.fulfilments_as)
    if config.decimal not in DECIMALS:
        raise InvalidInputError(
            field="decimal", value=config.decimal, expected="a point or a comma"
        )
    is_known = all(name in IDENTITY_COLUMNS for name in config.identity)
    if not config.identity or not is_known:
        raise InvalidInputError(
            field="identity",
            value=config.identity,
            expected=f"some of {', '.join(IDENTITY_COLUMNS)}",
        )
    if config.encoding:
        try:
            codecs.lookup(config.encoding)
        except LookupError:
            raise InvalidInputError(
                field="encoding",
                value=config.encoding,
                expected="an encoding that Python knows, such as cp1252",
            ) from None


def _check_statuses(statuses: Mapping[str, Mapping[str, str]]) -> None:
    for name, words in statuses.items():
        if name not in STATUSES:
            expected = f"one of {', '.join(STATUSES)}"
            raise InvalidInputError(field="statuses", value=name, expected=expected)
        for word, meaning in words.items():
            if meaning not in STATUSES[name]:
                raise InvalidInputError(
                    field=f"statuses.{name}.{word}",
                    value=meaning,
                    expected=f"one of {', '.join(sorted(STATUSES[name]))}",
                )


def _check_formats(formats: tuple[str, ...]) -> None:
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
