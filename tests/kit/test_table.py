"""
The kit proves itself: every wrong adapter is caught, and every test catches one.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("table.py")
KEPT = json.loads(TABLE.with_name("caught.json").read_text())
# Their own tests: `test_guard.py`.
GUARD = {"test_no_test_is_left_out_without_a_reason"}


@pytest.fixture(scope="module")
def answers(request):
    """
    What tests of each contract say to the adapters that they are known to catch.
    """
    # The cases of this file that are run, once each.
    here = [item for item in request.session.items if item.path == request.path]
    kinds = sorted({item.callspec.params["kind"] for item in here})
    done = subprocess.run(
        [sys.executable, str(TABLE), "--kept", *kinds],
        check=False,
        capture_output=True,
        text=True,
        cwd=TABLE.parents[2],
    )
    assert (0, "") == (done.returncode, done.stderr)
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.share(2)
@pytest.mark.parametrize("kind", KEPT)
class TestTable:
    def test_every_wrong_adapter_is_caught(self, answers, kind):
        """
        By the tests that caught it when they were last run on all of them.

        Where one is not, or has come since, `python tests/kit/table.py --keep` says
        what catches it.
        """
        caught = answers[kind]["caught"]

        assert KEPT[kind] == caught
        assert sorted(KEPT[kind]) == answers[kind]["all"]["wrong"]
        assert len(caught) >= 10
        assert all(caught.values())

    def test_every_test_catches_one(self, answers, kind):
        """
        A test that nothing fails says nothing.
        """
        useful = {t for tests in answers[kind]["caught"].values() for t in tests}

        assert GUARD == set(answers[kind]["all"]["tests"]) - useful
