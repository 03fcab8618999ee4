"""
Exports that have no profile, read by what the configuration says of them.
"""

import json
from datetime import datetime

import pytest
from workbooks import write_workbook

OWN = {
    "order_number": "Bestellnummer",
    "order_status": "Status",
    "sku": "Artikel",
    "quantity": "Menge",
    "placed_at": "Datum",
    "country": "Land",
}
HEADER = "Bestellnummer,Status,Artikel,Menge,Datum,Land\n"
STATUSES = {
    "In Arbeit": "paid",
    "Wartet auf Zahlung": "unpaid",
    "Storniert": "cancelled",
    "Erstattet": "refunded",
    "Abgeschlossen": "fulfilled",
}


def written(shell, words, **config):
    """
    Write a file with an order of each status, and how it is to be read.
    """
    rows = [
        f"{number},{word},MUG,2,2030-11-20,GB"
        for number, word in enumerate(words, start=1)
    ]
    shell.write("own.csv", HEADER + "\n".join(rows) + "\n")
    own = {"currency": "GBP", "path": "own.csv", "columns": OWN, **config}
    shell.write("own.json", json.dumps(own))


class TestStatuses:
    def test_what_they_mean_is_configured(self, shell):
        """
        In any case of the letters; only what is paid and open is to be paid.
        """
        shell.set_up()
        words = [word.upper() for word in STATUSES]
        written(shell, words, statuses={"order_status": STATUSES})
        preview = shell.json("stores preview --config own.json")
        assert (5, 1, 1, 1, 1, 0) == (
            *(preview["orders"], preview["unpaid"], preview["cancelled"]),
            *(preview["refunded"], preview["fulfilled"], preview["doubtful"]),
        )
        shell.ok("stores connect mine --path own.csv --config own.json --yes")
        shell.ok("connections add mine MUG=MUG")
        shell.ok("relay run")

        waiting = shell.orders("--store mine --tab awaiting_payment")
        assert {"1"} == set(waiting)

    def test_a_word_that_nobody_knows_holds_its_order(self, shell):
        """
        The preview and the hold say what to do; once it is said, the order is let go.
        """
        shell.set_up()
        written(shell, ["In Arbeit", "Storniert", "In Arbeit"])
        shown = shell.ok("stores preview --config own.json")
        unknown = (
            "nobody knows the order status 'In Arbeit'; configure it in `statuses`"
        )
        assert "3 to be confirmed" in shown
        assert f"in doubt: {unknown} (2 times)" in shown
        shell.ok("stores connect mine --path own.csv --config own.json --yes")

        (hold,) = shell.json("orders show mine/1")["order"]["holds"]
        assert ("store_data", unknown) == (hold["reason"], hold["detail"])
        written(shell, ["In Arbeit", "Storniert"], statuses={"order_status": STATUSES})
        shell.ok("stores change mine --config own.json")
        shell.ok("stores sync mine")
        assert [] == shell.json("orders show mine/1")["order"]["holds"]
        assert "cancelled" == shell.json("orders show mine/2")["order"]["state"]

    def test_our_own_words_need_no_configuration(self, shell):
        """
        A file that a program writes for us says what it means.
        """
        shell.set_up()
        words = ["paid", "unpaid", "cancelled", "refunded", "fulfilled"]
        written(shell, words)
        preview = shell.json("stores preview --config own.json")

        counts = ("unpaid", "cancelled", "refunded", "fulfilled", "doubtful")
        assert [1, 1, 1, 1, 0] == [preview[name] for name in counts]

    def test_they_go_before_those_of_a_profile(self, shell):
        """
        A shop may have statuses that its platform does not.
        """
        shell.set_up()
        header = "order_id,order_number,date,status,line_items,shipping_country"
        row = "7,7,2030-11-20 10:00:00,awaiting-pickup,sku:MUG|quantity:2|total:2.00,GB"
        shell.write("own.csv", f"{header}\n{row}\n")
        own = {"path": "own.csv", "currency": "GBP"}
        words = {"order_status": {"awaiting-pickup": "fulfilled"}}
        for statuses, kind in (({}, "doubtful"), (words, "fulfilled")):
            shell.write("own.json", json.dumps({**own, "statuses": statuses}))
            assert 1 == shell.json("stores preview --config own.json")[kind]

    @pytest.mark.parametrize(
        ("statuses", "field", "expected"),
        [
            ({"state": {"a": "paid"}}, "statuses", "one of order_status, "),
            (
                {"order_status": {"Bezahlt": "bezahlt"}},
                "statuses.order_status.Bezahlt",
                "one of cancelled, fulfilled, open, paid, partly, ",
            ),
            (
                {"line_status": {"Bezahlt": "paid"}},
                "statuses.line_status.Bezahlt",
                "one of cancelled, fulfilled, open, partly, partly_refunded, refunded",
            ),
            (
                {"sent_by": {"Lager": "paid"}},
                "statuses.sent_by.Lager",
                "one of fulfilled, open",
            ),
        ],
    )
    def test_what_they_cannot_mean_is_refused(self, shell, statuses, field, expected):
        """
        With the words that there are.
        """
        shell.set_up()
        written(shell, ["In Arbeit"], statuses=statuses)
        said = shell.unmoved("stores preview --config own.json", 2)

        assert field in said
        assert expected in said

    def test_those_of_lines_count_for_their_lines(self, shell):
        """
        Also a line that was refunded; who sends it is a word as well.
        """
        shell.set_up()
        header = "order_number,sku,quantity,placed_at,country,line_status,sent_by"
        rows = [
            "1,MUG,2,2030-11-20,GB,zurück,wir",
            "1,LAMP-R,2,2030-11-20,GB,,Lager",
            "1,LAMP-W,2,2030-11-20,GB,neu,wir",
            "2,MUG,2,2030-11-20,GB,neu,Nachbar",
        ]
        shell.write("own.csv", "\n".join([header, *rows]) + "\n")
        statuses = {
            "line_status": {"zurück": "refunded", "neu": "open"},
            "sent_by": {"Lager": "fulfilled", "wir": "open"},
        }
        shell.write("own.json", json.dumps({"path": "own.csv", "statuses": statuses}))
        assert (
            "in doubt: nobody knows who sends what is 'nachbar'; configure it in"
            " `statuses`" in shell.ok("stores preview --config own.json")
        )
        shell.ok("stores connect mine --path own.csv --config own.json --yes")

        lines = shell.json("orders show mine/1")["order"]["lines"]
        assert [("LAMP-W", 2)] == [
            (line["sku"], line["quantity"]) for line in lines if line["quantity"]
        ]


