"""
Who asks: the seller, or staff, and never somebody else.
"""

import json

import pytest

OF_A_SELLER = [
    "orders list",
    "orders show 1003",
    "orders address 1003",
    "wallet show",
    "stores list",
    "connections list",
    "orders note 1003 hello",
    "orders pay 1003 --yes",
    "orders accept 1003",
    "wallet top-up 5 --reference T-2",
    "stores sync",
    "parcels list 1003",
]
OF_THE_PLATFORM = [
    "catalog add products.csv",
    "catalog discontinue LAMP-W",
    "catalog change LAMP-W --title x",
    "catalog change-product LAMP-W --title x",
    "catalog out-of-stock LAMP-W",
    "catalog in-stock LAMP-W",
    "catalog bring-back LAMP-W",
    "catalog import products.csv",
    "catalog history LAMP-W",
    "catalog touched LAMP-W",
    "sellers add hats --currency GBP",
    "sellers list",
    "warehouses add CN2 --country CN",
    "freight connect other --config card.json",
    "queue quotes",
    "queue accept",
    "queue pick",
    "queue dispatch",
    "queue held",
    "queue receive",
    "queue disputes",
    "queue help",
    "connections help-wanted",
    "relay dead",
    "relay discard nix",
    "relay resend nix",
]
OF_EVERYBODY = [
    "catalog search lamp",
    "catalog list",
    "catalog show MUG",
    "warehouses list",
    "freight list",
    "freight quote --country GB --grams 700",
    "orders list",
]


def test_nobody_acts_for_another_seller(shop):
    """
    Another seller is refused with 2, reads nothing, and moves nothing.
    """
    shop.ok("orders connect-sku 1003 1 MUG=1")
    shop.ok("orders confirm 1003")
    told = {w: shop.unmoved(f"{w} --as seller:hats", 2) for w in OF_A_SELLER}
    refusal = (
        "sourcehere: seller:hats may not act for seller:lamps:"
        " a seller's desk is that seller's\n"
    )
    assert dict.fromkeys(OF_A_SELLER, refusal) == told


def test_a_refusal_names_who_asked_and_what_for(shop):
    """
    With --json the refusal is the face's, with its facts, advice and exit code.
    """
    told = json.loads(shop.unmoved("orders list --as seller:hats --json", 2))
    assert {
        "error": {
            "type": "ForbiddenError",
            "family": "caller",
            "message": "seller:hats may not act for seller:lamps:"
            " a seller's desk is that seller's",
            "facts": {
                "actor": {"role": "seller", "id": "hats"},
                "action": "act for seller:lamps",
            },
            "advice": "",
            "exit_code": 2,
        }
    } == told


def test_the_platforms_desk_is_for_staff(shop):
    """
    What belongs to no seller is refused to sellers, and nothing moves.
    """
    told = {w: shop.unmoved(f"{w} --as seller", 2) for w in OF_THE_PLATFORM}
    refusal = (
        "sourcehere: seller may not work at the platform's desk: it is for staff\n"
    )
    assert dict.fromkeys(OF_THE_PLATFORM, refusal) == told


@pytest.mark.parametrize("role", ["seller", "seller:lamps", "staff", "staff:ann"])
def test_what_everybody_may_read_is_the_same_for_all(shop, role):
    """
    Catalogue, warehouses and carriers are shown to sellers and staff alike.
    """
    for words in OF_EVERYBODY:
        assert shop.json(words) == shop.json(f"{words} --as {role}")


def test_staff_are_kept_by_name(paid):
    """
    What staff did is kept under the name of --as, else under the command's.
    """
    paid.ok("orders hold 1002 'first look'")
    paid.ok("orders release 1002 --as staff:ann")
    paid.ok("orders note 1002 'as a gift'")
    told = {e["kind"]: e["by"] for e in paid.json("orders show 1002")["timeline"]}
    assert {"role": "staff", "id": "cli"} == told["order.hold_placed"]
    assert {"role": "staff", "id": "ann"} == told["order.hold_released"]
    assert {"role": "seller", "id": "lamps"} == told["note"]


def test_a_name_that_is_no_id_is_refused(shop):
    """
    Names of staff and sellers are ids.
    """
    for words in (
        "orders hold 1001 x --as 'staff:Ann Lee'",
        "queue pick --as 'staff:?'",
    ):
        assert "sourcehere: name: " in shop.unmoved(words, 2)
    assert "sourcehere: seller_id: " in shop.unmoved("orders list --seller 'a b'", 2)


