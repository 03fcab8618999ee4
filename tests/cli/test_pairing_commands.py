"""
The commands of pairing: parts of orders.
"""

from .conftest import gbp


def test_paired_lines_go_on_and_the_rest_waits(shop):
    """
    The shop's order 1001 has two parts then, named 1001:1 and 1001:2.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    done = shop.json("orders process-paired 1001")
    (processed,) = done["done"].values()
    first, second = processed["order_id"], processed["waiting_id"]
    assert [first] == list(done["done"])

    shown = shop.ok("orders list --tab unrecognized")
    assert "1001:2" in shown
    assert second in shown
    for name, order_id, skus in (
        ("1001:1", first, ["LAMP-W"]),
        ("shop/1001:2", second, ["CUP"]),
    ):
        order = shop.json(f"orders show {name}")["order"]
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


def test_lines_are_shown_in_their_order(shop):
    """
    A line that is not connected stands where the shop has it.
    """
    shop.ok("connections add shop CUP=MUG")
    shop.ok("relay run")
    shown = shop.ok("orders show 1001").partition("Lines\n")[2].splitlines()

    assert [["1", "LAMP-W"], ["2", "CUP"]] == [row.split()[:2] for row in shown[1:3]]
    assert "not connected" in shown[1]


def test_why_not_knows_it_by_its_own_name(shop):
    """
    Why paired lines cannot be processed is asked as the command is called.
    """
    (blocker,) = shop.json("orders why-not 1002 process-paired")["blockers"]
    assert "nothing_paired" == blocker["code"]


def add_shirts(shop):
    """
    Sell shirts in two colours and two sizes, and let a shop sell them in German.
    """
    shop.write(
        "shirts.csv",
        "sku,title,weight_grams,price,currency,product,link,option:Colour,option:Size\n"
        + "".join(
            f"T-{c}-{s},Cotton shirt,200,9,GBP,Cotton shirt,x.example/shirt,{c},{s}\n"
            for c in ("Black", "Navy Blue")
            for s in ("M", "XL")
        ),
    )
    shop.ok("catalog add shirts.csv")
    orders = [
        ("2001", "H-1", "Cotton shirt - Schwarz / XL", 1),
        ("2002", "H-2", "Cotton shirt - Marineblau / M", 2),
        ("2003", "H-2", "Cotton shirt - Marineblau / M", 3),
        ("2003", "H-3", "Cotton shirt - Kornblume / M", 1),
    ]
    shop.write(
        "german.csv",
        "order_number,sku,title,quantity,unit_price,placed_at,customer,country\n"
        + "".join(
            f"{number},{sku},{title},{quantity},9.99,2030-12-01 08:26,17,DE\n"
            for number, sku, title, quantity in orders
        ),
    )
    shop.write(
        "german.json",
        '{"path": "german.csv", "fulfilments_path": "g.csv", "currency": "GBP"}',
    )
    shop.ok("stores connect german --config german.json")
    shop.ok("stores sync german")


def test_suggestions_say_why_and_connect_only_what_is_sure(shop):
    """
    Over all products a title is no proof; within a chosen one options are.
    """
    add_shirts(shop)
    shown = shop.ok("connections suggest german")
    why = "same_options  colour black = schwarz, size xl; title 100 % alike"
    assert why in shown
    assert "look first" in shown
    report = shop.json("connections suggest german --connect")
    assert {} == report["connected"]

    for product in ("T-Black-M", "https://x.example/shirt"):
        report = shop.json(f"connections suggest german --product {product}")
        clear = [s["sku"] for s in report["suggestions"] if not s["needs_person"]]
        assert ["H-1", "H-2"] == clear
    report = shop.json("connections suggest german --product T-Black-M --connect")
    assert ["german/H-1"] == list(report["connected"])
    shop.ok("relay run")
    states = shop.orders("--store german")
    assert {
        "2001": "awaiting_payment",
        "2002": "awaiting_payment",
        "2003": "unrecognized",
    } == states
    assert "nothing" in shop.refused("connections suggest german --product nothing", 2)


def test_words_of_ones_own_are_read_from_a_file(shop):
    """
    What the dictionary does not know, a file says.
    """
    add_shirts(shop)
    shop.write("words.json", '{"values": {"colour": {"navy": ["Kornblume"]}}}')
    suggest = "connections suggest german H-3"
    report = shop.json(f"{suggest} --words words.json")
    assert ["same_options"] == [s["reason"] for s in report["suggestions"]]
    assert [] == [
        s for s in shop.json(suggest)["suggestions"] if s["reason"] == "same_options"
    ]
    for wrong in ('{"colour": {}}', '{"values": {"colour": ["navy"]}}'):
        shop.write("words.json", wrong)
        assert "words.json" in shop.refused(f"{suggest} --words words.json", 2)


def test_coverage_shows_what_most_orders_wait_for(shop):
    """
    Totals of each shop, then its unpaired SKUs.
    """
    add_shirts(shop)
    first, second = shop.json("connections coverage")
    assert ["german", "shop"] == [first["store_id"], second["store_id"]]
    assert [("H-2", 2, 1, 5), ("H-1", 1, 1, 1), ("H-3", 1, 0, 1)] == [
        (u["sku"], u["orders"], u["orders_only"], u["units"]) for u in first["unpaired"]
    ]
    shown = shop.ok("connections coverage german --limit 2")
    assert "1 more with --limit" in shown
    assert "H-3" not in shown


def test_a_recognized_line_is_paired_anew(shop):
    """
    For one order, back again, and for all that wait; a preview changes nothing.
    """
    shop.ok("connections add shop CUP=LAMP-W LAMP-W=LAMP-W")
    shop.ok("relay run")

    def items(number="1001"):
        (_, cup, *_) = shop.json(f"orders show {number}")["order"]["lines"]
        return len(cup["items"]), cup["is_set_apart"], cup["connection_version"]

    shown = shop.ok("orders connect-sku 1001 2 MUG=2 LAMP-R=2 --preview")
    assert "LAMP-W=2" in shown
    assert "MUG=2 LAMP-R=2" in shown
    assert (1, False, 1) == items()
    done = shop.json("orders connect-sku 1001 2 MUG=2 LAMP-R=2")
    assert "awaiting_payment" == done["state"]
    assert (2, False, 0) == items()
    assert "unrecognized" == shop.json("orders disconnect-line 1001 2")["state"]
    assert (0, True, 0) == items()
    assert "awaiting_payment" == shop.json("orders follow-connection 1001 2")["state"]
    assert (1, False, 1) == items()

    wanted = "orders connect-sku 1001 2 MUG=4 --for-all-waiting"
    changes = shop.json(f"{wanted} --preview")
    assert [("1001", 2, 4), ("1003", 1, 2)] == [
        (one["number"], one["line"], one["after"][0]["quantity"]) for one in changes
    ]
    assert [gbp("3.40"), gbp("8.00")] == [
        changes[0]["goods_before"],
        changes[0]["goods_after"],
    ]
    assert "awaiting_payment" == shop.json(wanted)["state"]
    assert (1, False, 2) == items()
    (line,) = shop.json("orders show 1003")["order"]["lines"]
    assert (2, 2) == (line["items"][0]["quantity"], line["connection_version"])
    said = shop.refused("orders connect-sku 1001 2 MUG=3 --for-all-waiting", 2)
    assert "a multiple of 2" in said
    (why,) = shop.json("orders why-not 1001 follow-connection")["blockers"]
    assert "nothing_on_its_own" == why["code"]


def test_the_shop_s_ids_connect(shop):
    """
    A shop without SKUs is connected by variant and by product.
    """
    shop.write(
        "tees.csv",
        "order_number,sku,title,quantity,unit_price,placed_at,variant_id,product_id\n"
        "3001,,Tee M,1,9.99,2030-12-01 08:26,4401,77\n"
        "3002,,Tee L,1,9.99,2030-12-01 08:26,4402,77\n",
    )
    shop.write(
        "tees.json",
        '{"path": "tees.csv", "fulfilments_path": "t.csv", "currency": "GBP",'
        ' "columns": {"customer": "", "country": ""}}',
    )
    shop.ok("stores connect tees --config tees.json")
    shop.ok("stores sync tees")
    assert "4401" in shop.ok("connections coverage tees")
    shop.ok("connections add tees variant:4401=LAMP-W product:77=MUG")
    shop.ok("relay run")

    assert "variant:4401=LAMP-W" in shop.ok("connections list --store tees")
    assert "product:77=MUG" in shop.ok("connections list --store tees")
    supplied = [
        shop.json(f"orders show {number}")["order"]["lines"][0]["items"][0]
        for number in ("3001", "3002")
    ]
    assert 2 == len({item["variant_id"] for item in supplied})


def test_what_is_not_ours_is_left_out(shop):
    """
    The cup leaves the orders that wait for it, and comes back when it is told again.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    done = shop.json("connections mark-not-ours shop CUP variant:1 product:2")
    assert 2 == done["orders_changed"]
    states = {"1001": "awaiting_payment", "1002": "awaiting_payment"}
    assert {**states, "1003": "cancelled"} == shop.orders()
    names = [one["name"] for one in shop.json("connections not-ours shop")]
    assert {"CUP", "variant:1", "product:2"} == set(names)
    said = shop.refused("connections mark-not-ours shop LAMP-W", 2)
    assert "connection of SKU 'LAMP-W' exists already" in said
    assert "`sourcehere connections remove CONNECTION` ends it" in said
    said = shop.refused("connections add shop CUP=MUG", 2)
    assert "SKU that is not ours 'CUP' exists already" in said
    assert "`sourcehere connections unmark-not-ours STORE SKU` takes that back" in said
    said = shop.unmoved("connections unmark-not-ours shop CUP variant:9", 2)
    assert "no SKU that is not ours 'variant:9'" in said
    assert "`sourcehere connections not-ours STORE` lists them" in said
    shop.ok("connections unmark-not-ours shop CUP")
    shop.ok("stores rewind shop")
    shop.ok("stores sync shop")
    assert "unrecognized" == shop.orders()["1001"]
    assert shop.json("audit")["is_clean"]


