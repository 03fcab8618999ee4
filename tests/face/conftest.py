"""
A seller with money, goods, and a shop; seen through the face.
"""

import pytest

from sourcehere.testing.factories import open_bench


@pytest.fixture
def bench(storage, violations):
    """
    Return a bench whose shop sells cups and hats that are connected.
    """
    made = open_bench(storage=storage, connected=("CUP", "HAT"))
    yield made
    assert () == violations(made)


@pytest.fixture
def shop(bench):
    """
    Return the seller's own desk.
    """
    return bench.sh.seller("demo")


@pytest.fixture
def ann(bench):
    """
    Return the seller's desk, at which staff work.
    """
    return bench.sh.staff("ann").seller("demo")
