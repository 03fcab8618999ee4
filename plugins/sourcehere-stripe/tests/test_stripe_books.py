"""
What banks took back, and what Stripe paid out.
"""

from datetime import UTC, datetime, timedelta

import pytest
from stripe_books import DAY, disputed, moved, paid_out
from stripe_lab import StripeLab

from sourcehere import Money
from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.payments import (
    Chargeback,
    PayoutEntry,
    SupportsChargebacks,
    SupportsPayouts,
)
from sourcehere.testing.kit import WireFault


def usd(minor):
    """
    Return cents.
    """
    return Money(minor, "USD")


@pytest.fixture
def lab():
    """
    Return an account without payments.
    """
    return StripeLab()


@pytest.fixture
def gateway(lab):
    """
    Return an adapter.
    """
    return lab.connect()


class TestChargebacks:
    """
    `chargebacks`.
    """

    def test_it_can_be_asked(self, gateway):
        """
        The adapter is one that supports both.
        """
        assert isinstance(gateway, SupportsChargebacks)
        assert isinstance(gateway, SupportsPayouts)

    def test_what_left_is_told_from_when_it_left(self, lab, gateway):
        """
        By the dispute's name, in the charge's currency, of this charge only.
        """
        disputed(lab.server, "ch_0", 700, taken_after=60)
        disputed(lab.server, "ch_1", 900)
        at = datetime.fromtimestamp(lab.server.now + 60, UTC)

        assert [
            Chargeback(gateway_id="du_0", amount=usd(700), taken_at=at)
        ] == gateway.chargebacks("ch_0")
        assert gateway.chargebacks("ch_7") == []

    @pytest.mark.parametrize(
        ("status", "taken_after", "gone"),
        [
            ("needs_response", 0, 700),
            ("under_review", 0, 700),
            ("appeal_needs_response", 0, 700),
            ("appeal_under_review", 0, 700),
            ("lost", 0, 700),
            ("lost", None, 700),
            ("won", 0, 0),
            ("prevented", None, 0),
            ("needs_response", None, 0),
        ],
    )
    def test_what_is_gone_is_what_the_bank_has(
        self, lab, gateway, status, taken_after, gone
    ):
        """
        Nothing once the platform has won, and nothing where no money left.
        """
        disputed(lab.server, "ch_0", 700, status, taken_after=taken_after)

        (told,) = gateway.chargebacks("ch_0")
        assert told.amount == usd(gone)

    def test_what_came_back_may_leave_again(self, lab, gateway):
        """
        Where the payer's bank appeals against what the platform has won.
        """
        dispute = disputed(lab.server, "ch_0", 700, "under_review")
        for amount, gone in [(700, 0), (-700, 700)]:
            one = moved(lab.server, "du_0", amount, kind="adjustment")
            dispute["balance_transactions"].append(one)
            (told,) = gateway.chargebacks("ch_0")
            assert told.amount == usd(gone)

    @pytest.mark.parametrize(
        "status", ["warning_needs_response", "warning_under_review", "warning_closed"]
    )
    def test_an_inquiry_takes_nothing(self, lab, gateway, status):
        """
        So it is no chargeback.
        """
        disputed(lab.server, "ch_0", 700, status, taken_after=None)

        assert gateway.chargebacks("ch_0") == []

    def test_several_come_in_their_order(self, lab, gateway):
        """
        More than a page of them, too.
        """
        for _ in range(205):
            disputed(lab.server, "ch_0", 1)

        names = [told.gateway_id for told in gateway.chargebacks("ch_0")]
        assert names == [f"du_{number}" for number in range(205)]

    def test_what_is_no_charge_is_refused_and_not_asked(self, lab, gateway):
        """
        As is an intent, which has no disputes of its own here.
        """
        with pytest.raises(DeclinedError):
            gateway.chargebacks("pi_0")
        assert lab.server.asked == []


