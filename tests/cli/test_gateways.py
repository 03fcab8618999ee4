"""
Gateways are connected, wallets topped up by card and paid back, at the command line.
"""

import json
from datetime import datetime

import attrs
import pytest

from sourcehere import Money
from sourcehere.testing import FakeGateway, FakeGateways, Fault
from sourcehere.testing.factories import dump

from .conftest import gbp


@pytest.fixture
def cards():
    """
    Return a gateway.
    """
    return FakeGateway()


@pytest.fixture
def plugins(cards):
    """
    Offer it.
    """
    return [FakeGateways(cards=cards)]


@pytest.fixture
def charging(shop):
    """
    The shop with orders to pay, and that gateway connected.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    shop.write("cards.json", "{}")
    shop.ok("gateways connect cards --provider fake_gateway --config cards.json")
    return shop


TOP_UP = "wallet top-up 50 --gateway cards --card"


def test_a_wallet_is_topped_up_by_card(charging):
    """
    Once, for the same command; a decline is another exit code.
    """
    made = charging.json(f"{TOP_UP} tok_visa --command-id a")
    assert ("captured", "50.00") == (made["state"], made["done"]["amount"])
    again = charging.json(f"{TOP_UP} tok_visa --command-id a")
    assert made["attempt_id"] == again["attempt_id"]
    assert "550.00" in charging.ok("wallet show")
    declined = charging(f"{TOP_UP} tok_declined")
    assert (4, "") == (declined.code, declined.err)
    assert "insufficient funds" in declined.out
    assert 2 == len(charging.listed("wallet attempts"))
    assert "tok_" not in charging.ok("wallet attempts")
    shown = charging.ok(f"attempts show {made['attempt_id']}")
    assert made["gateway_id"] in shown


@pytest.mark.parametrize(
    "words",
    [
        "wallet top-up 50",
        "wallet top-up 50 --reference T --card tok --gateway cards",
        "wallet top-up 50 --card tok --gateway other",
        "wallet top-up 50 --card tok",
        "wallet top-up 50 --gateway cards",
        "wallet top-up 50 --command-id a",
        "orders pay 1002 --yes --return-unpaid",
        "orders pay 1002 --expect 7.901",
        "orders pay 1002 --expect '7.90 USD'",
        "wallet top-up '50 EUR' --card tok --gateway cards",
        "wallet withdraw 0",
        "orders pay 1002 --yes --card tok",
        "orders pay 1002 --yes --card tok --gateway cards --each",
    ],
)
def test_what_makes_no_sense_is_refused(charging, words):
    """
    And moves nothing.
    """
    charging.unmoved(words, 2)


def test_a_card_and_its_gateway_go_together(charging):
    """
    And it is said, wherever one is given without the other.
    """
    for words in ("--card tok", "--gateway cards", "--command-id a"):
        said = charging.unmoved(f"wallet top-up 50 {words}", 2)
        assert "--card and --gateway" in said, said


def test_money_goes_back(charging, cards):
    """
    To its source, or stays.
    """
    charging.ok(f"{TOP_UP} tok_visa")
    (back,) = charging.json("wallet withdraw 20")
    shown = [
        s.split()
        for s in charging.ok(f"attempts show {back['attempt_id']}").splitlines()
    ]
    assert ["of", "capture", back["capture_of"]] in shown
    assert ["seller", back["seller_id"]] in shown
    assert ("returned", "20.00") == (back["state"], back["done"]["amount"])
    cards.refuses_refunds = True
    refused = charging("wallet withdraw 20")
    assert 4 == refused.code
    assert "the card is closed" in refused.out
    assert "can go back" in charging.unmoved("wallet withdraw 31", 3)
    assert "begins" not in charging.unmoved("wallet withdraw 31", 3)


def test_money_whose_gateway_is_not_used_waits(charging, plugins):
    """
    And it is said at which gateway it was captured.
    """
    made = charging.json(f"{TOP_UP} tok_visa")
    charging.ok("gateways pause cards audit")
    more = "more was captured at cards, where nothing begins now"
    for words in ("", f" --attempt {made['attempt_id']}"):
        said = charging.unmoved(f"wallet withdraw 20{words}", 3)
        assert f"0.00 GBP can go back to its source now; {more}\n" in said
    charging.ok("gateways resume cards")
    offered = plugins.pop()
    assert more in charging.unmoved("wallet withdraw 20", 3)
    plugins.append(offered)
    assert "returned" in charging.ok("wallet withdraw 20")


def test_orders_are_paid_by_card(charging, cards):
    """
    What the wallet lacks is charged; or the payer is sent to the bank.
    """
    pay = "--yes --gateway cards --card"
    alone = charging.json(f"orders pay 1002 {pay} tok_visa")["card_payment"]
    assert ("paid", None) == (alone["state"], alone["attempt"])
    charging.ok("cloud create CN1 LAMP-W=1000 --number spring --place")
    waits = charging(f"orders pay spring {pay} tok_declined")
    assert (4, "") == (waits.code, waits.err)
    (gone,) = charging.listed("wallet attempts")
    end = f"\ndeclined: payment {gone['attempt_id']} (insufficient funds)\n"
    assert waits.out.endswith(end)
    waits = charging.ok(f"orders pay spring {pay} tok_3ds")
    assert "the payer goes to https://bank.example" in waits
    assert "is paying it" in charging.refused(f"orders pay spring {pay} tok_visa", 3)
    (one, *_) = charging.listed("wallet attempts")
    shown = charging.ok("orders show spring")
    assert "Payment by card" in shown
    assert one["attempt_id"] in shown
    assert "the payer goes to https://bank.example" in shown
    assert "pending" == charging.json("orders show spring")["payment"]["state"]
    cards.decide()
    ended = charging.json(f"attempts ask {one['attempt_id']}")
    assert ended["has_paid"]
    assert "Payment by card" not in charging.ok("orders show spring")


def test_what_the_card_was_charged_is_said(charging):
    """
    Beside what the orders cost: the wallet pays what it has.
    """
    charging.ok("cloud create CN1 LAMP-W=1000 --number spring --place")
    have = charging.json("wallet show")["available"]["minor"]
    paid = charging.ok("orders pay spring --yes --gateway cards --card tok_visa")
    (made,) = charging.listed("wallet attempts")
    assert f"paid {(have + made['done']['minor']) / 100:.2f} GBP" in paid
    assert paid.endswith(
        f"for 1 order, and charged {made['done']['amount']} GBP to the card\n"
    )


def test_what_nobody_knows_is_resolved(charging, cards):
    """
    A person says what they saw at the gateway.
    """
    cards.faults = [None, Fault.LOST_BEFORE]
    lost = charging.json(f"{TOP_UP} tok_visa")
    name = lost["attempt_id"]
    assert "unknown" == lost["state"]
    assert name in charging.ok("attempts list")
    assert "asked 0" in charging.ok("attempts run")
    counted = charging.json("worker --once")
    names = ("payments", "labels", "followed")
    assert [0, 0, 0] == [counted[name] for name in names]
    seen = "--amount 49.50 --gateway-id ch_1"
    charging.unmoved(f"attempts resolve {name} happened {seen}", 2)
    said = f"attempts resolve {name} happened --reference"
    charging.unmoved(f"{said} {name}-authorize {seen}", 3)
    said = f"{said} {lost['reference']}"
    charging.unmoved(said, 2)
    charging.unmoved(f"{said} --amount 50", 2)
    said = f"{said} {seen}"
    ended = charging.json(said)
    assert ("captured", "49.50") == (ended["state"], ended["done"]["amount"])
    assert "549.50" in charging.ok("wallet show")
    gone = f"attempts resolve {name} did_not_happen --reference {lost['reference']}"
    charging.unmoved(gone, 3)
    charging.unmoved("attempts show nobody", 2)
    assert "captured" in charging.ok(f"attempts ask {name}")


def test_why_a_decision_is_refused(charging, cards):
    """
    In words of the command, each reason on its own line; nothing is decided.
    """
    cards.faults = [Fault.LOST_BEFORE]
    lost = charging.json(f"{TOP_UP} tok_visa")
    said = f"attempts resolve {lost['attempt_id']}"
    named = f"--reference {lost['reference']}"
    seen = "--gateway-id au_9 --amount"
    for words, why in {
        f"happened {named}": "amount: None is not what was moved, which goes with"
        " happened",
        f"happened {named} --amount 5": "gateway_id: '' is not the gateway's own name"
        " for the payment, which goes with happened",
        f"happened {named} {seen} 0": "amount: '0.00 GBP' is not positive, and"
        " 50.00 GBP at most",
        f"happened {named} {seen} 50.01": "amount: '50.01 GBP' is not positive, and"
        " 50.00 GBP at most",
        f"did_not_happen {named} {seen} 5": "amount: '5.00 GBP' is not left out: with"
        " did_not_happen, nothing was moved",
        f"did_not_happen {named} --gateway-id au_9": "gateway_id: 'au_9' is not left"
        " out: with did_not_happen, nothing was moved",
    }.items():
        assert f"sourcehere: {why}\n" == charging.unmoved(f"{said} {words}", 2)
    charging.ok(f"{said} did_not_happen {named}")
    again = charging.unmoved(f"{said} did_not_happen --reference X", 3)
    needs = "did_not_happen needs planned, unknown, pending, manual"
    assert [
        f"sourcehere: attempt {lost['attempt_id']}: cannot resolve payment:",
        f"  - its reference is {lost['reference']} now, not X",
        f"  - its step authorize is declined; {needs}",
    ] == again.splitlines()


def test_what_only_a_person_can_end_is_called_so(charging, cards):
    """
    In the words of payments, and not in those of orders that the seller writes.
    """
    cards.told_instead = Money(60_00, "GBP")
    said = charging.ok(f"{TOP_UP} tok_visa")
    assert ["state", "manual"] in [line.split() for line in said.splitlines()]


def test_a_gateway_that_nobody_offers_any_more_is_named(charging, plugins):
    """
    Where gateways are listed; connecting one that is paused leaves it so.
    """
    charging.ok("gateways pause cards audit")
    again = "gateways connect cards --provider fake_gateway --config cards.json"
    assert "paused" == charging.json(again)["state"]
    (known,) = charging.listed("gateways list")
    assert ("audit", True) == (known["why"], known["is_installed"])
    plugins.clear()
    (known,) = charging.listed("gateways list")
    assert ("audit", False) == (known["why"], known["is_installed"])
    assert "audit; no plugin offers fake_gateway here" in charging.ok("gateways list")
    charging.ok("gateways resume cards")
    shown = charging.ok("gateways list").split("active")[1].strip()
    assert "no plugin offers fake_gateway here" == shown
    assert "no plugin offers" not in charging.ok("freight list")


def test_gateways_are_kept_and_compared(charging, cards):
    """
    Changed, paused, disconnected; and held against what they pay out.
    """
    assert "fake_gateway" in charging.ok("gateways list")
    assert "was not tried" in charging.ok("gateways check cards")
    charging.ok("gateways change cards --config cards.json")
    charging.ok("gateways pause cards audit")
    said = charging.unmoved(f"{TOP_UP} tok_visa", 4)
    assert "sourcehere: cards: the connection is paused (audit)\n" == said
    charging.ok("gateways resume cards")
    made = charging.json(f"{TOP_UP} tok_visa")
    cards.fee = 75
    payout = cards.pay_out(_time(made["changed_at"]))
    said = charging.json("gateways reconcile cards --since 2020-01-01")
    assert [gbp("0.75")] == said["fees"]
    cards.books.clear()
    found = charging("gateways reconcile cards --since 2020-01-01")
    assert (0, "") == (found.code, found.err)
    cards.paid_out = [_doubled(payout)]
    found = charging("gateways reconcile cards --since 2020-01-01")
    assert 3 == found.code
    assert "Paid out, and not booked" in found.out
    assert json.loads(
        charging("gateways reconcile cards --since 2020-01-01 --json").out
    )
    assert "disconnected" in charging.ok("gateways disconnect cards")


def _time(text):
    return datetime.fromisoformat(text)


def _doubled(payout):
    more = attrs.evolve(payout.entries[0], gateway_id="ca_9")
    return attrs.evolve(payout, entries=(*payout.entries, more))


def test_a_gateway_that_is_disconnected_is_connected_again(charging):
    """
    It is in the list: nobody says that there is none, but which command helps.
    """
    charging.ok("gateways pause cards audit")
    charging.ok("gateways pause cards holiday")
    (listed,) = charging.listed("gateways list")
    assert ("paused", "holiday") == (listed["state"], listed["why"])
    charging.ok("gateways disconnect cards")
    charging.write("settings.json", "{}")
    for command in ("resume", "pause", "check", "change --config settings.json"):
        said = charging.unmoved(f"gateways {command} cards", 3)
        assert "gateway cards is disconnected; connect it again first" in said
        assert "`sourcehere gateways connect cards` connects it again" in said
    charging.ok("gateways connect cards --provider fake_gateway --config cards.json")
    (listed,) = charging.listed("gateways list")
    assert ("active", "") == (listed["state"], listed["why"])


def test_a_gateway_that_cannot_charge_is_refused_before_anything_is_priced(charging):
    """
    Neither an offer is made nor anybody asked what it costs.
    """
    for words, code in (
        ("--card tok --gateway other", 2),
        ("--card 4242424242424242 --gateway cards", 2),
        ("--card tok --gateway cards", 4),
    ):
        if code == 4:
            charging.ok("gateways pause cards audit")
        before = dump(charging.storage)
        said = charging(f"orders pay 1002 --yes {words}")
        assert (code, "") == (said.code, said.out)
        assert before == dump(charging.storage)


def test_a_repeated_payment_pays_once(charging, cards):
    """
    The same command prices nothing anew, charges nothing again, and says the same;
    also where its gateway is not used any more.
    """
    paid = charging.json("orders pay 1002 --yes --command-id q")
    assert paid == charging.json("orders pay 1002 --yes --command-id q")
    assert 1 == len(paid["payment"]["paid"])
    charging.ok("cloud create CN1 LAMP-W=1000 --number spring --place")
    pay = "orders pay spring --yes --gateway cards --card tok_visa --command-id p"
    first = charging.json(pay)
    before = dump(charging.storage)
    charged = len(cards.keys)
    again = charging.json(pay)
    assert first == again
    assert charged == len(cards.keys)
    assert before == dump(charging.storage)
    charging.ok("gateways pause cards audit")
    assert first == charging.json(pay)
    told = charging.unmoved("orders pay 1002 --yes --command-id p", 2)
    assert "given before with other arguments" in told
