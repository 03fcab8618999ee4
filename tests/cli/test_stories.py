"""
Whole stories, told to the installed command on SQLite.
"""

import pytest

from .conftest import gbp


@pytest.mark.slow
def test_a_shops_orders_from_sync_to_refund(on_disk):
    """
    Unrecognized orders are connected, quoted, paid, shipped, delivered and disputed.
    """
    shell = on_disk.set_up()
    assert {"unrecognized"} == set(shell.orders().values())
    assert "POST" in shell.ok("stores charges shop")
    assert "quantity_not_positive" in shell.ok("stores problems shop")
    assert "shop" in shell.ok("stores list")

    assert "no suggestion for CUP" in shell.ok("connections suggest shop")
    shell.ok("connections suggest shop --connect")
    shell.ok("relay run")
    assert {"1002": "awaiting_payment"} == shell.orders("--tab awaiting_payment")

    shell.ok("quotes ask 1001 2 --link https://shop.example/cup")
    (request,) = shell.listed("queue quotes")
    name = request["request_id"]
    shell.ok(f"quotes answer {name} --sku mug --price 1.80 --price 10:1.60")
    assert "1.80 GBP, 1.60 GBP from 10" in shell.ok(f"quotes view {name}")
    shell.ok(f"quotes accept {name}")
    shell.ok("relay run")
    assert {"awaiting_payment"} == set(shell.orders().values())

    shell.ok("orders pay 1001 1002 --expect 27.90")
    assert gbp("472.10") == shell.json("wallet show")["available"]
    shell.ok("orders accept 1001 1002")
    shell.ok("orders ship 1001 1.1=4 --carrier RM --tracking A1")
    shell.ok("orders ship 1001 --carrier RM --tracking A2")
    assert "A1" in shell.ok("parcels list 1001")
    shell.ok("parcels correct A2 --tracking A3")
    shell.ok("parcels void A1 --tracking A4")
    shell.ok("relay run")
    assert "A4" in (shell.folder / "fulfilments.csv").read_text()
    shell.ok("parcels track A3 in_transit --place Dover --key d1")
    shell.ok("parcels track A3 delivered")
    shell.ok("parcels track A4 delivered")
    assert "fulfilled" == shell.json("orders show 1001")["order"]["state"]

    evidence = "--description broken --photo photo:1"
    opened = shell.json(f"disputes open 1001 1.1=2 --reason damaged {evidence}")
    dispute = opened["dispute"]["dispute_id"]
    shell.ok(f"disputes take {dispute}")
    shell.ok(f"disputes ask {dispute} 'Which ones?'")
    shell.ok(f"disputes answer {dispute} 'Both.' --attachment photo:2")
    shell.ok(f"disputes offer {dispute} 1.00")
    shell.ok(f"disputes counter {dispute} 'Too little.' --attachment photo:3")
    shell.ok(f"disputes offer {dispute} 2.00")
    shell.ok(f"disputes accept {dispute}")
    shown = shell.ok(f"disputes show {dispute}")
    assert all(said in shown for said in ("Too little.", "photo:2", "photo:3"))
    shown = shell.json("orders show 1001")
    assert gbp("2.00") == shown["order"]["refunded"]
    assert [gbp("2.00")] == [refund["amount"] for refund in shown["refunds"]]
    assert dispute in shell.ok("disputes list")
    assert shell.json("audit")["is_clean"]


@pytest.mark.slow
def test_stock_is_bought_counted_and_sent_to_a_customer(on_disk):
    """
    A cloud-warehouse order becomes stock, and a later store order draws on it.
    """
    shell = on_disk.set_up()
    shell.ok("cloud create CN1 LAMP-W=5 --number stock-1")
    shell.ok("cloud place stock-1")
    shell.ok("orders pay stock-1 --yes")
    shell.ok("cloud dispatch stock-1")
    assert "CN1" in shell.ok("queue receive")
    shell.ok("cloud receive stock-1 1.1=3,1")
    shell.ok("cloud write-off stock-1")
    (stock,) = shell.json("cloud stock")
    assert (3, 1, 0) == (stock["available"], stock["damaged"], stock["incoming"])

    shell.ok("connections add shop LAMP-W=LAMP-W")
    shell.ok("relay run")
    shell.ok("orders pay 1002 --yes")
    shown = shell.json("orders show shop/1002")["order"]
    assert (gbp("0.00"), gbp("0.15")) == (shown["goods"], shown["handling"])
    assert 3 == shown["lines"][0]["items"][0]["quantity_from_lots"]
    shell.ok("orders accept 1002")
    assert "1002" in shell.ok("queue pick")
    assert shell.json("audit")["is_clean"]
