"""
Commands that the stories leave out, each doing what it says.
"""

import json
from datetime import date

import pytest

from .conftest import gbp


def test_sellers_and_their_wallets_are_listed(shop):
    """
    A seller, their balances and the newest entries are shown.
    """
    assert "lamps" in shop.ok("sellers list")
    assert "500.00 GBP" in shop.ok("wallet show")
    assert "T-1" in shop.ok("wallet ledger --limit 2")
    again = "wallet top-up 500 --reference T-1 --received-at 2025-01-01"
    assert "500.00 GBP" in shop.ok(again)


def test_a_seller_knows_the_salesman(shop):
    """
    Staff say who serves a seller, and where they are reached.
    """
    assert "nobody yet" in shop.ok("sellers my-salesman")
    shop.ok("sellers salesman ann whatsapp=+8613800000000 --name 'Ann Li'")
    assert "ann serves lamps" in shop.ok("sellers assign lamps ann")
    assert "whatsapp=+8613800000000" in shop.ok("sellers my-salesman")
    (listed,) = shop.listed("sellers salesmen")
    assert ("ann", "Ann Li") == (listed["salesman_id"], listed["name"])
    assert "is no channel" in shop.refused("sellers salesman ann whatsapp", 2)


def test_a_seller_is_promised_something_else(shop):
    """
    What is not said is as the platform says.
    """
    told = shop.ok("sellers promise lamps --ship-days 5 --quote-days 0")
    assert ["5", "as the platform says", "0", "as the platform says"] == [
        line.split(maxsplit=1)[1] for line in told.splitlines()
    ]
    (listed,) = shop.listed("sellers list")
    assert (5, -1, 0, -1) == tuple(
        listed[f"{name}_days"] for name in ("ship", "receive", "quote", "dispute")
    )
    shop.refused("sellers promise lamps --ship-days 367", 2)
    shop.refused("sellers promise nobody --ship-days 5", 2)


def test_products_are_found_by_word_sku_and_link(shop):
    """
    Search, show and find-link give the same product.
    """
    product = shop.json("catalog show lamp-w")
    link = product["link"]
    assert [product] == shop.listed("catalog search LAMP w")
    assert [product] == shop.json(f"catalog find-link 'https://www.{link}/?utm=1'")
    assert [
        {"unit": gbp("1.70"), "quantity_from": 1},
        {"unit": gbp("1.50"), "quantity_from": 100},
    ] == product["variants"][0]["prices"]
    assert "1.50 GBP from 100" in shop.ok("catalog show LAMP-W")


def test_products_come_from_json_too(shop):
    """
    A JSON list has the columns of the CSV file.
    """
    row = {"sku": "HAT", "title": "Hat", "weight_grams": 90, "currency": "GBP"}
    shop.write("more.json", json.dumps([{**row, "price": ["3.00", "10:2.50"]}]))
    assert "1 product with 1 variant" in shop.ok("catalog add more.json")
    assert "2.50 GBP from 10" in shop.ok("catalog show HAT")


def test_a_discontinued_variant_takes_its_orders_back(shop):
    """
    Orders that await payment by a variant sold no more are unrecognized again.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    gone = shop.json("catalog discontinue LAMP-W")
    assert {"lamps": 1} == gone["orders_unrecognized"]
    assert ("LAMP-W", False) == (gone["variant"]["sku"], gone["variant"]["is_sold"])
    assert "unrecognized" == shop.orders()["1002"]


def test_orders_say_how_they_can_be_sent(shop):
    """
    Every way has its price, the chosen one is marked, and others have a reason.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    found = shop.json("orders modes 1002")
    assert [True] == [mode["is_chosen"] for mode in found["modes"]]
    said = shop.ok("orders modes 1002")
    assert f"cheapest {found['cheapest']}, fastest {found['fastest']}" in said
    assert "arrives" in said
    assert "cannot" in shop.unmoved("orders modes 1003", 3)


def test_freight_says_what_it_costs(shop):
    """
    Every method has a price or a reason.
    """
    assert "rate_card" in shop.ok("freight list")
    quote = shop.json("freight quote --country GB --grams 700 --postal-code 'SW1'")
    assert [gbp("3.50")] == [option["price"] for option in quote["options"]]
    other = shop.ok("freight quote --country GB --grams 700 --currency USD")
    assert "Left out" in other


