"""
What every test can use, here and in the plugins.
"""

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("sourcehere.testing")

from sourcehere.testing.postgres import (  # noqa: E402 - after the registration
    postgres_server,
    postgres_url,
)

__all__ = ["postgres_server", "postgres_url", "sqlite_url"]

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


@pytest.fixture
def sqlite_url(tmp_path):
    """
    Give the URL of a database file that does not exist yet.
    """
    return f"sqlite:///{tmp_path}/orders.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """
    Give the URL of an empty database of each kind.
    """
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return request.getfixturevalue(kind)
