"""
What the tests of shops on Vendure share.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("sourcehere.testing")

from vendure_customer import SET_UP, merchant  # noqa: E402 - rewritten from here on
from vendure_lab import VendureLab  # noqa: E402
from vendure_process import VendureServer, installed  # noqa: E402

HERE = Path(__file__).parent
# Vendure takes a tenth of a second for each of a hundred variants that is added.
LONG = {
    "test_a_product_of_many_variants_is_whole",
    "test_a_page_of_a_hundred_is_read",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Leave the longest tests of products to those who ask for long ones, and three of
    four cases of the others to those who ask for all: each speaks to a real server.
    """
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.share(4))
        if item.path.name == "test_vendure_products.py" and item.name in LONG:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session")
def vendure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VendureServer]:
    """
    Start one server, which all tests of this process use one after the other.
    """
    server = VendureServer(installed(), tmp_path_factory.mktemp("vendure"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shop_is_set_up(vendure: VendureServer) -> None:
    """
    Let the merchant say where is sent to, how, and how it is paid.
    """
    merchant(vendure).ask(SET_UP)


@pytest.fixture
def lab(vendure: VendureServer) -> VendureLab:
    """
    Return a shop without orders.
    """
    return VendureLab(vendure)
