"""
The demo tells the same story on every storage, twice, and as the CSV has it.
"""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import pytest
from recount import recount
from slices import write_slice

from sourcehere.demo import Options, open_for_demo, run


def told(url, path, out, *, chunk=50):
    """
    Tell the story and return the report without its times.
    """
    sourcehere, clock = open_for_demo(url, chunk=chunk)
    with sourcehere:
        report = run(sourcehere, clock, Options(path, out, chunk))
    assert () == report.audit.violations
    return json.loads(json.dumps(attrs.evolve(report, steps=()).as_json()))


@cache
def told_in_memory(orders):
    """
    Return the report of orders, given as the bytes of their file; told once.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_bytes(orders)
        return told("memory://", path, Path(folder) / "out.csv")


@pytest.fixture
def orders_csv(tmp_path):
    """
    Return the first four hundred rows: more than a hundred orders.
    """
    return write_slice(tmp_path / "orders.csv", 400)


@pytest.mark.slow
class TestStory:
    @pytest.mark.parametrize(
        ("rows", "orders"),
        [(1_500, 400), pytest.param(7_138, 2_000, marks=pytest.mark.long)],
    )
    def test_the_packaged_orders_give_what_the_csv_has(self, tmp_path, rows, orders):
        """
        Every count and amount equals what independent code makes of the CSV.
        """
        path = write_slice(tmp_path / "orders.csv", rows)
        report = told("memory://", path, tmp_path / "out.csv", chunk=200)

        expected = recount(path)
        assert orders <= expected["orders_imported"]
        assert expected == {name: report[name] for name in expected}
        assert all(count > 0 for count in report["audit"]["checked"].values())

    def test_every_tab_shows_what_the_csv_has(self, orders_csv):
        """
        At the end all orders are Fulfilled, and those disputed are in Refunds too.
        """
        report = told_in_memory(orders_csv.read_bytes())

        expected = recount(orders_csv)
        assert {
            "all": expected["orders_imported"],
            "fulfilled": expected["orders_imported"],
            "refunds": expected["disputes"],
        } == {tab: count for tab, count in report["by_tab"].items() if count}

    @pytest.mark.parametrize("rows", [120, pytest.param(400, marks=pytest.mark.long)])
    def test_each_database_tells_the_same_story_twice(
        self, database_url, tmp_path, rows
    ):
        """
        A database gives memory's report, and gives it again on a second run.
        """
        orders_csv = write_slice(tmp_path / "orders.csv", rows)
        expected = told_in_memory(orders_csv.read_bytes())

        out = tmp_path / "out.csv"
        assert expected == told(database_url, orders_csv, out)
        pushed = out.read_bytes()
        assert expected == told(database_url, orders_csv, out)
        assert pushed == out.read_bytes()

    def test_the_shop_has_a_row_per_parcel(self, tmp_path, orders_csv):
        """
        Each parcel's tracking is in the fulfilments CSV once.
        """
        report = told("memory://", orders_csv, tmp_path / "out.csv")

        rows = (tmp_path / "out.csv").read_text("utf-8").splitlines()[1:]
        keys = [row.split(",", 1)[0] for row in rows]
        assert report["parcels"] == len(keys) == len(set(keys))