def test_a_pairing_is_explained_and_its_history_told(shop):
    """
    Which range decided, why the rest did not, and what the connection was before.
    """
    made = shop.json("connections add shop LAMP-W=LAMP-W,4+:LAMP-R CUP=MUG")
    connection = made["connection_id"]
    shop.ok("relay run")
    shop.ok(f"connections change {connection} LAMP-W=LAMP-W*2,4+:LAMP-R CUP=MUG")

    shown = shop.ok("connections explain 1001 1")
    assert "LAMP-W 4+" in shown
    found = shop.json("connections explain 1002 1")
    assert ["lamp-w"] == [found["sku"]]
    assert [False, False, True] == [v["decides"] for v in found["verdicts"]]
    assert "LAMP-W is 2 LAMP-W; 4+: 1 LAMP-R" in shop.ok(
        f"connections history {connection}"
    )
    steps = shop.json(f"connections history {connection}")
    assert [1, 2] == [step["version"] for step in steps]
    assert "line" in shop.refused("connections explain 1001 9", 2)
    shop.refused("connections history nothing", 2)


def test_a_method_by_country(shop):
    """
    It is shown, and refused where it is not written as it must be.
    """
    made = shop.json("connections add shop LAMP-W=LAMP-W --method-to FR=std")
    assert "FR=std" in shop.ok("connections list")
    connection = made["connection_id"]
    change = f"connections change {connection}"
    shop.ok(f"{change} --method-to GB=std --method-to FR=")
    (view,) = shop.json("connections list")["items"]
    assert {"FR": "", "GB": "std"} == view["methods"]
    shop.ok(f"{change} --method-to ''")
    (view,) = shop.json("connections list")["items"]
    assert {} == view["methods"]
    assert "COUNTRY=METHOD" in shop.refused(f"{change} --method-to FR", 2)


