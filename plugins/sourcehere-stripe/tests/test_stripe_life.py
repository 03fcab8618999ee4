"""
Stripe's adapter under the core: a wallet is filled, spent, emptied and charged back.
Every cent in the ledger is in Stripe's books.
"""

from datetime import timedelta

import httpx2
import pytest
from stripe_books import disputed, moved, paid_out
from stripe_lab import StripeLab, refusal
from stripe_wire import Keys
from test_stripe_webhooks import event, signed

from sourcehere import Money, PaymentDecision, Wanted
from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import ProviderInfo
from sourcehere.testing import sample_shop
from sourcehere.testing.kit import WireFault
from sourcehere_http.testing import BreakingTransport
from sourcehere_stripe import StripeConfig, StripeGateway

CONFIG = {
    "api_key": "sk_test_4711",
    "webhook_secret": "whsec_1",
    "return_url": "https://shop.example/paid",
}


class Offered:
    """
    The plugin, in front of a server in memory.
    """

    def __init__(self, lab):
        self.lab = lab

    @hookimpl
    def sourcehere_payment_providers(self):
        """
        Offer it.
        """
        return [
            ProviderInfo("stripe_lab", StripeConfig, self._make, makes=StripeGateway)
        ]

    def _make(self, config, context):
        inner = httpx2.MockTransport(Keys(self.lab.server.serve))
        transport = BreakingTransport(self.lab.line, inner, refusal)
        return StripeGateway(config, context, transport)


@pytest.fixture
def lab():
    """
    Return an account.
    """
    return StripeLab()


@pytest.fixture
def demo(lab):
    """
    Return a shop whose sellers pay by card; clean at the end, and like Stripe's books.
    """
    made = sample_shop(plugins=[Offered(lab)])
    lab.server.now = int(made.clock.now().timestamp())
    made.desk.gateways.connect(
        "cards", provider="stripe_lab", config=CONFIG, allow_plain=True
    )
    yield made
    report = made.sh.audit.run(replay=True)
    assert () == report.violations
    assert captured(lab) == credited(made)
    made.sh.close()


def captured(lab):
    """
    Add up what Stripe took and has still.
    """
    charges = {one["id"]: one for one in lab.server.objects["charges"]}
    return sum(
        one["amount_received"] - charges[one["latest_charge"]]["amount_refunded"]
        for one in lab.server.objects["payment_intents"]
        if one["status"] == "succeeded"
    )


def credited(demo):
    """
    Add up what the ledger says that gateways hold, chargebacks left out.
    """
    entries = [
        entry
        for entry in demo.shop.wallet.ledger(limit=500).items
        if entry.account == "provider_clearing"
        and not entry.purpose.startswith("chargeback")
    ]
    by_bank = Money.parse("10000", "USD").minor  # what the sample shop begins with
    return -sum(entry.amount.minor for entry in entries) - by_bank


def usd(text):
    return Money.parse(text, "USD")


def advance(demo, lab, **delta):
    demo.clock.advance(timedelta(**delta))
    lab.server.now = int(demo.clock.now().timestamp())


def test_a_wallet_is_filled_spent_and_emptied(demo, lab):
    """
    By card, with what is there first; and back to the card, newest first.
    """
    wallet, card = demo.shop.wallet, lab.server.card()
    start = wallet.get().available
    paid = wallet.top_up_by_card(usd("50"), source=card, gateway="cards")
    assert ("captured", usd("50")) == (paid.state, paid.done)
    assert start + usd("50") == wallet.get().available

    cups = [Wanted(demo.variants["CUP"], 2_600)]
    order_id = demo.shop.drafts.cloud("CN1", cups).order_id
    demo.shop.drafts.place(order_id)
    offer = demo.shop.checkouts.open([order_id])
    done = demo.shop.checkouts.pay_by_card(offer, source=card, gateway="cards")
    assert ("paid", offer.total - start - usd("50")) == (done.state, done.attempt.done)
    assert usd("0") == wallet.get().available

    wallet.top_up_by_card(usd("30"), source=card, gateway="cards")
    back = wallet.withdraw(usd("30"))
    assert {"returned"} == {one.state for one in back}
    assert usd("0") == wallet.get().available


