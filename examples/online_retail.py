"""
Take a real shop's orders through their whole life, and report what is stored.

    python examples/online_retail.py ORDERS.csv --db sqlite:///retail.db

Cut off at any moment and started again with the same arguments, it carries on, and ends
with the same report. The story itself is `sourcehere.demo`.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from sourcehere import SourceHereError
from sourcehere.demo import Options, Report, open_for_demo, run

SQLITE = "sqlite:///"


def arguments() -> argparse.Namespace:
    """
    Read the command line.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", type=Path, metavar="ORDERS.csv")
    parser.add_argument("--db", default="memory://", metavar="URL")
    parser.add_argument("--chunk", type=int, default=200, help="orders per commit")
    parser.add_argument("--out", type=Path, metavar="FULFILMENTS.csv")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def fulfilments_path(db: str) -> Path:
    """
    Return where pushed fulfilments go: beside the SQLite file, else a temporary file.
    """
    if db.startswith(SQLITE):
        return Path(db.removeprefix(SQLITE)).with_suffix(".fulfilments.csv").absolute()
    return Path(tempfile.mkdtemp(prefix="sourcehere-")) / "fulfilments.csv"


def show(report: Report) -> None:
    """
    Print the report for people.
    """
    for name, value in report.as_json().items():
        if name not in ("audit", "steps"):
            print(f"{name:<24} {value}")
    checks = sum(report.audit.checked.values())
    print(f"{'audit':<24} {checks} checks, {len(report.audit.violations)} violations")
    for step in report.steps:
        print(f"  {step.name:<12} {step.orders:>7} orders {step.wall_s:>8.2f} s")


def main() -> int:
    """
    Run the story.
    """
    given = arguments()
    out = (given.out or fulfilments_path(given.db)).absolute()
    try:
        sourcehere, clock = open_for_demo(given.db, chunk=given.chunk)
        with sourcehere:
            options = Options(given.orders.absolute(), out, given.chunk)
            report = run(sourcehere, clock, options)
    except SourceHereError as error:
        print(f"online_retail: {error}", file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(report.as_json(), indent=2, sort_keys=True))
    else:
        show(report)
    return 0 if report.audit.is_clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