def test_buy_two_get_one(shop):
    """
    With `/2+` the odd one is as the rule says; it is shown as it was written.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W,2+:LAMP-W*3/2+")
    shop.ok("relay run")
    (line,) = shop.json("orders show 1002")["order"]["lines"]

    assert [3, 4] == [line["quantity"], line["items"][0]["quantity"]]
    assert "LAMP-W=LAMP-W,2+:LAMP-W*3/2+" in shop.ok("connections list")


def test_a_second_shop_is_connected_as_the_first(shop):
    """
    What is copied is listed; what cannot be is said, with the exit code of the reason.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("stores connect second --config shop.json")
    report = shop.json("connections copy shop second")
    (made,) = report["done"].values()
    (view,) = shop.json("connections list --store second")["items"]

    assert made["connection_id"] == view["connection_id"]
    assert "exists already" in shop.refused("connections copy shop second", 2)


def test_a_file_that_does_not_tell_what_it_sells(shop):
    """
    The refusal says so; `--products` is instead of what else may be named.
    """
    assert "does not tell its products" in shop.refused("connections products shop", 2)
    suggest = "connections suggest shop"
    assert "products" in shop.refused(f"{suggest} --products", 2)
    assert "instead" in shop.refused(f"{suggest} CUP --products", 2)


