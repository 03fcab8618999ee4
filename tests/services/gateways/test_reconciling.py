"""
What a gateway pays out is held against what is booked.
"""

import json

import attrs
import pytest
from payment_world import DAY, gateways, opened, rounds, top_up, wallet

from sourcehere import (
    Money,
    NotFoundError,
    PayoutsUnsupportedError,
    ProtocolError,
    to_dict,
)
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.testing.factories import NOON, nothing_moves
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.unit.tables.payments import PAYMENTS


def usd(minor):
    """
    Return dollars.
    """
    return Money(minor, "USD")


def reconciled(bench):
    """
    Compare, and hold that nothing is changed.
    """
    with nothing_moves(bench):
        return gateways(bench).reconcile("cards", since=NOON - DAY)


def paid_out_and_lost(bench, cards):
    """
    Return a payment that the bank took back as `cb7`, both in one payout.
    """
    paid = top_up(bench)
    cards.take_back(paid.gateway_id, usd(50_00), name="cb7", at=NOON)
    rounds(bench, pause=DAY)
    payout = cards.pay_out(bench.clock.now())
    lost = attrs.evolve(payout.entries[0], gateway_id="cb7", amount=usd(-50_00))
    entries = (*payout.entries, lost)
    cards.paid_out = [attrs.evolve(payout, entries=entries, amount=usd(0))]
    return paid


