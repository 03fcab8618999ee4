"""
The commands of pairing: parts of orders.
"""


def test_paired_lines_go_on_and_the_rest_waits(shop):
    """
    The shop's order 1001 has two parts then, named 1001:1 and 1001:2.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    done = shop.json("orders process-paired 1001")
    (first, second), *_ = done["done"].items()

    shown = shop.ok("orders list --tab unrecognized")
    assert "1001:2" in shown
    assert second in shown
    for name, order_id, skus in (
        ("1001:1", first, ["LAMP-W"]),
        ("shop/1001:2", second, ["CUP"]),
    ):
        order = shop.json(f"orders show {name}")
        assert (order_id, skus) == (
            order["order_id"],
            [line["sku"] for line in order["lines"]],
        )
    assert "NUMBER:PART" in shop.refused("orders show 1001", 2)
    assert "1001:3" in shop.refused("orders show 1001:3", 2)
    shop.ok("orders pay 1001:1 --yes")
    said = shop.refused("orders process-paired 1001:2", 3)
    assert "no line is paired; connect one first" in said
    assert shop.json("audit")["is_clean"]


def test_why_not_knows_it_by_its_own_name(shop):
    """
    Why paired lines cannot be processed is asked as the command is called.
    """
    (blocker,) = shop.json("orders why-not 1002 process-paired")["blockers"]
    assert "nothing_paired" == blocker["code"]
