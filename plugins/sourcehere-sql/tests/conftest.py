"""
What the tests of migrations share.
"""

import pytest


@pytest.fixture
def folder(tmp_path):
    """
    Return an empty folder of migrations that follow the package's own.
    """
    made = tmp_path / "versions"
    made.mkdir()
    (made / "__init__.py").write_text('"""\nMore migrations.\n"""\n')
    return made
