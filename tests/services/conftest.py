"""
Every test of a service ends with an audit that finds nothing.
"""

import pytest

from sourcehere.testing.factories import open_bench


@pytest.fixture
def bench(storage):
    """
    A bench with money and goods but no connection; clean when the test ends.
    """
    made = open_bench(storage=storage)
    yield made
    assert () == made.app.audit.run(replay=True).violations


@pytest.fixture
def paired(bench):
    """
    A bench whose shop sells cups, hats and lamps that are connected.
    """
    for sku in ("CUP", "HAT", "LAMP"):
        bench.connect(bench.rule(sku))
    return bench
