"""
What the tests of karrio's carriers share.
"""

import pytest

pytest.register_assert_rewrite("sourcehere.testing")
