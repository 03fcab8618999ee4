"""
Every test of a service ends with an audit that finds nothing.
"""

import pytest

from sourcehere.testing.factories import open_bench


@pytest.fixture
def bench(storage, violations):
    """
    A bench with money and goods but no connection; clean when the test ends.
    """
    yield from audited(open_bench(storage=storage), violations)


@pytest.fixture
def paired(storage, violations):
    """
    A bench whose shop sells cups, hats and lamps that are connected; clean at the end.
    """
    connected = ("CUP", "HAT", "LAMP")
    yield from audited(open_bench(storage=storage, connected=connected), violations)


def audited(bench, violations):
    """
    Lend a bench, which is clean when the test ends.
    """
    yield bench
    assert () == violations(bench)
