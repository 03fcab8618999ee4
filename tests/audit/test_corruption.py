"""
Rows changed behind the API are found, and named by what they break.
"""

import attrs
import pytest
from planting import World, anything, fewer, more, of

from sourcehere import GoodwillReason, Money, TrackingFact, TrackingStatus
from sourcehere.domain.orders.lines import ItemId
from sourcehere.domain.shipments.model import ParcelItem
from sourcehere.domain.wallet.model import Contents, RefundedItem
from sourcehere.testing.factories import CARRIER, NOON, STAFF, dump
from sourcehere.unit.tables.contacts import CONTACTS
from sourcehere.unit.tables.disputes import DISPUTES
from sourcehere.unit.tables.effects import ATTEMPTS, OUTBOX
from sourcehere.unit.tables.events import EVENTS
from sourcehere.unit.tables.orders import ITEMS, LINES, ORDERS, TAB_DELTAS
from sourcehere.unit.tables.pairing import CONNECTED_SKUS, CONNECTIONS
from sourcehere.unit.tables.quotes import QUOTE_REQUESTS
from sourcehere.unit.tables.shipments import PARCELS
from sourcehere.unit.tables.stores import STORE_ORDERS, STORES
from sourcehere.unit.tables.wallet import (
    CHECKOUTS,
    LEDGER,
    ORDER_PLANS,
    REFUNDS,
    TOP_UPS,
    WALLETS,
)
from sourcehere.unit.tables.warehouse import (
    ALLOCATIONS,
    LOTS,
    MOVEMENTS,
    RECEIPTS,
    STOCK_LEVELS,
)

NEVER_COMES = 4_000_000_000_000_000

EVERY_INVARIANT = {
    "allocated_within_on_hand",
    "allocation_has_a_holder",
    "allocation_refunds_add_up",
    "allocations_are_what_was_drawn",
    "allocations_are_what_was_offered",
    "attempt_has_its_key",
    "attempt_has_its_message",
    "attempt_is_its_sends",
    "attempt_tells_its_parcel",
    "capture_booked",
    "capture_is_split_as_paid",
    "chart_is_followed",
    "checkout_is_as_far_as_paid",
    "checkout_is_its_orders",
    "columns_follow_their_row",
    "connected_skus_follow_connections",
    "contact_keeps_its_versions",
    "conversation_has_its_subject",
    "conversation_keeps_its_messages",
    "debt_is_settled_first",
    "delivered_in_order",
    "dispute_was_paid",
    "done_means_delivered",
    "erased_contact_is_forgotten",
    "external_id_is_unique",
    "freight_refunded_within_paid",
    "freight_refunds_add_up",
    "good_units_are_lots",
    "goodwill_booked",
    "goodwill_is_for_an_order",
    "handling_refunded_within_paid",
    "items_cost_what_was_offered",
    "help_is_wanted_while_it_waits",
    "its_salesman_is_there",
    "its_order_is_there",
    "its_store_is_there",
    "its_variant_is_there",
    "its_warehouse_is_there",
    "late_order_waits_still",
    "lease_is_short",
    "ledger_balanced",
    "ledger_moves_as_its_purpose",
    "line_is_found_by_its_sku",
    "line_is_its_items",
    "local_stock_came_from_its_orders",
    "local_stock_is_its_movements",
    "local_stock_not_negative",
    "local_stock_serves_its_orders",
    "lot_costs_what_was_paid",
    "lot_is_its_allocations",
    "lot_is_its_movements",
    "lot_is_where_it_was_counted",
    "money_is_the_seller_s_currency",
    "movements_are_what_orders_hold",
    "movement_has_its_lot",
    "no_job_is_lost",
    "no_push_is_lost",
    "nothing_ships_unpaid",
    "one_live_attempt",
    "order_has_its_contact",
    "order_is_found_by_its_buyer",
    "order_marks_its_parcels",
    "order_refunds_add_up",
    "paid_is_what_was_offered",
    "paid_state_is_captured",
    "parcel_is_where_its_tracking_says",
    "parcel_told_as_it_is",
    "parcels_are_what_shipped",
    "parts_are_numbered",
    "plan_has_its_checkout",
    "product_is_found_by_its_words",
    "push_has_its_order",
    "push_says_what_its_key_names",
    "receipts_add_up",
    "refund_booked",
    "refund_has_its_dispute",
    "refund_is_its_parts",
    "refunded_within_captured",
    "replay_is_stored",
    "reship_was_granted",
    "returned_units_are_lots",
    "row_has_its_order",
    "seller_is_there",
    "sequence_without_gaps",
    "shipped_within_ordered",
    "shop_gets_what_it_wants",
    "state_is_known",
    "stock_count_is_its_movements",
    "stock_keeps_its_variant",
    "stock_level_adds_up",
    "store_line_stands_once",
    "store_order_is_recorded",
    "stored_can_be_read",
    "stream_has_its_row",
    "superseded_means_told_anew",
    "tab_counts_are_counts",
    "top_up_booked",
    "tracking_is_of_a_parcel",
    "variant_has_its_product",
    "variant_is_found_by_its_sku",
    "waiting_is_short",
    "wallet_is_its_entries",
    "wallet_not_negative",
    "warehouse_fee_is_possible",
}


