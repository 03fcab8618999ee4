"""
What every shop promises, on a real Vendure.
"""

import pytest
from vendure_lab import VendureLab

from sourcehere.testing.kit import CancelContract, StoreContract


class TestVendure(StoreContract):
    """
    What every shop promises.
    """

    examples = 3

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
