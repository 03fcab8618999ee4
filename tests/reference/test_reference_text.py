"""
docs/reference-text.md takes every sentence of the text, and names a test of the suite.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sentences import TEXT, sentences

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference-text.md"

_ENTRY = re.compile(
    r"^\d+\. > (?P<sentence>.+)\n\n"
    r"   (?P<meaning>.+)\n"
    r"   \*Held by\* `(?P<test>.+)`\.$",
    re.MULTILINE,
)


def entries():
    return [m.groupdict() for m in _ENTRY.finditer(PAGE.read_text("utf-8"))]


class TestReferenceText:
    def test_each_sentence_is_taken_once_in_order(self):
        """
        The page has the sentences of the text, each exactly once, in the text's order.
        """
        assert sentences() == [entry["sentence"] for entry in entries()]

    def test_splitting_loses_nothing(self):
        """
        The sentences put together are the text, but for white space.
        """
        assert TEXT.read_text("utf-8").split() == " ".join(sentences()).split()

    def test_each_sentence_has_a_meaning(self):
        """
        Every sentence is given a meaning of its own words.
        """
        assert [] == [e["sentence"] for e in entries() if len(e["meaning"]) < 12]

    @pytest.mark.slow
    def test_every_named_test_exists(self):
        """
        All tests that the page names are found among those that the suite runs.
        """
        names = sorted({entry["test"] for entry in entries()})
        found = subprocess.run(
            [sys.executable, "-m", "pytest", "--collect-only", *names],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

        assert 0 == found.returncode, found.stdout + found.stderr
        ids = {line.split("[")[0] for line in found.stdout.splitlines()}
        assert [] == [n for n in names if not any(i.startswith(n) for i in ids)]