# Money


def an_entry_of_one_side(world):
    world.rewrite(LEDGER, of(account="goods"), amount_minor=more)


def a_cent_in_the_wallet(world):
    world.rewrite(WALLETS, anything, available=more)


def a_top_up_made_bigger(world):
    world.rewrite(TOP_UPS, anything, amount_minor=more)


def a_capture_of_another_order(world):
    is_it = of(account="wallet_available", purpose="capture", reference=world.bound)
    world.rewrite(LEDGER, is_it, reference="nobody")


def a_refund_booked_for_another(world):
    is_it = of(account="wallet_available", purpose="refund")
    world.rewrite(LEDGER, is_it, reference="nobody")


def a_refund_forgotten(world):
    world.lose(REFUNDS, anything)


def a_unit_of_a_lot_refunded_by_nobody(world):
    world.rewrite(ALLOCATIONS, anything, quantity_refunded=more)


def a_refund_with_a_part_too_many(world):
    part = RefundedItem("1.1", 1, 5, "nobody", "1.1")
    world.rewrite(REFUNDS, anything, items=lambda items: (*items, part))


def goods_refunded_booked_as_handling(world):
    is_it = of(account="goods", purpose="refund")
    world.rewrite(LEDGER, is_it, account="handling")


def more_freight_refunded_than_was_paid(world):
    is_it = of(account="goods", purpose="refund")
    world.rewrite(LEDGER, is_it, account="freight")
    world.rewrite(ORDERS, of(order_id=world.sent), freight_minor=0)


def freight_refunded_by_nobody(world):
    world.rewrite(ORDERS, of(order_id=world.sent), freight_refunded_minor=more)


def a_refund_against_another_capture(world):
    def elsewhere(items):
        return tuple(attrs.evolve(i, captured_by="nobody") for i in items)

    world.rewrite(REFUNDS, anything, items=elsewhere)


def a_checkout_made_dearer(world):
    world.rewrite(CHECKOUTS, anything, total_minor=more)


def an_order_due_more_than_it_paid(world):
    world.rewrite(ORDERS, of(order_id=world.bound), goods_minor=more)


# Stock


def a_unit_on_the_shelf(world):
    world.rewrite(LOTS, anything, on_hand=more)


def a_movement_lost(world):
    world.lose(MOVEMENTS, of(kind="received"))


def an_allocation_let_go(world):
    is_it = of(order_id=world.bound)
    world.rewrite(ALLOCATIONS, is_it, quantity_released=more)


def an_allocation_nobody_drew(world):
    is_it = of(order_id=world.bound)
    world.rewrite(ALLOCATIONS, is_it, quantity=more, quantity_released=more)


