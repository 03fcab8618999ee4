"""
Every state of a refund and of a checkout.
"""

from ..kernel.deadlines import Deadline
from ..kernel.machine import State, StateTable


class RefundChart(StateTable):
    """
    Decided, on its way, and arrived or not.
    """

    decided = State(initial=True)
    pending = State()
    succeeded = State(final=True)
    failed = State()

    # The money is on its way; to the wallet it arrives in the same commit.
    send = decided.to(pending) | failed.to(pending)
    succeed = pending.to(succeeded)
    # Try again, or take another target.
    fail = pending.to(failed)


class CheckoutChart(StateTable):
    """
    Open until it is paid or its time is over.
    """

    open = State(initial=True)
    paid = State(final=True)
    expired = State(final=True)

    # Paying some of its orders leaves it open for the others.
    pay_some = open.to(open)
    pay_rest = open.to(paid)
    expire = open.to(expired)


DECIDED: str = RefundChart.decided.value
SUCCEEDED: str = RefundChart.succeeded.value
OPEN: str = CheckoutChart.open.value
PAID: str = CheckoutChart.paid.value

# Prices hold up to and including their last moment.
EXPIRES_AT = Deadline(
    name="expires_at",
    whose="checkout",
    command="expire",
    what="expire_checkout",
    states=frozenset({OPEN}),
    is_inclusive=True,
)
