"""
What comes from a shop and is shown: on a terminal, in JSON, in a spreadsheet.
"""

import csv
import json
import re
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import InvalidInputError
from sourcehere.builtin.file_fulfilments import FulfilmentFile
from sourcehere.builtin.file_tail import read_cell
from sourcehere.cli.errors import report, sentence
from sourcehere.cli.output import Result, Table, facts, table, to_json, write
from sourcehere.ports.errors import ConfigError, ConfigProblem, DeclinedError
from sourcehere.ports.platforms import ParcelNotice

ODD = "a\x1b[2Kb\u202ec\x9b31md\x07\u2028e"
SHOWN = "a\\x1b[2Kb\\u202ec\\x9b31md\\x07\\u2028e"


def notice(**changes):
    """
    Make the notice of a parcel.
    """
    usual = {
        "idempotency_key": "k",
        "external_id": "1",
        "number": "1",
        "parcel_id": "p",
        "carrier": "post",
        "tracking_number": "t",
        "shipped_at": datetime(2026, 3, 1, tzinfo=UTC),
    }
    return ParcelNotice(**{**usual, **changes})


class TestTerminal:
    @pytest.mark.parametrize("drawn", [False, True])
    def test_tables_and_sentences(self, monkeypatch, capsys, drawn):
        """
        No escape sequence and no turn of the writing reaches a terminal.
        """
        monkeypatch.setattr(sys.stdout, "isatty", lambda: drawn)
        monkeypatch.setenv("COLUMNS", "200")
        shown = table([ODD], {"title": str})
        blocks = (shown, facts({"n": ODD}, ODD), Table((ODD,), ((ODD,),)), f"x {ODD}")
        write(Result({}, blocks, (f"problem {ODD}",)), as_json=False)
        said = capsys.readouterr()

        assert SHOWN in said.out
        assert f"problem {SHOWN}\n" == said.err
        out = re.sub(r"\x1b\[[0-9]*m", "", said.out)  # rich's own
        assert all(c.isprintable() or c == "\n" for c in out + said.err)

    @pytest.mark.parametrize("drawn", [False, True])
    def test_a_line_cannot_be_forged(self, capsys, drawn):
        """
        A line end in a foreign text begins no line of ours in a table or an error.
        """
        forged = "x\nsourcehere: all is well"
        write(Result({}, (Table(("t",), ((forged,),)),)), as_json=False)
        report(DeclinedError(provider="p", detail=forged), as_json=drawn)
        said = capsys.readouterr()

        assert "\nsourcehere: all" not in said.out + said.err

    def test_errors(self, capsys):
        """
        A refusal and each of its reasons are shown so too.
        """
        problem = ConfigProblem("f", ODD)
        report(ConfigError(provider="p", problems=[problem]), as_json=False)

        assert f"  - f: {SHOWN}\n" in capsys.readouterr().err
        error = InvalidInputError(field=ODD, value=1, expected="2")
        assert f"{SHOWN}: 1 is not 2" == sentence(error)

    @given(st.text(st.characters()))
    def test_json_says_the_same(self, text):
        """
        A document reads back as it was, and holds nothing that a terminal acts on.
        """
        document = to_json({text: text})

        assert {text: text} == json.loads(document)
        assert all(c.isprintable() or c == "\n" for c in document)


class TestSpreadsheets:
    @pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
    @pytest.mark.parametrize("before", ["", "'", "''"])
    def test_no_cell_is_a_formula(self, tmp_path, first, before):
        """
        A cell that a spreadsheet would compute begins with an apostrophe, and reads
        back as it was.
        """
        text = f"{before}{first}cmd|' /C calc'!A0"
        push = FulfilmentFile("sent.csv", folder=str(tmp_path)).push
        one = notice(carrier=text, number=text, tracking_number=text, parcel_id=text)
        assert ["row:1"] == push([one])
        with (tmp_path / "sent.csv").open(encoding="utf-8", newline="") as file:
            _, (key, *cells, _, _, _) = csv.reader(file, strict=True)

        assert "k" == key
        assert [f"'{text}"] * 4 == cells
        assert [text] * 4 == [read_cell(cell) for cell in cells]

    def test_a_key_is_known_again(self, tmp_path):
        """
        A key that looks like a formula is found by whoever reads the file anew.
        """
        for _ in range(2):
            file = FulfilmentFile("sent.csv", folder=str(tmp_path))
            assert ["row:1"] == file.push([notice(idempotency_key="=1+1")])

    @pytest.mark.parametrize("text", ["YT-1", "'quoted'", "O'Neil", "1=2", "'"])
    def test_other_cells_are_as_they_were(self, tmp_path, text):
        """
        Nothing else is changed.
        """
        FulfilmentFile("sent.csv", folder=str(tmp_path)).push([notice(carrier=text)])
        with (tmp_path / "sent.csv").open(encoding="utf-8", newline="") as file:
            _, row = csv.reader(file)

        assert text == row[3] == read_cell(row[3])