def a_unit_bound_to_an_order_that_left(world):
    is_it = of(order_id=world.sent)
    world.rewrite(ALLOCATIONS, is_it, quantity_shipped=fewer)
    world.rewrite(MOVEMENTS, of(order_id=world.sent, kind="shipped"), quantity=fewer)
    world.rewrite(LOTS, anything, on_hand=more, allocated=more)


def a_lot_made_dearer(world):
    world.rewrite(LOTS, anything, unit_minor=more)


def a_lot_of_something_else(world):
    world.rewrite(LOTS, anything, variant_id=world.bench.variants["HAT"])


def a_lot_of_another_item(world):
    world.rewrite(LOTS, anything, item_id=ItemId("9.9"))


def a_receipt_counted_again(world):
    def twice(lines):
        return tuple((name, good + 1, *rest) for name, good, *rest in lines)

    world.rewrite(RECEIPTS, anything, lines=twice)


def a_unit_incoming_from_nowhere(world):
    world.rewrite(STOCK_LEVELS, anything, incoming=more)


# Orders


def an_event_lost(world):
    last = max(e.sequence for e in world.all(EVENTS) if e.stream_id == world.sent)
    world.lose(EVENTS, of(stream_id=world.sent, sequence=last))


def a_number_changed(world):
    world.rewrite(ORDERS, of(order_id=world.sent), number="another")


def a_state_skipped(world):
    def skipped(data):
        assert '"state":"awaiting_payment"' in data
        return data.replace('"state":"awaiting_payment"', '"state":"ignored"')

    is_it = of(stream_id=world.bound, name="order.imported")
    world.rewrite(EVENTS, is_it, data=skipped)


def an_order_shipped_without_checkout(world):
    world.rewrite(ORDERS, of(order_id=world.sent), checkout_id="")


def a_parcel_with_more_in_it(world):
    world.rewrite(PARCELS, anything, items=(ParcelItem("1.1", 2),))


def more_cancelled_than_ordered(world):
    (row, *_) = [
        r
        for r in dump(world.app.storage, [ITEMS.table])["order_item"]
        if r[1] == world.sent
    ]
    item = attrs.evolve(ITEMS.from_row(row), quantity_cancelled=9)
    changed = ITEMS.to_row(item, row[:2])
    world.app.storage.transact(
        lambda s: s.replace(ITEMS.table, [changed], expected=None), read_only=False
    )


def a_person_forgotten(world):
    world.lose(CONTACTS, anything)


def a_tab_counted_twice(world):
    world.rewrite(TAB_DELTAS, anything, delta=more)


def a_shop_s_order_forgotten(world):
    world.lose(STORE_ORDERS, anything)


def a_line_that_no_shop_told(world):
    world.rewrite(STORE_ORDERS, anything, lines=())


def a_unit_wanted_more(world):
    world.rewrite(STORE_ORDERS, anything, lines=one_more_wanted)


def one_more_wanted(lines):
    return (attrs.evolve(lines[0], quantity=lines[0].quantity + 1), *lines[1:])


def a_line_there_twice(world):
    (row, *_) = [
        r
        for r in dump(world.app.storage, [LINES.table])["order_line"]
        if r[1] == world.sent
    ]
    again = LINES.to_row(attrs.evolve(LINES.from_row(row), line=9), row[:2])
    world.app.storage.transact(
        lambda s: s.insert(LINES.table, [again]), read_only=False
    )


def another_thing_sent_than_paid(world):
    world.rewrite(ORDER_PLANS, of(order_id=world.sent), contents=Contents(("v 1",), 1))


def a_part_out_of_number(world):
    world.rewrite(ORDERS, of(order_id=world.bound), part=2)


# Effects


def a_push_forgotten(world):
    world.lose(OUTBOX, of(message_id=world.push("T1").message_id))


def a_number_that_the_shop_was_not_told(world):
    world.rewrite(PARCELS, of(tracking_number="T1"), tracking_number="T9")


