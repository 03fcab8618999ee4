"""
Whatever everybody does at the same time, by a gateway that loses answers: no cent is.
"""

import random
import threading
from datetime import timedelta

import pytest
from payment_world import attempts, balances, charged, offered, pay, top_up, wallet

from sourcehere import Money, SourceHereError
from sourcehere.testing.factories import NOON
from sourcehere.testing.fake_shop import Fault


def usd(minor):
    """
    Return dollars.
    """
    return Money(minor, "USD")


def at_once(*calls):
    """
    Run all in threads, and return what each gave or raised.
    """
    out = [None] * len(calls)

    def run(place, call):
        try:
            out[place] = call()
        except SourceHereError as refused:
            out[place] = refused

    threads = [
        threading.Thread(target=run, args=(place, call))
        for place, call in enumerate(calls)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert not any(one.is_alive() for one in threads)
    return out


def each(calls):
    """
    Make the calls one after the other; a refusal ends none of the others.
    """
    for call in calls:
        try:
            call()
        except SourceHereError:
            continue
    return True


def test_one_order_is_paid_once_whoever_asks(bench, cards):
    """
    By two offers of the same, and one of them twice under one id.
    """
    first = offered(bench, "1")
    again = bench.sh.seller("demo").checkouts.open([o.order_id for o in first.orders])
    at_once(
        lambda: pay(bench, first),
        lambda: pay(bench, again),
        lambda: pay(bench, first, command_id="x"),
        lambda: pay(bench, first, command_id="x"),
    )
    assert charged(cards) == first.total.minor - 1_00
    assert bench.app.audit.run(replay=True).is_clean


@pytest.mark.parametrize("seed", range(3))
def test_all_at_once(bench, cards, seed):
    """
    Top-ups, payments, withdrawals, chargebacks and workers: what was charged, less what
    went back, is in the ledger, and nothing stays open.
    """
    paid = [top_up(bench, usd(minor)) for minor in (50_00, 30_01, 20_00)]
    offers = [offered(bench, str(number)) for number in range(3)]
    chance = random.Random(seed)
    faults = [None, None, Fault.LOST_AFTER, Fault.LOST_BEFORE]
    cards.next_fault = lambda: chance.choice(faults)
    work = bench.sh.attempts.run

    def pays():
        return each(
            lambda offer=offer: pay(bench, offer, command_id=f"p{offer.checkout_id}")
            for offer in offers
        )

    def takes_back():
        for one in paid:
            name = f"c{one.gateway_id}"
            cards.take_back(one.gateway_id, one.done, name=name, at=NOON)
            headers, body = cards.webhook(one.reference)
            bench.sh.attempts.receive("cards", headers=headers, body=body)
            work()
        return True

    def withdraws():
        return each(
            lambda minor=minor: wallet(bench).withdraw(usd(minor))
            for minor in (10_00, 33_33, 17)
        )

    def tops_up():
        return each([lambda: top_up(bench, usd(7_77), command_id="u")] * 3)

    at_once(lambda: each([work] * 4), withdraws, pays, pays, takes_back, tops_up)
    assert bench.app.audit.run(replay=True).is_clean

    cards.next_fault = lambda: None
    for _ in range(6):
        bench.clock.advance(timedelta(hours=5))
        assert not work().failed
    assert () == attempts(bench).open()
    lost = sum(c.amount.minor for told in cards.taken_back.values() for c in told)
    assert _booked(bench) == 1_00 + charged(cards) - lost
    assert bench.app.audit.run(replay=True).is_clean, balances(bench)


def _booked(bench):
    entries = wallet(bench).ledger(limit=500).items
    return -sum(e.amount.minor for e in entries if e.account == "provider_clearing")
