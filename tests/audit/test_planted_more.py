"""
More kinds of corruption, written down before anybody looked which are named.
"""

import attrs
import pytest
from planting import World, anything, more, of

from sourcehere import DisputeReason, GoodwillReason, Money
from sourcehere.domain.contacts.model import Note
from sourcehere.domain.orders.holds import Hold
from sourcehere.domain.pairing.model import HelpRequest
from sourcehere.domain.pairing.supply import RuleItem
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import NOON, SELLER, STAFF, snapshot
from sourcehere.unit.tables.catalog import PRODUCT_WORDS, VARIANTS
from sourcehere.unit.tables.contacts import NOTES
from sourcehere.unit.tables.disputes import DISPUTES
from sourcehere.unit.tables.effects import ATTEMPTS, OUTBOX
from sourcehere.unit.tables.events import EVENTS
from sourcehere.unit.tables.local_stock import LOCAL_MOVEMENTS, LOCAL_STOCK
from sourcehere.unit.tables.orders import (
    BUYER_WORDS,
    ITEMS,
    LINES,
    ORDERS,
    TAB_DELTAS,
    BuyerWord,
)
from sourcehere.unit.tables.pairing import CONNECTIONS, HELP_REQUESTS
from sourcehere.unit.tables.quotes import QUOTE_REQUESTS
from sourcehere.unit.tables.sellers import SELLERS
from sourcehere.unit.tables.shipments import PARCELS
from sourcehere.unit.tables.stores import STORE_ORDERS, STORES
from sourcehere.unit.tables.talk import CONVERSATIONS, MESSAGES
from sourcehere.unit.tables.wallet import GOODWILLS, LEDGER, REFUNDS
from sourcehere.unit.tables.warehouse import (
    ALLOCATIONS,
    LOTS,
    MOVEMENTS,
    RECEIPTS,
    STOCK_COUNTS,
    WAREHOUSES,
)


def a_line_lost(world):
    world.lose_row(LINES, order_id=world.bound)
    return "line_is_its_items", world.bound


def an_item_lost(world):
    world.lose_row(ITEMS, order_id=world.bound)
    return "line_is_its_items", world.bound


def a_parcel_lost(world):
    world.lose(PARCELS, of(tracking_number="T1"))
    return "order_marks_its_parcels", world.sent


def a_refund_taken_back(world):
    (refund,) = world.all(REFUNDS)
    world.rewrite(REFUNDS, anything, state="decided")
    return "refund_booked", refund.refund_id


def a_lot_lost(world):
    (lot, *_) = world.all(LOTS)
    world.lose(LOTS, anything)
    return "stock_keeps_its_variant", lot.lot_id


def an_allocation_lost(world):
    world.lose(ALLOCATIONS, of(order_id=world.bound))
    return "allocations_are_what_was_drawn", world.bound


def a_receipt_lost(world):
    world.lose(RECEIPTS, anything)
    return "receipts_add_up", f"{world.bulk}/1.1"


def a_whole_transaction_lost(world):
    for entry in world.all(LEDGER):
        if entry.reference == world.bound:
            world.lose(LEDGER, of(reference=world.bound))
    return "capture_booked", world.bound


def a_shop_s_order_that_names_no_part(world):
    world.rewrite(STORE_ORDERS, of(external_id="2"), parts=())
    return "store_order_is_recorded", "2"


def a_parcel_put_on_another_order(world):
    world.rewrite(PARCELS, of(tracking_number="T1"), order_id=world.bound)
    return "order_marks_its_parcels", world.bound


def an_attempt_lost(world):
    message = world.push("T2")
    world.lose(ATTEMPTS, of(message_id=message.message_id))
    return "done_means_delivered", message.message_id


def a_push_put_into_another_lane(world):
    message = world.push("T2")
    world.rewrite(OUTBOX, of(message_id=message.message_id), lane=world.bound)
    return "push_says_what_its_key_names", message.message_id


def a_push_of_no_order(world):
    message = world.push("T2")
    world.rewrite(OUTBOX, of(message_id=message.message_id), lane="nobody's")
    return "push_has_its_order", message.message_id