def test_a_file_of_products_is_connected_before_anyone_orders(shop):
    """
    What is sold is listed and connected; a row that is no variant says why.
    """
    rows = "sku,title,option:Colour\nLAMP-W,Lamp,White\n,Nameless,\nMUG,Mug,\n"
    shop.write("goods.csv", rows)
    shop.write(
        "new.json",
        '{"path": "none.csv", "fulfilments_path": "new-sent.csv", "currency": "GBP",'
        ' "products_path": "goods.csv"}',
    )
    shop.ok("stores connect new --platform file --config new.json")
    listed = shop.json("connections products new")
    connected = shop.json("connections suggest new --products --connect")["connected"]

    assert [("LAMP-W", {"Colour": "White"}), ("MUG", {})] == [
        (one["sku"], one["options"]) for one in listed["variants"]
    ]
    assert ["row 2: sku and variant_id are empty"] == listed["rejected"]
    assert {"new/LAMP-W", "new/MUG"} == set(connected)


def test_a_rule_by_destination(shop):
    """
    It is shown as it is written; ranges behind countries are for these.
    """
    rule = "LAMP-W=LAMP-W~MUG,5+:MUG,FR+GB:LAMP-R~MUG~LAMP-W*2+MUG,10+:MUG/10,IE:MUG"
    shop.ok(f"connections add shop {rule}")
    shop.ok("relay run")
    (made,) = shop.listed("connections list")
    there = made["rules"][0]["destinations"]

    assert rule in shop.ok("connections list")
    assert [["FR", "GB"], ["IE"]] == [one["countries"] for one in there]
    assert [5] == [one["quantity_from"] for one in made["rules"][0]["ranges"]]
    assert [10] == [one["quantity_from"] for one in there[0]["ranges"]]
    assert "FR+GB" in shop.ok("connections explain 1001 1")
    change = made["connection_id"]
    shop.write("rules.json", '{"LAMP-W": "LAMP-W,UK:LAMP-R"}')
    shop.ok(f"connections change {change} --file rules.json")
    assert "LAMP-W=LAMP-W,GB:LAMP-R" in shop.ok("connections list")
    refused = shop.refused(f"connections change {change} LAMP-W=MUG,GB+UK:MUG", 2)
    assert "each once" in refused
