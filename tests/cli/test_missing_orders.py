"""
Orders that are not in a shop's next export: told at a shell, asked about, held.
"""

import sys

import pytest

HEADER = "order_number,sku,title,quantity,unit_price,placed_at,customer,country\n"
ASKED = (
    "mine: 2 open unpaid orders are not in the file: 1, 3, placed 2026-11-01 to"
    " 2026-11-03"
)


def row(number):
    return f"{number},CUP,Cup,4,9.99,2026-11-0{number} 09:30,C-{number},GB\n"


@pytest.fixture
def mine(shell):
    """
    A shop of three orders, whose next file has the second one alone.
    """
    shell.set_up()
    path = shell.folder / "orders.csv"
    path.write_text(HEADER + row(1) + row(2) + row(3))
    shell.ok("stores connect mine --path orders.csv --currency USD --yes")
    path.write_text(HEADER + row(2))
    return shell


def held(shell):
    found = [shell.json(f"orders show mine/{n}")["order"]["holds"] for n in "123"]
    return [[hold["reason"] for hold in holds] for holds in found]


def test_without_a_terminal_it_is_said_what_to_do(mine):
    """
    Nothing follows from absence alone.
    """
    said = mine.ok("stores sync mine")

    assert (
        f"{ASKED}; a partial export? Then nothing is to be done; if it has all orders"
        " of the shop, `sourcehere stores sync mine --whole` holds them"
    ) in said
    missing = mine.json("stores sync mine")["missing"]["mine"]
    assert (2, 0, 0, ["1", "3"]) == tuple(
        missing[name] for name in ("unpaid", "held", "paid", "numbers")
    )
    assert [[], [], []] == held(mine)


def test_a_whole_export_holds_them(mine):
    """
    Until each is cancelled or confirmed; then nobody is asked again.
    """
    said = mine.ok("stores sync mine --whole")

    assert (
        "mine: 2 unpaid orders that the file does not have are held: cancel or confirm"
        " each (`sourcehere orders confirm`)"
    ) in said
    assert [["store_data"], [], ["store_data"]] == held(mine)
    mine.ok("orders confirm mine/1")
    mine.ok("orders cancel mine/3")
    assert "not in the file" not in mine.ok("stores sync mine --whole")
    assert [] == held(mine)[0]
    assert "cancelled" == mine.orders()["3"]


def test_one_is_held(mine):
    """
    The sentence about one order is one about one.
    """
    mine.ok("stores sync mine")
    mine.ok("orders cancel mine/3")

    assert ("mine: 1 unpaid order that the file does not have is held:") in mine.ok(
        "stores sync mine --whole"
    )


@pytest.mark.parametrize(
    ("answer", "holds"),
    [("y\n", [["store_data"], [], ["store_data"]]), ("\n", [[], [], []])],
)
def test_a_person_is_asked(mine, monkeypatch, answer, holds):
    """
    Whether the file is a partial one: only a yes holds anything.
    """
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdin, "readline", lambda: answer)
    said = mine("stores sync mine")

    assert (
        f"{ASKED}. If it is a partial export, nothing follows from that. Does it have"
        " all orders of the shop, so that these are to be held? [y/N] "
    ) == said.err
    monkeypatch.undo()
    assert holds == held(mine)


def test_a_file_is_looked_at_before(mine):
    """
    A preview says of a connected shop what the new file does not have.
    """
    said = mine.ok("stores preview orders.csv --currency USD --store mine")
    assert ASKED in said
    found = mine.json("stores preview orders.csv --currency USD --store mine")
    assert (1, 2) == (found["preview"]["orders"], found["missing"]["unpaid"])
