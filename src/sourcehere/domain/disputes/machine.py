"""
Every state a dispute can have.
"""

from ..kernel.deadlines import Deadline
from ..kernel.machine import State, StateTable


class DisputeChart(StateTable):
    """
    The seller asks, staff look, and somebody ends it.
    """

    new = State(initial=True)
    open = State()
    under_review = State()
    awaiting_seller = State()
    offered = State()
    resolved = State(final=True)
    rejected = State(final=True)
    withdrawn = State(final=True)
    expired = State(final=True)

    submit = new.to(open)
    # Somebody of staff takes it on.
    take = open.to(under_review)
    # Staff want to know more, and the seller tells.
    ask = under_review.to(awaiting_seller)
    answer = awaiting_seller.to(under_review)
    offer = under_review.to(offered) | awaiting_seller.to(offered)
    counter = offered.to(under_review)
    accept = offered.to(resolved)
    # What was asked for is granted.
    grant = under_review.to(resolved)
    reject = under_review.to(rejected) | awaiting_seller.to(rejected)
    withdraw = (
        open.to(withdrawn)
        | under_review.to(withdrawn)
        | awaiting_seller.to(withdrawn)
        | offered.to(withdrawn)
    )
    # The seller never answered.
    expire = awaiting_seller.to(expired) | offered.to(expired)


# States in which it is not decided yet.
OPEN_STATES = (
    frozenset(DisputeChart.state_names())
    - DisputeChart.ending_states()
    - {DisputeChart.new.value}
)

# The states that wait for staff.
OPEN: str = DisputeChart.open.value
UNDER_REVIEW: str = DisputeChart.under_review.value

# The seller has to answer, or the dispute ends.
ANSWER_BY = Deadline(
    name="answer_by",
    whose="dispute",
    command="expire",
    what="expire_dispute",
    states=frozenset({DisputeChart.awaiting_seller.value, DisputeChart.offered.value}),
)

# Staff promised to ask, offer or end it by now.
REVIEW_BY = Deadline(
    name="review_by",
    whose="dispute",
    command="mark_overdue",
    what="mark_overdue_dispute",
    states=frozenset({OPEN, UNDER_REVIEW}),
)

# Ends that gave the seller nothing, and that were not the seller's own wish.
ENDED_AGAINST = frozenset({DisputeChart.rejected.value, DisputeChart.expired.value})

RESOLVED: str = DisputeChart.resolved.value
