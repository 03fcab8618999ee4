"""
What the tests of shops on WooCommerce share.
"""

import pytest

pytest.register_assert_rewrite("sourcehere.testing")
