"""
The contract of tracking, on an adapter that keeps it.
"""

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