class TestReconcile:
    def test_the_same_is_clean(self, bench, cards):
        """
        Captures, refunds and fees: the platform's cost.
        """
        cards.fee = 30
        top_up(bench)
        wallet(bench).withdraw(usd(20_00))
        cards.pay_out(bench.clock.now())
        report = reconciled(bench)

        assert report.is_clean
        assert (1, 2, (Money(60, "USD"),)) == (
            report.payouts,
            report.entries,
            report.fees,
        )
        assert json.dumps(to_dict(report))

    def test_fees_by_themselves_and_fees_given_back(self, bench, cards):
        """
        They move nothing of what is booked, and count among the fees.
        """
        top_up(bench)
        payout = cards.pay_out(bench.clock.now())
        (taken,) = payout.entries
        month = attrs.evolve(taken, gateway_id="m1", amount=usd(0), fee=usd(70))
        given = attrs.evolve(month, gateway_id="g1", fee=usd(-30))
        entries = (taken, month, given)
        cards.paid_out = [attrs.evolve(payout, entries=entries, amount=usd(49_60))]
        report = reconciled(bench)

        assert report.is_clean
        assert (usd(40),) == report.fees

    @pytest.mark.parametrize(("moved", "is_clean"), [(50_00, True), (49_99, False)])
    def test_what_is_paid_out_in_another_currency(self, bench, cards, moved, is_clean):
        """
        The ledger is held against what was moved in the payment's own, and the payout
        against what arrived.
        """
        paid = top_up(bench)
        payout = cards.pay_out(bench.clock.now())
        (taken,) = payout.entries
        eur = Money(46_10, "EUR")
        entry = attrs.evolve(taken, amount=eur, fee=Money(10, "EUR"), moved=usd(moved))
        made = attrs.evolve(payout, entries=(entry,), amount=Money(46_00, "EUR"))
        cards.paid_out = [made]
        report = reconciled(bench)

        assert is_clean is report.is_clean
        assert ((Money(10, "EUR"),), ()) == (report.fees, report.unequal)
        others = [(o.attempt_id, o.amount, o.booked) for o in report.other_amounts]
        wrong = [(paid.attempt_id, usd(moved), usd(50_00))]
        assert ([] if is_clean else wrong) == others

    def test_what_is_booked_and_not_paid_out(self, bench, cards):
        """
        Told once it should be there.
        """
        paid = top_up(bench)
        cards.pay_out(bench.clock.now(), left_out=[paid.gateway_id])
        assert reconciled(bench).is_clean
        bench.clock.advance(8 * DAY)
        (missing,) = reconciled(bench).missing_there

        assert (paid.attempt_id, usd(50_00)) == (missing.attempt_id, missing.amount)
        cards.pay_out(bench.clock.now())
        assert reconciled(bench).is_clean

    def test_what_is_paid_out_and_not_booked(self, bench, cards):
        """
        Such as what nobody found when it was looked up.
        """
        made = cards.authorize(usd(7), "tok", reference="other", idempotency_key="k")
        cards.capture(made.gateway_id, usd(7), reference="o2", idempotency_key="k2")
        cards.pay_out(bench.clock.now())
        (missing,) = reconciled(bench).missing_here

        assert (usd(7), None, "") == (
            missing.amount,
            missing.booked,
            missing.attempt_id,
        )

    def test_other_amounts(self, bench, cards):
        """
        Of one operation, and of the whole.
        """
        paid = top_up(bench)
        payout = cards.pay_out(bench.clock.now())
        entry = attrs.evolve(payout.entries[0], amount=usd(49_00))
        cards.paid_out = [attrs.evolve(payout, entries=(entry,))]
        report = reconciled(bench)

        (other,) = report.other_amounts
        assert (paid.attempt_id, usd(49_00), usd(50_00)) == (
            other.attempt_id,
            other.amount,
            other.booked,
        )
        assert ("po1",) == report.unequal

    def test_chargebacks_are_booked_by_their_names(self, bench, cards):
        """
        As the gateway calls them.
        """
        paid_out_and_lost(bench, cards)

        assert reconciled(bench).is_clean

    @pytest.mark.parametrize("is_told", [True, False])
    def test_what_a_bank_gave_back_after_the_day_that_was_asked_for(
        self, bench, cards, is_told
    ):
        """
        It left by a payout before it: what was booked is held against both.
        """
        paid = top_up(bench)
        for left in (50_00, 0 if is_told else 10_00):
            at = bench.clock.now()
            cards.take_back(paid.gateway_id, usd(left), name="cb7", at=at)
            rounds(bench, pause=DAY)
        first = cards.pay_out(bench.clock.now())
        lost = attrs.evolve(first.entries[0], gateway_id="cb7", amount=usd(-50_00))
        won = attrs.evolve(lost, amount=usd(50_00))
        bench.clock.advance(40 * DAY)
        cards.paid_out = [
            attrs.evolve(first, entries=(*first.entries, lost), amount=usd(0)),
            attrs.evolve(
                first,
                gateway_id="po2",
                paid_at=bench.clock.now(),
                entries=(won,),
                amount=usd(50_00),
            ),
        ]
        with nothing_moves(bench):
            since = bench.clock.now() - 30 * DAY
            report = gateways(bench).reconcile("cards", since=since)

        assert (1, 1) == (report.payouts, report.entries)
        assert is_told is report.is_clean
        others = [(o.payout_id, o.amount, o.booked) for o in report.other_amounts]
        assert ([] if is_told else [("po2", usd(0), usd(-10_00))]) == others

    @pytest.mark.parametrize(("days", "is_clean"), [(2, True), (8, False)])
    def test_what_is_given_back_and_in_no_payout_yet(
        self, bench, cards, days, is_clean
    ):
        """
        The payout says what left, and the ledger already that it came back: told once
        it should be there.
        """
        paid = paid_out_and_lost(bench, cards)
        bench.clock.advance(20 * DAY)
        cards.take_back(paid.gateway_id, usd(0), name="cb7", at=NOON)
        rounds(bench, pause=DAY)
        bench.clock.advance((days - 1) * DAY)
        report = reconciled(bench)

        assert is_clean is report.is_clean
        others = [(o.amount, o.booked) for o in report.other_amounts]
        assert ([] if is_clean else [(usd(-50_00), usd(0))]) == others

    @pytest.mark.parametrize(
        ("left", "days", "missing"), [(20_00, 8, 1), (20_00, 2, 0), (0, 8, 0)]
    )
    def test_a_chargeback_that_no_payout_has(self, bench, cards, left, days, missing):
        """
        The seller has lost what the platform never lost; told once it should be there,
        and not of what was given back.
        """
        paid = top_up(bench)
        cards.pay_out(bench.clock.now())
        for minor in (50_00, left):
            at = bench.clock.now()
            cards.take_back(paid.gateway_id, usd(minor), name="cb7", at=at)
            rounds(bench, pause=DAY)
        taken_at = cards.taken_back[paid.gateway_id][0].taken_at - DAY
        bench.clock.advance(days * DAY)
        report = reconciled(bench)

        expected = (paid.attempt_id, "demo", "cb7", usd(-left), taken_at)
        assert [expected] * missing == [
            (m.attempt_id, m.seller_id, m.gateway_id, m.amount, m.booked_at)
            for m in report.missing_there
        ]
        assert (not missing) is report.is_clean

    def test_what_is_paid_out_twice(self, bench, cards):
        """
        Is too much, though each time it is what is booked.
        """
        paid = top_up(bench)
        payout = cards.pay_out(bench.clock.now())
        cards.paid_out.append(attrs.evolve(payout, gateway_id="po2"))
        report = reconciled(bench)

        (other,) = report.other_amounts
        assert ("po2", paid.gateway_id) == (other.payout_id, other.gateway_id)
        assert (usd(100_00), usd(50_00)) == (other.amount, other.booked)

    @pytest.mark.parametrize("is_looked_up_between", [True, False])
    def test_what_a_bank_gave_back_is_nothing(self, bench, cards, is_looked_up_between):
        """
        It left by one payout and came back by another, whether or not that was seen.
        """
        paid = top_up(bench)
        if is_looked_up_between:
            for left in (50_00, 0):
                cards.take_back(paid.gateway_id, usd(left), name="cb7", at=NOON)
                rounds(bench, pause=DAY)
        first = cards.pay_out(bench.clock.now())
        lost = attrs.evolve(first.entries[0], gateway_id="cb7", amount=usd(-50_00))
        won = attrs.evolve(lost, amount=usd(50_00))
        cards.paid_out = [
            attrs.evolve(first, entries=(*first.entries, lost), amount=usd(0)),
            attrs.evolve(first, gateway_id="po2", entries=(won,)),
        ]

        assert reconciled(bench).is_clean

    def test_what_cannot_be_compared(self, bench):
        """
        No such gateway, and no zone.
        """
        with pytest.raises(NotFoundError):
            gateways(bench).reconcile("other", since=NOON)
        with pytest.raises(InvalidInputError):
            gateways(bench).reconcile("cards", since=NOON.replace(tzinfo=None))

    @pytest.mark.parametrize("told", [["po"], 7, [None]])
    def test_payouts_that_make_no_sense(self, storage, violations, told):
        """
        Are no report.
        """

        class Strange(FakeGateway):
            def payouts(self, _, /):
                return told

        for bench in opened(storage, violations, Strange()):
            with pytest.raises(ProtocolError):
                gateways(bench).reconcile("cards", since=NOON)

    def test_a_gateway_that_lists_none(self, storage, violations):
        """
        It is said.
        """

        class Silent(FakeGateway):
            payouts = None

        for bench in opened(storage, violations, Silent()):
            with pytest.raises(PayoutsUnsupportedError):
                gateways(bench).reconcile("cards", since=NOON)


