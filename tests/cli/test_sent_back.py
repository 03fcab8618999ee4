"""
What is sent again, comes back, and is counted, at the shell.
"""

import pytest


@pytest.fixture
def sent(paid):
    """
    Order 1002 has left, whole.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 --carrier post --tracking T1")
    return paid


def disputed(shell, *more):
    """
    Dispute a unit that was sent, and let staff take it up; return the dispute's id.
    """
    words = (
        f"disputes open 1002 1.1=1 --reason short --description one {' '.join(more)}"
    )
    dispute = shell.json(words)["dispute"]["dispute_id"]
    shell.ok(f"disputes take {dispute}")
    return dispute


def test_a_unit_is_sent_again(sent):
    """
    It is asked for and granted; the order that sends it is named, and names its origin.
    """
    dispute = disputed(sent, "--reship")
    granted = sent.json(f"disputes grant {dispute}")["dispute"]
    again = granted["reship_order_id"]
    assert ("resolved", "reship", "0.00") == (
        granted["state"],
        granted["asked_remedy"],
        granted["granted"]["amount"],
    )
    shown = sent.json(f"orders show {again}")["order"]
    origin = sent.json("orders show 1002")["order"]["order_id"]
    assert (origin, "1002-R1", "awaiting_shipping") == (
        shown["origin_order_id"],
        shown["number"],
        shown["state"],
    )
    assert again in sent.ok("orders show 1002")
    assert origin in sent.ok("orders show 1002-R1")
    sent.ok("orders accept 1002-R1")
    sent.ok("orders ship 1002-R1 --carrier post --tracking T2")


def test_until_when_the_seller_may_answer(sent):
    """
    A question and an offer say until when, as long as the seller is to answer.
    """

    def answer_by(dispute):
        told = sent.ok(f"disputes show {dispute}").splitlines()
        return [line.split()[-1] for line in told if line.startswith("answer by")]

    dispute = disputed(sent)
    assert [] == answer_by(dispute)
    for moved in ("ask", "answer", "offer", "accept"):
        words = {"offer": "1.00", "accept": ""}.get(moved, "Which?")
        found = sent.json(f"disputes {moved} {dispute} {words}")["dispute"]
        waits = moved in ("ask", "offer")
        assert ([found["answer_by"][:19]] if waits else []) == [
            said[:19] for said in answer_by(dispute)
        ]


def test_an_offer_that_was_seen(sent):
    """
    A reship is offered and accepted; with the version of before, it is refused.
    """
    dispute = disputed(sent)
    seen = sent.json(f"disputes offer {dispute} 1.00")["dispute"]["version"]
    sent.ok(f"disputes counter {dispute} more")
    sent.ok(f"disputes offer-reship {dispute}")
    told = sent.refused(f"disputes accept {dispute} --seen {seen}", 3)
    assert "look again" in told
    now = sent.json(f"disputes show {dispute}")["dispute"]["version"]
    ended = sent.json(f"disputes accept {dispute} --seen {now}")["dispute"]
    assert ended["reship_order_id"]


def test_goods_come_back_and_are_counted(sent):
    """
    Two units are taken into stock, and one of them is lost and refunded.
    """
    sent.ok("warehouses add CN1 --name Yiwu --country CN")
    said = sent.ok("cloud restock 1002 CN1 1.1=2")
    assert "2 units in stock again" in said
    (lot,) = sent.json("cloud lots")["items"]
    assert (2, 2) == (lot["on_hand"], lot["available"])
    sku = sent.json("orders show 1002")["order"]["lines"][0]["items"][0]["variant_id"]
    made = sent.json(f"cloud count CN1 {sku} 1 --refund --note wet")
    assert (2, 1, 1, "wet") == (
        made["expected"],
        made["counted"],
        made["units_refunded"],
        made["note"],
    )
    assert made["refunded"] == lot["unit_cost"]
    moved = sent.json(f"cloud movements {lot['lot_id']}")["items"]
    assert [("returned", 2), ("removed", 1)] == [
        (one["kind"], one["quantity"]) for one in moved
    ]
    assert "wet" in sent.ok("cloud counts")
    told = sent.refused("cloud restock 1002 CN1 1.1=9", 3)
    assert "9 units came back" in told
