"""
Every state a quote request can have.
"""

from ..kernel.deadlines import Deadline
from ..kernel.machine import State, StateTable


class QuoteRequestChart(StateTable):
    """
    A seller asks, staff quote, the seller decides.
    """

    new = State(initial=True)
    open = State()
    quoted = State()
    accepted = State(final=True)
    declined = State(final=True)
    expired = State(final=True)
    unavailable = State(final=True)
    withdrawn = State(final=True)

    # The seller asks; or staff answer unasked, say after a chat.
    ask = new.to(open)
    answer = open.to(quoted) | new.to(quoted)
    revise = quoted.to(quoted)
    # Accepting connects the product; all waiting orders are tried again.
    accept = quoted.to(accepted)
    decline = quoted.to(declined)
    expire = quoted.to(expired)
    # No source was found.
    give_up = open.to(unavailable)
    withdraw = open.to(withdrawn) | quoted.to(withdrawn)


OPEN: str = QuoteRequestChart.open.value
QUOTED: str = QuoteRequestChart.quoted.value
ACCEPTED: str = QuoteRequestChart.accepted.value

# Somebody promised to have answered by now.
QUOTE_BY = Deadline(
    name="quote_by",
    whose="quote",
    command="mark_overdue",
    what="mark_overdue_quote",
    states=frozenset({OPEN}),
)

# A quote is valid up to and including its last moment.
VALID_UNTIL = Deadline(
    name="valid_until",
    whose="quote",
    command="expire",
    what="expire_quote",
    states=frozenset({QUOTED}),
    is_inclusive=True,
)
