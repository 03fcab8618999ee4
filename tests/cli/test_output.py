"""
How answers look: aligned text, tables on a terminal, and JSON.
"""

import enum
import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import attrs
import pytest

import sourcehere
from sourcehere import Money, Role
from sourcehere.cli.output import Result, Table, cell, facts, table, write
from sourcehere.domain.kernel.clock import NEVER
from sourcehere.face.plain import to_dict

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)


class Colour(enum.Enum):
    """
    Something that is no text.
    """

    RED = 1


@attrs.frozen
class Lamp:
    """
    Something with a part that nobody is to see.
    """

    name: str
    secret: str = attrs.field(default="x", repr=False)
    price: Money = Money(250, "GBP")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (NOON, "2030-01-02T12:00:00Z"),
        (NOON.astimezone(timezone(timedelta(hours=8))), "2030-01-02T12:00:00Z"),
        (NEVER, ""),
        (Money(5, "JPY"), "5 JPY"),
        ({"a": 1, "b": True}, "a 1, b yes"),
        (["a", "b"], "a, b"),
        ("two\nlines", "two lines"),
        (Role.STAFF, "staff"),
    ],
)
def test_a_cell_is_one_line(value, shown):
    """
    Money, times, lists and texts are one line for a person.
    """
    assert shown == cell(value)


def test_json_has_only_what_json_has():
    """
    Enums, times, money and sets become plain; hidden fields stay hidden.
    """
    told = to_dict({"lamp": Lamp("a"), "at": NOON, "ever": NEVER, "of": {Colour.RED}})
    price = {"amount": "2.50", "currency": "GBP", "minor": 250}
    assert {
        "lamp": {"name": "a", "price": price},
        "at": "2030-01-02T12:00:00Z",
        "ever": None,
        "of": ["1"],
    } == told
    assert told == json.loads(json.dumps(told))


def test_text_is_aligned_and_numbers_stand_right(capsys):
    """
    Columns have one width, amounts are set right, an empty table says none.
    """
    lamps = table(
        [("a", "5.00 GBP"), ("long", "15.00 GBP")],
        {"name": lambda r: r[0], "price": lambda r: r[1]},
    )
    empty = Table(("name",), (), "Hats")
    write(Result({}, (lamps, empty, facts({"n": "1", "no": ""}))), as_json=False)
    assert capsys.readouterr().out == (
        "name      price\na      5.00 GBP\nlong  15.00 GBP\n\nHats\nnone\n\nn  1\n"
    )


def test_a_terminal_gets_a_drawn_table(monkeypatch, capsys):
    """
    On a terminal rich draws, and markup in the data is only text.
    """
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    write(Result({}, (table(["[red]x"], {"sku": str}), "done")), as_json=False)
    out = capsys.readouterr().out
    assert "[red]x" in out
    assert "─" in out


def test_json_is_one_document(capsys):
    """
    With `--json` nothing else is on standard output.
    """
    write(Result([Lamp("a")], ("words",), ("problem",)), as_json=True)
    said = capsys.readouterr()
    price = {"amount": "2.50", "currency": "GBP", "minor": 250}
    assert [{"name": "a", "price": price}] == json.loads(said.out)
    assert "" == said.err


@pytest.mark.parametrize(
    "words", ["--version", "orders --version", "--json orders list --version"]
)
def test_the_version_is_ours_wherever_it_is_asked_for(shell, words):
    """
    Whatever command it stands behind.
    """
    assert f"{sourcehere.__version__}\n" == shell.ok(words)


@pytest.mark.parametrize(
    "words",
    [
        "--json --seller lamps orders list",
        "orders --seller lamps list --json",
        "orders list --store shop --json --seller=lamps",
    ],
)
def test_what_is_said_with_every_command_may_stand_anywhere(shop, words):
    """
    Before, between and behind the words of the command.
    """
    assert "1001" in {order["number"] for order in json.loads(shop.ok(words))["items"]}


@pytest.fixture
def said_by_a_process(on_disk):
    """
    Run the command in a process of its own whose streams are of some encoding.
    """
    on_disk.ok("sellers add demo --name 'Ján 卖家' --currency GBP")

    def said(words, encoding, stdout):
        command = [sys.executable, "-m", "sourcehere.cli", "--db", "sqlite:///shop.db"]
        return subprocess.run(
            [*command, *words.split()],
            cwd=on_disk.folder,
            env=os.environ | {"PYTHONIOENCODING": encoding},
            stdout=stdout,
            stderr=subprocess.PIPE,
            check=False,
        )

    return said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "encoding"),
    [("sellers list", "cp1252"), ("sellers list --json", "ascii")],
)
def test_files_and_pipes_are_utf8(said_by_a_process, words, encoding):
    """
    Whatever the machine would have them be, as files that are written are.
    """
    done = said_by_a_process(words, encoding, subprocess.PIPE)

    assert (0, b"") == (done.returncode, done.stderr)
    assert "Ján 卖家" in done.stdout.decode()


@pytest.mark.slow
def test_a_terminal_shows_what_it_can(said_by_a_process):
    """
    And the rest as escapes.
    """
    reader, terminal = pty.openpty()
    try:
        done = said_by_a_process("sellers list", "latin-1", terminal)
        shown = os.read(reader, 65536).decode("latin-1")
    finally:
        os.close(terminal)
        os.close(reader)

    assert (0, b"") == (done.returncode, done.stderr)
    assert r"Ján \u5356\u5bb6" in shown


@pytest.mark.slow
def test_errors_are_utf8_too(said_by_a_process):
    """
    A person reads them in the same file.
    """
    done = said_by_a_process("orders show Š卖", "ascii", subprocess.PIPE)

    assert (2, b"") == (done.returncode, done.stdout)
    assert "Š卖" in done.stderr.decode()