def test_buttons_are_those_of_whoever_asks(paid):
    """
    A program gets the buttons of its own role, a person sees both.
    """
    of_seller = paid.json("orders show 1002")["allowed"]
    of_staff = paid.json("orders show 1002 --as staff")["allowed"]
    assert "request_cancel" in of_seller
    assert "accept" in of_staff
    assert "accept" not in of_seller
    for asked in ("", "--as staff"):
        lines = paid.ok(f"orders show 1002 {asked}").splitlines()
        assert f"seller can  {', '.join(of_seller)}" in lines
        assert f"staff can   {', '.join(of_staff)}" in lines


def test_a_tracking_number_is_found_across_sellers_by_staff(paid):
    """
    Staff need no seller to find a parcel; a seller finds only what is theirs.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier RM --tracking A1")
    paid.ok("sellers add hats --currency GBP")
    (parcel,) = paid.json("parcels list --tracking A1")
    assert ("lamps", "A1") == (parcel["seller_id"], parcel["tracking_number"])
    asked = "parcels list --tracking A1 --as seller"
    assert [parcel] == paid.json(f"{asked} --seller lamps")
    assert [] == paid.json(f"{asked} --seller hats")


def test_a_seller_may_not_say_what_a_carrier_says(paid):
    """
    Tracking is recorded for carriers and by staff; a seller is refused.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier RM --tracking A1")
    told = paid.unmoved("parcels track A1 delivered --as seller", 2)
    assert "may not record: it is for carrier, staff, system" in told
    assert "delivered" == paid.json("parcels track A1 delivered --as staff")["status"]


OF_STAFF_AT_A_SELLERS = [
    "wallet top-up 5 --reference T-2",
    "orders accept 1002",
    "orders hold 1002 'first look'",
    "attempts list",
    "queue pick",
    "gateways pause cards",
    "warehouses add CN2 --country CN",
    "labels list 1002",
]
OF_SELLERS = [
    "manual create MUG=1 --country GB",
    "disputes open 1002 1.1=1 --reason quality",
]


@pytest.mark.parametrize(
    "words",
    [
        *(f"{words} --as seller" for words in OF_STAFF_AT_A_SELLERS),
        *(f"{words} --as staff" for words in OF_SELLERS),
    ],
)
def test_a_wrong_role_is_one_kind_of_refusal(paid, words):
    """
    It stays wrong whatever the state is, so that it is 2; and it is said in words that
    are no names of the library's.
    """
    told = paid.unmoved(words, 2)
    said = next(line for line in told.splitlines() if " is for " in line)
    assert "_" not in said
    assert "Desk" not in told
    error = json.loads(paid.unmoved(f"{words} --json", 2))["error"]
    assert "platform :" not in error["message"]
    assert "Desk" not in error["message"]


OF_ALL_SELLERS = [
    "attempts run",
    "inbox run",
    "relay run",
    "relay recover",
    "clocks due",
    "clocks fire",
    "clocks forget",
    "tracking run",
    "labels run",
    "worker --once",
]


def test_what_is_done_for_all_sellers_is_not_done_for_one(shop):
    """
    Whose it is and who asks are refused where they change nothing, instead of ignored.
    """
    for words in OF_ALL_SELLERS:
        told = shop.unmoved(f"{words} --seller lamps", 2)
        assert "it is done for all sellers at once: leave out --seller\n" in told
    for words in [*OF_ALL_SELLERS, "audit"]:
        told = shop.unmoved(f"{words} --as seller", 2)
        assert "may not work at the platform's desk: it is for staff\n" in told
    shop.ok("attempts run --as staff:ann")


QUEUES = ["summary", "accept", "pick", "dispatch", "receive", "held staff", "quotes"]
LISTS_OF_ALL = [
    *(f"queue {name}" for name in (*QUEUES, "help", "disputes", "conversations")),
    "attempts list",
    "labels list",
    "inbox list",
    "relay status",
    "relay dead",
    "tracking status",
    "worker status",
]


@pytest.mark.parametrize("words", LISTS_OF_ALL)
def test_what_lists_all_sellers_lists_no_single_one(shop, words):
    """
    A list that looks like one seller's, and is everybody's, misleads.
    """
    told = shop.unmoved(f"{words} --seller lamps", 2)

    assert "it lists what is all sellers': leave out --seller\n" in told


def test_a_seller_of_the_environment_is_whose_shell_it_is(shop, monkeypatch):
    """
    It stands for the only seller, and is said with no single command.
    """
    monkeypatch.setenv("SOURCEHERE_SELLER", "lamps")
    shop.ok("attempts run")
