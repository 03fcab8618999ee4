"""
What was captured beside an offer, for a dearer address, is in the ledger.
"""

import attrs
import pytest
from planting import World, of

from sourcehere import Money
from sourcehere.testing.factories import HOME, SELLER, STAFF
from sourcehere.testing.goods import RATE_CARD
from sourcehere.unit.tables.orders import ORDERS
from sourcehere.unit.tables.wallet import LEDGER

FAR = attrs.evolve(HOME, postal_code="99501")


@pytest.fixture
def world():
    """
    A world in which the bound order was sent farther away.
    """
    made = World()
    remote = {
        "price": 700,
        "postal_ranges": [{"country": "US", "first": "99500", "last": "99999"}],
    }
    method = {**RATE_CARD["methods"][0], "remote_areas": [remote]}
    config = {**RATE_CARD, "methods": [method]}
    made.app.freight.change("card", config=config, by=STAFF)
    made.app.orders.correct_address(
        "demo", made.bound, FAR, by=SELLER, supplement=Money(700, "USD")
    )
    assert () == made.app.audit.run(replay=True).violations
    return made


def test_freight_that_nobody_captured_is_found(world):
    """
    An order says what was offered and what was captured beside it, and no more.
    """
    is_it = of(order_id=world.bound)
    world.rewrite(ORDERS, is_it, freight_minor=lambda minor: minor + 1)

    found = {violation.invariant for violation in world.app.audit.run().violations}
    assert {"paid_is_what_was_offered", "capture_is_split_as_paid"} <= found


def test_a_supplement_of_another_order_is_found(world):
    """
    Its money is missing where it belongs.
    """
    is_it = of(account="freight", purpose="supplement", reference=world.bound)
    world.rewrite(LEDGER, is_it, reference=world.sent)

    found = {violation.invariant for violation in world.app.audit.run().violations}
    assert {
        "capture_is_split_as_paid",
        "ledger_moves_as_its_purpose",
        "paid_is_what_was_offered",
    } <= found
