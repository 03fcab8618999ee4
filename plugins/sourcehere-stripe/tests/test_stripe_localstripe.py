"""
What every gateway promises, on localstripe: a server that others wrote.
"""

import pytest
from localstripe_lab import LocalStripeLab

from sourcehere.testing.kit import PaymentContract


class TestLocalStripe(PaymentContract):
    """
    The contract.
    """

    @pytest.fixture(autouse=True)
    def _server(self, localstripe):
        self._localstripe = localstripe

    def make_lab(self):
        """
        Make an account without payments.
        """
        return LocalStripeLab(self._localstripe)

    def test_the_key_can_be_tried(self, gateway):
        """
        Everything that is read can be read.
        """
        gateway.check()
