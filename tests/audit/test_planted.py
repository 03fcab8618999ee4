"""
Corruptions that were once not named, each with the invariant and what it is about.
"""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from planting import World, anything, more, of

from sourcehere import TrackingFact, TrackingStatus, VariantChange
from sourcehere.domain.effects.circuits import fresh_circuit
from sourcehere.domain.effects.model import WorkerBeat
from sourcehere.domain.pairing.supply import RuleItem
from sourcehere.testing.factories import (
    CARRIER,
    HOME,
    NOON,
    SELLER,
    STAFF,
    Fault,
    snapshot,
)
from sourcehere.unit.tables.catalog import PRODUCTS, VARIANTS
from sourcehere.unit.tables.contacts import CONTACTS
from sourcehere.unit.tables.disputes import DISPUTES
from sourcehere.unit.tables.effects import (
    ATTEMPTS,
    CIRCUITS,
    OUTBOX,
    SENDS,
    WORKERS,
)
from sourcehere.unit.tables.orders import ORDERS
from sourcehere.unit.tables.pairing import CONNECTED_SKUS, CONNECTIONS
from sourcehere.unit.tables.quotes import QUOTE_REQUESTS
from sourcehere.unit.tables.sellers import SELLERS
from sourcehere.unit.tables.shipments import PARCELS, TRACKING_EVENTS
from sourcehere.unit.tables.stores import STORES
from sourcehere.unit.tables.wallet import (
    CHECKOUTS,
    LEDGER,
    ORDER_PLANS,
    REFUNDS,
    TOP_UPS,
    WALLETS,
)
from sourcehere.unit.tables.warehouse import LOTS, RECEIPTS, WAREHOUSES

LAST_YEAR = NOON - timedelta(days=365)
IN_2500 = datetime(2500, 1, 1, tzinfo=UTC)


def order_of(world, order_id):
    """
    Return an order's row.
    """
    return next(o for o in world.all(ORDERS) if o.order_id == order_id)


def a_seller_s_row_gone(world):
    world.lose(SELLERS, anything)
    return "seller_is_there", "demo"


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


def an_unsent_push_superseded(world):
    parcel_id = world.bench.ship(world.bound_accepted(), "T7")
    (message,) = [m for m in world.all(OUTBOX) if m.subject == parcel_id]
    world.rewrite(OUTBOX, of(message_id=message.message_id), state="superseded")
    return "superseded_means_told_anew", message.message_id


def a_push_of_a_replaced_parcel_with_another_number(world):
    first = world.push("T1")
    world.app.shipping.void_parcel(
        "demo",
        world.sent,
        first.subject,
        carrier="post",
        tracking_number="T8",
        by=STAFF,
    )
    world.rewrite(
        OUTBOX,
        of(message_id=first.message_id),
        payload=lambda told: {**told, "tracking_number": "T9"},
    )
    return "parcel_told_as_it_is", first.subject


def a_push_of_another_revision(world):
    message = world.push("T2")
    world.rewrite(
        OUTBOX,
        of(message_id=message.message_id),
        payload=lambda told: {**told, "revision": 3},
    )
    return "push_says_what_its_key_names", message.message_id


def a_push_to_another_shop(world):
    message = world.push("T2")
    world.rewrite(
        OUTBOX,
        of(message_id=message.message_id),
        connection="demo/other",
        payload=lambda told: {**told, "store_id": "other"},
    )
    return "push_says_what_its_key_names", message.message_id


def track(world, parcel_id, status, key="k"):
    world.app.tracking.record(
        "demo",
        [TrackingFact(parcel_id=parcel_id, key=key, status=status, happened_at=NOON)],
        by=CARRIER,
    )


def a_parcel_elsewhere_than_its_tracking(world):
    name = world.push("T1").subject
    track(world, name, TrackingStatus.IN_TRANSIT)
    world.rewrite(PARCELS, of(parcel_id=name), status="customs")
    return "parcel_is_where_its_tracking_says", name


