"""
What is planted among payments by gateways: each corruption is named.
"""

from datetime import timedelta

import pytest
from planting import World, of

from sourcehere import Money
from sourcehere.domain.effects.payment_stages import PaymentStep
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    dump,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_gateways import FakeGateways
from sourcehere.testing.fake_shop import Fault
from sourcehere.unit.tables.payments import CHARGEBACKS, PAYMENTS
from sourcehere.unit.tables.wallet import CHECKOUTS, LEDGER, TOP_UPS, WALLETS


class Paid(World):
    """
    Attempts of every kind: captured, paid, unknown, declined, returned, held, taken
    back, and what is owed.
    """

    def __init__(self):
        self.cards = FakeGateway()
        plugins = [FakeGateways(cards=self.cards)]
        self.bench = open_bench(connected=("CUP",), plugins=plugins, top_up=1_00)
        self.app = self.bench.app
        self.app.gateways.connect("cards", provider="fake_gateway", config={}, by=STAFF)
        self.captured = self._top_up(50_00)
        self.declined = self._top_up(50_00, Fault.DECLINED)
        self.returned = self._withdraw(10_00)
        self.held = self._withdraw(5_00, Fault.LOST_AFTER)
        self._withdraw(1_00, Fault.DECLINED)
        self.offer, self.paid = self._pay("1")
        self.taken = self._take_back()
        self.unknown = self._top_up(50_00, Fault.LOST_BEFORE)
        self.open, self.pending = self._pay("2", source="tok_3ds")

    def _top_up(self, minor, fault=None):
        self.cards.faults = [fault]
        return self.app.payments.top_up(
            "demo",
            Money(minor, "USD"),
            source="tok_visa",
            gateway="cards",
            by=SELLER,
        )

    def _withdraw(self, minor, fault=None):
        self.cards.faults = [fault]
        (made,) = self.app.payments.withdraw("demo", Money(minor, "USD"), by=SELLER)
        return made

    def _pay(self, number, source="tok_visa"):
        orders = self.bench.sync(snapshot(number, CUP=10))
        offer = self.app.checkouts.checkout("demo", orders, by=SELLER)
        done = self.app.payments.pay(
            "demo",
            offer.checkout_id,
            expected_total=offer.total,
            source=source,
            gateway="cards",
            returns=False,
            by=SELLER,
        )
        return offer, done.attempt

    def _take_back(self):
        """
        Let the bank take back what was spent; it is owed.
        """
        amount = Money(20_00, "USD")
        self.cards.take_back(self.captured.gateway_id, amount, at=NOON)
        self.app.payments.take_up("demo", self.captured.attempt_id, is_asked_for=True)
        (found,) = self.all(CHARGEBACKS)
        return found

    def spoil(self, attempt, **changes):
        """
        Change an attempt behind everybody's back.
        """
        self.rewrite(PAYMENTS, of(attempt_id=attempt.attempt_id), **changes)
        return attempt.attempt_id


def a_top_up_that_nobody_captured(world):
    world.lose(PAYMENTS, of(attempt_id=world.captured.attempt_id))
    return "top_up_was_captured", world.captured.reference


def a_capture_that_is_in_no_wallet(world):
    world.lose(TOP_UPS, of(reference=world.captured.reference))
    return "capture_is_in_the_wallet", world.captured.attempt_id


def a_capture_that_is_not_booked(world):
    account = "wallet_available"
    world.lose(LEDGER, of(reference=world.captured.reference, account=account))
    return "top_up_booked", world.captured.reference


def a_capture_of_more(world):
    name = world.spoil(world.captured, done_minor=60_00)
    return "capture_is_in_the_wallet", name


def a_capture_without_a_name(world):
    return "payment_says_what_was_moved", world.spoil(world.captured, gateway_id="")


def a_decline_that_moved_something(world):
    return "payment_says_what_was_moved", world.spoil(world.declined, done_minor=1)


def an_authorization_that_is_called_done(world):
    name = world.unknown.attempt_id
    world.rewrite_row(PAYMENTS, {"attempt_id": name}, state="succeeded")
    return "stored_can_be_read", "demo: check_payments"


def a_token_that_is_kept(world):
    return "token_is_forgotten", world.spoil(world.captured, source="tok_visa")


def a_token_of_a_payer_who_decides(world):
    return "token_is_forgotten", world.spoil(world.pending, source="tok_visa")


def a_withdrawal_that_is_not_held(world):
    name = world.held.attempt_id
    world.lose(LEDGER, of(reference=name, account="wallet_held"))
    return "withdrawal_booked", world.held.attempt_id


def a_withdrawal_that_went_in_silence(world):
    name = world.spoil(
        world.held, state="succeeded", done_minor=5_00, gateway_id="re_9"
    )
    return "withdrawal_booked", name


def a_withdrawal_lost(world):
    world.lose(PAYMENTS, of(attempt_id=world.returned.attempt_id))
    return "withdrawal_booked", world.returned.attempt_id


def a_return_that_its_capture_does_not_know(world):
    name = world.spoil(world.captured, returned_minor=0)
    return "capture_knows_its_returns", name


