"""
Each claim of docs/security.md, and each fault of docs/reliability.md, names a test that
exists.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
CLAIMS = re.findall(r"^- (.+)\n((?:  .+\n)+)", PAGE, re.MULTILINE)
NAMES = re.findall(r"\*Held by\* `(.+?)`\.", PAGE)
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text("utf-8")
FAULTS = re.findall(r"^\| (?!fault |---)(.+) \|$", RELIABILITY, re.MULTILINE)


def named_in(path):
    """
    List the tests in a file, as pytest calls them.
    """
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef)
            }
    return {name for name in found if name.split("::")[-1].startswith("test_")}


def test_each_claim_names_its_test():
    """
    No claim stands there without a test, and none names two.
    """
    bullets = re.findall(r"^- ", PAGE, re.MULTILINE)

    assert len(CLAIMS) > 30
    assert len(bullets) == len(CLAIMS) == len(NAMES)
    for claim, rest in CLAIMS:
        assert rest.startswith("  *Held by* `"), claim


@pytest.mark.parametrize("row", FAULTS)
def test_each_fault_names_its_test(row):
    """
    A row of docs/reliability.md says how it is injected, and which test does it.
    """
    _, _, _, test = row.split(" | ")
    file, _, name = test.strip("`").partition("::")

    assert name in named_in(ROOT / file)


@pytest.mark.parametrize("name", NAMES)
def test_the_test_exists(name):
    """
    The named test is in the named file.
    """
    file, _, test = name.partition("::")

    assert test in named_in(ROOT / file)


def test_every_test_of_that_folder_is_read():
    """
    The walk finds the tests of this folder too, so that it can miss none.
    """
    assert "test_each_claim_names_its_test" in named_in(Path(__file__))
