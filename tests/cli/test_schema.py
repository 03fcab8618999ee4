"""
`sourcehere schema` describes what `--json` answers with.
"""

import json

import pytest

from sourcehere.face.schemas import RECORDS, schema_named

from .conftest import gbp

KINDS = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def faults(value, schema, root, at="$"):
    """
    List where *value* is not as *schema* says, as far as our schemas go.
    """
    if "$ref" in schema:
        return faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    if "anyOf" in schema:
        tried = [faults(value, one, root, at) for one in schema["anyOf"]]
        return [] if [] in tried else [f"{at}: fits nothing"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r}"]
    kinds = schema.get("type", list(KINDS))
    named = [kinds] if isinstance(kinds, str) else kinds
    if not any(isinstance(value, KINDS[kind]) for kind in named):
        return [f"{at}: {value!r} is no {kinds}"]
    if isinstance(value, list):
        inner = [(f"{at}[]", one, schema["items"]) for one in value]
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        lacking = [
            f"{at}.{n} lacks" for n in schema.get("required", ()) if n not in value
        ]
        other = schema.get("additionalProperties", {})
        if lacking or (other is False and value.keys() - known.keys()):
            return [*lacking, *(f"{at}.{n}" for n in value.keys() - known.keys())]
        inner = [(f"{at}.{n}", one, known.get(n, other)) for n, one in value.items()]
    else:
        inner = []
    return [f for place, one, s in inner for f in faults(one, s, root, place)]


@pytest.fixture
def busy(paid):
    """
    The shop with something in every list: quotes, disputes, parcels, help, refunds.
    """
    paid.ok("quotes ask 1001 2 --link https://shop.example/cup")
    paid.ok("connections ask-help 1003 1")
    paid.ok("orders note 1002 'as a gift'")
    paid.ok("orders hold 1002 'address looks odd'")
    paid.ok("orders release 1002")
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 1.1=1 --carrier RM --tracking A1")
    evidence = "--description broken --photo photo:1"
    opened = paid.json(f"disputes open 1002 1.1=1 --reason damaged {evidence}")
    paid.ok(f"disputes take {opened['dispute']['dispute_id']}")
    paid.ok(f"disputes grant {opened['dispute']['dispute_id']}")
    paid.ok("disputes open 1002 1.1=1 --reason cancel")
    paid.ok("orders connect-sku 1003 1 MUG=1")
    paid.ok("orders pay 1003 --yes")
    paid.ok("orders accept 1003")
    paid.ok("cloud create CN1 MUG=2 --number stock --place")
    paid.ok("orders pay stock --yes")
    paid.ok("cloud dispatch stock")
    paid.ok("cloud receive stock 1.1=1")
    return paid


ONE = [
    ("orders show 1002", "OrderDetails"),
    ("orders address 1002", "Address"),
    ("wallet show", "Balance"),
    ("catalog show LAMP-W", "ProductView"),
    ("freight quote --country GB --grams 700", "FreightAnswer"),
    ("connections suggest shop", "SuggestionReport"),
    ("relay run", "RelayReport"),
    ("clocks fire", "ClockReport"),
    ("manual create MUG=2 --country GB --number more", "OrderState"),
]
MANY = [
    ("orders list", "OrderHeader"),
    ("connections list", "ConnectionView"),
    ("quotes list", "QuoteRequestView"),
    ("disputes list", "DisputeView"),
    ("stores list", "StoreView"),
    ("stores rejected shop", "RejectedRow"),
    ("sellers list", "Seller"),
    ("wallet ledger", "LedgerLine"),
    ("warehouses list", "WarehouseView"),
    ("freight list", "FreightConnection"),
    ("queue quotes", "QuoteRequestView"),
    ("queue pick", "OrderHeader"),
    ("queue receive", "OrderHeader"),
    ("queue disputes", "DisputeView"),
    ("queue help", "HelpRequest"),
]
WHOLE = [
    ("catalog search lamp", "ProductView"),
    ("stores charges shop", "ChargeView"),
    ("cloud stock", "StockView"),
    ("parcels list 1002", "Parcel"),
    ("connections coverage", "Coverage"),
]


def test_an_answer_is_as_its_schema_says(busy):
    """
    Every record that a command answers with fits the schema of its name.
    """
    found = [(words, name, [busy.json(words)]) for words, name in ONE]
    found += [(words, name, busy.listed(words)) for words, name in MANY]
    found += [(words, name, busy.json(words)) for words, name in WHOLE]
    for words, name, records in found:
        assert records, words
        schema = schema_named(name)
        assert [] == [f for one in records for f in faults(one, schema, schema)], words


def test_an_offer_and_its_payment_have_schemas(shop):
    """
    `orders pay` answers with what was offered and with what was paid.
    """
    shop.ok("orders connect-sku 1003 1 MUG=1")
    paid = shop.json("orders pay 1003 --yes")
    assert ["offer", "payment", "failed", "wallet"] == list(paid)
    for key, name in (
        ("offer", "Offer"),
        ("payment", "Payment"),
        ("wallet", "Balance"),
    ):
        schema = schema_named(name)
        assert [] == faults(paid[key], schema, schema)

    assert (gbp("4.50"), gbp("495.50"), {}) == (
        paid["payment"]["total"],
        paid["wallet"]["available"],
        paid["failed"],
    )


def test_where_nothing_can_be_paid_there_is_no_payment(shop):
    """
    With --each an offer of nothing is no error of its own, and no money moves.
    """
    said = shop("orders pay 1001 1002 --yes --each --json")
    told = json.loads(said.out)
    assert (3, None, gbp("0.00")) == (
        said.code,
        told["payment"],
        told["offer"]["total"],
    )
    assert 2 == len(told["failed"])
    assert gbp("500.00") == told["wallet"]["available"]


def test_the_schema_is_what_the_library_says(shell):
    """
    The command prints the document of `schema_of`, as text and as JSON alike.
    """
    schema = schema_named("OrderView")
    assert schema == shell.json("schema OrderView")
    assert schema == json.loads(shell.ok("schema OrderView"))


def test_without_a_name_all_records_are_listed(shell):
    """
    Each public record is listed with the sentence that says what it is.
    """
    assert sorted(RECORDS) == shell.json("schema")
    lines = shell.ok("schema").splitlines()
    assert ["record", "what"] == lines[0].split()
    assert "Balance              What a seller's wallet holds." in lines
    assert len(RECORDS) + 1 == len(lines)


def test_an_unknown_record_is_refused(shell):
    """
    A name that no record has says where they are listed.
    """
    told = shell.refused("schema Nix", 2)
    assert "sourcehere: no record 'Nix'; `sourcehere schema` lists them\n" == told