def a_number_told_wrong(world):
    def wrong(payload):
        return {**payload, "tracking_number": "T9"}

    is_it = of(message_id=world.push("T2").message_id)
    world.rewrite(OUTBOX, is_it, payload=wrong)


def a_push_done_by_nobody(world):
    is_it = of(message_id=world.push("T2").message_id)
    world.rewrite(ATTEMPTS, is_it, state="declined")


def a_push_tried_twice_at_a_time(world):
    message = world.push("T1")
    first = next(a for a in world.all(ATTEMPTS) if a.message_id == message.message_id)
    key = f"{first.key}:2"
    world.make(ATTEMPTS, attrs.evolve(first, number=2, key=key, state="unknown"))


def a_push_sent_under_another_key(world):
    is_it = of(message_id=world.push("T2").message_id)
    world.rewrite(ATTEMPTS, is_it, key="another")


def a_push_overtaken(world):
    message = world.push("T1")
    world.rewrite(OUTBOX, of(message_id=message.message_id), state="dead")
    world.rewrite(ATTEMPTS, of(message_id=message.message_id), state="declined")


# Pairing, quotes, disputes


def a_pairing_forgotten(world):
    world.lose(CONNECTED_SKUS, anything)


def a_connection_renamed(world):
    world.rewrite(CONNECTIONS, anything, method="another")


def a_dispute_granted_more(world):
    world.rewrite(DISPUTES, anything, granted_minor=more)


def a_question_put_in_another_mouth(world):
    world.rewrite(QUOTE_REQUESTS, anything, sku="another")


def a_top_up_nobody_recorded(world):
    world.lose(TOP_UPS, anything)


def a_stock_level_lost(world):
    world.lose(STOCK_LEVELS, anything)


def an_order_in_another_tab(world):
    world.overwrite(ORDERS, tab="unrecognized")


def a_deadline_forgotten(world):
    world.overwrite(ORDERS, deadline=NEVER_COMES)


def a_deadline_of_another_name(world):
    world.overwrite(ORDERS, deadline_name="lift_by")


def a_quote_that_never_expires(world):
    world.overwrite(QUOTE_REQUESTS, deadline=NEVER_COMES)


def a_state_nobody_knows(world):
    world.overwrite(ORDERS, state="melted")


def a_wallet_lost(world):
    world.lose(WALLETS, anything)