def test_freight_says_when_it_arrives(shop):
    """
    Every option has the days from the cloud warehouse and sourced directly, as text and
    as data.
    """
    said = shop.ok("freight quote --country GB --grams 700")
    quote = shop.json("freight quote --country GB --grams 700")
    (arrival,) = quote["arrivals"]
    cloud, direct, saved = (arrival[n] for n in ("cloud", "direct", "days_saved"))

    assert ["options", "left_out", "arrivals"] == list(quote)
    gained = [
        (date.fromisoformat(direct[n]) - date.fromisoformat(cloud[n])).days
        for n in ("earliest", "latest")
    ]
    assert gained == [saved["earliest"], saved["latest"]]
    assert gained[0] >= 2
    for estimate in (cloud, direct):
        assert f"{estimate['earliest']} to {estimate['latest']}" in said
    assert f"{gained[0]} to {gained[1]}\n" in said


def test_paying_says_when_orders_arrive(shop):
    """
    Before anything is paid both sources are shown with their days; a shop's order that
    is sourced directly is told what stock would gain.
    """
    shop.ok("orders connect-sku 1003 1 MUG=1")
    shop.ok("orders confirm 1003")
    told = shop("orders pay 1003")
    (order,) = shop.json("orders pay 1003 --yes")["offer"]["orders"]
    arrival, other = order["arrival"], order["other_arrival"]
    shown = [
        f"{one['estimate']['earliest']} to {one['estimate']['latest']}"
        for one in (arrival, other)
    ]
    saved = order["days_saved"]
    (row,) = [
        line
        for line in told.out.splitlines()
        if line.strip().startswith("1003  direct")
    ]

    assert "Arrives, if paid today" in told.out
    assert ("direct", "cloud") == (arrival["source"], other["source"])
    assert all(days in row for days in shown)
    assert row.endswith(f"{saved['earliest']} to {saved['latest']}")


def test_connections_change_and_end(shop):
    """
    A connection is listed, changed to a bundle, and removed.
    """
    made = shop.json("connections add shop LAMP-W=LAMP-R --method std")
    name = made["connection_id"]
    assert "LAMP-W=LAMP-R" in shop.ok("connections list")
    shop.ok(f"connections change {name} LAMP-W=LAMP-W*2+MUG")
    assert "LAMP-W=LAMP-W*2+MUG" in shop.ok("connections list --store shop")
    shop.write("rules.json", '{"LAMP-W": {"LAMP-W": 1}}')
    shop.ok(f"connections change {name} --file rules.json --method ''")
    shop.ok(f"connections remove {name}")
    assert [] == shop.listed("connections list")
    (ended,) = shop.listed("connections list --all")
    assert (name, "ended") == (ended["connection_id"], ended["state"])


def test_pairing_help_is_asked_and_given(shop):
    """
    A call for help waits until staff finish it; a SKU connection pairs one order.
    """
    name = shop.json("connections ask-help 1003 1 navy?")["help_id"]
    assert name in shop.ok("queue help")
    assert name in shop.ok("connections help-wanted")
    shop.ok("orders connect-sku 1003 1 MUG=1 --as staff")
    shop.ok(f"connections finish-help {name}")
    assert [] == shop.listed("queue help")
    assert "awaiting_payment" == shop.orders()["1003"]


def test_quotes_end_in_every_way(shop):
    """
    An offer is revised and declined; requests are withdrawn or given up.
    """
    offer = "quotes offer shop CUP --sku MUG --price 2.10 --title Cup"
    name = shop.json(f"{offer} --valid-until 2100-01-01")["request_id"]
    shop.ok(f"quotes revise {name} --sku MUG --price 1.90 --units 2 --method std")
    shop.ok(f"quotes decline {name} --reason 'too dear'")
    first = shop.json("quotes ask 1001 2")["request_id"]
    shop.ok(f"quotes withdraw {first}")
    second = shop.json("quotes ask 1003 1")["request_id"]
    shop.ok(f"quotes give-up {second} --reason 'nobody makes it'")
    states = {q["request_id"]: q["state"] for q in shop.listed("quotes list")}
    ends = {name: "declined", first: "withdrawn", second: "unavailable"}
    assert ends == states


def test_unrecognized_orders_are_set_aside_and_cancelled(shop):
    """
    Ignored orders leave the tab, restored ones come back, cancelled ones end.
    """
    shop.ok("orders ignore 1001 1003")
    assert {"1002": "unrecognized"} == shop.orders("--tab unrecognized")
    shop.ok("orders restore 1001")
    shop.ok("orders confirm 1003")
    shop.ok("orders cancel 1003")
    assert {"1003": "cancelled"} == shop.orders("--tab cancelled")


