"""
What the demo says where its shop is not told of everything.
"""

import sqlite3
from contextlib import closing

from sourcehere.cli import main

HEADER = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
)
ROW = "540001,16001,LAMP,4,2010-12-01 08:26,3.39,17850,United Kingdom"


def test_a_parcel_that_nobody_told(on_disk):
    """
    The demo has not done what it is for; where to look is said.
    """
    on_disk.write("retail.csv", f"{HEADER}\n{ROW}\n")
    on_disk.ok("demo --file retail.csv")
    with closing(sqlite3.connect(on_disk.folder / "shop.db")) as database:
        database.execute(
            "UPDATE outbox_message SET state = 'dead' WHERE channel = 'store'"
        )
        database.commit()

    said = on_disk.refused("demo --file retail.csv", 1)

    assert "the shop is not told of 1 of 1 parcel" in said
    assert "`sourcehere --db sqlite:///shop.db relay dead` says why" in said


def test_where_it_cannot_be_told(on_disk):
    """
    It is refused, with what to say instead.
    """
    on_disk.write("retail.csv", f"{HEADER}\n{ROW}\n")
    said = on_disk.refused("demo --file retail.csv --out .", 2)
    assert "is not a file for the shop's fulfilments" in said
    assert "name one by --out" in said


def test_what_is_no_file(on_disk):
    """
    What is there is not told as missing.
    """
    assert "there is no such file" in on_disk.refused("demo --file nix.csv", 2)
    assert "a folder or a pipe" in on_disk.refused("demo --file .", 2)


def test_what_to_try_next_can_be_typed(on_disk, capsys):
    """
    A URL with signs that a shell reads stands in quotes.
    """
    on_disk.write("retail.csv", f"{HEADER}\n{ROW}\n")
    main(["demo", "--file", "retail.csv", "--db", "sqlite:///a.db?prefix=sh_"])
    shown = capsys.readouterr().out
    assert "Try next:\n  sourcehere --db 'sqlite:///a.db?prefix=sh_' orders" in shown


def test_a_password_is_not_told(on_disk, capsys, postgres_url):
    """
    It is said that it is left out.
    """
    on_disk.write("retail.csv", f"{HEADER}\n{ROW}\n")
    url = postgres_url.replace("@", ":hidden@", 1)
    main(["demo", "--file", "retail.csv", "--db", url])
    shown = capsys.readouterr().out
    assert "Try next, with the password, which is not shown:" in shown
    assert "hidden" not in shown


def test_where_somebody_sells_already(on_disk):
    """
    The demo is told on a database of its own.
    """
    on_disk.write("retail.csv", f"{HEADER}\n{ROW}\n")
    on_disk.ok("sellers add lamps --currency GBP")
    said = on_disk.refused("demo --file retail.csv", 2)
    assert "it has the seller 'lamps'; name another one by --db" in said
