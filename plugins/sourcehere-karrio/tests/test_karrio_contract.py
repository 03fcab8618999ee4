"""
What every carrier promises, on EasyPost by karrio.
"""

from typing import ClassVar

from karrio_lab import WORDS, KarrioLab

from sourcehere.testing.kit import FreightContract, LabelsContract, TrackingContract


class TestQuotes(FreightContract):
    """
    The contract of freight.
    """

    def make_lab(self):
        """
        Make an account.
        """
        return KarrioLab()


class TestLabels(LabelsContract):
    """
    The contract of labels.
    """

    test_there_is_a_way_to_find_out = None
    test_one_label_is_sold_whatever_failed = None
    test_a_failure_is_no_file = None
    left_out: ClassVar = {
        "test_there_is_a_way_to_find_out": "karrio passes on neither a key nor a search"
        " by reference: a person finds out",
        "test_one_label_is_sold_whatever_failed": "it looks up what failed; that a"
        " failure behind a sale is never told as a refusal is held by"
        " test_karrio_buying.py",
        "test_a_failure_is_no_file": "the file came with the label and is kept here:"
        " nobody is asked",
    }

    def make_lab(self):
        """
        Make an account.
        """
        return KarrioLab()


class TestTracking(TrackingContract):
    """
    The contract of tracking, in the words that EasyPost has.
    """

    statuses = tuple(WORDS)
    incidents = ()  # karrio reads none of EasyPost's; test_karrio_tracking.py has all

    def make_lab(self):
        """
        Make an account.
        """
        return KarrioLab()
