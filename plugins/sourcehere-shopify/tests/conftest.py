"""
What the tests of shops on Shopify share.
"""

import pytest

pytest.register_assert_rewrite("sourcehere.testing")

MANY = {"test_shopify_contract.py", "test_shopify_bulk.py"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Leave three of four cases of what fails on the wire to those who ask for all.
    """
    for item in items:
        if item.path.name in MANY:
            item.add_marker(pytest.mark.share(4))
