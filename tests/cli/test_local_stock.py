"""
The commands of the local stock.
"""


def test_it_is_counted_sold_and_given_to_orders(shop):
    """
    Numbers are shown by SKU; an order takes its units and gives them back once.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    assert (
        7 == shop.json("local-stock count LAMP-W 7 --note 'after the fair'")["on_hand"]
    )
    assert 6 == shop.json("local-stock sell lamp-w 1")["on_hand"]
    assert "LAMP-W" in shop.ok("local-stock list")
    assert "LAMP-W" in shop.ok("local-stock show LAMP-W")
    said = shop.refused("local-stock sell LAMP-W 7", 3)
    assert "7 units asked, 6 in the local stock" in said
    shop.refused("local-stock show MUG", 2)

    assert "cancelled" in shop.ok("local-stock serve 1002")
    assert "3" in shop.ok("local-stock list")
    said = shop.refused("local-stock serve 1001", 3)
    assert "line 2 is not paired" in said
    shop.ok("local-stock put-back 1002")
    assert "put back already" in shop.refused("local-stock put-back 1002", 3)

    shown = shop.ok("local-stock movements --sku LAMP-W")
    assert "after the fair" in shown
    moves = shop.json("local-stock movements")["items"]
    told = [(move["kind"], move["quantity"]) for move in moves]
    assert [("put_back", 3), ("served", -3), ("sold", -1), ("counted", 7)] == told
    assert shop.json("audit")["is_clean"]


def test_what_arrived_of_a_manual_order_is_received(shop):
    """
    Once; before it has left it is refused.
    """
    made = "manual create MUG=2 --country GB --number samples --place"
    shop.ok(made)
    assert "receive" in shop.refused("local-stock receive samples", 3)
    shop.ok("orders pay samples --yes")
    shop.ok("orders accept samples")
    shop.ok("orders ship samples --carrier post --tracking T1")
    assert 2 == shop.json("local-stock receive samples")["units"]
    assert "0 units received" in shop.ok("local-stock receive samples")
    assert 2 == shop.json("local-stock show MUG")["on_hand"]