CORRUPTIONS = [
    (a_top_up_nobody_recorded, {"top_up_booked"}),
    (a_stock_level_lost, {"stock_level_adds_up"}),
    (
        an_order_in_another_tab,
        {"columns_follow_their_row", "replay_is_stored", "tab_counts_are_counts"},
    ),
    (a_deadline_forgotten, {"columns_follow_their_row", "replay_is_stored"}),
    (a_deadline_of_another_name, {"columns_follow_their_row", "replay_is_stored"}),
    (a_quote_that_never_expires, {"columns_follow_their_row", "replay_is_stored"}),
    (a_wallet_lost, {"stored_can_be_read"}),
    (an_entry_of_one_side, {"capture_is_split_as_paid", "ledger_balanced"}),
    (a_cent_in_the_wallet, {"wallet_is_its_entries"}),
    (a_top_up_made_bigger, {"top_up_booked"}),
    (a_capture_of_another_order, {"capture_booked", "ledger_moves_as_its_purpose"}),
    (a_refund_booked_for_another, {"ledger_moves_as_its_purpose", "refund_booked"}),
    (
        a_refund_forgotten,
        {
            "allocation_refunds_add_up",
            "dispute_was_paid",
            "order_refunds_add_up",
            "refund_booked",
        },
    ),
    (a_unit_of_a_lot_refunded_by_nobody, {"allocation_refunds_add_up"}),
    (
        a_refund_with_a_part_too_many,
        {"order_refunds_add_up", "refund_is_its_parts"},
    ),
    (a_refund_against_another_capture, {"order_refunds_add_up"}),
    (
        goods_refunded_booked_as_handling,
        {"freight_refunds_add_up", "handling_refunded_within_paid"},
    ),
    (
        more_freight_refunded_than_was_paid,
        {
            "capture_is_split_as_paid",
            "freight_refunded_within_paid",
            "freight_refunds_add_up",
            "paid_is_what_was_offered",
            "replay_is_stored",
        },
    ),
    (freight_refunded_by_nobody, {"freight_refunds_add_up", "replay_is_stored"}),
    (a_checkout_made_dearer, {"checkout_is_its_orders"}),
    (
        an_order_due_more_than_it_paid,
        {
            "capture_is_split_as_paid",
            "paid_is_what_was_offered",
            "paid_state_is_captured",
            "replay_is_stored",
        },
    ),
    (a_unit_on_the_shelf, {"lot_is_its_movements"}),
    (a_movement_lost, {"lot_is_its_movements"}),
    (
        an_allocation_let_go,
        {"lot_is_its_allocations", "movements_are_what_orders_hold"},
    ),
    (
        an_allocation_nobody_drew,
        {
            "allocations_are_what_was_drawn",
            "allocations_are_what_was_offered",
            "movements_are_what_orders_hold",
        },
    ),
    (a_unit_bound_to_an_order_that_left, {"allocation_has_a_holder"}),
    (a_lot_made_dearer, {"lot_costs_what_was_paid"}),
    (a_lot_of_something_else, {"stock_keeps_its_variant"}),
    (a_lot_of_another_item, {"good_units_are_lots"}),
    (a_receipt_counted_again, {"receipts_add_up"}),
    (a_unit_incoming_from_nowhere, {"stock_level_adds_up"}),
    (an_event_lost, {"sequence_without_gaps"}),
    (a_number_changed, {"replay_is_stored"}),
    (a_state_skipped, {"chart_is_followed"}),
    (
        an_order_shipped_without_checkout,
        {"checkout_is_as_far_as_paid", "nothing_ships_unpaid", "replay_is_stored"},
    ),
    (a_parcel_with_more_in_it, {"parcels_are_what_shipped"}),
    (more_cancelled_than_ordered, {"shipped_within_ordered", "replay_is_stored"}),
    (a_person_forgotten, {"order_has_its_contact"}),
    (a_tab_counted_twice, {"tab_counts_are_counts"}),
    (a_shop_s_order_forgotten, {"store_order_is_recorded"}),
    (a_line_that_no_shop_told, {"shop_gets_what_it_wants"}),
    (a_unit_wanted_more, {"shop_gets_what_it_wants"}),
    (
        a_line_there_twice,
        {
            "line_is_its_items",
            "replay_is_stored",
            "shop_gets_what_it_wants",
            "store_line_stands_once",
        },
    ),
    (another_thing_sent_than_paid, {"paid_is_what_was_offered"}),
    (a_part_out_of_number, {"parts_are_numbered", "replay_is_stored"}),
    (a_number_that_the_shop_was_not_told, {"parcel_told_as_it_is"}),
    (a_number_told_wrong, {"parcel_told_as_it_is"}),
    (
        a_push_forgotten,
        {"attempt_has_its_message", "attempt_is_its_sends", "no_push_is_lost"},
    ),
    (a_push_done_by_nobody, {"attempt_is_its_sends", "done_means_delivered"}),
    (a_push_tried_twice_at_a_time, {"one_live_attempt"}),
    (a_push_sent_under_another_key, {"attempt_has_its_key", "attempt_is_its_sends"}),
    (
        a_push_overtaken,
        {"attempt_is_its_sends", "delivered_in_order", "no_job_is_lost"},
    ),
    (a_pairing_forgotten, {"connected_skus_follow_connections"}),
    (a_connection_renamed, {"connected_skus_follow_connections", "replay_is_stored"}),
    (a_dispute_granted_more, {"dispute_was_paid", "replay_is_stored"}),
    (a_question_put_in_another_mouth, {"replay_is_stored"}),
]


