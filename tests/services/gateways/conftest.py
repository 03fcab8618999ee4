"""
A gateway, and a bench that is connected to it.
"""

import pytest
from payment_world import opened

from sourcehere.testing.fake_gateway import FakeGateway


@pytest.fixture
def cards():
    """
    Return a gateway that honours keys and finds by reference.
    """
    return FakeGateway()


@pytest.fixture
def bench(storage, cards, violations):
    """
    Return a bench that is connected to it; clean when the test ends.
    """
    yield from opened(storage, violations, cards)
