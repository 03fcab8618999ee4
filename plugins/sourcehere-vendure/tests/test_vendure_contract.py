"""
What every shop promises, on a real Vendure.
"""

from typing import ClassVar

import pytest
from vendure_lab import VendureLab

from sourcehere.testing.kit import CancelContract, StoreContract


class TestVendure(StoreContract):
    """
    What every shop promises.
    """

    examples = 3
    test_a_key_that_was_put_right_is_past = None
    test_every_key_of_a_parcel_is_past = None
    left_out: ClassVar = dict.fromkeys(
        (
            "test_a_key_that_was_put_right_is_past",
            "test_every_key_of_a_parcel_is_past",
        ),
        "Vendure takes no keys: a parcel is known by its number alone, and one that was"
        " put right is no parcel any more",
    )

    @pytest.fixture(autouse=True)
    def _server(self, vendure):
        self._vendure = vendure

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return VendureLab(self._vendure)


class TestCancelling(CancelContract):
    """
    The contract of cancelling.
    """

    @pytest.fixture(autouse=True)
    def _server(self, vendure):
        self._vendure = vendure

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return VendureLab(self._vendure)
