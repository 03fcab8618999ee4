"""
What the tests of shops on Medusa share.
"""

import pytest

pytest.register_assert_rewrite("sourcehere.testing")

from collections.abc import Iterator  # noqa: E402 - rewritten from here on

from medusa_process import RealMedusa, installed  # noqa: E402


@pytest.fixture(scope="session")
def medusa(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str
) -> Iterator[RealMedusa]:
    """
    Start one server, which all tests of this process use one after the other.
    """
    folder = tmp_path_factory.mktemp("medusa")
    server = RealMedusa(installed(), folder, postgres_server)
    yield server
    server.stop()
