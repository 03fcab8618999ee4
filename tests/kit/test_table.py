"""
The kit proves itself: every wrong adapter is caught, and every test catches one.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("table.py")
# Their own tests: `test_guard.py`.
GUARD = {"test_no_test_is_left_out_without_a_reason"}


@pytest.fixture(scope="module")
def answers():
    """
    What each contract says to the adapters that are wrong in one thing.
    """
    done = subprocess.run(
        [sys.executable, str(TABLE), "--json"],
        check=False,
        capture_output=True,
        text=True,
        cwd=TABLE.parents[2],
    )
    assert (0, "") == (done.returncode, done.stderr)
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", ["store", "freight", "payment", "policy", "tracking", "stock", "labels"]
)
class TestTable:
    def test_every_wrong_adapter_is_caught(self, answers, kind):
        """
        By at least one test.
        """
        caught = answers[kind]["caught"]

        assert [] == [wrong for wrong, tests in caught.items() if not tests]
        assert len(caught) >= 10

    def test_every_test_catches_one(self, answers, kind):
        """
        A test that nothing fails says nothing.
        """
        useful = {t for tests in answers[kind]["caught"].values() for t in tests}

        assert GUARD == set(answers[kind]["tests"]) - useful
