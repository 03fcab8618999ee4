"""
The contract of tracking, with each fault of the line.
"""

from typing import ClassVar

from track17_lab import Track17Lab

from sourcehere import IncidentReason, TrackingStatus
from sourcehere.testing.kit import TrackingContract, TrackingWebhookContract


class TestTrack17(TrackingContract):
    """
    On a server in memory.
    """

    incidents = (
        (TrackingStatus.CUSTOMS, IncidentReason.CUSTOMS_PAPERS),
        (TrackingStatus.DELIVERY_FAILED, IncidentReason.RECIPIENT_ABSENT),
        (TrackingStatus.DELIVERY_FAILED, IncidentReason.ADDRESS),
        (TrackingStatus.IN_TRANSIT, IncidentReason.DAMAGED),
    )

    def make_lab(self):
        """
        Numbers are registered already.
        """
        return Track17Lab()


class _NewLab(Track17Lab):
    def announced(self):
        return super().announced(registered=False)


class TestUnregistered(TestTrack17):
    """
    The same where the adapter registers each number itself.
    """

    def make_lab(self):
        """
        Nobody has registered any.
        """
        return _NewLab()


class TestTrack17Webhooks(TrackingWebhookContract):
    """
    What it posts of numbers.
    """

    test_a_ping_is_about_none = None
    left_out: ClassVar = {
        "test_a_ping_is_about_none": "17TRACK posts nothing that is about no number",
    }

    def make_lab(self):
        """
        Make an account.
        """
        return Track17Lab()