def a_parcel_delivered_at_another_time(world):
    name = world.push("T1").subject
    track(world, name, TrackingStatus.DELIVERED)
    world.rewrite(PARCELS, of(parcel_id=name), delivered_at=LAST_YEAR)
    return "parcel_is_where_its_tracking_says", name


def a_tracking_event_lost(world):
    name = world.push("T1").subject
    track(world, name, TrackingStatus.DELIVERED)
    world.lose(TRACKING_EVENTS, anything)
    return "parcel_is_where_its_tracking_says", name


def a_tracking_event_of_no_parcel(world):
    track(world, world.push("T1").subject, TrackingStatus.PENDING)
    (said,) = world.all(TRACKING_EVENTS)
    world.make(TRACKING_EVENTS, attrs.evolve(said, parcel_id="zzz"))
    return "tracking_is_of_a_parcel", "zzz"


def a_job_lost(world):
    (made, *_) = world.all(CONNECTIONS)
    world.lose(OUTBOX, of(lane=made.connection_id, channel="job"))
    return "no_job_is_lost", f"{made.connection_id}:1"


def a_job_about_a_dead_push_lost(world):
    world.bench.shop.faults = [Fault.DECLINED]
    parcel_id = world.bench.ship(world.bound_accepted(), "T7")
    world.app.relay.run()
    (push,) = [m for m in world.all(OUTBOX) if m.subject == parcel_id][:1]
    assert "dead" == push.state
    world.lose(OUTBOX, of(kind="follow_push"))
    return "no_job_is_lost", f"{push.message_id}:{push.epoch}"


def a_quote_lost(world):
    (quote,) = world.all(QUOTE_REQUESTS)
    world.lose(QUOTE_REQUESTS, anything)
    return "stream_has_its_row", f"quote_request {quote.request_id}"


def a_dispute_lost(world):
    (dispute,) = world.all(DISPUTES)
    world.lose(DISPUTES, anything)
    return "stream_has_its_row", f"dispute {dispute.dispute_id}"


def an_order_lost(world):
    world.lose(ORDERS, of(order_id=world.bound))
    return "stream_has_its_row", f"order {world.bound}"


def a_connection_lost(world):
    (made, *_) = world.all(CONNECTIONS)
    world.lose(CONNECTIONS, of(connection_id=made.connection_id))
    return "stream_has_its_row", f"connection {made.connection_id}"


def a_checkout_lost(world):
    name = order_of(world, world.bound).checkout_id
    world.lose(CHECKOUTS, of(checkout_id=name))
    return "plan_has_its_checkout", name


def an_older_address_lost(world):
    (strange,) = [o for o in world.all(ORDERS) if o.external_id == "3"]
    world.app.orders.correct_address(
        "demo", strange.order_id, attrs.evolve(HOME, name="Bo Lee"), by=SELLER
    )
    world.lose(CONTACTS, of(contact_id=strange.contact_id, version=1))
    return "contact_keeps_its_versions", strange.contact_id


def a_buyer_half_forgotten(world):
    (strange,) = [o for o in world.all(ORDERS) if o.external_id == "3"]
    world.app.orders.cancel("demo", [strange.order_id], by=SELLER)
    world.app.erasing.erase_buyer("demo", strange.order_id, by=SELLER)
    world.rewrite(
        CONTACTS,
        of(contact_id=strange.contact_id),
        address=attrs.evolve(HOME, city=""),
    )
    return "erased_contact_is_forgotten", strange.contact_id


def a_store_lost(world):
    world.lose(STORES, anything)
    return "its_store_is_there", world.sent


def a_warehouse_lost(world):
    world.lose(WAREHOUSES, anything)
    (lot, *_) = world.all(LOTS)
    return "its_warehouse_is_there", f"lot {lot.lot_id}"


def a_variant_lost(world):
    world.lose(VARIANTS, of(variant_id=world.bench.variants["CUP"]))
    return "its_variant_is_there", f"{world.bound}/1.1"


