"""
The page for operators says of every invariant what holds.
"""

import ast
import re
from pathlib import Path

from sourcehere.services.repair.remedies import ANSWERS

ROOT = Path(__file__).parents[2]
CHECKS = sorted((ROOT / "src/sourcehere/services/audit").glob("*.py"))
TELLING = {"looked", "found", "check", "equal", "differs"}


def invariants():
    """
    Return the names that the audit tells of, as far as its calls write them out.
    """
    return {
        call.args[0].value
        for path in CHECKS
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in TELLING
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_invariant_is_explained():
    """
    None is missing from the table, which is sorted and has each of them once.
    """
    page = (ROOT / "docs/guides/operating.md").read_text("utf-8")
    table = page[page.index("| invariant |") :]
    told = re.findall(r"^\| `(\w+)` \|", table[: table.index("\n\n")], re.MULTILINE)

    assert sorted(set(told)) == told
    assert invariants() <= set(told)
    assert len(invariants()) > 50


def test_every_repair_is_explained():
    """
    The page says of each invariant that can be mended what is written; and what a
    repair does is said for every invariant that the page has.
    """
    page = (ROOT / "docs/guides/operating.md").read_text("utf-8")
    table = page[page.index("| finding |") :]
    rows = re.findall(r"^\| (`.+?`) \|", table[: table.index("\n\n")], re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]

    assert sorted(told) == sorted(name for name, a in ANSWERS.items() if a.steps)
    assert invariants() <= ANSWERS.keys()
