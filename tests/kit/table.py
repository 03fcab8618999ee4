"""
Which test of a contract catches which wrong adapter: `python tests/kit/table.py`.
"""

import contextlib
import json
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KINDS = {
    "store": "wrong_store.py",
    "freight": "wrong_freight.py",
    "payment": "wrong_payment.py",
    "policy": "wrong_policy.py",
    "tracking": "wrong_tracking.py",
    "stock": "wrong_stock.py",
    "labels": "wrong_labels.py",
}
QUIET = ("-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist")


class Outcomes:
    """
    Keeps which tests failed: wrong adapter -> names without parameters.
    """

    def __init__(self):
        self.caught, self.tests = {}, set()

    def pytest_runtest_logreport(self, report):
        """
        Note a test.
        """
        _, wrong, test = report.nodeid.split("::")
        name = test.split("[")[0]
        failed = self.caught.setdefault(wrong.removeprefix("Test"), set())
        if report.when == "call" and not report.skipped:
            self.tests.add(name)
        if report.failed:
            failed.add(name)


def outcomes(kind):
    """
    Run the contract on all wrong adapters of a kind.
    """
    found = Outcomes()
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        pytest.main([*QUIET, str(HERE / KINDS[kind])], plugins=[found])
    return found


def main():
    """
    Print the table, and what is not caught, or catches nothing.
    """
    answers = {
        kind: {
            "caught": {wrong: sorted(tests) for wrong, tests in found.caught.items()},
            "tests": sorted(found.tests),
        }
        for kind in KINDS
        for found in [outcomes(kind)]
    }
    if "--json" in sys.argv:
        print(json.dumps(answers))
        return
    for kind, answer in answers.items():
        print(f"{kind}: {len(answer['caught'])} wrong, {len(answer['tests'])} tests")
        for wrong, tests in answer["caught"].items():
            names = [test.removeprefix("test_") for test in tests]
            print(f"  {wrong:24}{', '.join(names) or 'NOT CAUGHT'}")
        useful = {test for tests in answer["caught"].values() for test in tests}
        for test in sorted(set(answer["tests"]) - useful):
            print(f"  catches nothing: {test}")


if __name__ == "__main__":
    main()
