"""
What every shop promises, on a Medusa in memory.
"""

from medusa_lab import MedusaLab

from sourcehere.testing.kit import CancelContract, StoreContract


class TestMedusa(StoreContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return MedusaLab()


class TestCancelling(CancelContract):
    """
    The contract of cancelling.
    """

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return MedusaLab()