@pytest.fixture
def one_name(bench):
    """
    Return what gives attempts one name, as nobody books them any more; they have their
    own again when the test ends.
    """
    before = []

    def rename(*attempts):
        for attempt in attempts:
            before.append((attempt, attempt.gateway_id))
            write(bench, attempt, "ca")

    yield rename
    for attempt, name in before:
        write(bench, attempt, name)


def write(bench, attempt, name):
    """
    Write how the gateway calls what it moved.
    """

    def work(unit):
        found = unit.need(PAYMENTS, attempt.attempt_id, lock=True)
        unit.put(PAYMENTS, attrs.evolve(found, gateway_id=name))

    bench.app.units.seller(attempt.seller_id, work)


def test_what_is_booked_twice_under_one_name(bench, cards, one_name):
    """
    It was paid out once.
    """
    one_name(*(top_up(bench) for _ in range(2)))
    payout = cards.pay_out(bench.clock.now(), left_out=["ca_4"])
    entry = attrs.evolve(payout.entries[0], gateway_id="ca")
    cards.paid_out = [attrs.evolve(payout, entries=(entry,))]
    (other,) = reconciled(bench).other_amounts
    assert (usd(50_00), usd(100_00)) == (other.amount, other.booked)


def test_what_is_booked_in_another_currency_under_one_name(bench, cards, one_name):
    """
    Whichever of both came first: one was not paid out.
    """
    bench.sh.staff("ann").sellers.register("euros", name="Euros", currency="EUR")
    euros = Money(50_00, "EUR")
    card = {"source": "tok", "gateway": "cards"}
    second = bench.sh.seller("euros").wallet.top_up_by_card(euros, **card)
    first = top_up(bench)
    one_name(first, second)
    payout = cards.pay_out(bench.clock.now(), left_out=["ca_4"])
    both = {usd(50_00): first.attempt_id, euros: second.attempt_id}
    for paid, booked in (both, reversed(both)):
        entry = attrs.evolve(payout.entries[0], gateway_id="ca", amount=paid)
        cards.paid_out = [attrs.evolve(payout, entries=(entry,), amount=paid)]
        (other,) = reconciled(bench).other_amounts
        assert (paid, booked) == (other.amount, other.booked)
        assert both[booked] == other.attempt_id
