"""
What the tests of Stripe share.
"""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("sourcehere.testing")

from localstripe_process import LocalStripe  # noqa: E402 - rewritten from here on


@pytest.fixture(scope="session")
def localstripe() -> Iterator[LocalStripe]:
    """
    Start one server, which all tests of this process use one after the other.
    """
    server = LocalStripe()
    yield server
    server.stop()
