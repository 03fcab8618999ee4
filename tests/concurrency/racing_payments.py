"""
A gateway that processes share, and money that they spend at the same time.
"""

import contextlib
import os
import time
from collections import defaultdict
from datetime import timedelta

from forked import race
from racing_vendor import append

from sourcehere import CommandRefusedError, Money, StateError
from sourcehere.domain.wallet.errors import InsufficientFundsError
from sourcehere.ports.errors import UnknownOutcomeError
from sourcehere.ports.payments import PaymentOutcome, PaymentRecord
from sourcehere.services.base.resting import GatewayRestsError
from sourcehere.testing.factories import SELLER, STAFF, snapshot

TOP_UPS = 6
OFFERS = 6
CUPS = 2_400  # which leave little in the wallet
BY_CARD = {"source": "tok", "gateway": "cards", "by": SELLER}


class SharedGateway:
    """
    A gateway whose books are lines of a file; some first answers are lost.
    """

    key_ttl = timedelta(days=1)
    finds_by_reference = True

    def __init__(self, books):
        self._books = books

    def authorize(self, amount, _source, /, *, reference, idempotency_key):
        return self._moved("authorize", "", amount, reference, idempotency_key)

    def capture(self, named, amount, /, *, reference, idempotency_key):
        return self._moved("capture", named, amount, reference, idempotency_key)

    def refund(self, named, amount, /, *, reference, idempotency_key):
        return self._moved("refund", named, amount, reference, idempotency_key)

    def find(self, reference, /):
        for kind, key, known, minor in self.lines():
            if known == reference:
                return record(kind, key, reference, Money(int(minor), "USD"))
        return None

    def lines(self):
        return [line.split() for line in self._books.read_text().splitlines()]

    def _moved(self, kind, _named, amount, reference, key):
        append(self._books, f"{kind} {key} {reference} {amount.minor}")
        time.sleep(0.002 * (os.getpid() % 4))
        lines = self._books.read_text()
        if lines.count(f" {key} ") == 1 and lines.count("\n") % 5 == 0:
            raise UnknownOutcomeError(provider="shared", detail="it was lost")
        return record(kind, key, reference, amount)


def record(kind, key, reference, amount):
    return PaymentRecord(
        reference=reference,
        gateway_id=f"{kind}:{key}",
        outcome=PaymentOutcome.SUCCEEDED,
        amount=amount,
    )


class Spenders:
    """
    What processes do with the money of one seller.
    """

    def __init__(self, bench):
        self._bench, self._payments = bench, bench.app.payments
        orders = bench.sync(*(snapshot(f"p{n}", CUP=20) for n in range(OFFERS)))
        self._offers = [
            bench.app.checkouts.checkout("demo", [one], by=SELLER) for one in orders
        ]

    def top_up(self):
        for number in range(TOP_UPS):
            amount, name = Money(100_00, "USD"), f"top-up {number}"
            self._when_it_rests_no_more(
                self._payments.top_up, "demo", amount, command_id=name, **BY_CARD
            )

    def pay_by_card(self):
        for number, offer in enumerate(self._offers):
            with contextlib.suppress(StateError):
                self._when_it_rests_no_more(
                    self._payments.pay,
                    "demo",
                    offer.checkout_id,
                    expected_total=offer.total,
                    returns=False,
                    command_id=f"pay {number}",
                    **BY_CARD,
                )

    def _when_it_rests_no_more(self, do, *given, **named):
        """
        Do something; where too many answers in a row were lost, do it later.
        """
        while True:
            try:
                return do(*given, **named)
            except GatewayRestsError:
                self._bench.clock.advance(timedelta(minutes=5))

    def pay(self):
        for offer in reversed(self._offers):
            name, total = offer.checkout_id, offer.total
            with contextlib.suppress(StateError):
                self._bench.app.checkouts.pay(
                    "demo", name, expected_total=total, by=SELLER
                )

    def withdraw(self):
        for _ in range(TOP_UPS):
            with contextlib.suppress(CommandRefusedError, InsufficientFundsError):
                self._payments.withdraw("demo", Money(90_00, "USD"), by=SELLER)

    def take_up(self):
        for _ in range(20):
            self._payments.run()


def spending(bench, shop):
    """
    Processes top up by the same commands, pay the same offers by card and from the
    wallet, and return what was captured, while workers take up what they find.
    """
    bench.app.gateways.connect("cards", provider="shared_gateway", config={}, by=STAFF)
    bench.bought(CUP=CUPS)
    bench.connect(bench.rule("CUP"))
    do = Spenders(bench)
    race(
        *(do.top_up, do.top_up, do.pay_by_card, do.pay_by_card),
        *(do.pay, do.withdraw, do.withdraw, do.take_up),
    )
    for _ in range(12):  # until each was answered
        bench.clock.advance(timedelta(minutes=5))
        bench.app.payments.run()
    return told(bench, shop)


def told(bench, shop):
    """
    Compare what the gateway did with what is booked.
    """
    moved, keys = {}, defaultdict(set)
    for kind, key, reference, minor in SharedGateway(shop.charges).lines():
        moved[key] = {"capture": 1, "refund": -1}.get(kind, 0) * int(minor)
        keys[reference].add(key)
    booked, attempts, after = 0, [], ""
    while True:
        page = bench.sh.seller("demo").wallet.attempts(after=after, limit=100)
        attempts += page.items
        after = page.next
        if not after:
            break
    for one in attempts:
        sign = -1 if one.step == "refund" else 1
        booked += sign * one.done.minor
    return {
        "top_ups": len(
            [a for a in attempts if a.step == "capture" and not a.checkout_id]
        ),
        "keys": max(map(len, keys.values())),
        "open": len(bench.app.payments.open()),
        "difference": sum(moved.values()) - booked,
    }