def a_dispute_about_another_order(world):
    world.app.disputes.open(
        "demo",
        NewDispute(
            order_id=world.sent,
            reason=DisputeReason.SHORT,
            quantities={"1.1": 1},
            evidence={"description": "two only"},
        ),
        by=SELLER,
    )
    (dispute,) = [d for d in world.all(DISPUTES) if d.is_open]
    is_it = of(dispute_id=dispute.dispute_id)
    world.rewrite(DISPUTES, is_it, order_id=world.bound)
    return "order_marks_its_disputes", dispute.dispute_id


def a_quote_about_no_order(world):
    (quote,) = world.all(QUOTE_REQUESTS)
    world.rewrite(QUOTE_REQUESTS, anything, order_id="nobody's")
    return "its_order_is_there", f"quote_request {quote.request_id}"


def a_call_for_help_about_no_order(world):
    world.make(
        HELP_REQUESTS,
        HelpRequest(
            seller_id="demo",
            help_id="h",
            order_id="nobody's",
            line=1,
            state="open",
            asked_at=NOON,
            done_at=None,
        ),
    )
    return "its_order_is_there", "help_request h"


def a_word_that_finds_a_product_lost(world):
    (cup,) = [v for v in world.all(VARIANTS) if v.sku == "CUP"]
    world.lose(PRODUCT_WORDS, of(product_id=cup.product_id))
    return "product_is_found_by_its_words", cup.product_id


def a_variant_found_under_another_sku(world):
    (cup,) = [v for v in world.all(VARIANTS) if v.sku == "CUP"]
    world.rewrite(VARIANTS, of(sku="CUP"), sku_key="mug")
    return "variant_is_found_by_its_sku", cup.variant_id


def a_waiting_line_that_no_connection_finds(world):
    (strange,) = [o for o in world.all(ORDERS) if o.external_id == "3"]
    world.rewrite_row(LINES, {"order_id": strange.order_id}, is_waiting=0)
    return "line_is_found_by_its_sku", f"{strange.order_id}/1"


def a_shop_that_is_never_read_again(world):
    world.overwrite(STORES, is_pulled=0)
    return "columns_follow_their_row", "store shop"


def an_event_of_another_kind_of_stream(world):
    world.rewrite(EVENTS, of(stream_id=world.bound, sequence=2), stream="dispute")
    return "stream_has_its_row", f"dispute {world.bound}"


def a_movement_for_another_order(world):
    is_it = of(order_id=world.bound, kind="allocated")
    (lot, *_) = world.all(LOTS)
    world.rewrite(MOVEMENTS, is_it, order_id="nobody's")
    return "movements_are_what_orders_hold", f"{world.bound}/1.1/{lot.lot_id}"


def a_rule_that_names_no_variant(world):
    (made, *_) = world.all(CONNECTIONS)

    def nothing(rules):
        return (attrs.evolve(rules[0], items=(RuleItem("nothing", 1),)),)

    world.rewrite(CONNECTIONS, of(connection_id=made.connection_id), rules=nothing)
    return "its_variant_is_there", f"connection {made.connection_id}"


def a_hold_lifted_behind_its_order(world):
    (held,) = world.bench.sync(snapshot("9", CUP=1))
    world.app.orders.hold("demo", held, detail="wait", by=STAFF)
    world.rewrite(ORDERS, of(order_id=held), holds=())
    return "tab_counts_are_counts", "store/shop/abnormal"


def a_late_hold_on_an_order_that_left(world):
    hold = Hold("h", "ship_late", "", NOON)
    world.rewrite(ORDERS, of(order_id=world.sent), holds=(hold,))
    return "late_order_waits_still", world.sent


def a_promise_of_what_has_left(world):
    world.rewrite(ORDERS, of(order_id=world.sent), promised_by=NOON)
    return "late_order_waits_still", world.sent


def what_was_paid_told_otherwise_by_its_event(world):
    def dearer(data):
        assert '"goods_minor":' in data
        return data.replace('"goods_minor":', '"goods_minor":1')

    is_it = of(stream_id=world.sent, name="order.paid")
    world.rewrite(EVENTS, is_it, data=dearer)
    return "replay_is_stored", world.sent


def a_note_about_nothing(world):
    world.make(
        NOTES,
        Note(
            seller_id="demo",
            note_id="n",
            subject_id="nobody's",
            by=STAFF,
            text="hm",
            written_at=NOON,
        ),
    )
    return "note_has_its_subject", "n"