@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("fault", [WireFault.BEFORE, WireFault.AFTER, WireFault.DOWN])
def test_whatever_breaks_it_is_charged_once(demo, lab, fault, after):
    """
    Each request of a top-up meets the fault; the same key ends it.
    """
    wallet, card = demo.shop.wallet, lab.server.card()
    start = wallet.get().available
    lab.line.fail(fault, after=after)
    made = wallet.top_up_by_card(
        usd("50"), source=card, gateway="cards", command_id="once"
    )
    lab.line.heal()
    for _ in range(4):
        advance(demo, lab, minutes=20)
        demo.sh.attempts.run()
    again = wallet.top_up_by_card(
        usd("50"), source=card, gateway="cards", command_id="once"
    )

    assert (made.attempt_id, "captured") == (again.attempt_id, again.state)
    assert start + usd("50") == wallet.get().available
    assert 1 == len(lab.server.objects["payment_intents"])
    assert 5_000 == captured(lab)


@pytest.mark.parametrize("after", range(2))
@pytest.mark.parametrize("fault", [WireFault.AFTER, WireFault.TRUNCATED])
def test_whatever_breaks_it_is_returned_once(demo, lab, fault, after):
    """
    And the money is nowhere twice meanwhile.
    """
    wallet, card = demo.shop.wallet, lab.server.card()
    start = wallet.get().available
    wallet.top_up_by_card(usd("50"), source=card, gateway="cards")
    lab.line.fail(fault, after=after)
    (back,) = wallet.withdraw(usd("20"))
    lab.line.heal()
    assert start + usd("30") == wallet.get().available
    for _ in range(4):
        advance(demo, lab, minutes=20)
        demo.sh.attempts.run()

    assert "returned" == wallet.attempt(back.attempt_id).state
    assert start + usd("30") == wallet.get().available
    assert 1 == len(lab.server.objects["refunds"])


def test_a_card_that_declines_charges_nothing(demo, lab):
    """
    And the next try is another one.
    """
    wallet = demo.shop.wallet
    start = wallet.get().available
    no = wallet.top_up_by_card(
        usd("50"), source=lab.server.card(behaves="declines"), gateway="cards"
    )
    assert ("declined", start) == (no.state, wallet.get().available)


def test_a_bank_that_asks_the_payer(demo, lab):
    """
    Stripe tells by webhook that the payer agreed; what it says is fetched.
    """
    wallet = demo.shop.wallet
    start = wallet.get().available
    asked = wallet.top_up_by_card(
        usd("50"), source=lab.server.card(behaves="asks"), gateway="cards"
    )
    assert "pending" == asked.state
    assert asked.redirect_url.startswith("https://")
    (intent,) = lab.server.objects["payment_intents"]
    lab.server.reserve(intent)
    body = event("payment_intent.succeeded", sourcehere_reference=asked.reference)
    lab.clock = demo.clock
    demo.sh.attempts.receive("cards", headers=signed(lab, body, "whsec_1"), body=body)
    demo.sh.attempts.run()

    assert "captured" == wallet.attempt(asked.attempt_id).state
    assert start + usd("50") == wallet.get().available


def test_a_bank_takes_back_and_gives_back(demo, lab):
    """
    Once each, however often it is asked.
    """
    wallet, card = demo.shop.wallet, lab.server.card()
    start = wallet.get().available
    wallet.top_up_by_card(usd("50"), source=card, gateway="cards")
    (charge,) = lab.server.objects["charges"]
    made = disputed(lab.server, charge["id"], 5_000)
    for _ in range(2):
        advance(demo, lab, days=2)
        demo.sh.attempts.run()
    assert start == wallet.get().available

    made["status"] = "won"
    made["balance_transactions"].append(
        moved(lab.server, made["id"], 5_000, kind="adjustment")
    )
    for _ in range(2):
        advance(demo, lab, days=2)
        demo.sh.attempts.run()
    assert start + usd("50") == wallet.get().available


