"""
What a file says of variants, known or new: only what it says is changed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from .. import CatalogRow, RowRejected
from ..domain.catalog.changes import ProductChange, VariantChange
from ..domain.catalog.model import Price
from ..domain.kernel.errors import SourceHereError
from .catalog_file import EXACT, NUMBERS, OPTION, numbers_in
from .errors import UsageError
from .reading import read_count, read_instant, read_prices
from .table_file import Row, read_rows, require_exact

COLUMNS = (
    *("sku", "title", "product", "link", "barcode", "weight_grams", *NUMBERS),
    *("price", "currency", "prices_from", "attributes", "in_stock", "pictures"),
)
_YES_NO = {
    **dict.fromkeys(("yes", "true", "1"), True),
    **dict.fromkeys(("no", "false", "0"), False),
}


def read_upsert(path: Path, zone: str) -> tuple[list[CatalogRow], list[RowRejected]]:
    """
    Read the rows of a file, and those that cannot be read, with the reason.

    Args:
        zone: The platform's, in which days begin.

    Raises:
        UsageError: If the file cannot be read, or has a column that nobody knows.
    """
    records = read_rows(path)
    _check_columns(path, records)
    rows: list[CatalogRow] = []
    rejected: list[RowRejected] = []
    for number, record in enumerate(records, start=1):
        place = f"record {number}"
        said = {name: text.strip() for name, text in record.items() if text.strip()}
        try:
            rows.append(_row(place, said, zone))
        except SourceHereError as error:
            sku = said.get("sku", "")
            rejected.append(RowRejected(place=place, sku=sku, reason=str(error)))
    return rows, rejected


def _check_columns(path: Path, records: Iterable[Row]) -> None:
    names = {name for record in records for name in record}
    strange = sorted(n for n in names if n not in COLUMNS and not n.startswith(OPTION))
    if strange:
        listed = ", ".join((*COLUMNS, f"{OPTION}NAME"))
        message = f"{path}: unknown {', '.join(strange)}; there is {listed}"
        raise UsageError(message)


def _row(place: str, said: Mapping[str, str], zone: str) -> CatalogRow:
    if "sku" not in said:
        message = "nothing in sku"
        raise UsageError(message)
    require_exact(said, EXACT)
    options = {
        n.removeprefix(OPTION): v for n, v in said.items() if n.startswith(OPTION)
    }
    numbers = numbers_in(said, NUMBERS)
    change = VariantChange(
        title=said.get("title"),
        barcode=said.get("barcode"),
        options=options or None,
        weight_grams=_grams(said),
        prices=_prices(said),
        prices_from=_begins(said, zone),
        attributes=_words(said, "attributes"),
        is_in_stock=_yes_or_no(said, "in_stock"),
        pictures=_words(said, "pictures"),
        length_mm=numbers.get("length_mm"),
        width_mm=numbers.get("width_mm"),
        height_mm=numbers.get("height_mm"),
        concession_points=numbers.get("concession_points"),
        quantity_min=numbers.get("quantity_min"),
    )
    about = ProductChange(link=said.get("link"), option_names=tuple(options) or None)
    return CatalogRow(
        place=place,
        sku=said["sku"],
        product=said.get("product", ""),
        change=change,
        about=about,
    )


def _grams(said: Mapping[str, str]) -> int | None:
    text = said.get("weight_grams")
    return None if text is None else read_count(text, "grams")


def _prices(said: Mapping[str, str]) -> tuple[Price, ...] | None:
    if "price" not in said:
        return None
    if "currency" not in said:
        message = "nothing in currency, beside a price"
        raise UsageError(message)
    return read_prices([said["price"]], said["currency"].upper())


def _begins(said: Mapping[str, str], zone: str) -> datetime | None:
    text = said.get("prices_from")
    return None if text is None else read_instant(text, zone)


def _words(said: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    return tuple(said[name].split()) if name in said else None


def _yes_or_no(said: Mapping[str, str], name: str) -> bool | None:
    if name not in said:
        return None
    found = _YES_NO.get(said[name].lower())
    if found is None:
        message = f"{name}: {said[name]!r} is neither yes nor no"
        raise UsageError(message)
    return found
