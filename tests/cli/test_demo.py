"""
What the demo says where its shop is not told of everything.
"""

import sqlite3
from contextlib import closing

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
