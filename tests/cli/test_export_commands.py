"""
Orders, lines and the ledger as files.
"""

import csv
import io
import json
import zipfile

import pytest
from python_calamine import CalamineWorkbook


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def as_csv(cell):
    words = {"None": "", "True": "yes", "False": "no"}
    return words.get(str(cell), str(cell))


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
            ",refunded,placed_at,paid_at\r\n"
            f"{order_id},1002,store,shop,1002,1,awaiting_shipping"
            ",Awaiting Shipping,,GB,std,3,GBP,5.10,3.50,0.00,8.60,8.60,0.00"
            f",2030-12-01T08:27:00+00:00,{paid_at}\r\n"
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