def test_an_order_waits_with_a_method_a_note_and_a_hold(paid):
    """
    A hold makes an order Abnormal until it is released; notes for staff stay theirs.
    """
    paid.ok("orders note 1002 'call first' --for-staff")
    paid.ok("orders note 1002 'as a gift'")
    paid.ok("orders hold 1002 'address looks odd'")
    assert {"1002", "1003"} == set(paid.orders("--tab abnormal"))
    paid.ok("orders release 1002")
    seen = paid.ok("orders show 1002")
    assert "as a gift" in seen
    assert "call first" not in seen
    assert "call first" in paid.ok("orders show 1002 --as staff:ann")
    paid.ok("orders connect-sku 1003 1 MUG=1")
    paid.ok("orders confirm 1003")
    paid.ok("orders ship-method 1003 --method std")


def test_only_the_address_command_says_who(paid):
    """
    An address is corrected field by field, and shown nowhere else.
    """
    paid.write("to.json", '{"street": "1 High Street"}')
    paid.ok("orders address 1002 --name 'Ann Lee' --address-file to.json")
    found = paid.json("orders address 1002")
    wanted = ("Ann Lee", "1 High Street", "GB")
    assert wanted == (found["name"], found["street"], found["country"])
    assert "Ann Lee" not in paid.ok("orders show 1002 --json")


def test_a_paid_order_is_given_back_in_parts(paid):
    """
    Units are refunded before they leave, the rest is ended by the seller's wish.
    """
    assert "1.70 GBP" in paid.ok("orders refund-units 1002 1.1=1")
    assert "cancelled" == paid.json("orders request-cancel 1002")["state"]
    assert gbp("500.00") == paid.json("wallet show")["available"]


def test_staff_refund_everything_or_ship_short(shop):
    """
    An order ends refunded, another is shipped without its rest.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W CUP=MUG --listing lamps")
    shop.ok("relay run")
    shop.ok("orders pay 1001 1002 --yes")
    assert "cancelled" == shop.json("orders refund-all 1002")["state"]
    shop.ok("orders accept 1001")
    shop.ok("orders ship 1001 1.1=6 --carrier RM --tracking A1")
    assert "shipped" == shop.json("orders short-ship 1001")["state"]


def test_a_lost_order_is_given_up(paid):
    """
    When everything is lost and refunded, staff end the order.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier RM --tracking A1")
    opened = paid.json("disputes open 1002 --reason not_received --description gone")
    name = opened["dispute"]["dispute_id"]
    paid.ok(f"disputes say {name} 'it never came' --attachment mail:1")
    assert name in paid.ok("queue disputes")
    paid.ok(f"disputes take {name}")
    granted = paid.json(f"disputes grant {name}")["dispute"]["granted"]
    assert gbp("8.60") == granted
    assert "cancelled" == paid.json("orders give-up 1002")["state"]


def test_disputes_are_rejected_and_withdrawn(paid):
    """
    A request to cancel an accepted order is a dispute, which may come to nothing.
    """
    paid.ok("orders accept 1002")
    first = paid.json("orders request-cancel 1002")["dispute_id"]
    paid.ok(f"disputes withdraw {first}")
    second = paid.json("orders request-cancel 1002")["dispute_id"]
    paid.ok(f"disputes take {second}")
    paid.ok(f"disputes reject {second} 'it is packed'")
    states = [d["state"] for d in paid.listed("disputes list 1002")]
    assert ["withdrawn", "rejected"] == states
    # Nothing of the order is refunded and nothing open: they are listed all the same.
    pages = paid.pages("disputes list --limit 1")
    assert [[second], [first]] == [[d["dispute_id"] for d in page] for page in pages]


def test_a_manual_order_is_placed_and_paid(shop):
    """
    A manual order goes where it is told, at the catalogue's price.
    """
    made = "manual create MUG=2 --country GB --name Ann --number samples"
    name = shop.json(made)["order_id"]
    shop.ok(f"manual place {name}")
    paid = shop.json(f"orders pay {name} --yes")
    assert (gbp("7.50"), {name: gbp("7.50")}) == (
        paid["payment"]["total"],
        paid["payment"]["paid"],
    )
    placed = shop.json("manual create LAMP-R=1 --country GB --from-stock --place")
    assert "awaiting_payment" == placed["state"]


