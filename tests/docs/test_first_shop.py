"""
The guide to a first shop shows the plugin's own files, and the adapter is short.
"""

import ast
import re
from pathlib import Path

import pytest

from sourcehere.cli.new_plugin import run
from sourcehere.testing.kit import StoreContract

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"
ADAPTER = sorted((SHOP / "src").rglob("*.py"))
PAGE = ROOT / "docs" / "guides" / "first-shop.md"
FILES = re.findall(
    r"`(examples/shop/[^`]+)`:\n\n```\w+\n(.*?)\n```\n",
    PAGE.read_text("utf-8"),
    re.DOTALL,
)
FILLED_IN = {"src/sourcehere_corner/orders.py", "src/sourcehere_corner/shop.py"}
LINES_MAX = 120


@pytest.mark.parametrize(("name", "shown"), FILES, ids=[name for name, _ in FILES])
def test_the_guide_shows_the_file(name, shown):
    """
    Each snippet of the guide is the file it names, to the letter.
    """
    assert (ROOT / name).read_text("utf-8").rstrip() == shown


def test_the_guide_shows_what_is_filled_in():
    """
    And the server and the lab, which are changed.
    """
    changed = {*FILLED_IN, "tests/server.py", "tests/lab.py", "tests/test_contract.py"}

    assert {f"examples/shop/{name}" for name in changed} <= {name for name, _ in FILES}


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.suffix in (".py", ".toml", ".typed") and ".egg-info" not in str(path)
    }


def test_the_rest_is_as_it_was_written(tmp_path):
    """
    `sourcehere new-plugin store corner` writes every file, and two are filled in.
    """
    run("store", "corner", into=tmp_path)
    written, there = files_of(tmp_path / "sourcehere-corner"), files_of(SHOP)

    assert sorted(written) == sorted(there)
    assert FILLED_IN == {name for name in there if written[name] != there[name]}
    assert not [name for name in there if "NotImplementedError" in there[name]]


def lines_of(path):
    """
    Return the lines of code of a file: no blank ones, docstrings or comments.
    """
    text = path.read_text("utf-8")
    words = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node)
        for line in range(node.body[0].lineno, node.body[0].end_lineno + 1)
    }
    return [
        line
        for number, line in enumerate(text.splitlines(), start=1)
        if number not in words and line.strip() and not line.strip().startswith("#")
    ]


def test_an_adapter_is_short():
    """
    A shop with a plain API takes at most 120 lines, imports and all.
    """
    lines = {path.name: len(lines_of(path)) for path in ADAPTER}

    assert {"__init__.py", "config.py", "orders.py", "shop.py"} == set(lines)
    assert 60 < sum(lines.values()) <= LINES_MAX, lines
    assert f"It has {sum(lines.values())} lines of code" in PAGE.read_text("utf-8")


def test_the_guides_say_how_many_tests_there_are():
    """
    As many as the contract of shops has.
    """
    count = sum(name.startswith("test_") for name in dir(StoreContract))

    for page in (PAGE, PAGE.with_name("contracts.md")):
        assert f"{count} tests" in page.read_text("utf-8")
