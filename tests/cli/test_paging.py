"""
Lists go on where a page ended, and take no other cursor.
"""

import json
from itertools import chain

import pytest

LISTS = [
    "orders list",
    "orders search --state shipped",
    "orders search --buyer lee --all-sellers",
    "connections list",
    "connections help-wanted",
    "quotes list",
    "disputes list",
    "stores list",
    "stores problems shop",
    "sellers list",
    "wallet ledger",
    "warehouses list",
    "freight list",
    "relay dead",
    "queue quotes",
    "queue pick",
    "queue receive",
    "queue disputes",
    "queue help",
]


def test_garbage_is_no_cursor(shop):
    """
    A cursor that no page gave is refused in the face's words.
    """
    told = {words: shop.unmoved(f"{words} --after garbage", 2) for words in LISTS}
    refusal = (
        "sourcehere: after: 'garbage' is no cursor of this list;"
        " leave it out for the first page\n"
    )
    assert dict.fromkeys(LISTS, refusal) == told
    error = json.loads(shop.unmoved("orders list --after garbage --json", 2))["error"]
    assert ("InvalidCursorError", {"cursor": "garbage"}) == (
        error["type"],
        error["facts"],
    )


@pytest.mark.parametrize("limit", [0, 501])
def test_a_page_has_1_to_500_items(shop, limit):
    """
    Another number is refused.
    """
    for words in LISTS:
        assert "1 to 500" in shop.unmoved(f"{words} --limit {limit}", 2), words


def test_a_cursor_belongs_to_one_list_with_its_filters(shop):
    """
    The cursor of all orders is none of a tab's, a shop's or another seller's.
    """
    cursor = shop.json("orders list --limit 1")["next"]
    shop.ok("sellers add hats --currency GBP")
    for words in (
        "orders list --tab unrecognized --seller lamps",
        "orders list --store shop --seller lamps",
        "orders list --kind store --seller lamps",
        "orders list --seller hats",
        "wallet ledger --seller lamps",
    ):
        told = shop.unmoved(f"{words} --after {cursor}", 2)
        assert f"'{cursor}' is no cursor of this list" in told


def test_every_list_goes_on_to_its_end(paid):
    """
    Pages of one or two add up to the whole list, and the last promises no more.
    """
    paid.ok("sellers add hats --currency GBP")
    paid.ok("warehouses add CN2 --country CN --handling '0.07 GBP'")
    paid.ok("freight connect second --config card.json")
    paid.ok("connections add shop CUP=MUG --seller lamps")
    for words, pages in (
        ("orders list", [["1003", "1002"], ["1001"]]),
        ("sellers list", [["hats", "lamps"]]),
        ("warehouses list", [["CN1", "CN2"]]),
        ("freight list", [["card", "second"]]),
    ):
        key = {"orders": "number", "sellers": "seller_id"}.get(words.split()[0], "")
        key = key or {"warehouses": "warehouse_id"}.get(words.split()[0], "name")
        found = paid.pages(f"{words} --limit 2 --seller lamps")
        assert pages == [[one[key] for one in page] for page in found]
        one_by_one = paid.pages(f"{words} --limit 1 --seller lamps")
        assert list(chain(*found)) == list(chain(*one_by_one))
    listings = paid.pages("connections list --limit 1 --seller lamps")
    assert [["LAMP-W"], ["CUP"]] == [[c["listing"] for c in page] for page in listings]


def test_removed_connections_are_looked_at_and_left_out(paid):
    """
    A page may be empty where all it looked at was removed; the next one goes on.
    """
    (first,) = paid.listed("connections list")
    paid.ok("connections add shop CUP=MUG")
    paid.ok(f"connections remove {first['connection_id']}")
    page, rest = paid.pages("connections list --limit 1")
    assert ([], ["CUP"]) == (page, [c["listing"] for c in rest])
    whole = paid.pages("connections list --limit 1 --all")
    assert [["LAMP-W"], ["CUP"]] == [[c["listing"] for c in one] for one in whole]


def test_new_disputes_come_before_those_under_review(paid):
    """
    The queue of disputes goes through new ones, then through those under review.
    """
    paid.ok("orders connect-sku 1003 1 MUG=1")
    paid.ok("orders confirm 1003")
    paid.ok("orders pay 1003 --yes")
    paid.ok("orders accept 1002 1003")
    taken = paid.json("orders request-cancel 1002")["dispute_id"]
    new = paid.json("orders request-cancel 1003")["dispute_id"]
    paid.ok(f"disputes take {taken}")
    found = paid.pages("queue disputes --limit 1")
    assert [[(new, "open")], [(taken, "under_review")]] == [
        [(one["dispute_id"], one["state"]) for one in page] for page in found
    ]
    newest = paid.pages("disputes list --limit 1")
    assert [[new], [taken]] == [[one["dispute_id"] for one in page] for page in newest]


def test_fees_are_all_listed_with_their_total(shop):
    """
    What a total is made of is listed whole, whatever a page would hold.
    """
    rows = [f"{n},POST,Postage,1,1.50,2030-12-02 08:00,9,GB" for n in range(2000, 2501)]
    rows += [f"{n},MUG,Mug,1,1.50,2030-12-02 08:00,9,GB" for n in range(2000, 2501)]
    known = (shop.folder / "shop.csv").read_text()
    shop.write("shop.csv", known + "\n".join(sorted(rows)) + "\n")
    shop.ok("stores sync shop")
    assert 502 == len(shop.json("stores charges shop"))
    assert "total  755.50 GBP" in shop.ok("stores charges shop").splitlines()


WHOLE = [
    "attempts list",
    "clocks due",
    "cloud stock",
    "connections coverage",
    "connections not-ours shop",
    "labels list",
    "parcels list 1001",
    "queues",
    "relay status",
    "stores charges shop",
    "stores profiles",
    "tracking status",
    "worker status",
]


@pytest.mark.parametrize(
    ("words", "kind"), [(one, dict) for one in LISTS] + [(one, list) for one in WHOLE]
)
def test_what_is_a_page_says_so_by_its_options(shop, words, kind):
    """
    A document is a page exactly where the command takes `--after`, as the docs say.
    """
    told = shop.json(words)

    assert kind is type(told)
    assert kind is list or {"items", "next"} == set(told)
    assert (kind is dict) == ("--after" in shop.ok(f"{words} --help"))