def a_title_altered_behind_a_change(world):
    world.bench.sh.staff("ann").catalog.change(
        world.bench.variants["HAT"], VariantChange(title="Cap")
    )
    world.rewrite(VARIANTS, of(sku="HAT"), title="Hat")
    return "catalog_is_as_changed", f"{world.bench.variants['HAT']} title"


def a_product_lost(world):
    (cup,) = [v for v in world.all(VARIANTS) if v.sku == "CUP"]
    world.lose(PRODUCTS, of(product_id=cup.product_id))
    return "variant_has_its_product", cup.variant_id


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


def a_lot_in_another_warehouse(world):
    world.app.cloud.add_warehouse("CN2", name="Other", country="CN", by=STAFF)
    world.rewrite(LOTS, anything, warehouse_id="CN2")
    (lot, *_) = world.all(LOTS)
    return "lot_is_where_it_was_counted", lot.lot_id


def a_receipt_of_another_warehouse(world):
    world.app.cloud.add_warehouse("CN2", name="Other", country="CN", by=STAFF)
    world.rewrite(RECEIPTS, anything, warehouse_id="CN2")
    (receipt,) = world.all(RECEIPTS)
    return "lot_is_where_it_was_counted", f"receipt {receipt.receipt_id}"


def unsent(world):
    parcel_id = world.bench.ship(world.bound_accepted(), "T7")
    (message,) = [m for m in world.all(OUTBOX) if m.subject == parcel_id]
    return message.message_id


def a_lease_a_year_old(world):
    name = unsent(world)
    world.rewrite(
        OUTBOX,
        of(message_id=name),
        state="sending",
        worker="w",
        epoch=1,
        lease_until=LAST_YEAR,
    )
    return "lease_is_short", name


def a_lease_until_2500(world):
    name = unsent(world)
    world.rewrite(
        OUTBOX,
        of(message_id=name),
        state="sending",
        worker="w",
        epoch=1,
        lease_until=IN_2500,
    )
    return "lease_is_short", name


def a_message_due_in_2500(world):
    name = unsent(world)
    world.rewrite(OUTBOX, of(message_id=name), next_at=IN_2500)
    return "waiting_is_short", name


def a_send_lost(world):
    message = world.push("T2")
    world.lose(SENDS, of(message_id=message.message_id))
    return "attempt_is_its_sends", f"{message.message_id}/1"


def a_send_that_was_answered_otherwise(world):
    message = world.push("T2")
    world.rewrite(SENDS, of(message_id=message.message_id), state="declined")
    return "attempt_is_its_sends", f"{message.message_id}/1"


def a_send_too_many(world):
    message = world.push("T2")
    world.rewrite(ATTEMPTS, of(message_id=message.message_id), sends=0)
    return "attempt_is_its_sends", f"{message.message_id}/1"


def a_send_under_another_key(world):
    message = world.push("T2")
    world.rewrite(SENDS, of(message_id=message.message_id), key="another")
    return "attempt_is_its_sends", f"{message.message_id}/1"


def a_send_of_no_attempt(world):
    message = world.push("T2")
    sent = next(s for s in world.all(SENDS) if s.message_id == message.message_id)
    world.make(SENDS, attrs.evolve(sent, message_id="zzz"))
    return "attempt_is_its_sends", "zzz/1"


def a_circuit_of_no_shop(world):
    world.make(CIRCUITS, circuit("demo/nobody"))
    return "circuit_is_of_a_connection", "demo/nobody"


def a_circuit_that_rests_until_2500(world):
    world.make(CIRCUITS, attrs.evolve(circuit("demo/shop"), next_at=IN_2500))
    return "circuit_rests_briefly", "demo/shop"


def circuit(name):
    return attrs.evolve(fresh_circuit(name, NOON), failures=1, state="down")


def a_worker_seen_before_it_started(world):
    world.make(WORKERS, WorkerBeat(worker="w", started_at=NOON, seen_at=LAST_YEAR))
    return "worker_lived_forward", "w"


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