class TestRowsWithoutANumber:
    ROWS = (
        "7,paid,MUG,2,2030-11-20,GB",
        ",,LAMP-R,3,,",
        "8,paid,MUG,1,2030-11-20,GB",
    )

    def written(self, shell, *rows, **config):
        written(shell, [], **config)
        shell.write("own.csv", HEADER + "\n".join(rows) + "\n")

    def test_the_order_above_is_held(self, shell):
        """
        The row may be a line of it, which must not be left behind; the preview says
        what to do.
        """
        shell.set_up()
        self.written(shell, *self.ROWS)
        doubt = "a row below it has no order number; configure `rows_continue`"
        assert f"in doubt: {doubt}" in shell.ok("stores preview --config own.json")
        shell.ok("stores connect mine --path own.csv --config own.json --yes")

        (hold,) = shell.json("orders show mine/7")["order"]["holds"]
        assert ("store_data", doubt) == (hold["reason"], hold["detail"])
        assert [] == shell.json("orders show mine/8")["order"]["holds"]

    def test_it_is_of_the_order_above_where_that_is_configured(self, shell):
        """
        As where a shop writes what is of the order once, or cells were merged; a row
        above all orders is of none.
        """
        shell.set_up()
        above = ",,CUP,1,2030-11-20,GB"
        self.written(shell, above, *self.ROWS, ",,LAMP-W,4,,", rows_continue=True)
        found = shell.json("stores preview --config own.json")
        assert (2, 4, 0) == (found["orders"], found["lines"], found["doubtful"])
        assert ["row 1: order_number is empty"] == found["rejected"]
        shell.ok("stores connect mine --path own.csv --config own.json --yes")

        for number, lines in (
            ("7", [("MUG", 2), ("LAMP-R", 3)]),
            ("8", [("MUG", 1), ("LAMP-W", 4)]),
        ):
            order = shell.json(f"orders show mine/{number}")["order"]
            assert lines == [(line["sku"], line["quantity"]) for line in order["lines"]]

    def test_it_is_of_no_order_that_cannot_be_told(self, shell):
        """
        Below a number that a spreadsheet rounded, and below a cancellation note, it is
        rejected; the orders before have nothing to do with it.
        """
        shell.set_up()
        rows = ("7,paid,MUG,2,2030-11-20,GB", "5.83871E+17,paid,MUG,1,2030-11-20,GB")
        note = ("C8,paid,MUG,1,2030-11-20,GB", ",,LAMP-R,3,,")
        for is_continued in (True, False):
            self.written(
                shell,
                *(*rows, ",,LAMP-R,3,,", *note),
                rows_continue=is_continued,
                cancellation_prefix="C",
            )
            found = shell.json("stores preview --config own.json")
            assert (1, 1, 0) == (found["orders"], found["lines"], found["doubtful"])
            empty = "order_number is empty"
            assert [f"row 3: {empty}", f"row 5: {empty}"] == [
                words for words in found["rejected"] if empty in words
            ]