def test_stock_is_received_as_sent(shop):
    """
    `--all` takes everything outstanding in.
    """
    name = shop.json("cloud create CN1 MUG=4 --place")["order_id"]
    shop.ok(f"orders pay {name} --yes")
    shop.ok(f"cloud dispatch {name}")
    assert "fulfilled" == shop.json(f"cloud receive {name} --all")["state"]
    assert "CN1" in shop.ok("warehouses list")


def test_a_list_goes_on_where_it_ended(shop):
    """
    Pages are newest first, and none is left out between them.
    """
    pages = shop.pages("orders list --limit 2 --store shop --kind store")
    numbers = [[order["number"] for order in page] for page in pages]
    assert [["1003", "1002"], ["1001"]] == numbers
    counts = shop.json("orders counts --store shop")
    assert (2, 1) == (counts["unrecognized"], counts["abnormal"])


def test_why_not_names_every_reason(shop):
    """
    A command is known by the shell's name and by the core's.
    """
    assert "it is unrecognized" in shop.ok("orders why-not 1001 pay")
    found = shop.json("orders why-not 1001 short-ship")
    assert "short_ship_rest" == found["command"]
    assert "nothing stands against it" in shop.ok("orders why-not 1001 note")
    assert ["wrong_state"] == [
        b["code"] for b in shop.json("orders why-not 1001 expire")["blockers"]
    ]


def test_deadlines_fire_once(paid):
    """
    What is due by a day is listed; firing what is not due yet does nothing.
    """
    paid.ok("orders connect-sku 1003 1 MUG=1")
    paid.ok("orders confirm 1003")
    due = paid.json("clocks due --at 2100-01-01")
    assert ["expire_order", "hold_late_order"] == sorted({one["what"] for one in due})
    assert {"fired": 0, "skipped": 0} == paid.json("clocks fire")


def test_the_relay_has_nothing_left(paid):
    """
    Nothing is dead and nothing is lost after an ordinary run.
    """
    assert {"recovered": 0} == paid.json("relay recover --worker w1")
    assert [] == paid.listed("relay dead")


