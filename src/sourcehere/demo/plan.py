"""
What the story will do, worked out from the shop's file alone: the same every time.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ..builtin.file_errors import FileStoreError, HeaderError
from ..builtin.file_profile import header_key
from ..builtin.file_table import read_table
from ..domain.kernel.money import divide_half_up
from ..domain.kernel.values import frozen
from ..ports.platforms import StorePlatform

CURRENCY = "GBP"
FEE_CODES = (
    "POST",
    "DOT",
    "M",
    "S",
    "D",
    "C2",
    "B",
    "PADS",
    "CRUK",
    "BANK CHARGES",
    "AMAZONFEE",
)
CANCELLATION_PREFIX = "C"
COUNTRIES = {
    "Australia": "AU",
    "Austria": "AT",
    "Bahrain": "BH",
    "Belgium": "BE",
    "Brazil": "BR",
    "Canada": "CA",
    "Channel Islands": "GG",
    "Cyprus": "CY",
    "Czech Republic": "CZ",
    "Denmark": "DK",
    "EIRE": "IE",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hong Kong": "HK",
    "Iceland": "IS",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Lebanon": "LB",
    "Lithuania": "LT",
    "Malta": "MT",
    "Netherlands": "NL",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "RSA": "ZA",
    "Saudi Arabia": "SA",
    "Singapore": "SG",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "USA": "US",
    "United Arab Emirates": "AE",
    "United Kingdom": "GB",
}
_COLUMNS = {
    "order_number": "InvoiceNo",
    "sku": "StockCode",
    "title": "Description",
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
    "placed_at": "InvoiceDate",
    "customer": "CustomerID",
    "country": "Country",
}
UNCONNECTED_EVERY = 10
STOCKED_CODES = 100


@frozen
class CatalogueRow:
    """
    What the platform charges for a code, and what it weighs.
    """

    code: str
    cost_minor: int
    weight_grams: int


@frozen
class Plan:
    """
    Everything the story decides beforehand.

    Attributes:
        catalogue: By code, upper-cased.

        numbers: Order number of the shop -> its place in the story, from 1.

        unconnected: Codes that have no connection at first.

        stocked: Code -> units to have in the cloud warehouse.
    """

    catalogue: tuple[CatalogueRow, ...]
    numbers: Mapping[str, int]
    connected: tuple[str, ...]
    unconnected: tuple[str, ...]
    stocked: Mapping[str, int]


def make_plan(path: Path, platform: StorePlatform) -> Plan:
    """
    Read the shop's file twice: as it is, for prices, and as *platform* understands it.

    Raises:
        FileStoreError: If it cannot be read as orders, or none of them is to be sent.
    """
    numbers: dict[str, int] = {}
    units: dict[str, int] = {}
    cursor, more = "", True
    while more:
        page = platform.pull_orders(cursor, limit=1_000)
        for order in page.orders:
            numbers[order.external_id] = len(numbers) + 1
            for line in order.lines:
                code = line.sku.strip().upper()
                units[code] = units.get(code, 0) + line.quantity
        cursor, more = page.cursor, page.has_more
    if not numbers:
        raise FileStoreError(
            path=str(path),
            problem="no order in it is to be sent",
            advice="the demo tells of one at least; `sourcehere demo` has a shop's own",
        )
    catalogue = _catalogue(path)
    # What has no code in the file is called by its title, and nobody sells it.
    codes = sorted({row.code for row in catalogue}.intersection(units))
    unconnected = codes[UNCONNECTED_EVERY - 1 :: UNCONNECTED_EVERY]
    most = sorted(codes, key=lambda code: (-units[code], code))[:STOCKED_CODES]
    return Plan(
        catalogue=catalogue,
        numbers=numbers,
        connected=tuple(sorted(set(codes) - set(unconnected))),
        unconnected=tuple(unconnected),
        stocked={code: -(-units[code] // 4) for code in sorted(most)},
    )


def _catalogue(path: Path) -> tuple[CatalogueRow, ...]:
    lowest: dict[str, int | None] = {}
    for code, price in _codes_and_prices(path):
        if code and code not in FEE_CODES:
            lowest[code] = _lower(lowest.get(code), _pence(price))
    return tuple(
        CatalogueRow(
            code,
            1 if price is None else max(divide_half_up(price, 2), 1),
            50 * (1 + zlib.crc32(code.encode()) % 20),
        )
        for code, price in sorted(lowest.items())
    )


def _codes_and_prices(path: Path) -> Iterator[tuple[str, str]]:
    """
    Yield the code and the price of every record, as they are written.
    """
    wanted = [header_key(_COLUMNS[name]) for name in ("sku", "unit_price")]

    def fits(row: Sequence[str]) -> int:
        return int({header_key(cell) for cell in row}.issuperset(wanted))

    def missing(_row: Sequence[str]) -> FileStoreError:
        return HeaderError(path=str(path), missing=tuple(wanted))

    found = read_table(path.read_bytes(), path=str(path), fits=fits, missing=missing)
    keys = [header_key(title) for title in found.header]
    code, price = map(keys.index, wanted)
    for row in found.rows:
        if len(row) > max(code, price):
            yield row[code].strip().upper(), row[price]


def _lower(known: int | None, price: int | None) -> int | None:
    if price is None or price <= 0:
        return known
    return price if known is None else min(known, price)


def _pence(text: str) -> int | None:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    numerator, denominator = amount.scaleb(2).as_integer_ratio()
    return divide_half_up(numerator, denominator)


def store_config(path: Path, out: Path) -> dict[str, object]:
    """
    Return the configuration of the file store that reads the shop's file.
    """
    return {
        "path": str(path),
        "fulfilments_path": str(out),
        "currency": CURRENCY,
        "columns": dict(_COLUMNS),
        "time_zone": "Europe/London",
        "country_aliases": COUNTRIES,
        "fee_codes": FEE_CODES,
        "cancellation_prefix": CANCELLATION_PREFIX,
    }


def rate_card() -> dict[str, object]:
    """
    Return a rate card with two methods that ask for the country only, no weight limit.
    """

    def method(code: str, name: str, days: tuple[int, int], first: int) -> object:
        home = {"first_grams": 500, "first_price": first, "up_to_grams": None}
        step = {"additional_grams": 500, "additional_price": first // 5}
        abroad = {**home, **step, "first_price": first * 2}
        return {
            "code": code,
            "name": name,
            "days_min": days[0],
            "days_max": days[1],
            "zones": [
                {"countries": ["GB", "GG"], "breaks": [{**home, **step}]},
                {"countries": ["*"], "breaks": [abroad]},
            ],
        }

    return {
        "currency": CURRENCY,
        "methods": [
            method("economy", "Economy line", (8, 14), 180),
            method("express", "Express line", (3, 6), 520),
        ],
    }


def parts_of(items: Iterable[tuple[str, int]]) -> tuple[dict[str, int], dict[str, int]]:
    """
    Split items into two parcels by units; one unit stays one parcel.
    """
    wanted = list(items)
    left = sum(quantity for _, quantity in wanted) // 2
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for name, quantity in wanted:
        taken = min(quantity, left)
        left -= taken
        if taken:
            first[name] = taken
        if quantity - taken:
            second[name] = quantity - taken
    return first, second
