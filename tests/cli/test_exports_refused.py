"""
Exports of which something cannot be read.
"""

import json


def test_an_order_of_which_no_row_can_be_read_is_held(shell):
    """
    It is not sold as it was before, until a person decides or the shop mends it: then
    its problems and its hold end, also where its number has a sign.
    """
    shell.set_up()
    well = "order_number,sku,quantity,placed_at,country\n#1,MUG,2,2030-11-20,GB\n"
    torn = well.replace("MUG,2", "MUG,2 x")
    rest = "#2,MUG,1,2030-11-20,GB\n"
    shell.write("mine.csv", well + rest)
    shell.ok("stores connect mine --path mine.csv --yes")

    def holds():
        return [h["reason"] for h in shell.json("orders show mine/1")["order"]["holds"]]

    shell.write("mine.csv", torn + rest)
    shell.ok("stores sync mine")
    assert ["store_data"] == holds()
    assert 2 == len(shell.listed("stores problems mine"))
    shell.write("mine.csv", well + rest)
    shell.ok("stores sync mine")
    assert ([], []) == (holds(), shell.listed("stores problems mine"))

    shell.write("mine.csv", torn + rest)
    shell.ok("stores sync mine")
    shell.ok("orders confirm mine/1")
    shell.write("mine.csv", torn + rest + rest.replace("2,MUG", "3,MUG"))
    shell.ok("stores sync mine")
    assert [] == holds()


def test_an_order_in_doubt_says_where_the_reason_stands(shell):
    """
    With the hold, since a record that was read is none of the store's problems.
    """
    shell.set_up()
    names = "Name,Created at,Currency,Financial Status,Lineitem quantity,Lineitem name"
    row = "#1003,2030-11-23 11:12:30 +0000,GBP,partially_refunded,2,Mug,MUG,GB"
    shell.write("mine.csv", f"{names},Lineitem sku,Shipping Country\n{row}\n")
    shell.ok("stores connect mine --path mine.csv --yes")

    (hold,) = shell.json("orders show mine/1003")["order"]["holds"]
    assert "refunded in part" in hold["detail"]
    shown = shell.ok("orders show mine/1003")
    assert "the hold's detail says what was wrong" in shown
    assert [] == shell.listed("stores problems mine")


def test_a_header_that_nobody_knows_says_how_its_columns_are_named(shell):
    """
    And what it says is taken.
    """
    shell.set_up()
    shell.write("own.csv", "No,Item no.,Units,Day\n1,MUG,2,2030-11-20\n")
    said = shell("stores preview own.csv")
    assert 2 == said.code
    assert '{"columns": {"sku": "Item no."}}' in said.err

    own = {"order_number": "No", "sku": "Item no.", "quantity": "Units"}
    config = {"currency": "GBP", "columns": own | {"placed_at": "Day"}}
    shell.write("own.json", json.dumps(config))
    assert "1 order" in shell.ok("stores preview own.csv --config own.json")


def test_a_file_of_which_nothing_can_be_read_fails(shell):
    """
    It says so and why, and no shop is connected; looking at it fails as well.
    """
    shell.set_up()
    rows = "order_number,sku,quantity,placed_at\n5.83871E+17,A,1,2025-01-01\n"
    shell.write("damaged.csv", rows)
    assert "rounded by a spreadsheet" in shell("stores preview damaged.csv").out
    assert 1 == shell("stores preview damaged.csv").code
    said = shell("stores connect mine --path damaged.csv --yes")

    assert 1 == said.code
    assert "rounded by a spreadsheet" in said.out
    assert "nothing is connected: no order of the file can be read" in said.err
    assert ["shop"] == [one["store_id"] for one in shell.listed("stores list")]


def test_a_file_that_says_no_currency_is_connected_once_it_is_said(shell):
    """
    Each row is told once; a shop that is there already says how it is changed.
    """
    shell.set_up()
    rows = "order_number,sku,quantity,unit_price,placed_at\n1,A,1,2.00,2030-11-20\n"
    shell.write("plain.csv", rows + rows.splitlines()[1].replace("1,A", "2,A"))
    said = shell("stores connect mine --path plain.csv --yes")
    assert 1 == said.code
    assert "2 rows cannot be read:\n    row 1: unit_price has no currency" in said.out
    shell.ok("stores connect mine --path plain.csv --currency EUR --yes")

    again = shell.refused(
        "stores connect mine --path plain.csv --currency USD --yes", 2
    )
    assert "`sourcehere stores change mine` changes it" in again


def test_an_order_of_no_units_whose_price_cannot_be_read(shell):
    """
    It is told with its row; the others can be read.
    """
    shell.set_up()
    header = "order_number,order_status,sku,quantity,unit_price,placed_at,country"
    rows = "1,paid,MUG,0,2.00,2030-11-20,GB\n2,cancelled,MUG,1,,2030-11-20,GB"
    shell.write("plain.csv", f"{header}\n{rows}\n")
    found = shell.json("stores preview plain.csv")

    assert ["row 1: quantity is not positive"] == found["rejected"]
    assert (1, 1) == (found["orders"], found["cancelled"])
