"""
What the columns of a platform's export mean; each profile is a file of data.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from ..domain.kernel.values import frozen
from .file_items import AMOUNT_REFUNDED, BY_BARS, ItemsFormat

# What a row may say of its order; a row that says nothing goes by the others.
ORDER_COLUMNS = (
    *("order_number", "placed_at", "paid_at", "cancelled_at", "currency"),
    *("payment_status", "order_status", "fulfilment_status"),
    *("country", "customer", "name", "company", "street", "city", "region"),
    *("postal_code", "phone", "email"),
)
# What it says of its line.
LINE_COLUMNS = (
    *("sku", "title", "variation", "quantity", "quantity_refunded"),
    *("quantity_fulfilled", "unit_price", "line_id", "variant_id", "product_id"),
    *("line_status", "shipped_at", "sent_by", "ships", "items"),
)
COLUMNS = (*ORDER_COLUMNS, *LINE_COLUMNS)
# All columns of these are put together; of the others the first that says something.
JOINED = frozenset({"placed_at", "name", "street", "variant_id"})
MEANINGS = frozenset(
    {"paid", "unpaid", "cancelled", "refunded", "partly_refunded"}
    | {"fulfilled", "partly", "open"}
)
# Our name of a status -> what its words may mean.
STATUSES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("order_status", "payment_status", "fulfilment_status"), MEANINGS),
    "line_status": MEANINGS - {"paid", "unpaid"},
    "sent_by": frozenset({"fulfilled", "open"}),
}
PLAIN = "plain"
_FOLDER = "profiles"


@frozen(kw_only=True)
class Profile:
    """
    How the export of one platform is read.

    Attributes:
        title: What it is called, for people.

        needs: Headers that it always has; by them it is known.

        refused: Why it cannot be used and what to take instead; empty if it can.

        columns: Our name -> its headers; `Header#2` is the second of that name.

        dates: Formats as `strptime` has them, in English.

        is_line_price: Whether a price is for the line, and not for a unit.

        is_quoted: Whether cells may be quoted; some have bare quotation marks instead.

        no_line_ids: What stands for an id of a line where the shop has none.

        is_html: Whether texts have entities such as `&amp;`.

        is_described: Whether the row below the header says what columns mean.

        summary: A row without any of these headers' cells is about its whole order.

        private: What begins so in a variation is a customer's, and names no variant.

        takes_off_refunds: Whether units that were refunded are taken off the quantity,
            so that a line of no units is one that was refunded, and no fault.

        items: How a cell has all lines of an order, if there is one.

        is_one_unit: Whether each row is one unit, and no column says how many.

        footers: What its own words below the records have in them.

        words: Our name of a status -> word, in lower case -> one of `MEANINGS`.

        countries: Word, in lower case -> ISO 3166-1 alpha-2.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    refused: str = ""
    columns: Mapping[str, tuple[str, ...]]
    dates: tuple[str, ...] = ()
    is_line_price: bool = False
    is_quoted: bool = True
    no_line_ids: frozenset[str] = frozenset()
    is_html: bool = False
    is_described: bool = False
    summary: tuple[str, ...] = ()
    private: str = ""
    takes_off_refunds: bool = False
    items: ItemsFormat = BY_BARS
    is_one_unit: bool = False
    footers: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]]
    countries: Mapping[str, str]


@frozen
class ExportProfile:
    """
    An export that is known.

    Attributes:
        name: What a configuration calls it.

        title: What it is.

        needs: Headers by which it is recognised.

        refused: Why it cannot be used, and what to take instead; empty if it can.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    refused: str


def export_profiles() -> tuple[ExportProfile, ...]:
    """
    List the exports that are known, by name.
    """
    return tuple(
        ExportProfile(one.name, one.title, one.needs, one.refused) for one in profiles()
    )


def header_key(text: str) -> str:
    """
    Return a header as it is compared.
    """
    return " ".join(text.replace("\ufeff", "").split()).casefold()


@cache
def profiles() -> tuple[Profile, ...]:
    """
    List every profile that ships, by name.
    """
    folder = resources.files(__package__) / _FOLDER
    found = [
        _profile(
            entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text("utf-8"))
        )
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda profile: profile.name))


def recognised(header: Sequence[str]) -> Profile | None:
    """
    Return the profile whose headers these are: of several the one that needs most.
    """
    keys = {header_key(title) for title in header}
    fitting = [p for p in profiles() if all(header_key(n) in keys for n in p.needs)]
    return max(fitting, key=lambda profile: len(profile.needs), default=None)


def _profile(name: str, data: Mapping[str, Any]) -> Profile:
    columns = _columns(data)
    words = {
        column: {
            word: meaning for meaning, listed in meanings.items() for word in listed
        }
        for column, meanings in data.get("words", {}).items()
    }
    assert columns.keys() <= set(COLUMNS), name
    of_lines = {h for ours in LINE_COLUMNS for h in columns.get(ours, ())}
    assert set(data.get("summary", ())) <= of_lines, name
    for column, said in words.items():
        assert set(said.values()) <= STATUSES[column], name
    return Profile(
        name=name,
        title=data["title"],
        needs=tuple(data["needs"]),
        refused=data.get("refused", ""),
        columns=columns,
        dates=tuple(data.get("dates", ())),
        is_line_price=data.get("price", "unit") == "line",
        is_quoted=data.get("quoted", True),
        no_line_ids=frozenset(data.get("no_line_ids", ())),
        is_html=data.get("html", False),
        is_described=data.get("described", False),
        summary=tuple(data.get("summary", ())),
        private=data.get("private", ""),
        takes_off_refunds=data.get("refunds", "") == "taken off",
        items=_items(name, data["items"]) if "items" in data else BY_BARS,
        is_one_unit=data.get("rows", "lines") == "units",
        footers=tuple(data.get("footers", ())),
        words=words,
        countries=dict(data.get("countries", {})),
    )


def _items(name: str, data: Mapping[str, Any]) -> ItemsFormat:
    columns = _columns(data)
    assert columns.keys() <= {*LINE_COLUMNS, AMOUNT_REFUNDED}, name
    return ItemsFormat(
        between=data["between"],
        within=data["within"],
        key=data["key"],
        columns=columns,
    )


def _columns(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        ours: (theirs,) if isinstance(theirs, str) else tuple(theirs)
        for ours, theirs in data.get("columns", {}).items()
    }
