"""
The one table of what is mended how: every invariant of the audit is in it.

Remedies are tried stage by stage, and the audit is asked again after each: what is made
of events comes first, what is counted over everything comes last.
"""

from collections.abc import Callable

from ...domain.kernel.values import frozen
from ..audit.findings import Violation
from . import jobs, money, platform, pushes, selling, stock, streams
from .advice import ADVICE
from .draft import Draft

Remedy = Callable[[Draft, Violation], None]


@frozen
class Step:
    """
    One way to mend what an invariant names, and when it is tried.
    """

    stage: int
    do: Remedy


@frozen
class Answer:
    """
    What is done about findings of one invariant.

    Attributes:
        steps: How they are mended; none where nothing can be derived.

        advice: What a person does about those that are left.
    """

    steps: tuple[Step, ...]
    advice: str


_ROWS, _FOLLOWING, _SUMS, _OWED, _LAST = STAGES = range(5)
_STEPS: dict[str, tuple[Step, ...]] = {
    # Rows that events make.
    "replay_is_stored": (Step(_ROWS, streams.rewrite_from_events),),
    "sequence_without_gaps": (Step(_ROWS, streams.rewrite_from_events),),
    "stream_has_its_row": (Step(_ROWS, streams.rewrite_from_events),),
    "stored_can_be_read": (Step(_ROWS, money.make_wallet),),
    # Rows that follow from other rows.
    "columns_follow_their_row": (Step(_FOLLOWING, selling.recompute),),
    "connected_skus_follow_connections": (Step(_FOLLOWING, selling.follow_connection),),
    "store_order_is_recorded": (Step(_FOLLOWING, selling.name_parts),),
    "order_marks_its_parcels": (Step(_FOLLOWING, selling.follow_marks),),
    "parcel_is_where_its_tracking_says": (Step(_FOLLOWING, selling.follow_tracking),),
    "ledger_moves_as_its_purpose": (Step(_FOLLOWING, money.take_back),),
    "money_is_the_seller_s_currency": (Step(_FOLLOWING, money.set_currency),),
    "lot_is_its_movements": (Step(_FOLLOWING, stock.add_up_movements),),
    "lot_is_where_it_was_counted": (Step(_FOLLOWING, stock.put_where_counted),),
    "stock_keeps_its_variant": (Step(_FOLLOWING, stock.be_what_was_bought),),
    "product_is_found_by_its_words": (Step(_FOLLOWING, platform.find_by_word),),
    "variant_is_found_by_its_sku": (Step(_FOLLOWING, platform.find_by_sku),),
    "circuit_is_of_a_connection": (Step(_FOLLOWING, platform.forget_circuit),),
    "circuit_rests_briefly": (Step(_FOLLOWING, platform.forget_circuit),),
    "worker_lived_forward": (Step(_FOLLOWING, platform.forget_worker),),
    # Sums of those.
    "wallet_is_its_entries": (Step(_SUMS, money.set_wallet),),
    "lot_costs_what_was_paid": (Step(_SUMS, stock.cost_what_was_paid),),
    "movements_are_what_orders_hold": (Step(_SUMS, stock.follow_movements),),
    "stock_level_adds_up": (Step(_SUMS, stock.set_level),),
    "checkout_is_as_far_as_paid": (Step(_SUMS, money.follow_orders),),
    "checkout_is_its_orders": (Step(_SUMS, money.add_up_plans),),
    "push_says_what_its_key_names": (Step(_SUMS, pushes.right_the_push),),
    "push_has_its_order": (Step(_SUMS, pushes.right_the_push),),
    "attempt_is_its_sends": (Step(_SUMS, pushes.write_attempt),),
    # What is owed.
    "no_push_is_lost": (Step(_OWED, pushes.write_push),),
    "no_job_is_lost": (Step(_OWED, jobs.ask_again),),
    "done_means_delivered": (Step(_OWED, pushes.end_delivered),),
    "lease_is_short": (Step(_OWED, pushes.end_lease),),
    "waiting_is_short": (Step(_OWED, pushes.be_due),),
    "state_is_known": (Step(_OWED, pushes.know_state),),
    # What counts all of it, or waits for it.
    "superseded_means_told_anew": (Step(_LAST, pushes.tell_anew),),
    "allocation_refunds_add_up": (Step(_LAST, stock.follow_refunds),),
    "tab_counts_are_counts": (Step(_LAST, selling.count_tab),),
}

ANSWERS: dict[str, Answer] = {
    name: Answer(_STEPS.get(name, ()), advice) for name, advice in ADVICE.items()
}
