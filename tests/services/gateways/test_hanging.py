"""
A gateway that does not come back is waited for no longer than the limit.
"""

import threading
from datetime import timedelta

from payment_world import balances, opened, rounds, top_up, wallet

from sourcehere import Settings
from sourcehere.testing.fake_gateway import FakeGateway


def test_a_gateway_that_hangs_is_given_up(storage, violations):
    """
    It had charged the card, and that is found.
    """
    is_over = threading.Event()
    cards = FakeGateway()
    cards.when_asked = lambda call: call == "capture" and is_over.wait(20)
    settings = Settings(payment_within=timedelta(seconds=0.3))
    for bench in opened(storage, violations, cards, settings):
        paid = top_up(bench)
        assert ("unknown", "TimedOutError") == (paid.state, paid.error.split(":")[0])
        assert (1_00, 0, 0) == balances(bench)
        is_over.set()
        rounds(bench)

        assert "captured" == wallet(bench).attempt(paid.attempt_id).state
        assert (51_00, 0, 0) == balances(bench)
