"""
docs/reference-text.md takes every sentence of the text, and every test it names passes.
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
    def test_every_named_test_exists_and_passes(self):
        """
        All tests that the page names are found, run and pass.
        """
        names = sorted({entry["test"] for entry in entries()})
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-vv", *names],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

        assert 0 == done.returncode, done.stdout + done.stderr
        ran = {line.split("[")[0].split(" ")[0] for line in done.stdout.splitlines()}
        assert [] == [n for n in names if not any(r.startswith(n) for r in ran)]
