"""
Orders, lines and the ledger as files.
"""

import csv
import gc
import io
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from sourcehere.cli.context import Globals
from sourcehere.cli.errors import UsageError
from sourcehere.cli.export_files import FileWords, export_rows
from sourcehere.cli.running import context
from sourcehere.ports.storage_errors import BusyError

HERE = context(Globals(db="memory://"))


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def as_csv(cell):
    words = {"None": "", "True": "yes", "False": "no"}
    return words.get(str(cell), str(cell))


class TestOfAllSellers:
    """
    Staff have one file of all sellers; nobody else has.
    """

    @pytest.fixture
    def two(self, paid):
        """
        Another seller has a wallet with 7.00 USD.
        """
        paid.ok("sellers add mugs --currency USD")
        paid.ok("wallet top-up 7 --reference T-2 --seller mugs")
        return paid

    def test_orders_and_lines(self, two):
        """
        Each row says whose it is; a warehouse has what it has to send.
        """
        orders = table(two.ok("orders export --all-sellers"))
        assert ["1003", "1002", "1001"] == [row["number"] for row in orders]
        assert {"lamps"} == {row["seller_id"] for row in orders}

        words = "lines export --tab awaiting_shipping --all-sellers"
        (row,) = table(two.ok(words))
        assert ("lamps", "1002", "3 LAMP-W") == (
            *(row["seller_id"], row["number"], row["to_send"]),
        )

    def test_what_is_to_be_picked(self, two):
        """
        A file of the queue `pick` has what the warehouse has accepted and not sent.
        """
        words = "lines export --queue pick --all-sellers"
        assert [] == table(two.ok(words))
        two.ok("orders accept 1002 --seller lamps")
        (row,) = table(two.ok(words))
        assert ("1002", "3 LAMP-W") == (row["number"], row["to_send"])

    def test_the_ledger(self, two):
        """
        One seller after the other, each in the wallet's own currency.
        """
        rows = table(two.ok("ledger export --all-sellers"))
        wallets = [r for r in rows if r["account"] == "wallet_available"]
        assert [
            ("lamps", "-8.60", "GBP"),
            ("lamps", "500.00", "GBP"),
            ("mugs", "7.00", "USD"),
        ] == [(r["seller_id"], r["amount"], r["currency"]) for r in wallets]

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ("--as seller", "it is for staff"),
            ("--seller lamps", "leave out --seller"),
            ("--store shop", "say --seller instead"),
            ("--placed-from 2030-12-02 --placed-to 2030-12-01", "placed"),
        ],
    )
    def test_what_is_refused(self, two, words, says):
        """
        Before a row is written.
        """
        said = two(f"orders export --all-sellers {words}")
        assert (2, "") == (said.code, said.out)
        assert says in said.err


