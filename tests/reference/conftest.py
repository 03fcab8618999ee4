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
    yield from audited(open_bench())


@pytest.fixture
def paired():
    """
    A bench whose shop sells cups, hats and lamps that are connected; clean at the end.
    """
    yield from audited(open_bench(connected=("CUP", "HAT", "LAMP")))


def audited(bench):
    """
    Lend a bench, which is clean when the test ends.
    """
    yield bench
    assert () == bench.app.audit.run(replay=True).violations