def a_return_of_another_capture(world):
    world.spoil(world.returned, capture_of="nobody's")
    return "capture_knows_its_returns", world.captured.attempt_id


def a_chargeback_lost(world):
    world.lose(CHARGEBACKS, of(chargeback_id=world.taken.chargeback_id))
    return "chargeback_booked", world.taken.chargeback_id


def a_chargeback_of_less(world):
    name = world.taken.chargeback_id
    world.rewrite(CHARGEBACKS, of(chargeback_id=name), amount_minor=1)
    return "chargeback_booked", name


def a_chargeback_that_its_capture_does_not_know(world):
    name = world.spoil(world.captured, taken_back_minor=0)
    return "capture_knows_its_chargebacks", name


def a_chargeback_that_moves_goods(world):
    def is_its(entry):
        return entry.purpose == "chargeback" and entry.account == "seller_debt"

    world.rewrite(LEDGER, is_its, account="goods")
    entry = next(e for e in world.all(LEDGER) if e.purpose == "chargeback")
    return "ledger_moves_as_its_purpose", entry.transaction_id


def a_debt_beside_money(world):
    world.rewrite(WALLETS, lambda _: True, available=1_00)
    return "debt_is_settled_first", "demo"


def a_capture_booked_twice(world):
    name = world.spoil(world.captured, gateway_id=world.paid.gateway_id)
    return "payment_is_booked_once", name


def a_reservation_of_two(world):
    name = world.spoil(world.captured, authorization_id=world.paid.authorization_id)
    return "reservation_is_of_one_payment", name


def a_debt_that_the_platform_owes(world):
    world.rewrite(WALLETS, lambda _: True, debt=1)
    return "debt_is_settled_first", "demo"


def a_checkout_paid_twice_over(world):
    name = world.spoil(world.unknown, checkout_id=world.open.checkout_id, pays=True)
    assert name
    return "one_attempt_pays_a_checkout", world.open.checkout_id


def a_checkout_that_is_not_there(world):
    return "payment_has_its_checkout", world.spoil(world.paid, checkout_id="nobody's")


def a_checkout_that_was_not_paid(world):
    name = world.offer.checkout_id
    world.rewrite(CHECKOUTS, of(checkout_id=name), state="open")
    return "payment_has_its_checkout", world.paid.attempt_id


def an_attempt_that_is_over_and_pays(world):
    name = world.spoil(world.declined, checkout_id=world.open.checkout_id, pays=True)
    return "payment_has_its_checkout", name


def an_attempt_in_another_currency(world):
    name = world.spoil(world.declined, currency="EUR")
    return "money_is_the_seller_s_currency", f"payment {name}"


def an_attempt_that_no_worker_finds(world):
    name = world.unknown.attempt_id
    world.rewrite_row(PAYMENTS, {"attempt_id": name}, stage="captured")
    return "columns_follow_their_row", f"payment_attempt {name}"


def an_attempt_at_no_step(world):
    world.rewrite_row(PAYMENTS, {"attempt_id": world.captured.attempt_id}, step="wait")
    return "stored_can_be_read", "demo: check_payments"


PLANTED = [
    plant
    for name, plant in list(globals().items())
    if name.startswith(("a_", "an_")) and callable(plant)
]


def test_all_kinds_are_there():
    """
    What is planted has something of each to spoil.
    """
    world = Paid()
    stages = {one.stage.value for one in world.all(PAYMENTS)}
    assert {"captured", "declined", "returned", "unknown", "pending"} <= stages
    assert {*PaymentStep} >= {one.step for one in world.all(PAYMENTS)}
    assert world.app.wallets.get("demo").debt < 0
    assert world.paid.has_paid
    assert world.held.is_live


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_it_is_named(plant):
    """
    What was changed behind the API is found, by the right name.
    """
    world = Paid()
    assert world.app.audit.run(replay=True).is_clean

    expected = plant(world)

    found = {(v.invariant, v.subject) for v in world.app.audit.run().violations}
    assert expected in found


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_repair_makes_no_money(plant):
    """
    A plan names each finding, says what to do about what it cannot mend, and moves
    nothing on a ledger that explains itself.
    """
    world = Paid()
    plant(world)
    tables = [LEDGER.table, TOP_UPS.table, CHARGEBACKS.table]
    before = dump(world.app.storage, tables)

    desk = world.bench.sh.staff("ann")
    plan = desk.repair.plan()
    assert all(left.advice for left in plan.left)
    desk.repair.do(plan, reason="ticket 7")

    assert before == dump(world.app.storage, tables)


def test_what_is_repaired_is_clean():
    """
    A column by which a worker finds it.
    """
    world = Paid()
    an_attempt_that_no_worker_finds(world)
    desk = world.bench.sh.staff("ann")

    desk.repair.do(desk.repair.plan(), reason="ticket 7")
    world.bench.clock.advance(timedelta(hours=2))
    world.app.payments.run()

    assert world.app.audit.run(replay=True).is_clean
    assert "captured" == world.app.payments.get("demo", world.unknown.attempt_id).stage
