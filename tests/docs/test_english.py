"""
Docstrings say plainly what a caller gets.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("src", "plugins", "docs", "examples", "benchmarks", "tests")
    for path in (ROOT / folder).rglob("*.py")
)
# The page about the commands shows their own words; the reference text is not ours.
PAGES = sorted(
    page
    for page in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    if page.name not in ("cli.md", "reference-text.md")
)
# "Tell whether" is plain enough, and stays.
RIDDLES = r"none means go|the same again is nothing|fails for itself|\bMean a draft"
DOCSTRING = re.compile(rf"\AGives? (?!up\b)|{RIDDLES}")
ANYWHERE = re.compile(rf"\bGives? |{RIDDLES}")


def docstrings(path):
    """
    Yield every docstring of a file, with the line it stands in; none of a file that has
    nothing of what is looked for, which takes a tenth of the time to see.
    """
    text = path.read_text("utf-8")
    if not ANYWHERE.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            words = ast.get_docstring(node)
            if words:
                yield node.body[0].lineno, words


def in_folders():
    """
    Group the files by their folder, so that a failure names a handful of files.
    """
    folders = sorted({path.parent for path in FILES})
    return [pytest.param(f, id=f.relative_to(ROOT).as_posix()) for f in folders]


@pytest.mark.parametrize("folder", in_folders())
def test_docstrings_are_plain(folder):
    """
    No docstring begins with "Give", where it means "Return", and none is a riddle.
    """
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words.splitlines()[0]}"
        for path in FILES
        if path.parent == folder
        for line, words in docstrings(path)
        if DOCSTRING.search(words)
    ]

    assert [] == found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_are_plain(page):
    """
    No page has a riddle, in its text or in what it shows of docstrings.
    """
    assert [] == re.findall(RIDDLES, page.read_text("utf-8"))
