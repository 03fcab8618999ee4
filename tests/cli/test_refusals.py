"""
What a person and a program are told when something cannot be done.
"""

import json
import socket
import sys

import pytest

from sourcehere.cli import main

from .conftest import CARD, METHOD, ZONE, gbp

_EXPRESS = {**METHOD, "code": "express", "name": "Express", "zones": [ZONE]}
TWO_METHODS = {**CARD, "methods": [*CARD["methods"], _EXPRESS]}

MANY = "9" * 30


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("orders list --limit many", "--limit"),
        ("orders fly", "fly"),
        ("orders list --as carrier", "say seller or staff"),
        ("orders list --seller nobody", "no seller 'nobody'"),
        ("orders show 9999", "`sourcehere orders list` lists them"),
        ("orders pay", "name at least one order"),
        ("orders why-not 1001 fly", "there is no command 'fly'"),
        ("orders list --store nix", "`sourcehere stores list` lists them"),
        ("orders ship 1001 1.1 --carrier RM --tracking A", "ITEM=QUANTITY"),
        ("orders refund-units 1001 1.1=1 1.1=2", "named twice"),
        (
            f"wallet top-up {MANY} --reference T-2",
            f"{MANY} GBP is more than can be kept; say at most 92233720368547758.07",
        ),
        ("orders refund-units 1001 1.1=0", "'0' is not a quantity"),
        ("orders refund-units 1001 1.1=-1", "'-1' is not a quantity"),
        ("orders ship 1001 1.1=0 --carrier RM --tracking A", "'0' is not a quantity"),
        ("disputes open 1001 1.1=0 --reason quality", "'0' is not a quantity"),
        ("manual create MUG=0 --country GB", "'0' is not a quantity"),
        ("cloud create CN1 MUG=0", "'0' is not a quantity"),
        ("orders connect-sku 1003 1 MUG=0", "'0' is not a quantity"),
        (
            "wallet top-up 5 --reference T-2 --received-at 2999-01-01",
            "is not a time that has come: it is ",
        ),
        ("orders address 1001 --country England", "two capital letters"),
        ("catalog show NIX", "`sourcehere catalog search WORDS` lists them"),
        ("catalog add nix.csv", "nix.csv: No such file"),
        ("catalog add shop.csv", "record 1: nothing in"),
        ("cloud create CN1 NIX=1", "no variant 'NIX'"),
        ("cloud create CN9 MUG=1", "`sourcehere warehouses list` lists them"),
        ("cloud receive 1001 1.1=x", "is not a count"),
        ("connections add shop", "SHOP-SKU=PLATFORM-SKU"),
        ("connections add shop A=MUG A=MUG", "two rules"),
        ("connections change nix A=MUG", "`sourcehere connections list` lists"),
        ("disputes show nix", "`sourcehere disputes list` lists them"),
        ("freight connect card --config shop.csv", "is not JSON"),
        ("manual create MUG=1", "--country GB"),
        ("parcels list", "say either"),
        ("parcels track A1 delivered", "`sourcehere parcels list ORDER` lists them"),
        ("quotes offer shop CUP --sku MUG --price 1.005", "it has 2 decimals"),
        ("quotes offer shop CUP --sku MUG --price 1 --price 2", "two from 1 unit on"),
        (
            "quotes offer shop CUP --sku MUG --price 1 --valid-until 2001-01-01",
            "valid_until: '2001-01-01T16:00:00+00:00' is not after ",
        ),
        ("quotes view nix", "`sourcehere quotes list` lists them"),
        ("relay discard nix", "`sourcehere relay dead` lists them"),
        ("relay resend nix", "`sourcehere relay dead` lists them"),
        ("stores connect x --platform nix --config card.json", "sourcehere plugins"),
        ("stores connect x --config card.json", "does not fit:\n  - "),
        ("wallet top-up 5 --reference T-1", "500.00 GBP, as recorded"),
        (
            "wallet top-up '5 USD' --reference T-2",
            "cannot combine GBP with USD; amounts are in GBP here,",
        ),
        ("warehouses add X --country CN --handling 1", "say the currency too"),
        ("clocks due --at soon", "is no day or time"),
        ("demo --chunk 0", "at least 1"),
        ("orders list --limit many", "`sourcehere orders list --help` shows how"),
        ("freight fly", "`sourcehere freight --help` shows how"),
        ("fly", "`sourcehere --help` shows how"),
        ("freight change card", "with --config, or with --set and --env"),
        ("freight change card --set a=1 --set a=2", "a is said twice"),
        (f"queue pick --older-than-hours {MANY}", "more than can be counted"),
        (f"queue summary --overdue-after-hours {MANY}", "more than can be counted"),
        (f"worker --every {MANY}", "more than can be counted"),
        ("worker --every -5", "-5 seconds are less than no time"),
        ("queue pick --older-than-hours -3", "-3 hours are less than no time"),
        ("serve-webhooks --port 99999", "--port 99999: bind(): port must be 0-65535"),
        ("serve-webhooks --port -1", "--port -1: bind(): port must be 0-65535"),
        ("serve-webhooks --host 300.1.1.1", "nobody can listen at --host 300.1.1.1"),
        (f"serve-webhooks --host {MANY * 3}", "nobody can listen at --host 999"),
    ],
)
def test_a_wrong_request_says_what_to_do(shop, words, told):
    """
    The caller's errors exit with 2, without a traceback, and name the next command.
    """
    assert told in shop.refused(words, 2)


