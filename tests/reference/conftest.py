"""
The bench that the text's stories are told on.
"""

import pytest

from sourcehere.testing.factories import open_bench


@pytest.fixture
def bench():
    """
    A bench with money and goods but no connection; clean when the test ends.
    """
    made = open_bench()
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
