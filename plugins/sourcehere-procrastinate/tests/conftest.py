"""
What the tests of this plugin share.
"""

import pytest
from proc_host import Host


@pytest.fixture
def host(postgres_url, tmp_path):
    """
    A host on an empty database, with the tables of procrastinate.
    """
    made = Host(postgres_url, tmp_path)
    app, _ = made.app()
    with app.open():
        app.schema_manager.apply_schema()
    return made