class TestAGermanWorkbook:
    DAY = datetime(2026, 11, 29)  # noqa: DTZ001 - as a cell has it

    def configured(self, shell, **columns):
        config = {
            "path": "own.xlsx",
            "currency": "EUR",
            "columns": {**OWN, "order_status": "", **columns},
            "date_formats": ["%d.%m.%Y"],
            "country_aliases": {"Deutschland": "DE"},
        }
        shell.write("own.json", json.dumps(config))

    def test_days_are_read_be_they_dates_or_texts(self, shell):
        """
        A spreadsheet shows both alike, so the format that people see is configured;
        amounts have commas.
        """
        shell.set_up()
        write_workbook(
            shell.folder / "own.xlsx",
            ("Bestellnummer", "Datum", "Artikel", "Menge", "Land", "Preis"),
            ("B-1", self.DAY, "MUG", 2, "Deutschland", "12,50"),
            ("B-1", self.DAY, "LAMP-R", 1, "Deutschland", "9,90 €"),
            ("B-2", "28.11.2026", "MUG", 3, "Deutschland", "1.234,50"),
        )
        self.configured(shell, unit_price="Preis")
        found = shell.json("stores preview --config own.json")
        assert (2, 3, 0, []) == (
            *(found["orders"], found["lines"], found["doubtful"]),
            found["rejected"],
        )
        shell.ok("stores connect mine --path own.xlsx --config own.json --yes")

        orders = {o["number"]: o["placed_at"][:10] for o in shell.listed("orders list")}
        assert ("2026-11-29", "2026-11-28") == (orders["B-1"], orders["B-2"])
        prices = [
            line["sold_price"]["amount"]
            for number in ("B-1", "B-2")
            for line in shell.json(f"orders show mine/{number}")["order"]["lines"]
        ]
        assert ["12.50", "9.90", "1234.50"] == prices

    def test_a_year_that_stands_first_is_read_as_configured_only(self, shell):
        """
        A day could be taken for a month.
        """
        shell.set_up()
        rows = "1,MUG,2,2026-13-01,DE\n2,MUG,2,2026-01-13,DE\n"
        shell.write("own.csv", f"order_number,sku,quantity,placed_at,country\n{rows}")
        own = {"path": "own.csv", "date_formats": ["%Y-%d-%m"]}
        shell.write("own.json", json.dumps(own))
        found = shell.json("stores preview --config own.json")

        said = "row 2: placed_at is in none of the formats; configure `date_formats`"
        assert [said] == found["rejected"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [("Menge1", "Menge2"), ("Menge", "Menge 2"), ("Menge #1", "menge #2")],
    )
    def test_rows_of_several_lines_are_refused(self, shell, one, other):
        """
        One line of a row is read: the others would be left behind without a word.
        """
        shell.set_up()
        write_workbook(
            shell.folder / "own.xlsx",
            ("Bestellnummer", "Datum", "Land", "SKU1", one, "SKU2", other),
            ("B-1", self.DAY, "Deutschland", "MUG", 2, "LAMP-R", 1),
        )
        self.configured(shell, sku="SKU1", quantity=one)
        for words in (
            "stores preview --config own.json",
            "stores connect mine --path own.xlsx --config own.json --yes",
        ):
            said = shell.unmoved(words, 2)
            assert f"beside {one} the header has {other}" in said
            assert "export one row for each product of an order" in said

    def test_a_numbered_column_that_is_another_of_ours_is_no_line(self, shell):
        """
        Such as the units that were refunded.
        """
        shell.set_up()
        write_workbook(
            shell.folder / "own.xlsx",
            ("Bestellnummer", "Datum", "Land", "SKU", "Menge", "Menge 2"),
            ("B-1", self.DAY, "Deutschland", "MUG", 2, 1),
        )
        self.configured(shell, sku="SKU", quantity_refunded="Menge 2")
        assert 1 == shell.json("stores preview --config own.json")["orders"]
