"""
New products as staff keep them in a CSV, JSON or Excel file.

A row is a variant; rows with the same `product` are variants of one product.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from .. import NewProduct, NewVariant
from ..domain.kernel.errors import CallerError
from ..domain.kernel.skus import comparison_key
from .errors import UsageError
from .reading import read_count, read_prices
from .table_file import Row, read_rows, require_exact

REQUIRED = ("sku", "title", "weight_grams", "price", "currency")
OPTIONAL = (
    "product",
    "link",
    "barcode",
    "length_mm",
    "width_mm",
    "height_mm",
    "concession_points",
    "quantity_min",
    "attributes",
    "pictures",
)
OPTION = "option:"
EXACT = ("sku", "barcode")
NUMBERS = ("length_mm", "width_mm", "height_mm", "concession_points", "quantity_min")


def read_products(path: Path) -> list[NewProduct]:
    """
    Read the products in a file: JSON or a workbook if it is named so, else CSV with a
    header.

    Raises:
        UsageError: If it cannot be read; names the record and what is wrong with it.
    """
    rows = read_rows(path)
    products: dict[str, NewProduct] = {}
    records: dict[str, int] = {}  # by the SKU, as it is compared
    for number, row in enumerate(rows, start=1):
        try:
            name, product = _product(row, number)
            _require_another_sku(product, number, records)
        except CallerError as error:
            message = f"{path}: record {number}: {error}"
            raise UsageError(message) from error
        known = products.get(name)
        products[name] = product if known is None else _with(known, product)
    return list(products.values())


def _product(row: Row, number: int) -> tuple[str, NewProduct]:
    _check_names(row)
    require_exact(row, EXACT)
    options = {
        name.removeprefix(OPTION): value
        for name, value in row.items()
        if name.startswith(OPTION) and value
    }
    name = row.get("product", "").strip()
    product = NewProduct(
        title=name or row["title"].strip(),
        link=row.get("link", "").strip(),
        option_names=tuple(options),
        variants=(_variant(row, options),),
    )
    return (f"product {name}" if name else f"record {number}"), product


def _require_another_sku(
    product: NewProduct, number: int, records: dict[str, int]
) -> None:
    (variant,) = product.variants
    before = records.setdefault(comparison_key(variant.sku), number)
    if before != number:
        message = f"record {before} has the SKU {variant.sku}, too"
        raise UsageError(message)


def _check_names(row: Row) -> None:
    missing = [name for name in REQUIRED if not row.get(name, "").strip()]
    if missing:
        message = f"nothing in {', '.join(missing)}"
        raise UsageError(message)
    known = {*REQUIRED, *OPTIONAL}
    strange = [n for n in row if n not in known and not n.startswith(OPTION)]
    if strange:
        listed = ", ".join((*REQUIRED, *OPTIONAL, f"{OPTION}NAME"))
        message = f"unknown {', '.join(strange)}; there is {listed}"
        raise UsageError(message)


def _variant(row: Row, options: Mapping[str, str]) -> NewVariant:
    currency = row["currency"].strip()
    return NewVariant(
        sku=row["sku"].strip(),
        title=row["title"].strip(),
        barcode=row.get("barcode", "").strip(),
        options=options,
        weight_grams=read_count(row["weight_grams"].strip(), "grams", least=1),
        prices=read_prices([row["price"]], currency),
        attributes=tuple(row.get("attributes", "").split()),
        pictures=tuple(row.get("pictures", "").split()),
        **numbers_in(row, NUMBERS),
    )


def numbers_in(row: Row, names: Iterable[str]) -> dict[str, int]:
    """
    Read those of the whole numbers *names* that a record has.

    Raises:
        UsageError: If one is none.
    """
    texts = {name: row.get(name, "").strip() for name in names}
    return {
        name: read_count(text, f"a number for {name}")
        for name, text in texts.items()
        if text
    }


def _with(known: NewProduct, other: NewProduct) -> NewProduct:
    names = dict.fromkeys((*known.option_names, *other.option_names))
    return attrs.evolve(
        known,
        variants=(*known.variants, *other.variants),
        option_names=tuple(names),
        link=known.link or other.link,
    )
