"""
Whatever was planted: the plan moves nothing, doing it mends what it said and no more,
and history only grows.
"""

from contextlib import suppress

import pytest
import test_corruption
import test_planted
import test_planted_more
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import World

from sourcehere import SourceHereError
from sourcehere.testing.factories import dump
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.effects import ATTEMPTS, SENDS
from sourcehere.unit.tables.events import EVENTS
from sourcehere.unit.tables.repairs import REPAIRS
from sourcehere.unit.tables.shipments import TRACKING_EVENTS
from sourcehere.unit.tables.wallet import LEDGER, REFUNDS, TOP_UPS
from sourcehere.unit.tables.warehouse import MOVEMENTS, RECEIPTS

HISTORY = [
    records.table
    for records in (
        EVENTS,
        LEDGER,
        MOVEMENTS,
        SENDS,
        ATTEMPTS,
        RECEIPTS,
        REFUNDS,
        TOP_UPS,
        TRACKING_EVENTS,
        REPAIRS,
    )
]
# What cannot be derived from anything: a person has to look.
FOR_A_PERSON = {
    "a_credit_of_another_amount",
    "a_credit_lost",
    "a_credit_taken_back_by_nobody",
    "a_credit_booked_for_something_else",
    "a_credit_for_no_order",
    "a_count_lost",
    "a_count_of_another_number",
    "a_lot_of_another_order_s_units",
    "a_lot_of_more_than_came_back",
    "a_call_for_help_about_no_order",
    "a_call_for_help_that_nobody_needs",
    "a_buyer_half_forgotten",
    "a_title_altered_behind_a_change",
    "a_fee_that_a_warehouse_pays",
    "a_refund_to_somewhere_else",
    "a_shop_s_order_to_another_customer",
    "a_capture_of_another_order",
    "a_capture_split_wrongly",
    "a_checkout_lost",
    "a_line_that_no_shop_told",
    "a_local_movement_lost",
    "a_local_unit_of_an_order_that_was_not_served",
    "a_local_unit_that_nobody_moved",
    "a_local_unit_that_never_left",
    "a_lot_lost",
    "a_lot_of_another_item",
    "a_movement_for_another_order",
    "a_movement_lost",
    "a_note_about_nothing",
    "a_conversation_about_nothing",
    "a_message_lost",
    "a_message_that_nobody_said",
    "a_number_that_the_shop_was_not_told",
    "a_number_told_wrong",
    "a_parcel_lost",
    "a_parcel_with_more_in_it",
    "a_person_forgotten",
    "a_product_lost",
    "a_push_done_by_nobody",
    "a_push_of_a_replaced_parcel_with_another_number",
    "a_push_overtaken",
    "a_push_sent_under_another_key",
    "a_push_tried_twice_at_a_time",
    "a_receipt_counted_again",
    "a_receipt_lost",
    "a_receipt_of_another_warehouse",
    "a_refund_against_another_capture",
    "a_refund_booked_for_another",
    "a_refund_forgotten",
    "a_refund_in_another_currency",
    "a_refund_naming_another_dispute",
    "a_refund_naming_no_dispute",
    "a_refund_of_another_order",
    "a_refund_taken_back",
    "a_refund_with_a_part_too_many",
    "a_salesman_whom_nobody_knows",
    "a_seller_of_another_currency",
    "a_seller_s_row_gone",
    "a_send_lost",
    "a_send_of_no_attempt",
    "a_send_that_was_answered_otherwise",
    "a_send_too_many",
    "a_send_under_another_key",
    "a_shop_s_order_forgotten",
    "a_state_skipped",
    "a_store_lost",
    "a_top_up_in_another_currency",
    "a_top_up_made_bigger",
    "a_top_up_nobody_recorded",
    "a_tracking_event_lost",
    "a_tracking_event_of_no_parcel",
    "a_transaction_in_another_currency",
    "a_unit_bound_to_an_order_that_left",
    "a_unit_more_received_with_its_movement",
    "a_unit_wanted_more",
    "a_variant_lost",
    "a_warehouse_lost",
    "a_word_of_a_buyer_left_behind",
    "a_word_of_a_buyer_lost",
    "a_word_of_the_buyer_of_no_order",
    "a_whole_transaction_lost",
    "an_entry_of_one_side",
    "an_event_lost",
    "an_event_of_another_kind_of_stream",
    "an_offer_that_draws_on_another_lot",
    "an_offer_with_other_units_from_stock",
    "an_older_address_lost",
    "another_thing_sent_than_paid",
    "goods_refunded_booked_as_handling",
    "what_was_paid_told_otherwise_by_its_event",
}
# Some of it is mended, the rest is for a person.
IN_PART = {"more_freight_refunded_than_was_paid"}
CORRUPTIONS = [
    *test_planted.PLANTED,
    *test_planted_more.PLANTED,
    *(corrupt for corrupt, _ in test_corruption.CORRUPTIONS),
]


def names(findings):
    """
    Return what findings name, each once.
    """
    return {(f.seller_id, f.invariant, f.subject) for f in findings}


def everything(world):
    """
    Return every row of every table.
    """
    return dump(world.app.storage, TABLES)


def history(world):
    """
    Return the rows that are never changed, by table.
    """
    return {name: set(rows) for name, rows in dump(world.app.storage, HISTORY).items()}


@pytest.mark.parametrize("corrupt", CORRUPTIONS, ids=lambda one: one.__name__)
def test_what_was_planned_is_done_and_no_more(corrupt):
    """
    After it the audit names exactly what the plan left to a person.
    """
    world = World()
    corrupt(world)
    planted, past = everything(world), history(world)

    plan = world.app.repairing.plan()
    assert everything(world) == planted
    assert plan.found == len(world.app.audit.run(replay=True).violations)
    name = corrupt.__name__
    assert bool(plan.left) == (name in FOR_A_PERSON | IN_PART)
    assert plan.is_empty == (name in FOR_A_PERSON)
    assert all(finding.advice and finding.words for finding in plan.left)

    done = world.bench.sh.staff("ann").repair.do(plan, reason="a test")
    named = world.app.audit.run(replay=True).violations
    assert names(plan.left) == names(named)
    after = history(world)
    assert all(past[table] <= after[table] for table in past)
    assert [(c.table_name, c.row_key, c.before, c.after) for c in plan.changes] == [
        (r.table_name, r.row_key, r.before, r.after) for r in done.repairs
    ]

    mended = everything(world)
    assert done == world.bench.sh.staff("ann").repair.do(plan, reason="a test")
    assert world.app.repairing.plan().is_empty
    assert everything(world) == mended


@settings(max_examples=40)
@given(st.lists(st.sampled_from(CORRUPTIONS), min_size=2, max_size=5, unique=True))
def test_several_at_once_are_repaired_as_planned(corruptions):
    """
    Whatever is spoiled together, what is done is what was planned, and it is all that
    can be done; a corruption that finds nothing any more to spoil does nothing.
    """
    world = World()
    for corrupt in corruptions:
        with suppress(StopIteration, LookupError, ValueError, SourceHereError):
            corrupt(world)
    past = history(world)
    plan = world.app.repairing.plan()
    world.bench.sh.staff("ann").repair.do(plan, reason="a test")
    after = history(world)

    assert names(plan.left) == names(world.app.audit.run(replay=True).violations)
    assert all(past[table] <= after[table] for table in past)
    assert world.app.repairing.plan().is_empty
