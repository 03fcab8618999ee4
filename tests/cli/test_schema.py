"""
`sourcehere schema` describes what `--json` answers with.
"""

import json

import jsonschema
import pytest

from sourcehere.face.schemas import RECORDS, schema_named

from .conftest import gbp


def fit(records, name):
    """
    Hold that every record is as the schema called *name* says.
    """
    validator = jsonschema.Draft202012Validator(
        schema_named(name), format_checker=jsonschema.FormatChecker()
    )
    for record in records:
        validator.validate(record)


@pytest.fixture
def busy(paid):
    """
    The shop with something in every list: quotes, disputes, parcels, help, refunds.
    """
    paid.ok("quotes ask 1001 2 --link https://shop.example/cup")
    paid.ok("connections ask-help 1001 2 navy?")
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
    paid.ok("orders confirm 1003")
    paid.ok("orders pay 1003 --yes")
    paid.ok("orders accept 1003")
    paid.ok("cloud create CN1 MUG=2 --number stock --place")
    paid.ok("orders pay stock --yes")
    paid.ok("cloud dispatch stock")
    paid.ok("cloud receive stock 1.1=1")
    paid.ok("manual create MUG=1 --country GB --number unpaid --place")
    return paid


ONE = [
    ("orders modes unpaid", "ShippingModes"),
    ("orders show 1002", "OrderDetails"),
    ("orders address 1002", "Address"),
    ("wallet show", "Balance"),
    ("catalog show LAMP-W", "ProductView"),
    ("catalog change LAMP-W --title Lamp", "CatalogEdit"),
    ("catalog touched LAMP-W", "Touched"),
    ("catalog import products.csv", "Upserted"),
    ("freight quote --country GB --grams 700", "FreightQuote"),
    ("ledger statement 2030-01-01 2030-12-31", "WalletStatement"),
    ("connections suggest shop", "SuggestionReport"),
    ("relay run", "RelayReport"),
    ("clocks fire", "ClockReport"),
    ("manual create MUG=2 --country GB --number more", "OrderState"),
]
MANY = [
    ("orders list", "OrderHeader"),
    ("orders search --state awaiting_payment", "OrderHeader"),
    ("connections list", "ConnectionView"),
    ("quotes list", "QuoteRequestView"),
    ("disputes list", "DisputeView"),
    ("stores list", "StoreView"),
    ("stores problems shop", "RejectedRow"),
    ("sellers list", "Seller"),
    ("wallet ledger", "LedgerLine"),
    ("warehouses list", "WarehouseView"),
    ("freight list", "FreightConnection"),
    ("queue quotes", "QuoteRequestView"),
    ("queue pick", "OrderHeader"),
    ("queue receive", "OrderHeader"),
    ("queue disputes", "DisputeView"),
    ("queue help", "HelpRequest"),
    ("catalog search lamp", "ProductView"),
    ("catalog list", "ProductView"),
    ("catalog history LAMP-W", "CatalogEntry"),
]
WHOLE = [
    ("stores charges shop", "ChargeView"),
    ("cloud stock", "StockView"),
    ("parcels list 1002", "Parcel"),
    ("connections coverage", "Coverage"),
    ("ledger months 2030-01 2030-12", "WalletMonth"),
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
        fit(records, name)


def test_an_offer_and_its_payment_have_schemas(shop):
    """
    `orders pay` answers with what was offered and with what was paid.
    """
    shop.ok("orders connect-sku 1003 1 MUG=1")
    shop.ok("orders confirm 1003")
    paid = shop.json("orders pay 1003 --yes")
    assert ["offer", "payment", "failed", "wallet"] == list(paid)
    for key, name in (
        ("offer", "Offer"),
        ("payment", "Payment"),
        ("wallet", "Balance"),
    ):
        fit([paid[key]], name)

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
    assert ["Balance", "What a seller's wallet holds."] in [
        line.split(maxsplit=1) for line in lines
    ]
    assert len(RECORDS) + 1 == len(lines)


def test_an_unknown_record_is_refused(shell):
    """
    A name that no record has says where they are listed.
    """
    told = shell.refused("schema Nix", 2)
    assert "sourcehere: no record 'Nix'; `sourcehere schema` lists them\n" == told
