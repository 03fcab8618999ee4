"""
A seller's orders are split at a shell, and leave from each of their warehouses.
"""

import pytest


@pytest.fixture
def stocked(shop):
    """
    The shop with two white lamps in Newark and two in China, and split orders; 1002
    wants three, 1001 six.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    shop.ok("warehouses add US1 --country US --name Newark")
    for place in ("US1", "CN1"):
        made = shop.json(f"cloud create {place} LAMP-W=2 --place")
        name = made["order_id"]
        shop.ok(f"orders pay {name} --yes")
        shop.ok(f"cloud dispatch {name}")
        shop.ok(f"cloud receive {name} --all")
    told = shop.ok("sellers allocation lamps split_available")
    assert "orders of lamps are served by split_available\n" == told
    return shop


def on_hand(shell):
    """
    Return what is on hand, by warehouse.
    """
    return {row["warehouse_id"]: row["on_hand"] for row in shell.json("cloud stock")}


def test_an_offer_says_what_each_parcel_costs(stocked):
    """
    And an order which they are.
    """
    said = stocked("orders pay 1002 --yes")
    assert "2: 2.50 GBP from US1 + 2.50 GBP from CN1" in said.out
    assert [("US1", {"1.1": 2}), ("CN1", {"1.1": 1})] == [
        (parcel["leaves_from"], parcel["quantities"])
        for parcel in stocked.json("orders show 1002")["planned_parcels"]
    ]
    for words in ("from", "US1", "5 to 9"):
        assert words in stocked.ok("orders show 1002")


def test_a_parcel_leaves_from_a_place(stocked):
    """
    Each takes what is there; the last one needs no word.
    """
    stocked.ok("orders pay 1002 --yes")
    stocked.ok("orders accept 1002")
    ship = "orders ship 1002 --carrier UPS --tracking"
    assert "its units are in CN1 and US1" in stocked.unmoved(f"{ship} T1", 3)
    assert "no warehouse 'X'" in stocked.unmoved(f"{ship} T1 --leaves-from X", 2)
    stocked.ok(f"{ship} T1 --leaves-from US1")
    assert {"US1": 0, "CN1": 2} == on_hand(stocked)
    stocked.ok(f"{ship} T2")
    assert {"US1": 0, "CN1": 1} == on_hand(stocked)


def test_a_file_says_it_parcel_by_parcel(stocked):
    """
    `own` is the platform's own warehouse.
    """
    stocked.write(
        "shop.csv",
        "order_number,sku,title,quantity,unit_price,placed_at,customer,country\n"
        "1004,LAMP-W,Lamp,6,3.39,2030-12-01 08:26,17,GB\n",
    )
    stocked.ok("stores sync shop")
    stocked.ok("orders pay 1004 --yes")
    stocked.ok("orders accept 1004")
    stocked.write(
        "sent.csv",
        "order,carrier,tracking,item,quantity,leaves_from\n"
        "1004,UPS,T1,1.1,2,own\n"
        "1004,UPS,T2,1.1,2,US1\n"
        "1004,UPS,T3,,,CN1\n",
    )
    assert 3 == len(stocked.json("orders ship-many sent.csv")["done"])
    assert {"US1": 0, "CN1": 0} == on_hand(stocked)
    assert "shipped" == stocked.json("orders show 1004")["order"]["state"]


def test_a_policy_that_nobody_offers_is_refused(stocked):
    """
    Nothing is changed.
    """
    told = stocked.unmoved("sellers allocation lamps halves", 2)
    assert "halves" in told
