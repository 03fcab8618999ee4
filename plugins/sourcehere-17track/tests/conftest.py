"""
What the tests of 17TRACK share.
"""

import pytest

pytest.register_assert_rewrite("sourcehere.testing")