class TestOrders:
    def test_a_row_for_each(self, paid):
        """
        Newest first; amounts are numbers beside their currency.
        """
        rows = table(paid("orders export").out)

        assert ["1003", "1002", "1001"] == [row["number"] for row in rows]
        (row,) = [row for row in rows if row["number"] == "1002"]
        assert ("awaiting_shipping", "3", "GBP", "5.10", "8.60", "0.00") == (
            *(row["state"], row["units"], row["currency"]),
            *(row["goods"], row["captured"], row["refunded"]),
        )
        assert row["placed_at"] == "2030-12-01T08:27:00+00:00"

    @pytest.mark.parametrize(
        ("words", "numbers"),
        [
            ("--tab awaiting_shipping", ["1002"]),
            ("--state awaiting_shipping --store shop", ["1002"]),
            ("--paid-to 2000-01-01", []),
            ("--number 1003", ["1003"]),
            ("--sku mug", []),
            ("--sku LAMP-R --store shop", []),
            ("--sku LAMP-W", ["1002", "1001"]),
            ("--tracking nothing", []),
            ("--buyer nobody", []),
            ("--placed-from 2030-12-01 --kind store", ["1003", "1002", "1001"]),
        ],
    )
    def test_those_of_which_it_is_true(self, paid, words, numbers):
        """
        All that is said has to be.
        """
        rows = table(paid(f"orders export {words}").out)
        assert numbers == [row["number"] for row in rows]

    def test_every_character(self, paid):
        """
        The columns and how they are written are a promise.
        """
        said = paid("orders export --number 1002").out
        order_id = table(said)[0]["order_id"]
        paid_at = table(said)[0]["paid_at"]
        assert (
            "order_id,number,kind,store,external_id,part,state,status,cancel_reason"
            ",country,method,units,currency,goods,freight,handling,due,captured"
            ",refunded,placed_at,paid_at,origin_order_id,seller_id\r\n"
            f"{order_id},1002,store,shop,1002,1,awaiting_shipping"
            ",Awaiting Shipping,,GB,std,3,GBP,5.10,3.50,0.00,8.60,8.60,0.00"
            f",2030-12-01T08:27:00+00:00,{paid_at},,lamps\r\n"
        ) == said
        assert paid_at.endswith("+00:00")

    def test_json_lines_say_what_csv_says(self, paid):
        """
        What is nothing in CSV is null, and what is yes is true.
        """
        for words in ("orders export", "lines export", "ledger export"):
            rows = table(paid(words).out)
            said = paid(f"{words} --jsonl").out.splitlines()
            told = [json.loads(line) for line in said]
            assert rows == [{n: as_csv(cell) for n, cell in t.items()} for t in told]

    def test_json_lines(self, paid):
        """
        Each line is a document; numbers stay numbers.
        """
        said = paid("orders export --jsonl").out.splitlines()
        first = json.loads(said[0])

        assert 3 == len(said)
        assert ("1003", 1, 1) == (first["number"], first["part"], first["units"])

    def test_a_workbook(self, paid):
        """
        Every cell is a text, so that no number loses its zeros.
        """
        told = paid.json("orders export --output orders.xlsx")
        assert {"rows": 3, "file": "orders.xlsx"} == told
        with CalamineWorkbook.from_path(paid.folder / "orders.xlsx") as book:
            header, *rows = book.get_sheet_by_index(0).to_python()
        assert ["1003", "1002", "1001"] == [row[header.index("number")] for row in rows]

    def test_what_is_said_goes_before_the_name(self, paid):
        """
        A file may be called as it likes.
        """
        for words in ("orders", "lines", "ledger"):
            paid.ok(f"{words} export --csv --output {words}.jsonl")
            as_csv = (paid.folder / f"{words}.jsonl").read_bytes().decode()
            assert paid(f"{words} export").out == as_csv
            paid.ok(f"{words} export --jsonl --output {words}.csv")
            first = (paid.folder / f"{words}.csv").read_text().splitlines()[0]
            assert list(json.loads(first)) == as_csv.splitlines()[0].split(",")

    @pytest.mark.parametrize("words", ["orders", "lines", "ledger"])
    def test_a_dash_is_standard_output(self, paid, words):
        """
        As if no file was named.
        """
        said = paid(f"{words} export").out
        assert said == paid(f"{words} export --output -").out
        assert said == paid(f"{words} export --output=-").out
        assert not (paid.folder / "-").exists()
        assert "requires an argument" in paid.refused(f"{words} export --output", 2)
        assert "requires an argument" in paid.refused(
            f"{words} export --output --csv", 2
        )

    def test_what_cannot_be_written(self, paid):
        """
        It says what to do.
        """
        assert "--output" in paid.refused("orders export --xlsx", 2)
        assert "--jsonl" in paid.refused("orders export --json", 2)
        words = "orders export --csv --jsonl --output both.csv"
        assert "one of --csv and --jsonl" in paid.refused(words, 2)
        assert not (paid.folder / "both.csv").exists()
        assert "nowhere" in paid.refused("orders export --output nowhere/x.csv", 2)

    @pytest.mark.parametrize("words", ["orders", "lines"])
    @pytest.mark.parametrize(
        "asked", ["--store typo", "--placed-from 2030-01-02 --placed-to 2030-01-01"]
    )
    def test_a_refusal_leaves_the_file_as_it_was(self, paid, words, asked):
        """
        What cannot be asked for is found out before the file is opened.
        """
        paid.write("kept.csv", "kept")
        paid.refused(f"{words} export {asked} --output kept.csv", 2)
        assert "kept" == (paid.folder / "kept.csv").read_text()


