"""
The contract of allocation policies, on those that are built in.
"""

from sourcehere.builtin.policies import (
    FillAll,
    FillAvailable,
    FillOrKill,
    SplitAvailable,
)
from sourcehere.testing.kit import PolicyContract


class TestFillAvailable(PolicyContract):
    """
    From one warehouse.
    """

    def make_policy(self):
        """
        Make it.
        """
        return FillAvailable()


class TestSplitAvailable(PolicyContract):
    """
    From as many as it takes.
    """

    def make_policy(self):
        """
        Make it.
        """
        return SplitAvailable()


class TestFillAll(PolicyContract):
    """
    From one that has all of it, or none.
    """

    def make_policy(self):
        """
        Make it.
        """
        return FillAll()


class TestFillOrKill(PolicyContract):
    """
    From one that has all of it, or not at all.
    """

    def make_policy(self):
        """
        Make it.
        """
        return FillOrKill()
