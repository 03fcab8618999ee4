"""
Our GraphQL documents are valid in five released versions of the Admin API.
"""

from importlib.resources import files

import pytest
from graphql import parse, validate
from graphql.language import visit
from graphql.language.visitor import Visitor
from graphql.utilities import TypeInfo
from graphql.utilities.type_info import TypeInfoVisitor
from shopify_schemas import VERSIONS, schema

from sourcehere_shopify.documents import document

NAMES = sorted(
    file.name.removesuffix(".graphql")
    for file in files("sourcehere_shopify").joinpath("graphql").iterdir()
    if not file.name.endswith("_fields.graphql")
)


class Deprecated(Visitor):
    """
    Collects the fields that Shopify will take away.
    """

    def __init__(self, info):
        super().__init__()
        self._info, self.found = info, []

    def enter_field(self, *_):
        field = self._info.get_field_def()
        if field is not None and field.deprecation_reason:
            parent = self._info.get_parent_type()
            self.found.append(f"{parent}.{field.ast_node or field}")


# Where one document is not valid in all versions there are two.
FROM, UNTIL = {"set_stock": "2026-01"}, {"set_stock_2025_10": "2025-10"}


def test_every_document_is_found():
    assert len(NAMES) == 35


def is_sent(name, version):
    return FROM.get(name, "") <= version <= UNTIL.get(name, "9")


@pytest.mark.parametrize(
    ("version", "name"),
    [(v, name) for v in VERSIONS for name in NAMES if is_sent(name, v)],
)
def test_a_document_is_valid(version, name):
    admin = schema(version)
    asked = parse(document(name))
    assert [error.message for error in validate(admin, asked)] == []
    info = TypeInfo(admin)
    deprecated = Deprecated(info)
    visit(asked, TypeInfoVisitor(info, deprecated))
    assert deprecated.found == []


# What documents are given by variables, which validation does not see.
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (
            "FulfillmentInput",
            {"lineItemsByFulfillmentOrder", "notifyCustomer", "trackingInfo"},
        ),
        ("FulfillmentTrackingInput", {"company", "number"}),
        ("FulfillmentOrderLineItemInput", {"id", "quantity"}),
        ("WebhookSubscriptionInput", {"uri", "format"}),
        ("MetafieldsSetInput", {"ownerId", "namespace", "key", "type", "value"}),
        ("MetafieldIdentifierInput", {"ownerId", "namespace", "key"}),
    ],
)
def test_an_input_has_the_fields_that_are_sent(version, kind, fields):
    assert fields <= set(schema(version).type_map[kind].fields)


@pytest.mark.parametrize("version", VERSIONS)
def test_stock_is_set_with_the_fields_that_are_sent(version):
    kinds = schema(version).type_map
    own, each = {"name", "reason", "quantities"}, {"inventoryItemId", "locationId"}
    if is_sent("set_stock", version):
        each |= {"changeFromQuantity"}
    else:
        own |= {"ignoreCompareQuantity"}
    assert own <= set(kinds["InventorySetQuantitiesInput"].fields)
    assert each | {"quantity"} <= set(kinds["InventoryQuantityInput"].fields)