@contextmanager
def little_room():
    """
    Let no file grow beyond a few bytes, as on a full disk.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class TestHalves:
    """
    Half a file looks like a whole one to whoever gets it.
    """

    @pytest.mark.parametrize("name", ["kept.csv", "kept.jsonl", "kept.xlsx"])
    @pytest.mark.parametrize("was", ["kept", None])
    # xlsxwriter leaves a file open that it could not write.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    def test_there_is_none_on_a_full_disk(self, paid, name, was):
        """
        What was there before stays as it was.
        """
        if was:
            paid.write(name, was)
        before = sorted(paid.folder.iterdir())
        gc.freeze()  # what there is before is not looked through
        with little_room():
            refused = paid.refused(f"orders export --output {name}", 2)

        gc.collect()
        assert f"{name}: File too large" in refused
        assert before == sorted(paid.folder.iterdir())
        if was:
            assert was == (paid.folder / name).read_text()

    @pytest.mark.parametrize("name", ["kept.csv", "kept.jsonl", "kept.xlsx"])
    def test_there_is_none_where_rows_end_early(self, tmp_path, name):
        """
        As where the database goes away meanwhile.
        """

        def rows():
            yield {"number": "1"}
            raise BusyError(url="sqlite://", seconds=1, cause="locked")

        output = tmp_path / name
        output.write_text("kept")
        with pytest.raises(BusyError):
            export_rows(HERE, ["number"], rows(), FileWords(output=output))

        assert ["kept"] == [one.read_text() for one in tmp_path.iterdir()]

    def test_a_cell_that_a_workbook_cannot_hold(self, tmp_path):
        """
        It would be cut in silence.
        """
        rows = [{"number": "1"}, {"number": "9" * 32_768}]
        output = tmp_path / "long.xlsx"
        with pytest.raises(UsageError) as ei:
            export_rows(HERE, ["number"], rows, FileWords(output=output))

        assert "number of row 2 is too long; export CSV" in str(ei.value)
        assert [] == list(tmp_path.iterdir())

    def test_a_link_leads_to_it_still(self, paid):
        """
        And who may read the file may do so after.
        """
        kept = paid.folder / "kept.csv"
        kept.write_text("kept")
        kept.chmod(0o640)
        (paid.folder / "link.csv").symlink_to("kept.csv")
        paid.ok("orders export --output link.csv")

        assert (paid.folder / "link.csv").is_symlink()
        assert 3 == len(table(kept.read_text()))
        assert 0o640 == stat.S_IMODE(kept.stat().st_mode)

    def test_a_pipe_is_written_to_itself(self, paid):
        """
        It is no file that could be replaced.
        """
        pipe = paid.folder / "pipe"
        os.mkfifo(pipe)
        said = []
        reader = threading.Thread(target=lambda: said.append(pipe.read_text()))
        reader.start()
        paid.ok("orders export --output pipe")
        reader.join()

        assert 3 == len(table(said[0]))
        assert pipe.is_fifo()


@pytest.mark.slow
@pytest.mark.share(2)
@pytest.mark.parametrize(
    "words", ["sellers list", "orders export", "sellers list --json"]
)
@pytest.mark.parametrize(("end", "code"), [(">/dev/full", 2), (">&-", 0)])
def test_standard_output_that_takes_nothing(on_disk, words, end, code):
    """
    It is said in a sentence; what was closed wants to hear nothing.
    """
    on_disk.ok("sellers add demo --currency GBP")
    done = subprocess.run(
        f"{sys.executable} -m sourcehere.cli --db sqlite:///shop.db {words} {end}",
        shell=True,
        cwd=on_disk.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert code == done.returncode
    assert "Traceback" not in done.stderr
    told = "standard output: No space left on device"
    assert (told in done.stderr) is bool(code)


@pytest.mark.slow
@pytest.mark.share(4)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("orders show nope", 2),
        ("orders show nope --json", 2),
        ("orders lst", 2),
        ("stores connect mine --path orders.csv --yes", 1),
    ],
)
@pytest.mark.parametrize("end", ["2>/dev/full", "2>&-", "2>&1 >/dev/null | true"])
def test_standard_error_that_takes_nothing(on_disk, words, code, end):
    """
    As a log on a full disk: the exit code says all the same what became of it.
    """
    on_disk.ok("sellers add demo --currency GBP")
    on_disk.write(
        "orders.csv", "order_number,sku,quantity,placed_at\n1,A,x,2030-01-01\n"
    )
    done = subprocess.run(
        f"{sys.executable} -m sourcehere.cli --db sqlite:///shop.db {words} {end};"
        " echo code ${PIPESTATUS[0]}",
        shell=True,
        executable="/bin/bash",
        cwd=on_disk.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"code {code}" == done.stdout.splitlines()[-1]
    assert "" == done.stderr


class TestLines:
    def test_a_row_for_each(self, paid):
        """
        With what the shop sold it for, and what supplies it.
        """
        rows = table(paid("lines export --state awaiting_shipping").out)

        (row,) = rows
        assert ("1002", "lamp-w", "3", "3.39", "GBP", "yes", "0") == (
            *(row["number"], row["sku"], row["quantity"], row["sold_price"]),
            *(row["sold_currency"], row["paired"], row["shipped"]),
        )

    def test_texts_that_look_like_formulas_are_inert(self, shop):
        """
        A spreadsheet shows what the shop's customer typed, and runs nothing; program
        text is as it was.
        """
        text = (shop.folder / "shop.csv").read_text("utf-8")
        evil = '1004,EVIL,"=HYPERLINK(""http://x"")",1,-0,2030-12-02,19,FR\n'
        shop.write("shop.csv", text + evil)
        shop.ok("stores sync shop")
        row = next(r for r in table(shop("lines export").out) if r["sku"] == "EVIL")
        assert '\'=HYPERLINK("http://x")' == row["title"]
        said = shop("lines export --jsonl").out.splitlines()
        titles = [json.loads(line)["title"] for line in said]
        assert '=HYPERLINK("http://x")' in titles
        shop.ok("lines export --output lines.xlsx")
        with zipfile.ZipFile(shop.folder / "lines.xlsx") as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        assert b"=HYPERLINK" in sheet
        assert b"<f>" not in sheet

    def test_nothing_in_a_text_acts_on_a_terminal(self, shop, monkeypatch):
        """
        There it is escaped; what is piped has it as the shop wrote it.
        """
        text = (shop.folder / "shop.csv").read_text("utf-8")
        shop.write("shop.csv", text + "1004,E,nosrep\u202e,1,2,2030-12-02,19,FR\n")
        shop.ok("stores sync shop")
        for words in ("lines export", "lines export --jsonl"):
            assert "nosrep\u202e" in shop(words).out
            with monkeypatch.context() as there:
                there.setattr("sys.stdout.isatty", lambda: True)
                shown = shop(words).out
            assert "nosrep\\u202e" in shown
            assert "\u202e" not in shown
            assert "\r" not in shown


class TestLedger:
    def test_the_entries_of_each_transaction_add_up(self, paid):
        """
        What is below zero stays a number in a spreadsheet.
        """
        rows = table(paid("ledger export").out)
        sums = {}
        for row in rows:
            sums.setdefault(row["transaction_id"], []).append(float(row["amount"]))

        assert 2 <= len(sums)
        assert all(abs(sum(amounts)) < 0.001 for amounts in sums.values())
        assert {"GBP"} == {row["currency"] for row in rows}

    def test_months_are_a_table_a_file_and_a_document(self, paid):
        """
        Each adds up; of all sellers where that is said.
        """
        (shown,) = paid.json("ledger months 2030-12")
        closing = paid.json("wallet show")["available"]
        assert ("2030-12-01", closing) == (shown["month"], shown["closing"])
        assert "topped up" in paid.ok("ledger months 2030-12")

        paid.ok("sellers add other --currency EUR")
        words = "ledger months 2030-11 2030-12"
        rows = table(paid.ok(f"{words} --all-sellers --csv"))
        assert {("GBP", "2030-11"), ("EUR", "2030-12")} < {
            (row["currency"], row["month"]) for row in rows
        }
        assert 4 == len(rows)
        paid.ok(f"{words} --all-sellers --output months.xlsx")

    def test_a_statement_is_a_table_a_file_and_a_document(self, paid):
        """
        Each line with its order, and what was there after it.
        """
        today, about = datetime.now(UTC).date(), timedelta(days=2)
        words = f"ledger statement {today - about} {today + about}"
        said = paid.json(words)
        closing = paid.json("wallet show")["available"]
        assert closing == said["closing"] == said["lines"][-1]["balance"]
        shown = paid.ok(words)
        assert all(name in shown for name in ("balance", "opening", "closing"))

        rows = table(paid.ok(f"{words} --csv"))
        assert [line["transaction_id"] for line in said["lines"]] == [
            row["transaction_id"] for row in rows
        ]
        assert {"top_up", "capture"} == {row["purpose"] for row in rows}
        assert all(row["order_id"] for row in rows if row["purpose"] == "capture")
        paid.ok(f"{words} --output statement.xlsx")
        assert "'2030-12' is no day" in paid.refused("ledger statement 2030-12", 2)

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            ("2030-13", "'2030-13' is no month; say one such as 2030-11"),
            ("2030-11-02", "'2030-11-02' is no month"),
            ("2030-11 2030-10", "last: '2030-10' is not a month not before 2030-11"),
        ],
    )
    def test_what_is_no_month_is_refused(self, paid, words, why):
        """
        With what one looks like.
        """
        done = paid(f"ledger months {words}")

        assert 2 == done.code
        assert why in done.err


@pytest.mark.parametrize("end", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_leaves_no_half_of_a_file(tmp_path, end):
    """
    As where a supervisor ends it, or its terminal is closed.
    """
    told = """
        import signal, time
        from pathlib import Path
        from sourcehere.cli.whole_files import whole

        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # as it is without nohup
        with whole(Path("kept.csv")) as path:
            path.write_text("half")
            print("begun", flush=True)
            time.sleep(60)
    """
    (tmp_path / "kept.csv").write_text("kept")
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(told)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as writer:
        assert "begun\n" == writer.stdout.readline()
        writer.send_signal(getattr(signal, end))

    assert writer.returncode
    assert ["kept"] == [one.read_text() for one in tmp_path.iterdir()]