def dead_push(shop):
    """
    Return the message of a parcel's number that the shop does not take.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    shop.ok("orders pay 1002 --yes")
    shop.ok("orders accept 1002")
    shop.ok("orders ship 1002 --carrier RM --tracking A1")
    (shop.folder / "fulfilments.csv").write_text("not,ours\n")
    assert 1 == shop.json("relay run")["dead"]
    (message,) = shop.listed("relay dead")
    return message


def test_a_dead_message_is_sent_again(shop):
    """
    A push that the shop refuses for good dies, is listed, and may be sent anew.
    """
    message = dead_push(shop)
    (shop.folder / "fulfilments.csv").unlink()
    shop.ok(f"relay resend {message['message_id']}")
    assert 1 == shop.json("relay run --worker w2 --limit 10")["delivered"]


def test_a_dead_message_is_given_up(shop):
    """
    It is listed no more, the order is held for it no more, and it cannot be resent.
    """
    name = dead_push(shop)["message_id"]
    assert "shop_not_told" in shop.ok("orders show 1002")
    assert "is discarded" in shop.ok(f"relay discard {name}")
    assert [] == shop.listed("relay dead")
    assert "shop_not_told" not in shop.ok("orders show 1002")
    assert "is not a dead message" in shop.refused(f"relay discard {name}", 2)


def test_the_audit_counts_what_it_checked(paid):
    """
    A clean audit says so, of one seller or of all.
    """
    assert "everything is as it must be" in paid.ok("audit")
    assert paid.json("audit --seller lamps")["is_clean"]


def test_the_audit_replays_when_asked(paid):
    """
    Orders are made anew of their events only where `--replay` asks for it.
    """
    plain, replayed = paid.json("audit"), paid.json("audit --replay")

    assert "replay_is_stored" not in plain["checked"]
    assert replayed["is_clean"]
    assert replayed["checked"]["replay_is_stored"] > 0


def test_plugins_are_listed(shell):
    """
    What the core ships with is there whatever is installed.
    """
    assert "rate_card" in shell.ok("plugins")


@pytest.mark.slow
def test_the_demo_says_what_to_try_next(on_disk):
    """
    The demo ends with a clean audit, its files side by side, twice the same.
    """
    lines = ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,"]
    lines[0] += "CustomerID,Country"
    for number in range(1, 31):
        row = f"54{number:04d},1600{number % 9},LAMP,4,2010-12-01 08:26,3.39,17850"
        lines.append(f"{row},United Kingdom")
    on_disk.write("retail.csv", "\n".join(lines) + "\n")
    first = on_disk.json("demo --file retail.csv --chunk 10")
    second = on_disk.json("demo --file retail.csv --chunk 10")
    assert 30 == first["orders_imported"]
    assert first["audit"]["violations"] == []
    del first["steps"], second["steps"]
    assert first == second
    assert (on_disk.folder / "shop-fulfilments.csv").is_file()
    text = on_disk.ok("demo --file retail.csv")
    assert "sourcehere --db sqlite:///shop.db orders list" in text


@pytest.mark.slow
def test_the_demo_names_nothing_where_nothing_is_kept(shell):
    """
    In memory there is nothing to look around in when it has ended.
    """
    row = "540001,16001,LAMP,4,2010-12-01 08:26,3.39,17850,United Kingdom"
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice"
    shell.write("retail.csv", f"{header},CustomerID,Country\n{row}\n")
    text = shell.ok("demo --file retail.csv --out out.csv --db memory://")
    assert "Nothing is kept of memory://" in text
    assert "Try next" not in text


def test_a_transfer_is_corrected_and_money_paid_out(shop):
    """
    By its reference, as staff; it counts once, and no more leaves than there is.
    """
    told = shop.json("wallet correct-top-up T-1 450.00")
    assert gbp("450.00") == told["available"]
    out = "wallet pay-out 100 --reference OUT-1 --paid-at 2025-01-02"
    for _ in range(2):
        assert gbp("350.00") == shop.json(out)["available"]
    assert "0.01 GBP is missing" in shop.unmoved(
        "wallet pay-out 350.01 --reference OUT-2", 3
    )
    shop.unmoved("wallet correct-top-up T-9 1", 2)
    shop.unmoved("wallet pay-out 1 --reference OUT-3 --as seller", 2)


def test_goodwill_is_given_listed_and_taken_back(shop):
    """
    With a reason, as staff, for an order by its number; it counts once.
    """
    number = shop.listed("orders list")[0]["number"]
    give = f"wallet give-goodwill 5 --reference L-1 --reason late --order {number}"
    before = shop.json("wallet show")["available"]["amount"]
    assert "500.00" == before
    for _ in range(2):
        told = shop.json(f"{give} --note 'two weeks'")
        assert "505.00" == told["available"]["amount"]
    shop.unmoved("wallet give-goodwill 5 --reference L-2 --reason rain", 2)
    shop.unmoved(f"{give.replace('L-1', 'L-2')} --as seller", 2)

    (one,) = shop.listed(f"wallet goodwill --order {number}")
    assert (gbp("5.00"), "late", "two weeks", None) == (
        one["amount"],
        one["reason"],
        one["note"],
        one["taken_back_at"],
    )
    for words in ("wallet goodwill", f"orders show {number}"):
        assert "two weeks" in shop.ok(words)
    assert before == shop.json("wallet take-back-goodwill L-1")["available"]["amount"]
    shop.unmoved("wallet take-back-goodwill L-9", 2)


def test_what_is_not_said_of_a_warehouse_stays(shop):
    """
    To ask another one first takes no fee away, and delivers nowhere else.
    """

    def told():
        (found,) = shop.listed("warehouses list")
        fees = [fee["amount"] for fee in found["handling"]]
        return found["name"], found["serves"], found["priority"], fees

    assert ("CN1", ["*"], 1, ["0.05"]) == told()
    shop.ok("warehouses add CN1 --country CN --name Yiwu --serves GB --serves FR")
    assert ("Yiwu", ["GB", "FR"], 1, ["0.05"]) == told()
    shop.ok("warehouses add CN1 --country CN --priority 5")
    assert ("Yiwu", ["GB", "FR"], 5, ["0.05"]) == told()
    shop.ok("warehouses add CN1 --country CN --handling '0.07 GBP'")
    assert ("Yiwu", ["GB", "FR"], 5, ["0.07"]) == told()
    shop.ok("warehouses add CN1 --country CN --no-handling")
    assert ("Yiwu", ["GB", "FR"], 5, []) == told()
    both = "warehouses add CN1 --country CN --no-handling --handling '1 GBP'"
    assert "say one of --handling and --no-handling" in shop.unmoved(both, 2)
