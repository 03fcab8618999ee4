"""
Which test of a contract catches which wrong adapter: `python tests/kit/table.py`.

The whole table takes half a minute. `caught.json` keeps a part of it, which
`test_table.py` runs: of every wrong adapter a test that catches it, and of every test
an adapter that it catches. `--keep` writes it anew; `--kept` runs what it holds, of
the kinds that are named, or of all.
"""

import contextlib
import importlib
import json
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KEPT = HERE / "caught.json"
KINDS = (
    "store",
    "freight",
    "payment",
    "pending",
    "policy",
    "tracking",
    "stock",
    "products",
    "cancel",
    "labels",
    "webhook",
    "payment_webhook",
    "tracking_webhook",
)
QUIET = ("-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist")
PREFIX = "Test"


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
        failed = self.caught.setdefault(wrong.removeprefix(PREFIX), set())
        if report.when == "call" and not report.skipped:
            self.tests.add(name)
        if report.failed:
            failed.add(name)


def outcomes(kind, pairs=()):
    """
    Run the contract on all wrong adapters of a kind, or some tests on some of them.
    """
    found, file = Outcomes(), str(HERE / f"wrong_{kind}.py")
    chosen = [f"{file}::{PREFIX}{wrong}::{test}" for wrong, test in pairs] or [file]
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        pytest.main([*QUIET, *chosen], plugins=[found])
    return found


def there_are(kind):
    """
    Return the names of the wrong adapters of a kind, and of the tests of its contract.
    """
    made = vars(importlib.import_module(f"wrong_{kind}"))
    classes = {name: made[name] for name in made if name.startswith(PREFIX)}
    tests = {name for each in classes.values() for name in dir(each)}
    return {
        "wrong": sorted(name.removeprefix(PREFIX) for name in classes),
        "tests": sorted(name for name in tests if name.startswith("test_")),
    }


def told(found):
    """
    Return what was found as plain data.
    """
    caught = {wrong: sorted(tests) for wrong, tests in found.caught.items()}
    return {"caught": caught, "tests": sorted(found.tests)}


def part_of(caught):
    """
    Choose a test for each wrong adapter, and a wrong adapter for each test.
    """
    kept, seen = {}, set()
    for wrong, tests in sorted(caught.items(), key=lambda item: len(item[1])):
        kept[wrong] = [test for test in tests if test not in seen] or tests[:1]
        seen.update(kept[wrong])
    return kept


def show(kind, answer):
    """
    Print the table of a kind, and what is not caught, or catches nothing.
    """
    print(f"{kind}: {len(answer['caught'])} wrong, {len(answer['tests'])} tests")
    for wrong, tests in answer["caught"].items():
        names = [test.removeprefix("test_") for test in tests]
        print(f"  {wrong:24}{', '.join(names) or 'NOT CAUGHT'}")
    useful = {test for tests in answer["caught"].values() for test in tests}
    for test in sorted(set(answer["tests"]) - useful):
        print(f"  catches nothing: {test}")


def main(said):
    """
    Do what was said.
    """
    if "--kept" in said:
        answers, chosen = {}, [word for word in said if word in KINDS]
        for kind, kept in json.loads(KEPT.read_text()).items():
            if chosen and kind not in chosen:
                continue
            pairs = [(wrong, test) for wrong, tests in kept.items() for test in tests]
            answers[kind] = told(outcomes(kind, pairs)) | {"all": there_are(kind)}
        print(json.dumps(answers))
        return
    answers = {kind: told(outcomes(kind)) for kind in KINDS}
    for kind, answer in answers.items():
        show(kind, answer)
    if "--keep" in said:
        kept = {kind: part_of(answer["caught"]) for kind, answer in answers.items()}
        KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
