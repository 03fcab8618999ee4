"""
The guide to a first plugin shows the plugin's own files.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guides" / "first-plugin.md"
FILES = re.findall(
    r"`(examples/carrier/[^`]+)`:\n\n```\w+\n(.*?)\n```\n",
    PAGE.read_text("utf-8"),
    re.DOTALL,
)


@pytest.mark.parametrize(("name", "shown"), FILES, ids=[name for name, _ in FILES])
def test_the_guide_shows_the_file(name, shown):
    """
    Each snippet of the guide is the file it names, to the letter.
    """
    assert (ROOT / name).read_text("utf-8").rstrip() == shown


def test_every_file_of_the_plugin_is_shown():
    """
    The guide leaves no file of the plugin out.
    """
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "examples" / "carrier").rglob("*")
        if path.suffix in (".py", ".toml")
        if "egg-info" not in path.as_posix()
    }

    assert files == {name for name, _ in FILES}
