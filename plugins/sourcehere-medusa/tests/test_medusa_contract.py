"""
What every shop promises, on a Medusa in memory.
"""

from typing import ClassVar

from medusa_lab import MedusaLab

from sourcehere.testing.kit import CancelContract, StoreContract


class TestMedusa(StoreContract):
    """
    The contract.
    """

    test_a_key_that_was_put_right_is_past = None
    left_out: ClassVar = {
        "test_a_key_that_was_put_right_is_past": (
            "Medusa takes no keys: whichever number a parcel is told with last is its"
            " number"
        ),
    }

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
