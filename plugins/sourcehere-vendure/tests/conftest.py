"""
What the tests of shops on Vendure share.
"""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("sourcehere.testing")

from vendure_lab import VendureLab  # noqa: E402 - rewritten from here on
from vendure_process import VendureServer, installed  # noqa: E402


@pytest.fixture(scope="session")
def vendure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VendureServer]:
    """
    Start one server, which all tests of this process use one after the other.
    """
    server = VendureServer(installed(), tmp_path_factory.mktemp("vendure"))
    yield server
    server.stop()


@pytest.fixture
def lab(vendure: VendureServer) -> VendureLab:
    """
    Return a shop without orders.
    """
    return VendureLab(vendure)