def a_call_for_help_that_nobody_needs(world):
    (call,) = world.all(HELP_REQUESTS)
    world.rewrite(HELP_REQUESTS, anything, order_id=world.sent)
    return "help_is_wanted_while_it_waits", f"help_request {call.help_id}"


def a_salesman_whom_nobody_knows(world):
    world.rewrite(SELLERS, anything, salesman_id="nobody")
    return "its_salesman_is_there", "seller demo"


def a_message_lost(world):
    message = world.all(MESSAGES)[0]
    world.lose(MESSAGES, anything)
    return "conversation_keeps_its_messages", message.conversation_id


def a_message_that_nobody_said(world):
    message = world.all(MESSAGES)[0]
    world.make(MESSAGES, attrs.evolve(message, conversation_id="order.nobody's"))
    return "conversation_keeps_its_messages", "order.nobody's"


def a_conversation_about_nothing(world):
    known = world.all(CONVERSATIONS)[0]
    name = "order.nobody's"
    made = attrs.evolve(
        known, conversation_id=name, about="order", subject_id="nobody's"
    )
    world.make(CONVERSATIONS, made)
    return "conversation_has_its_subject", name


def a_conversation_that_waits_for_another(world):
    known = world.all(CONVERSATIONS)[0]
    world.rewrite(CONVERSATIONS, anything, last_by="staff")
    return "replay_is_stored", known.conversation_id


def a_count_of_a_tab_lost(world):
    (first, *_) = world.all(TAB_DELTAS)
    world.lose(TAB_DELTAS, anything)
    return (
        "tab_counts_are_counts",
        f"{first.kind}/{first.store_id}/{first.tab}",
    )


def a_unit_more_received_with_its_movement(world):
    world.rewrite(LOTS, anything, quantity_received=more, on_hand=more)
    world.rewrite(MOVEMENTS, of(kind="received"), quantity=more)
    return "good_units_are_lots", f"{world.bulk}/1.1"


def an_item_priced_otherwise(world):
    world.rewrite_row(ITEMS, {"order_id": world.sent, "item_id": "2.1"}, unit_minor=1)
    return "items_cost_what_was_offered", world.sent


def a_refund_of_another_order(world):
    (refund,) = world.all(REFUNDS)
    world.rewrite(REFUNDS, anything, order_id=world.bound)
    return "refund_has_its_dispute", refund.refund_id


def a_word_of_a_buyer_lost(world):
    world.lose(BUYER_WORDS, of(order_id=world.sent))
    return "order_is_found_by_its_buyer", world.sent


def a_word_of_a_buyer_left_behind(world):
    world.make(
        BUYER_WORDS,
        BuyerWord(seller_id="demo", order_id=world.bound, word="somebody"),
    )
    return "order_is_found_by_its_buyer", world.bound


def a_word_of_the_buyer_of_no_order(world):
    world.make(
        BUYER_WORDS, BuyerWord(seller_id="demo", order_id="gone", word="somebody")
    )
    return "row_has_its_order", "gone"


def a_local_movement_lost(world):
    world.lose(LOCAL_MOVEMENTS, of(kind="served"))
    return "local_stock_serves_its_orders", world.served


def a_local_unit_that_nobody_moved(world):
    world.rewrite(LOCAL_STOCK, anything, on_hand=more)
    return "local_stock_is_its_movements", world.bench.variants["HAT"]


def a_local_unit_of_an_order_that_was_not_served(world):
    place = {"order_id": world.bound, "item_id": "1.1"}
    world.rewrite(LOCAL_MOVEMENTS, of(kind="served"), **place)
    return "local_stock_serves_its_orders", world.bound


def a_local_unit_that_never_left(world):
    place = {"order_id": world.bound, "item_id": "1.1", "kind": "received"}
    world.rewrite(LOCAL_MOVEMENTS, of(kind="counted"), **place)
    return "local_stock_came_from_its_orders", world.bound


def a_refund_to_somewhere_else(world):
    (refund,) = world.all(REFUNDS)
    world.rewrite(REFUNDS, anything, target="bank")
    return "refund_booked", refund.refund_id