def test_a_port_that_is_taken_is_said_as_json(shop):
    """
    Where another program listens already, the one document says so.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        error = json.loads(shop.refused(f"serve-webhooks --port {port} --json", 2))

    words = (
        f"nobody can listen at --host 127.0.0.1 --port {port}: Address already in use"
    )
    assert words == error["error"]["message"]


@pytest.mark.parametrize(
    "words",
    [
        "orders show 9999",
        "parcels track A1 delivered",
        "catalog show NIX",
        "catalog change-product NIX --title x",
        "connections change nix A=MUG",
        "connections finish-help nix x",
        "connections unmark-not-ours shop NIX",
        "disputes show nix",
        "quotes view nix",
        "relay discard nix",
        "relay resend nix",
        "attempts show nix",
        "cloud create CN9 MUG=1",
        "orders list --store nix",
        "orders list --seller nobody",
        "freight pause nix why",
        "gateways pause nix why",
        "schema Nix",
    ],
)
def test_what_lists_them_can_be_typed(shop, words):
    """
    The command that is named lists something, once what it is about is filled in.
    """
    said = shop.refused(words, 2)
    assert said.endswith("` lists them\n")
    advised = said.split("`sourcehere ")[1].partition("`")[0]
    filled = {"ORDER": "1001", "STORE": "shop", "WORDS": "lamp"}
    for name, value in filled.items():
        advised = advised.replace(name, value)

    shop.ok(advised)


def test_a_shop_that_rests_is_woken_as_is_said(shop):
    """
    One that is paused goes on, and one that is disconnected is connected again.
    """

    def advised(words):
        said = shop.refused(words, 3)
        return said.split("`sourcehere ")[1].partition("`")[0]

    shop.ok("stores pause shop 'moving house'")
    woken = advised("stores sync shop")
    assert "stores resume shop" == woken
    shop.ok(woken)
    shop.ok("stores disconnect shop")
    for words in ("stores sync shop", "stores resume shop", "stores pause shop"):
        assert "stores connect shop" == advised(words)
    shop.ok("stores connect shop --platform file --config shop.json")
    shop.ok("stores sync shop")


def test_nothing_is_assumed_where_there_is_no_seller(shell):
    """
    An empty database says how to begin.
    """
    assert "sourcehere sellers add" in shell.refused("orders list", 2)


def test_several_sellers_must_be_told_apart(shop, monkeypatch):
    """
    With two sellers one is named, by option or by environment.
    """
    shop.ok("sellers add hats --currency GBP")
    assert "hats, lamps" in shop.refused("orders list", 2)
    assert {} == shop.orders("--seller hats")
    monkeypatch.setenv("SOURCEHERE_SELLER", "lamps")
    assert 3 == len(shop.orders())


def test_a_sentence_names_twenty_sellers_at_most(shell):
    """
    Of more sellers the first twenty are named.
    """
    for number in range(21):
        shell.ok(f"sellers add s{number:02d} --currency GBP")
    named = ", ".join(f"s{number:02d}" for number in range(20))
    assert shell.unmoved("orders list", 2) == (
        f"sourcehere: there are several sellers ({named} and more);"
        " name one with --seller\n"
    )


def test_a_refusal_lists_every_reason_on_its_line(paid):
    """
    The state's errors exit with 3; nothing is opened.
    """
    told = paid.refused("disputes open 1002 1.1=2 --reason damaged", 3)
    assert "  - damaged needs a description\n" in told
    assert "  - damaged needs a photo\n" in told
    assert [] == paid.listed("disputes list 1002")


def test_a_role_may_be_refused(shop):
    """
    `--as` says who asks, and the core decides.
    """
    told = shop.refused("wallet top-up 5 --reference T-2 --as seller", 2)
    assert "  - top up is for staff, not for seller\n" in told
    asked = "wallet top-up 5 --reference T-2 --as seller --json"
    error = json.loads(shop.refused(asked, 2))["error"]
    words = "platform: cannot top up: top up is for staff, not for seller"
    assert (words, 2) == (error["message"], error["exit_code"])


def test_a_counterpartys_failure_exits_with_4(shop):
    """
    A shop whose file is gone is somebody else's failure.
    """
    (shop.folder / "shop.csv").unlink()
    shop.refused("stores sync", 4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("catalog change MUG --price 3 --currency GBP", "4.50 GBP -> 5.50 GBP"),
        ("catalog change MUG --weight-grams 400", "what is sent has changed since"),
        ("orders ship-method 1003 --method express", "express is chosen now"),
    ],
)
def test_prices_that_changed_are_asked_for_with_another_command_id(shop, change, said):
    """
    What was priced under an id is what it goes on with: that costs something else now.
    """
    shop.ok("orders connect-sku 1003 1 MUG=1")
    shop.ok("orders confirm 1003")
    shop.refused("orders pay 1003 --expect 4 --command-id a", 3)
    shop.write("card.json", json.dumps(TWO_METHODS))
    shop.ok("freight change card --config card.json")
    shop.ok(change)
    told = shop.unmoved("orders pay 1003 --yes --command-id a", 3)
    assert said in told
    assert "`sourcehere orders pay` does so, with another --command-id" in told

    shop.ok("orders pay 1003 --yes --command-id b")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("orders pay 1003 --yes --at-most ''", "--at-most"),
        ("orders pay 1003 --yes --expect=", "--expect"),
        ("orders pay 1003 --yes --command-id ' '", "--command-id"),
        ("wallet top-up 5 --reference T-2 --command-id ''", "--command-id"),
        ("wallet withdraw 5 --attempt ''", "--attempt"),
        ("--gateway '' --card tok_visa wallet top-up 5", "--gateway"),
    ],
)
def test_what_decides_about_money_is_not_empty(shop, words, option):
    """
    As of a shell's variable that is not set: it is not taken as not said.
    """
    shop.ok("orders connect-sku 1003 1 MUG=1")
    shop.ok("orders confirm 1003")
    told = shop.unmoved(words, 2)
    assert f"sourcehere: {option} is empty; say what it is, or leave it out\n" == told
    error = json.loads(shop.unmoved(f"{words} --json", 2))["error"]
    assert "UsageError" == error["type"]


def test_money_is_spent_only_as_agreed(shop):
    """
    Without a person, or at another total, nothing is paid.
    """
    shop.ok("orders connect-sku 1003 1 MUG=1")
    shop.ok("orders confirm 1003")
    assert "--expect 4.50" in shop.refused("orders pay 1003", 2)
    assert "not 4.00 GBP" in shop.refused("orders pay 1003 --expect 4.00", 3)
    error = json.loads(shop.refused("orders pay 1003 --json", 2))["error"]
    assert {"total": gbp("4.50")} == error["facts"]
    error = json.loads(shop.refused("orders pay 1003 --expect 4 --json", 3))["error"]
    assert {"expected": gbp("4.00"), "total": gbp("4.50")} == error["facts"]
    assert gbp("500.00") == shop.json("wallet show")["available"]
    words = shop.refused("orders pay 1003 --at-most 4.49", 3)
    assert "it costs 4.50 GBP, and may cost 4.49 GBP at most" in words
    both = shop.refused("orders pay 1003 --expect 4.50 --at-most 5", 2)
    assert "say one of --yes, --expect and --at-most" in both
    assert gbp("500.00") == shop.json("wallet show")["available"]
    shop.ok("orders pay 1003 --at-most '4.50 GBP'")
    assert gbp("495.50") == shop.json("wallet show")["available"]


@pytest.mark.parametrize(("answer", "state"), [("y\n", "shipping"), ("\n", "payment")])
def test_the_person_at_the_terminal_is_asked(shop, monkeypatch, answer, state):
    """
    Only yes pays.
    """
    shop.ok("orders connect-sku 1003 1 MUG=1")
    shop.ok("orders confirm 1003")
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdin, "readline", lambda: answer)
    told = shop("orders pay 1003")
    assert "Pay 4.50 GBP from the wallet? [y/N]" in told.err
    assert f"awaiting_{state}" == shop.orders()["1003"]


def test_too_little_money_says_how_much_is_missing(shop):
    """
    An empty wallet refuses, and names the command that fills it.
    """
    name = shop.json("cloud create CN1 MUG=500 --place")["order_id"]
    told = shop.refused(f"orders pay {name} --yes", 3)
    assert "the wallet holds 500.00 GBP, and 950.00 GBP is needed" in told
    assert "450.00 GBP is missing" in told
    assert "`sourcehere wallet top-up 450.00 --reference REFERENCE`" in told
    error = json.loads(shop.refused(f"orders pay {name} --yes --json", 3))["error"]
    assert gbp("450.00") == error["facts"]["missing"]
    why = shop.ok(f"orders why-not {name} pay")
    assert "450.00 GBP is missing" in why


def test_one_of_many_fails_for_itself(paid):
    """
    What can be done is done; the rest is said, and the exit code tells.
    """
    paid.ok("orders connect-sku 1003 1 MUG=1")
    paid.ok("orders confirm 1003")
    said = paid("orders pay 1002 1003 --yes --each")
    assert 3 == said.code
    assert "paid 4.50 GBP for 1 order\n" in said.out
    assert "it is awaiting_shipping" in said.err
    report = json.loads(paid("orders cancel 1002 1001 --json").out)
    (done,) = report["done"].values()
    assert {"order_id": done["order_id"], "state": "cancelled"} == done
    (error,) = report["failed"].values()
    assert ("CommandRefusedError", "state", 3) == (
        error["type"],
        error["family"],
        error["exit_code"],
    )


def test_a_number_that_means_two_orders_is_not_guessed(shop):
    """
    Two shops with one number are told apart by STORE/NUMBER.
    """
    config = json.loads((shop.folder / "shop.json").read_text())
    config["fulfilments_path"] += "2"
    shop.write("other.json", json.dumps(config))
    shop.ok("stores connect other --config other.json")
    shop.ok("stores sync")
    assert "means several orders" in shop.refused("orders show 1001", 2)
    assert "other" == shop.json("orders show other/1001")["order"]["store_id"]


def test_disputes_speak_of_money_as_it_was_typed(paid):
    """
    An amount beyond the policy is refused in major units.
    """
    paid.ok("orders accept 1002")
    name = paid.json("orders request-cancel 1002")["dispute_id"]
    paid.ok(f"disputes take {name}")
    told = paid.refused(f"disputes offer {name} 99", 2)
    assert "99.00 GBP is not what the policy gives: 0.00 GBP to 8.60 GBP" in told
    over = "disputes open 1002 --reason cancel --ask 99"
    paid.ok(f"disputes withdraw {name}")
    assert "0.00 GBP to 8.60 GBP" in paid.refused(over, 2)


def test_errors_are_documents_too(shop):
    """
    With `--json` an error is one document with type, message and facts.
    """
    said = shop("orders show 9999 --json")
    assert ("", 2) == (said.out, said.code)
    assert {
        "error": {
            "type": "NotFoundError",
            "family": "caller",
            "message": "no order '9999'",
            "facts": {"kind": "order", "id": "9999"},
            "advice": "`sourcehere orders list` lists them",
            "exit_code": 2,
        }
    } == json.loads(said.err)

    error = json.loads(shop("orders pay 1001 --yes --json").err)["error"]
    assert ("state", 3) == (error["family"], error["exit_code"])
    assert ["wrong_state"] == [b["code"] for b in error["facts"]["blockers"]]

    error = json.loads(shop("orders fly --json").err)["error"]
    assert "UsageError" == error["type"]


def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys):
    """
    A core without cyclopts has the command, which says one sentence.
    """
    for name in [n for n in sys.modules if n.partition(".")[0] == "cyclopts"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cyclopts", None)
    monkeypatch.delitem(sys.modules, "sourcehere.cli.entry", raising=False)
    assert 2 == main([])
    assert "pip install 'sourcehere[cli]'" in capsys.readouterr().err
