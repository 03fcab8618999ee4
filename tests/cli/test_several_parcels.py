"""
What the command says of orders that travel in several parcels, and of sizes.
"""

import json

from .conftest import BREAK, CARD, METHOD, ZONE, gbp


def card(shop, **limits):
    """
    Let the only method have limits.
    """
    config = {**CARD, "methods": [{**METHOD, "zones": [ZONE], **limits}]}
    shop.write("limited.json", json.dumps(config))
    shop.ok("freight change card --config limited.json")


def test_each_parcel_has_its_price(shop):
    """
    The ways, the offer and the order show how many there are and what each costs; where
    one is enough nothing is said of parcels.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    assert "parcels" not in shop.ok("orders modes 1002")
    card(shop, maximum_grams=400)
    (mode,) = shop.json("orders modes 1002")["modes"]
    first = BREAK["first_price"]

    assert [({"1.1": 2}, 400, gbp("2.50")), ({"1.1": 1}, 200, gbp("2.50"))] == [
        (p["quantities"], p["weight_grams"], p["freight"]) for p in mode["parcels"]
    ]
    assert 2 * first == mode["freight"]["minor"]
    assert "2: 2.50 + 2.50 GBP" in shop.ok("orders modes 1002")
    assert "2: 2.50 + 2.50 GBP" in shop.ok("orders pay 1002 --yes")
    assert mode["parcels"] == shop.json("orders show 1002")["planned_parcels"]
    shown = shop.ok("orders show 1002")
    assert "Planned parcels" in shown
    assert "1.1=2" in shown


def test_a_box_is_measured(shop):
    """
    Its sides are asked about, and what they have to be is told.
    """
    card(shop, maximum_longest_mm=500)
    asked = "freight quote --country GB --grams 700"
    assert "the size is not known" in shop.ok(asked)
    box = "--length-mm 300 --width-mm 501 --height-mm 20"
    assert "501 mm long, carries up to 500 mm" in shop.ok(f"{asked} {box}")
    quote = shop.json(f"{asked} --length-mm 300 --width-mm 500 --height-mm 20")
    assert [gbp("3.50")] == [option["price"] for option in quote["options"]]


def test_limits_that_make_no_sense_are_refused(shop):
    """
    The card stays as it was.
    """
    limits = {"maximum_longest_mm": 5, "maximum_second_mm": 6}
    config = {**CARD, "methods": [{**METHOD, "zones": [ZONE], **limits}]}
    shop.write("bad.json", json.dumps(config))

    told = shop.unmoved("freight change card --config bad.json", 2)
    assert "maximum_second_mm" in told


def test_an_address_that_costs_more_is_agreed_to(shop):
    """
    The refusal says how much, and the option is the most that it may be.
    """
    far = {"country": "GB", "first": "HS1", "last": "HS9"}
    card(shop, remote_areas=[{"price": 320, "postal_ranges": [far]}])
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    shop.ok("orders address 1002 --postal-code 'AB1 2CD'")
    shop.ok("orders pay 1002 --yes")
    before = shop.json("orders show 1002")["order"]["freight"]["minor"]
    refused = shop.unmoved("orders address 1002 --postal-code 'HS2 0XP'", 3)
    assert "its freight costs 3.20 GBP more to there" in refused
    alone = shop.unmoved("orders address 1002 --supplement 3.20", 2)
    assert "say where it goes" in alone
    shop.ok("orders address 1002 --postal-code 'HS2 0XP' --supplement 3.20")

    assert 320 == shop.json("orders show 1002")["order"]["freight"]["minor"] - before
    assert "HS2 0XP" == shop.json("orders address 1002")["postal_code"]
