"""
Corruptions that were once not named, each with the invariant and what it is about.
"""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from planting import World, anything, more, of

from sourcehere import TrackingFact
from sourcehere.domain.effects.circuits import fresh_circuit
from sourcehere.domain.pairing.rules import RuleItem
from sourcehere.testing.factories import (
    CARRIER,
    NOON,
    SELLER,
    snapshot,
)
from sourcehere.unit.tables.disputes import DISPUTES
from sourcehere.unit.tables.effects import (
    OUTBOX,
)
from sourcehere.unit.tables.orders import ORDERS
from sourcehere.unit.tables.pairing import CONNECTED_SKUS
from sourcehere.unit.tables.sellers import SELLERS
from sourcehere.unit.tables.wallet import (
    CHECKOUTS,
    LEDGER,
    ORDER_PLANS,
    REFUNDS,
    TOP_UPS,
    WALLETS,
)

LAST_YEAR = NOON - timedelta(days=365)
IN_2500 = datetime(2500, 1, 1, tzinfo=UTC)


def order_of(world, order_id):
    """
    Return an order's row.
    """
    return next(o for o in world.all(ORDERS) if o.order_id == order_id)


def five_hundred_minted(world):
    pair = [e for e in world.all(LEDGER) if e.purpose == "top_up"]
    for entry in pair:
        amount = 500 if entry.amount_minor > 0 else -500
        world.make(
            LEDGER,
            attrs.evolve(
                entry,
                transaction_id="minted",
                purpose="gift",
                reference="nobody",
                amount_minor=amount,
            ),
        )
    world.rewrite(WALLETS, anything, available=lambda now: now + 500)
    return "ledger_moves_as_its_purpose", "minted"


def a_capture_split_wrongly(world):
    ours = {"purpose": "capture", "reference": world.bound}
    world.rewrite(LEDGER, of(account="handling", **ours), amount_minor=more)
    world.rewrite(
        LEDGER, of(account="freight", **ours), amount_minor=lambda now: now - 1
    )
    return "capture_is_split_as_paid", world.bound


def a_transaction_in_another_currency(world):
    moved = next(e for e in world.all(LEDGER) if e.purpose == "capture")
    for entry in world.all(LEDGER):
        if entry.transaction_id == moved.transaction_id:
            key = {"transaction_id": entry.transaction_id, "entry": entry.entry}
            world.rewrite(LEDGER, of(**key), currency="EUR")
    return "money_is_the_seller_s_currency", moved.transaction_id


def a_wallet_in_another_currency(world):
    world.rewrite(WALLETS, anything, currency="EUR")
    return "money_is_the_seller_s_currency", "wallet demo"


def a_top_up_in_another_currency(world):
    world.rewrite(TOP_UPS, anything, currency="EUR")
    return "money_is_the_seller_s_currency", "top_up first"


def a_checkout_in_another_currency(world):
    name = order_of(world, world.bound).checkout_id
    world.rewrite(CHECKOUTS, of(checkout_id=name), currency="EUR")
    return "money_is_the_seller_s_currency", f"checkout {name}"


def a_refund_in_another_currency(world):
    world.rewrite(REFUNDS, anything, currency="EUR")
    (refund,) = world.all(REFUNDS)
    return "money_is_the_seller_s_currency", f"refund {refund.refund_id}"


def a_seller_of_another_currency(world):
    world.rewrite(SELLERS, anything, currency="EUR")
    return "money_is_the_seller_s_currency", "wallet demo"


def a_sku_that_supplies_another_variant(world):
    hat = (RuleItem(world.bench.variants["HAT"], 1),)
    world.rewrite(
        CONNECTED_SKUS,
        of(sku_key="cup"),
        rule=lambda rule: attrs.evolve(rule, items=hat),
    )
    return "connected_skus_follow_connections", "shop/cup"


def a_sku_sent_another_way(world):
    world.rewrite(CONNECTED_SKUS, of(sku_key="cup"), method="express")
    return "connected_skus_follow_connections", "shop/cup"


def track(world, parcel_id, status, key="k"):
    world.app.tracking.record(
        "demo",
        [TrackingFact(parcel_id=parcel_id, key=key, status=status, happened_at=NOON)],
        by=CARRIER,
    )


def a_checkout_lost(world):
    name = order_of(world, world.bound).checkout_id
    world.lose(CHECKOUTS, of(checkout_id=name))
    return "plan_has_its_checkout", name


def a_checkout_open_after_payment(world):
    name = order_of(world, world.bound).checkout_id
    world.rewrite(CHECKOUTS, of(checkout_id=name), state="open")
    return "checkout_is_as_far_as_paid", name


def a_checkout_expired_after_payment(world):
    name = order_of(world, world.bound).checkout_id
    world.rewrite(CHECKOUTS, of(checkout_id=name), state="expired")
    return "checkout_is_as_far_as_paid", name


def a_checkout_paid_by_nobody(world):
    offer = world.app.checkouts.checkout(
        "demo",
        world.bench.sync(snapshot("8", CUP=1)),
        by=SELLER,
    )
    world.rewrite(CHECKOUTS, of(checkout_id=offer.checkout_id), state="paid")
    return "checkout_is_as_far_as_paid", offer.checkout_id


def an_offer_with_other_units_from_stock(world):
    world.rewrite(
        ORDER_PLANS,
        of(order_id=world.bound),
        items=lambda items: tuple(
            attrs.evolve(i, quantity_from_lots=i.quantity_from_lots - 1) for i in items
        ),
    )
    return "items_cost_what_was_offered", world.bound


def an_offer_that_draws_on_another_lot(world):
    world.rewrite(
        ORDER_PLANS,
        of(order_id=world.bound),
        picks=lambda picks: tuple(attrs.evolve(p, lot_id="nobody's") for p in picks),
    )
    return "allocations_are_what_was_offered", world.bound


def a_refund_naming_another_dispute(world):
    world.rewrite(REFUNDS, anything, dispute_id="nobody's")
    (refund,) = world.all(REFUNDS)
    return "refund_has_its_dispute", refund.refund_id


def a_refund_naming_no_dispute(world):
    world.rewrite(REFUNDS, anything, dispute_id="")
    (dispute,) = world.all(DISPUTES)
    return "dispute_was_paid", dispute.dispute_id


def unsent(world):
    parcel_id = world.bench.ship(world.bound_accepted(), "T7")
    (message,) = [m for m in world.all(OUTBOX) if m.subject == parcel_id]
    return message.message_id


def circuit(name):
    return attrs.evolve(fresh_circuit(name, NOON), failures=1, state="down")


PLANTED = [
    plant
    for plant in list(globals().values())
    if callable(plant)
    and getattr(plant, "__module__", "") == __name__
    and plant.__name__.startswith(("a_", "an_", "five_"))
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_what_was_planted_is_named(plant):
    """
    What was changed behind the API is named, with the thing it is about.
    """
    world = World()
    named = plant(world)
    report = world.app.audit.run()

    assert named in {(v.invariant, v.subject) for v in report.violations}