def test_a_clean_database_is_clean():
    """
    Of a database with something of everything, every invariant is looked at and holds.
    """
    world = World()
    parcel_id = world.push("T1").subject
    fact = TrackingFact(
        parcel_id=parcel_id, key="k", status=TrackingStatus.CUSTOMS, happened_at=NOON
    )
    world.app.tracking.record("demo", [fact], by=CARRIER)
    world.app.erasing.erase_buyer("demo", world.served, by=STAFF)
    world.sent_again()
    world.returned()
    cup = world.bench.variants["CUP"]
    world.app.cloud.count("demo", "CN1", cup, 1, by=STAFF, refunds=True)
    world.app.wallets.give_goodwill(
        "demo",
        Money(5_00, "USD"),
        reference="late",
        reason=GoodwillReason.LATE,
        order_id=world.sent,
        by=STAFF,
    )
    world.app.wallets.take_back_goodwill("demo", "late", by=STAFF)
    report = world.app.audit.run(replay=True)

    assert () == report.violations
    assert EVERY_INVARIANT == {name for name, n in report.checked.items() if n > 0}
    assert report.is_clean


@pytest.mark.parametrize(
    ("corrupt", "named"), [pytest.param(c, n, id=c.__name__) for c, n in CORRUPTIONS]
)
def test_a_corruption_is_named(corrupt, named):
    """
    What was changed behind the API breaks exactly the invariants it should.
    """
    world = World()
    corrupt(world)
    report = world.app.audit.run(replay=True)

    assert named == {violation.invariant for violation in report.violations}
    assert not report.is_clean


def test_what_cannot_be_read_does_not_stop_it():
    """
    Of a parcel whose items nobody can read an audit names the order, and looks at the
    other checks of it and at the rest.
    """
    world = World()
    world.overwrite(PARCELS, items="[{}]")
    a_cent_in_the_wallet(world)
    a_person_forgotten(world)
    report = world.app.audit.run()

    named = {(v.invariant, v.subject, v.words) for v in report.violations}
    assert (
        "stored_can_be_read",
        f"demo: check_contents of order {world.sent}",
        "KeyError: 'item_id'; the rest of it was not looked at",
    ) in named
    assert {
        "stored_can_be_read",
        "wallet_is_its_entries",
        "order_has_its_contact",
    } == {v.invariant for v in report.violations}


@pytest.mark.parametrize("text", ["", "nonsense", "[" * 50_000])
def test_a_column_that_is_no_json_at_all_does_not_stop_it(text):
    """
    An empty text, words, or brackets without end are told, and the rest is looked at.
    """
    world = World()
    world.overwrite(STORES, config=text)
    a_cent_in_the_wallet(world)
    report = world.app.audit.run(replay=True)

    named = {violation.invariant for violation in report.violations}
    assert {"stored_can_be_read", "wallet_is_its_entries"} <= named


def test_a_state_nobody_knows_is_named():
    """
    Of an order in a state nobody knows an audit says so, and looks at the rest.
    """
    world = World()
    a_state_nobody_knows(world)
    a_cent_in_the_wallet(world)
    report = world.app.audit.run(replay=True)

    named = {violation.invariant for violation in report.violations}
    assert {"state_is_known", "chart_is_followed", "wallet_is_its_entries"} <= named


def test_what_is_found_is_told_to_programs_too():
    """
    A violation names the seller, and has the numbers that differ as facts.
    """
    world = World()
    a_cent_in_the_wallet(world)
    (found,) = world.app.audit.run().violations
    available = world.app.wallets.get("demo").available

    assert ("wallet_is_its_entries", "demo", "demo") == (
        found.invariant,
        found.seller_id,
        found.subject,
    )
    assert {
        "stored": [available, 0, 0],
        "computed": [available - 1, 0, 0],
    } == found.facts


def test_one_seller_s_trouble_is_not_another_s():
    """
    An audit of one seller says nothing of the others.
    """
    world = World()
    world.app.sellers.register("other", name="Other", currency="EUR")
    a_cent_in_the_wallet(world)

    assert world.app.audit.run(seller_id="other").is_clean
    assert not world.app.audit.run(seller_id="demo").is_clean
