"""
What the tests of shops on Shopify share.
"""

import pytest

pytest.register_assert_rewrite("sourcehere.testing")