class TestPayouts:
    """
    `payouts`.
    """

    def since(self, lab, **later):
        """
        Return an instant beside the server's.
        """
        return datetime.fromtimestamp(lab.server.now, UTC) + timedelta(**later)

    def test_a_payout_is_whole(self, lab, gateway):
        """
        Its entries are named as captures, refunds and chargebacks are, and add up to
        it, less what Stripe kept.
        """
        name = paid_out(lab.server, 6_620)
        moved(lab.server, "ch_0", 10_000, 320, payout=name)
        moved(lab.server, "re_0", -500, payout=name, kind="refund")
        moved(lab.server, "du_0", -1_000, 1_500, payout=name, kind="adjustment")
        moved(lab.server, None, -60, payout=name, kind="stripe_fee")
        moved(lab.server, "ch_9", 99, payout="po_9")

        (told,) = gateway.payouts(self.since(lab))
        assert (told.gateway_id, told.amount) == (name, usd(6_620))
        assert told.paid_at == self.since(lab)
        assert [
            PayoutEntry(gateway_id="ch_0", amount=usd(10_000), fee=usd(320)),
            PayoutEntry(gateway_id="re_0", amount=usd(-500), fee=usd(0)),
            PayoutEntry(gateway_id="du_0", amount=usd(-1_000), fee=usd(1_500)),
            PayoutEntry(gateway_id="txn_4", amount=usd(0), fee=usd(60)),
        ] == list(told.entries)
        kept = sum(one.amount.minor - one.fee.minor for one in told.entries)
        assert kept == told.amount.minor

    def test_a_fee_that_is_given_back_is_below_zero(self, lab, gateway):
        """
        What the operation moved stays what it was.
        """
        name = paid_out(lab.server, 1)
        moved(lab.server, "re_0", -500, -20, payout=name, kind="refund")

        (told,) = gateway.payouts(self.since(lab))
        (entry,) = told.entries
        assert (entry.amount, entry.fee) == (usd(-500), usd(-20))

    def test_what_was_paid_in_another_currency_is_told_in_it(self, lab, gateway):
        """
        As it is booked: the bank's account is in dollars, and payers paid in yen, and
        in dinars, of which a part was captured.
        """
        name = paid_out(lab.server, 0)
        shown = {"currency": "jpy", "amount": 700, "amount_captured": 600}
        yen = lab.server._add("charges", "ch", **shown)
        shown = {"currency": "kwd", "amount": 5_000, "amount_captured": 5_000}
        dinar = lab.server._add("charges", "ch", **shown)
        back = lab.server._add("refunds", "re", currency="jpy", amount=200)
        gone = disputed(lab.server, yen["id"], 400, taken_after=None, currency="jpy")
        for one, amount, kind in [
            (yen, 401, "charge"),
            (dinar, 1_630, "charge"),
            (back, -135, "refund"),
            (back, 134, "refund_failure"),
            (gone, -270, "adjustment"),
            (gone, 269, "adjustment"),
        ]:
            moved(lab.server, one["id"], amount, payout=name, kind=kind)

        (told,) = gateway.payouts(self.since(lab))
        assert [(one.amount, one.moved) for one in told.entries] == [
            (usd(401), Money(600, "JPY")),
            (usd(1_630), Money(5_000, "KWD")),
            (usd(-135), Money(-200, "JPY")),
            (usd(134), Money(200, "JPY")),
            (usd(-270), Money(-400, "JPY")),
            (usd(269), Money(400, "JPY")),
        ]

    @pytest.mark.parametrize("kind", ["stripe_fee", "stripe_fx_fee", "tax_fee"])
    def test_a_fee_by_itself_is_no_operation_of_its_source(self, lab, gateway, kind):
        """
        It moves nothing, and so it is not the charge that it names.
        """
        name = paid_out(lab.server, -60)
        one = moved(lab.server, "ch_0", -60, payout=name, kind=kind)

        (told,) = gateway.payouts(self.since(lab))
        fee = PayoutEntry(gateway_id=one["id"], amount=usd(0), fee=usd(60))
        assert (fee,) == told.entries

    def test_they_come_by_the_day_they_arrived_and_none_twice(self, lab, gateway):
        """
        At or after the instant; only what was paid.
        """
        paid_out(lab.server, 1, arrives=2 * DAY, name="po_late")
        paid_out(lab.server, 2, arrives=DAY, name="po_early")
        paid_out(lab.server, 3, arrives=DAY - 1, name="po_before")
        paid_out(lab.server, 4, arrives=DAY, status="in_transit", name="po_under_way")
        paid_out(lab.server, 5, arrives=DAY, status="failed", name="po_failed")

        for since in (timedelta(days=1), timedelta(days=1, microseconds=-1)):
            told = gateway.payouts(self.since(lab) + since)
            assert ["po_early", "po_late"] == [one.gateway_id for one in told]
        told = gateway.payouts(self.since(lab, days=1, microseconds=1))
        assert [one.gateway_id for one in told] == ["po_late"]

    def test_a_payout_made_by_hand_has_no_entries(self, lab, gateway):
        """
        Stripe does not say what is in it, and is not asked.
        """
        paid_out(lab.server, 100, automatic=False)

        (told,) = gateway.payouts(self.since(lab))
        assert told.entries == ()
        assert len(lab.server.asked) == 1

    def test_many_entries_are_all_there(self, lab, gateway):
        """
        Stripe tells a hundred at a time.
        """
        name = paid_out(lab.server, 250)
        for number in range(250):
            moved(lab.server, f"ch_{number}", 1, payout=name)

        (told,) = gateway.payouts(self.since(lab))
        assert len(told.entries) == 250

    @pytest.mark.parametrize("after", [0, 1])
    def test_what_cannot_be_read_is_said(self, lab, gateway, after):
        """
        Never a payout without a part of its entries.
        """
        paid_out(lab.server, 100)
        lab.line.fail(WireFault.EMPTY, after=after)
        with pytest.raises(ProtocolError):
            gateway.payouts(self.since(lab))

    def test_a_list_that_stands_still_ends(self, lab, gateway):
        """
        The same page again and again is no answer.
        """
        for _ in range(101):
            paid_out(lab.server, 1, automatic=False)
        inner = lab.server._list

        def first_page(kind, told, path):
            assert len(lab.server.asked) < 10
            told.pop("starting_after", None)
            return inner(kind, told, path)

        lab.server._list = first_page
        with pytest.raises(ProtocolError):
            gateway.payouts(self.since(lab))
