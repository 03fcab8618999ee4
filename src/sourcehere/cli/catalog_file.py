"""
Products as staff keep them in a CSV or JSON file.

A row is a variant; rows with the same `product` are variants of one product.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from .. import NewProduct, NewVariant
from .errors import UsageError
from .reading import read_count, read_json, read_prices, read_text

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
)
_OPTION = "option:"
_NUMBERS = ("length_mm", "width_mm", "height_mm", "concession_points", "quantity_min")
Row = Mapping[str, str]


def read_products(path: Path) -> list[NewProduct]:
    """
    Read the products in a file: JSON if it is named so, else CSV with a header.

    Raises:
        UsageError: If it cannot be read; names the record and what is wrong with it.
    """
    rows = _json_rows(path) if path.suffix == ".json" else _csv_rows(path)
    if not rows:
        message = f"{path}: there is no record in it"
        raise UsageError(message)
    products: dict[str, NewProduct] = {}
    for number, row in enumerate(rows, start=1):
        try:
            name, product = _product(row, number)
        except UsageError as error:
            message = f"{path}: record {number}: {error}"
            raise UsageError(message) from error
        known = products.get(name)
        products[name] = product if known is None else _with(known, product)
    return list(products.values())


def _csv_rows(path: Path) -> list[Row]:
    lines = read_text(path).splitlines()
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    return [
        {(name or "").strip(): value or "" for name, value in row.items() if name}
        for row in reader
    ]


def _json_rows(path: Path) -> list[Row]:
    found = read_json(path)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        message = f"{path}: expected a JSON list of objects, one per variant"
        raise UsageError(message)
    return [{str(n): _as_cell(v) for n, v in row.items()} for row in found]


def _as_cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _product(row: Row, number: int) -> tuple[str, NewProduct]:
    _check_names(row)
    options = {
        name.removeprefix(_OPTION): value
        for name, value in row.items()
        if name.startswith(_OPTION) and value
    }
    name = row.get("product", "").strip()
    product = NewProduct(
        title=name or row["title"].strip(),
        link=row.get("link", "").strip(),
        option_names=tuple(options),
        variants=(_variant(row, options),),
    )
    return (f"product {name}" if name else f"record {number}"), product


def _check_names(row: Row) -> None:
    missing = [name for name in REQUIRED if not row.get(name, "").strip()]
    if missing:
        message = f"nothing in {', '.join(missing)}"
        raise UsageError(message)
    known = {*REQUIRED, *OPTIONAL}
    strange = [n for n in row if n not in known and not n.startswith(_OPTION)]
    if strange:
        listed = ", ".join((*REQUIRED, *OPTIONAL, f"{_OPTION}NAME"))
        message = f"unknown {', '.join(strange)}; there is {listed}"
        raise UsageError(message)


def _variant(row: Row, options: Mapping[str, str]) -> NewVariant:
    currency = row["currency"].strip()
    return NewVariant(
        sku=row["sku"].strip(),
        title=row["title"].strip(),
        barcode=row.get("barcode", "").strip(),
        options=options,
        weight_grams=read_count(row["weight_grams"].strip(), "grams"),
        prices=read_prices([row["price"]], currency),
        attributes=tuple(row.get("attributes", "").split()),
        **_numbers(row, _NUMBERS),
    )


def _numbers(row: Row, names: Iterable[str]) -> dict[str, int]:
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
