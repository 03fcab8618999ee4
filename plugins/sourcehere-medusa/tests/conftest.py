"""
What the tests of shops on Medusa share.
"""

import pytest

pytest.register_assert_rewrite("sourcehere.testing")
