"""
Payments by a gateway in several steps, for a process that dies between them.
"""

from datetime import timedelta

from sourcehere import Money, PaymentDecision
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.factories import NOON, SELLER, STAFF, Fault, snapshot

SPENT = 2_400  # cups, which leave little in the wallet


def usd(minor):
    """
    Return dollars.
    """
    return Money(minor, "USD")


def connected(scene):
    """
    Connect the gateway, and return it.
    """
    scene.bench.app.gateways.connect(
        "cards", provider="fake_gateway", config={}, by=STAFF
    )
    return scene.gateways.gateways["cards"]


def top_up(scene, name, source="tok_visa"):
    """
    Top up by card, under the name of the command.
    """
    return scene.bench.app.payments.top_up(
        "demo",
        usd(50_00),
        source=source,
        gateway="cards",
        by=SELLER,
        command_id=name,
    )


def payments(scene):
    """
    Top-ups of which one is declined, one is lost, one waits for its payer, and one
    nobody can find out.
    """
    cards = connected(scene)
    cards.faults = [Fault.LOST_AFTER]
    by_hand = top_up(scene, "by hand")

    def act():
        top_up(scene, "well")
        top_up(scene, "declined", "tok_declined")
        cards.faults = [Fault.LOST_AFTER]
        top_up(scene, "lost")
        top_up(scene, "pending", "tok_3ds")
        cards.decide()
        for one in ("pending", "lost"):
            hint = top_up(scene, one, "tok_3ds" if one == "pending" else "tok_visa")
            headers, body = cards.webhook(hint.reference)
            scene.bench.app.payments.receive("cards", headers=headers, body=body)
        scene.bench.app.payments.run()
        resolve(scene, by_hand)

    return act


def resolve(scene, attempt):
    """
    Say that an attempt did not happen, if that is not known yet.
    """
    now = scene.bench.app.payments.get("demo", attempt.attempt_id)
    if now.stage == "unknown":
        scene.bench.app.payments.resolve(
            "demo",
            attempt.attempt_id,
            PaymentDecision.DID_NOT_HAPPEN,
            seen=None,
            reference=now.reference,
            by=STAFF,
            command_id="resolve",
        )


def paid_by_card(scene):
    """
    A checkout that is paid by card, and one whose order is cancelled meanwhile: its
    money goes back.
    """
    bench, cards = scene.bench, connected(scene)
    bench.bought(CUP=SPENT)
    orders = bench.sync(snapshot("1", CUP=90), snapshot("2", CUP=90))
    offers = [bench.app.checkouts.checkout("demo", [o], by=SELLER) for o in orders]
    cards.faults = [None, Fault.LOST_AFTER]
    pay(scene, offers[1], "second")
    bench.app.orders.cancel("demo", [orders[1]], by=SELLER)

    def act():
        pay(scene, offers[0], "first")
        scene.bench.clock.advance(timedelta(minutes=1))
        scene.bench.app.payments.run()

    return act


def pay(scene, offer, name):
    """
    Pay an offer by card, under the name of the command.
    """
    return scene.bench.app.payments.pay(
        "demo",
        offer.checkout_id,
        expected_total=offer.total,
        source="tok_visa",
        gateway="cards",
        returns=True,
        by=SELLER,
        command_id=name,
    )


def withdrawals(scene):
    """
    Money that goes back, of two captures; what went back before and did not arrive
    after all; and what a bank took back.
    """
    cards = connected(scene)
    first = top_up(scene, "first")
    top_up(scene, "second")
    scene.bench.app.payments.withdraw("demo", usd(5_00), by=SELLER)
    cards.faults = [None, Fault.LOST_AFTER]

    def act():
        scene.bench.app.payments.withdraw(
            "demo", usd(60_00), by=SELLER, command_id="back"
        )
        cards.take_back(first.gateway_id, usd(10_00), at=NOON)
        back = bounced(cards)
        headers, body = cards.webhook(first.reference, back.reference)
        scene.bench.app.payments.receive("cards", headers=headers, body=body)
        scene.bench.clock.advance(timedelta(minutes=1))
        scene.bench.app.payments.run()

    return act


def bounced(cards):
    """
    Let the first refund not arrive, and return it.
    """
    back = next(one for one in cards.books.values() if one.kind == "refund")
    back.outcome = PaymentOutcome.DECLINED
    return back


def gateways_of(storage, gateways):
    """
    Let a storage hear of what gateways did.
    """
    for gateway in gateways.gateways.values():
        gateway.when_asked = lambda _: storage.reached("a gateway moved money")
    return gateways


SCENES = (payments, paid_by_card, withdrawals)