def test_a_payout_is_held_against_the_ledger(demo, lab):
    """
    What was captured is in it, less Stripe's fee, which no seller pays.
    """
    card = lab.server.card()
    demo.shop.wallet.top_up_by_card(usd("50"), source=card, gateway="cards")
    (charge,) = lab.server.objects["charges"]
    name = f"po_{len(lab.server.objects['payouts'])}"
    moved(lab.server, charge["id"], 5_000, 175, payout=name)
    paid_out(lab.server, 4_825, name=name)
    since = demo.clock.now() - timedelta(days=30)
    report = demo.desk.gateways.reconcile("cards", since=since)

    assert report.is_clean, report
    assert (Money(175, "USD"),) == report.fees


def test_fees_alone_and_fees_given_back_are_no_difference(demo, lab):
    """
    A month of Stripe, and a dispute that was won, with its fee; a refund that failed.
    """
    wallet, card = demo.shop.wallet, lab.server.card()
    wallet.top_up_by_card(usd("50"), source=card, gateway="cards")
    (charge,) = lab.server.objects["charges"]
    dispute = disputed(lab.server, charge["id"], 5_000)
    name = paid_out(lab.server, 4_825 - 60)
    moved(lab.server, charge["id"], 5_000, 175, payout=name)
    moved(lab.server, None, -60, payout=name, kind="stripe_fee")
    moved(lab.server, dispute["id"], -5_000, 1_500, payout=name, kind="adjustment")
    won = moved(
        lab.server, dispute["id"], 5_000, -1_500, payout=name, kind="adjustment"
    )
    advance(demo, lab, days=2)
    demo.sh.attempts.run()
    dispute["status"] = "won"
    dispute["balance_transactions"].append(won)
    advance(demo, lab, days=2)
    demo.sh.attempts.run()
    (back,) = wallet.withdraw(usd("20"))
    (refund,) = lab.server.objects["refunds"]
    moved(lab.server, refund["id"], -2_000, payout=name, kind="refund")
    moved(lab.server, refund["id"], 2_000, payout=name, kind="refund_failure")
    refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    charge["amount_refunded"] = 0
    demo.desk.attempts.take_up("demo", back.attempt_id)
    since = demo.clock.now() - timedelta(days=30)
    report = demo.desk.gateways.reconcile("cards", since=since)

    assert report.is_clean, report
    assert (Money(235, "USD"),) == report.fees


@pytest.mark.parametrize("after", [0, 1, 2])
def test_what_somebody_takes_at_stripe_is_in_the_wallet(demo, lab, after):
    """
    Whichever of our requests Stripe did not get before, and once.
    """
    wallet, card = demo.shop.wallet, lab.server.card()
    start = wallet.get().available
    # What authorizes gets lost on its way back, the others on their way there.
    lab.line.fail(WireFault.DOWN if after else WireFault.AFTER, after=after)
    made = wallet.top_up_by_card(usd("50"), source=card, gateway="cards")
    lab.line.heal()
    (intent,) = lab.server.objects["payment_intents"]
    assert ("unknown", "requires_capture") == (made.state, intent["status"])
    intent["status"], intent["amount_received"] = "succeeded", 5_000
    for _ in range(4):
        advance(demo, lab, minutes=20)
        demo.sh.attempts.run()

    assert "captured" == wallet.attempt(made.attempt_id).state
    assert start + usd("50") == wallet.get().available
    (back,) = wallet.withdraw(usd("50"))
    assert "returned" == back.state


def test_what_somebody_takes_at_stripe_after_all_was_over(demo, lab):
    """
    Staff had given it up; a webhook tells of it.
    """
    wallet, card = demo.shop.wallet, lab.server.card(behaves="asks")
    start = wallet.get().available
    made = wallet.top_up_by_card(usd("50"), source=card, gateway="cards")
    demo.desk.attempts.resolve(
        "demo",
        made.attempt_id,
        PaymentDecision.DID_NOT_HAPPEN,
        reference=made.reference,
    )
    (intent,) = lab.server.objects["payment_intents"]
    lab.server.reserve(intent)
    intent["status"], intent["amount_received"] = "succeeded", 5_000
    body = event("payment_intent.succeeded", sourcehere_reference=made.reference)
    lab.clock = demo.clock
    demo.sh.attempts.receive("cards", headers=signed(lab, body, "whsec_1"), body=body)
    demo.sh.attempts.run()

    assert "captured" == wallet.attempt(made.attempt_id).state
    assert start + usd("50") == wallet.get().available
