"""
The demo tells its story of whatever orders somebody's own file has.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from test_story import told

from sourcehere import InvalidInputError
from sourcehere.builtin.file_errors import FileStoreError
from sourcehere.demo import Options, open_for_demo, run
from sourcehere.demo.alone import DemoUnderWayError, alone_at
from sourcehere.testing.factories import dump

TITLES = (
    *("InvoiceNo", "StockCode", "Description", "Quantity"),
    *("InvoiceDate", "UnitPrice", "CustomerID", "Country"),
)


def row(number, *, code="16001", units=1, country="France", title="LAMP"):
    """
    Return one record.
    """
    date = "2010-12-01 08:26"
    return (str(number), code, title, str(units), date, "3.39", "17850", country)


def written(path, *rows, between=",", encoding="utf-8"):
    """
    Write records below their titles.
    """
    text = "".join(f"{between.join(cells)}\n" for cells in (TITLES, *rows))
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("rows", "states"),
    [
        ([row(540001)], {"fulfilled": 1}),
        ([row(540001, units=2), row(540002, code="1")], {"fulfilled": 2}),
        (
            [row(540001), row(540002, country="Unspecified"), row(540003)],
            {"awaiting_payment": 1, "fulfilled": 2},
        ),
        ([row(540001), row(540002, code="")], {"fulfilled": 1, "unrecognized": 1}),
    ],
    ids=["one", "two", "no country", "no code"],
)
def test_every_order_goes_as_far_as_it_can(tmp_path, rows, states):
    """
    However few there are. One without a country, or of which nobody knows what it
    wants, waits, and the others do not wait for it.
    """
    path = written(tmp_path / "orders.csv", *rows)
    url, out = f"sqlite:///{tmp_path / 'demo.db'}", tmp_path / "out.csv"

    first = told(url, path, out)

    assert states == first["by_state"]
    assert first == told(url, path, out)


def test_what_waits_is_not_disputed(tmp_path):
    """
    Every hundredth order is: but for one that never left.
    """
    rows = [row(540000 + place) for place in range(1, 100)]
    path = written(
        tmp_path / "orders.csv", *rows, row(540100, country="European Community")
    )

    report = told("memory://", path, tmp_path / "out.csv")

    assert {"awaiting_payment": 1, "fulfilled": 99} == report["by_state"]
    assert 0 == report["disputes"]


@pytest.mark.parametrize(
    "how", [{"encoding": "cp1252"}, {"between": ";"}, {"encoding": "utf-16"}]
)
def test_a_file_is_read_as_a_shops_file_is(tmp_path, how):
    """
    In whatever encoding, whatever parts its cells, at the same prices.
    """
    rows = [row(540001, title="LÁMPARA ESPAÑOLA", units=3), row(540002, title="Ñ")]
    usual = written(tmp_path / "usual.csv", *rows)
    other = written(tmp_path / "other.csv", *rows, **how)

    expected = told("memory://", usual, tmp_path / "a.csv")

    assert expected == told("memory://", other, tmp_path / "b.csv")
    assert 1_58 < expected["captured_minor"]


@pytest.mark.parametrize("rows", [[], [row("C540001", units=-1)]])
def test_a_file_without_orders_has_no_story(tmp_path, rows):
    """
    What is wrong is said, and what to do.
    """
    path = written(tmp_path / "orders.csv", *rows)
    with pytest.raises(FileStoreError, match="no order in it is to be sent") as ei:
        told("memory://", path, tmp_path / "out.csv")
    assert "`sourcehere demo` has a shop's own" in ei.value.advice


@pytest.mark.parametrize(
    ("field", "changes"), [("file", {"path": "b.csv"}), ("out", {"out": "c.csv"})]
)
def test_a_story_goes_on_with_its_own_file(tmp_path, field, changes):
    """
    Another file needs another database; nothing is done with it in this one.
    """
    paths = {name: written(tmp_path / name, row(540001)) for name in ("a.csv", "b.csv")}
    begun = {"path": paths["a.csv"], "out": tmp_path / "out.csv"}
    sourcehere, clock = open_for_demo("memory://")
    run(sourcehere, clock, Options(**begun))
    before = dump(sourcehere.storage)

    other = begun | {name: tmp_path / value for name, value in changes.items()}
    with pytest.raises(InvalidInputError, match="this database began") as ei:
        run(sourcehere, clock, Options(**other))

    assert field == ei.value.field
    assert before == dump(sourcehere.storage)


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("", "Is a directory"),
        ("nowhere/out.csv", "No such file or directory"),
        ("other.csv", "is no fulfilment file"),
        ("demo.db", "is no fulfilment file|is damaged"),
    ],
    ids=["folder", "nowhere", "other", "database"],
)
def test_where_the_shop_cannot_be_told(tmp_path, out, why):
    """
    It is said before a parcel leaves, and nothing is begun: with another place the same
    database tells the story.
    """
    path = written(tmp_path / "orders.csv", row(540001))
    other = written(tmp_path / "other.csv", row(540001)).read_bytes()
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    sourcehere, clock = open_for_demo(url)
    with sourcehere:
        before = dump(sourcehere.storage)
        with pytest.raises(InvalidInputError, match=why) as ei:
            run(sourcehere, clock, Options(path, tmp_path / out))
        assert before == dump(sourcehere.storage)

    assert ("out", str(tmp_path / out)) == (ei.value.field, ei.value.value)
    assert other == (tmp_path / "other.csv").read_bytes()
    report = told(url, path, tmp_path / "out.csv")
    assert 1 == report["parcels"] == report["trackings_pushed"]


class TestPlace:
    def test_a_database_of_others(self, database_url, tmp_path):
        """
        The demo, whose clock is of 2011, does nothing where somebody else's orders are.
        """
        path = written(tmp_path / "orders.csv", row(540001))
        app, clock = open_for_demo(database_url)
        app.sellers.register("lamps", name="Lamps", currency="GBP")
        before = dump(app.storage)

        with app, pytest.raises(InvalidInputError) as ei:
            run(app, clock, Options(path, tmp_path / "out.csv"))
        assert "db" == ei.value.field
        assert "it has the seller 'lamps'; name another one by --db" in str(ei.value)
        with open_for_demo(database_url)[0] as app:
            assert before == dump(app.storage)
        assert [path] == list(tmp_path.glob("*.csv"))

    def test_another_demo_at_the_same_place(self, database_url, tmp_path):
        """
        The second one is told so, and changes nothing; afterwards it carries on.
        """
        path, out = written(tmp_path / "orders.csv", row(540001)), tmp_path / "out.csv"
        app, clock = open_for_demo(database_url)
        with app, alone_at(out), pytest.raises(DemoUnderWayError) as ei:
            run(app, clock, Options(path, out))
        assert str(out) == ei.value.out
        assert "wait until it ends" in str(ei.value)

        assert {"fulfilled": 1} == told(database_url, path, out)["by_state"]

    def test_another_demo_that_begins_at_the_same_time(self, database_url, tmp_path):
        """
        Of many for different places one tells its story; to the others it is said which
        place that is.
        """
        path = written(tmp_path / "orders.csv", row(540001))
        open_for_demo(database_url)[0].close()

        def tell(number):
            try:
                return told(database_url, path, tmp_path / f"{number}.csv")["by_state"]
            except InvalidInputError as error:
                return error.field

        with ThreadPoolExecutor(4) as pool:
            ends = list(pool.map(tell, range(4)))

        assert [{"fulfilled": 1}] == [end for end in ends if end != "out"]