def a_shop_s_order_to_another_customer(world):
    other = next(r for r in world.all(STORE_ORDERS) if r.external_id == "1")
    world.rewrite(STORE_ORDERS, of(external_id="2"), contact_id=other.contact_id)
    return "order_has_its_contact", world.bound


def a_fee_that_a_warehouse_pays(world):
    (warehouse, *_) = world.all(WAREHOUSES)
    world.rewrite(WAREHOUSES, anything, handling_minor={"USD": -1})
    return "warehouse_fee_is_possible", warehouse.warehouse_id


def a_reship_of_another_order(world):
    again = world.sent_again()
    world.rewrite(ORDERS, of(order_id=again), origin_order_id=world.bound)
    return "reship_was_granted", f"{again}/{world.bound}"


def a_reship_of_more_units(world):
    again = world.sent_again()
    world.rewrite_row(ITEMS, {"order_id": again}, quantity=2)
    return "reship_was_granted", f"{again}/{world.sent}"


def a_reship_that_nobody_granted(world):
    again = world.sent_again()
    world.rewrite(DISPUTES, of(reship_order_id=again), reship_order_id="")
    return "reship_was_granted", f"{again}/{world.sent}"


def counted(world):
    cup = world.bench.variants["CUP"]
    world.bench.stocked(CUP=3)
    (view,) = world.app.cloud.stock("demo")
    world.app.cloud.count("demo", "CN1", cup, view.on_hand - 1, by=STAFF)
    return "stock_count_is_its_movements", f"CN1/{cup}"


def a_count_of_another_number(world):
    named = counted(world)
    world.rewrite(STOCK_COUNTS, anything, counted=more)
    return named


def a_count_lost(world):
    named = counted(world)
    world.lose(STOCK_COUNTS, anything)
    return named


def given(world):
    world.app.wallets.give_goodwill(
        "demo",
        Money(5_00, "USD"),
        reference="late",
        reason=GoodwillReason.LATE,
        order_id=world.sent,
        by=STAFF,
    )
    return "goodwill_booked", "late"


def a_credit_of_another_amount(world):
    named = given(world)
    world.rewrite(GOODWILLS, anything, amount_minor=more)
    return named


def a_credit_lost(world):
    named = given(world)
    world.lose(GOODWILLS, anything)
    return named


def a_credit_taken_back_by_nobody(world):
    named = given(world)
    world.rewrite(GOODWILLS, anything, taken_back_at=NOON)
    return named


def a_credit_booked_for_something_else(world):
    named = given(world)
    world.rewrite(LEDGER, of(purpose="goodwill"), reference="another")
    return named


def a_credit_for_no_order(world):
    given(world)
    world.rewrite(GOODWILLS, anything, order_id="nobody's")
    return "goodwill_is_for_an_order", "late"


def a_lot_of_more_than_came_back(world):
    lot_id = world.returned()
    world.rewrite(LOTS, of(lot_id=lot_id), quantity_received=more, on_hand=more)
    world.rewrite(MOVEMENTS, of(lot_id=lot_id), quantity=more)
    return "returned_units_are_lots", f"{world.sent}/1.1"


def a_lot_of_another_order_s_units(world):
    lot_id = world.returned()
    world.rewrite(LOTS, of(lot_id=lot_id), returned_order_id=world.bound)
    return "returned_units_are_lots", f"{world.bound}/1.1"


def a_returned_unit_that_no_item_knows(world):
    world.returned()
    place = {"order_id": world.sent, "item_id": "1.1"}
    world.rewrite_row(ITEMS, place, quantity_returned=0)
    return "returned_units_are_lots", f"{world.sent}/1.1"


PLANTED = [
    plant
    for plant in list(globals().values())
    if callable(plant)
    and getattr(plant, "__module__", "") == __name__
    and plant.__name__.startswith(("a_", "an_", "what_"))
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_it_is_named(plant):
    """
    What was changed behind the API is named, with the thing it is about.
    """
    world = World()
    named = plant(world)
    report = world.app.audit.run(replay=True)

    assert named in {(v.invariant, v.subject) for v in report.violations}
    told = [v for v in report.violations if (v.invariant, v.subject) == named]
    # A message says what is wrong; the facts say it to programs.
    assert all(violation.words for violation in told)
    assert all(violation.facts for violation in told)
