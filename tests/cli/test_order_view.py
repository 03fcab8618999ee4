"""
What warehouse and support read of an order at a shell: goods by SKU, parcels by number.
"""

import json
from datetime import timedelta

import pytest

import sourcehere
from sourcehere import ManualClock, SystemClock


def rows(told, title):
    """
    Return the rows of a block, by what stands above their cells.
    """
    head, *lines = told.split(f"{title}\n")[1].split("\n\n")[0].splitlines()
    names = [name.strip() for name in head.split("  ") if name.strip()]
    starts = [head.index(name) for name in names]
    ends = [*starts[1:], None]
    return [
        {n: line[a:b].strip() for n, a, b in zip(names, starts, ends, strict=True)}
        for line in lines
    ]


@pytest.fixture
def late(shop):
    """
    Do what is due at a later time.
    """

    def fire(**later):
        clock = ManualClock(SystemClock().now() + timedelta(**later))
        with sourcehere.open(
            storage=shop.storage, load_entry_points=False, clock=clock
        ) as sh:
            sh.clocks.fire()

    return fire


def test_lines_name_what_supplies_them(shop):
    """
    A bundle's items are told apart by the platform's SKUs: that is what is picked.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W*2+MUG")
    shop.ok("relay run")
    told = rows(shop.ok("orders show 1002"), "Lines")

    assert [("1.1", "LAMP-W", "6"), ("1.2", "MUG", "3")] == [
        (row["item"], row["supplied by"], row["units"]) for row in told
    ]


def test_a_line_without_a_connection(shop):
    """
    Nothing supplies it yet, and nothing is said of its units.
    """
    (row,) = rows(shop.ok("orders show 1002"), "Lines")
    assert ("not connected", "", "") == (row["item"], row["supplied by"], row["units"])


def test_a_bulk_order_shows_what_was_counted(shop):
    """
    Of what goes to a cloud warehouse the counts are shown, which tell what is missing;
    nothing there is called unsent.
    """
    shop.ok("cloud create CN1 LAMP-W=40 --number bulk --place")
    shop.ok("orders pay bulk --yes")
    shop.ok("cloud dispatch bulk")
    shop.ok("cloud consign bulk --carrier dhl --tracking JD1")
    assert "goods left for the warehouse by dhl, JD1" in shop.ok("orders show bulk")
    shop.ok("cloud receive bulk 1.1=30,4,1")
    (row,) = rows(shop.ok("orders show bulk"), "Lines")

    assert {"good": "30", "damaged": "4", "missing": "1", "to count": "5"} == {
        name: row[name] for name in ("good", "damaged", "missing", "to count")
    }
    assert not {"unsent", "shipped", "of stock"} & set(row)
    shop.ok("cloud write-off bulk")
    (row,) = rows(shop.ok("orders show bulk"), "Lines")
    assert ("5", "0") == (row["written off"], row["to count"])


def test_goods_that_cannot_be_bought_are_called_by_their_sku(paid):
    """
    Who is to decide reads which goods they are, in the queue and with the order.
    """
    paid.ok("catalog discontinue LAMP-W")
    paid.ok("relay run")

    assert "out_of_stock: LAMP-W  " in paid.ok("queue held seller")
    told = paid.ok("orders show 1002")
    assert "held: out of stock (LAMP-W)" in told
    (hold,) = rows(told, "Holds")
    assert "LAMP-W" == hold["detail"]


def test_a_parcel_nobody_heard_of_is_called_by_its_number(paid, late):
    """
    Who is to ask the carrier reads what to ask about, as it is called now.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier RM --tracking RM1")
    late(days=21)

    assert "parcel_stalled: parcel RM RM1 " in paid.ok("queue held")
    told = paid.ok("orders show 1002")
    assert "held: parcel stalled (parcel RM RM1)" in told
    (hold,) = rows(told, "Holds")
    assert "parcel RM RM1" == hold["detail"]


def test_what_an_order_lacks_once_the_others_are_paid(shop):
    """
    The first one is refused while there is more money than the next one leaves: it is
    named, and what it says is missing is what has to arrive for it.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W CUP=MUG")
    shop.ok("relay run")
    shop.ok("wallet pay-out 488 --reference OUT-1")
    said = shop("orders pay 1001 1002 --yes --each")

    assert 3 == said.code
    assert "paid 8.60 GBP for 1 order" in said.out
    assert "1001: the wallet holds 3.40 GBP, and 19.70 GBP is needed" in said.err
    shop.ok("wallet top-up 16.30 --reference T-2")
    shop.ok("orders pay 1001 --yes")


def test_a_parcel_of_many_that_is_refused_is_named(paid):
    """
    Words that name another thing have the parcel's name before them.
    """
    paid.write("left.csv", "order,carrier,tracking\n9999,post,T9\n1002,post,T1\n")
    paid.ok("orders accept 1002")
    assert "post/T9: no order '9999'" in paid("orders ship-many left.csv").err


def test_a_refusal_names_orders_as_they_were_typed(paid):
    """
    Who types three numbers reads which of them it is about; a program has the id.
    """
    (order,) = paid.listed("orders list --tab awaiting_shipping")
    order_id = order["order_id"]
    words = f"order 1002 ({order_id}): cannot pay:"
    assert words in paid.refused("orders pay 1002", 3)
    assert words in paid.refused("orders pay shop/1002", 3).replace("shop/", "")
    assert f"order 1002 ({order_id}): cannot ship:" in paid.refused(
        "orders ship 1002 --carrier post --tracking T1", 3
    )
    assert f"order {order_id}: cannot pay:" in paid.refused(f"orders pay {order_id}", 3)
    told = json.loads(paid.refused("orders pay 1002 --json", 3))["error"]
    assert told["message"].startswith(f"order {order_id}: cannot pay")
    many = paid("orders cancel 1001 1002").err
    assert f"order 1002 ({order_id}): cannot cancel:" in many


def test_disputes_and_calls_for_help_name_their_orders(paid):
    """
    Support reads which order a seller speaks of, as the seller calls it.
    """
    paid.ok("connections ask-help 1003 1 which")
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier post --tracking T1")
    paid.ok("disputes open 1002 1.1=1 --reason short --description fewer")

    for words, number in (("queue disputes", "1002"), ("queue help", "1003")):
        head, row = paid.ok(words).splitlines()
        assert "number" in head.split()
        assert number in row.split()
