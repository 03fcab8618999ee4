"""
The contract of tracking, on an adapter that keeps it.
"""

import pytest

from sourcehere.testing.kit import (
    ServerTracker,
    TrackingContract,
    TrackingServer,
    TrackingWebhookContract,
)


class TestServerTracker(TrackingContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return TrackingServer(ServerTracker)


class TestServerTrackerWebhooks(TrackingWebhookContract):
    """
    What the same server posts.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return TrackingServer(ServerTracker)


class Seen:
    """
    A lab of which some methods only are to be seen.
    """

    def __init__(self, *names):
        self._lab, self._names = TrackingServer(ServerTracker), names

    def __getattr__(self, name):
        """
        Return what may be seen.
        """
        if name not in {"line", "connect", "announced", *self._names}:
            raise AttributeError(name)
        return getattr(self._lab, name)


class TestLabsOfWebhooks:
    def test_a_lab_of_both_contracts_says_a_webhook_once(self):
        """
        What it has for the contract of webhooks is enough for that of tracking.
        """
        contract = TrackingContract()
        contract.test_a_webhook_names_its_number(Seen("told"))
        contract.test_a_webhook_that_was_changed_is_refused(Seen("told"))

    def test_a_lab_without_is_told_what_it_needs(self):
        """
        Its adapter takes webhooks, so that somebody has to make one.
        """
        with pytest.raises(pytest.fail.Exception) as ei:
            TrackingContract().test_a_webhook_names_its_number(Seen())

        assert "the lab needs `webhook(number)` (`HintingLab`)" in str(ei.value)
