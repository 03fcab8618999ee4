"""
What a paid order's freight costs more or less where its address is corrected.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import (
    CommandRefusedError,
    DisputeReason,
    InsufficientFundsError,
    Money,
    Price,
    Remedy,
    Tab,
)
from sourcehere.domain.freight.errors import FreightUnavailableError
from sourcehere.domain.kernel.errors import CurrencyMismatchError
from sourcehere.testing.factories import (
    HOME,
    NOON,
    RATE_CARD,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers, answering, option

FAR = attrs.evolve(HOME, city="Anchorage", postal_code="99501")
NOWHERE = attrs.evolve(HOME, city="Nome", postal_code="99762")
REMOTE = {
    "price": 700,
    "postal_ranges": [{"country": "US", "first": "99500", "last": "99999"}],
}


def usd(text):
    """
    Return an amount.
    """
    return Money.parse(text, "USD")


def card(**more):
    """
    Make a rate card whose only method has a surcharge for far places.
    """
    method = {**RATE_CARD["methods"][0], "remote_areas": [REMOTE], **more}
    return {**RATE_CARD, "methods": [method]}


@pytest.fixture
def far(paired):
    """
    A bench whose freight to far places is 7.00 dearer.
    """
    paired.app.freight.change("card", config=card(), by=STAFF)
    return paired


def desk(bench):
    """
    Return the desk of the seller.
    """
    return bench.sh.seller("demo")


def send_to(bench, order_id, address, supplement=""):
    """
    Correct an address, as the seller.
    """
    agreed = usd(supplement) if supplement else None
    desk(bench).orders.correct_address(order_id, address, supplement=agreed)


def costs(bench, order_id):
    """
    Return the freight that an order cost, what was captured and refunded for it, and
    what the wallet holds less than in the beginning.
    """
    order = bench.app.orders.get("demo", order_id)
    spent = 10_000_00 - bench.balance()
    return order.freight.minor, order.captured.minor, order.refunded.minor, spent


class TestDearer:
    def test_it_is_refused_with_what_it_costs(self, far):
        """
        Nothing is captured that nobody agreed to.
        """
        order_id = far.paid(CUP=1)
        for supplement in ("", "6.99"):
            with pytest.raises(CommandRefusedError) as ei, nothing_moves(far):
                send_to(far, order_id, FAR, supplement)
            (why,) = ei.value.blockers
            assert ("supplement_due", {"supplement": "7.00 USD"}) == (
                why.code,
                dict(why.facts),
            )
            assert why.words == (
                "its freight costs 7.00 USD more to there; agree to that as a"
                " supplement"
            )

    @pytest.mark.parametrize("supplement", ["7.00", "50.00"])
    def test_the_difference_is_captured(self, far, supplement):
        """
        No more than it is, whatever was agreed to.
        """
        order_id = far.paid(CUP=1)
        assert (400, 900, 0, 900) == costs(far, order_id)
        send_to(far, order_id, FAR, supplement)

        assert (1100, 1600, 0, 1600) == costs(far, order_id)
        assert "Anchorage" == far.app.orders.address("demo", order_id).city
        entries = desk(far).wallet.ledger(limit=2).items
        assert {
            ("wallet_available", "supplement", "-7.00 USD"),
            ("freight", "supplement", "7.00 USD"),
        } == {(e.account, e.purpose, str(e.amount)) for e in entries}
        told = [entry.words for entry in desk(far).orders.timeline(order_id)]
        assert "paid 7.00 USD more freight to its new address" == told[-1]
        (row, _) = list(desk(far).wallet.export())[:2]
        assert (order_id, "supplement") == (row["order_id"], row["purpose"])
        (month,) = desk(far).wallet.months(NOON.date())
        assert ("5.00 USD", "11.00 USD") == (str(month.goods), str(month.freight))

    def test_it_comes_back_with_everything_else(self, far):
        """
        What was paid is refunded, in however many parts it was.
        """
        order_id = far.paid(CUP=1)
        send_to(far, order_id, FAR, "7.00")
        desk(far).disputes.request_cancel(order_id)

        assert (1100, 1600, 1600, 0) == costs(far, order_id)
        assert "cancelled" == far.app.orders.get("demo", order_id).state

    def test_the_wallet_has_to_hold_it(self, storage, violations):
        """
        Else the order goes where it went.
        """
        bench = open_bench(storage=storage, top_up=10_00, connected=["CUP"])
        bench.app.freight.change("card", config=card(), by=STAFF)
        order_id = bench.paid(CUP=1)

        with pytest.raises(InsufficientFundsError), nothing_moves(bench):
            send_to(bench, order_id, FAR, "7.00")
        assert () == violations(bench)

    def test_a_supplement_is_money_of_the_wallet(self, far):
        """
        Other money is not compared with it.
        """
        order_id = far.paid(CUP=1)
        with pytest.raises(CurrencyMismatchError), nothing_moves(far):
            desk(far).orders.correct_address(
                order_id, FAR, supplement=Money.parse("7.00", "EUR")
            )

    def test_the_same_command_captures_once(self, far):
        """
        Its answer is kept with its id.
        """
        order_id = far.paid(CUP=1)
        for _ in range(2):
            desk(far).orders.correct_address(
                order_id, FAR, supplement=usd("7.00"), command_id="c1"
            )

        assert (1100, 1600, 0, 1600) == costs(far, order_id)


class TestCheaper:
    def test_the_difference_is_refunded(self, far):
        """
        It needs nobody's word, and the order is among the refunds.
        """
        (order_id,) = far.sync(snapshot("1", address=FAR, CUP=1))
        far.pay(order_id)
        assert (1100, 1600, 0, 1600) == costs(far, order_id)
        send_to(far, order_id, HOME)

        assert (1100, 1600, 700, 900) == costs(far, order_id)
        (refund,) = desk(far).refunds.list(order_id)
        assert ("address", "7.00 USD", "7.00 USD") == (
            refund.reason,
            str(refund.amount),
            str(refund.freight),
        )
        assert 1 == desk(far).orders.counts()[Tab.REFUNDS]

    def test_there_and_back_costs_nothing(self, far):
        """
        However often.
        """
        order_id = far.paid(CUP=1)
        for _ in range(3):
            send_to(far, order_id, FAR, "7.00")
            send_to(far, order_id, HOME)

        assert (2500, 3000, 2100, 900) == costs(far, order_id)
        desk(far).disputes.request_cancel(order_id)
        assert (2500, 3000, 3000, 0) == costs(far, order_id)


class TestWhatIsAsked:
    def test_only_what_is_left_to_leave(self, far):
        """
        Units that were refunded travel nowhere: two cups are one step of the card, six
        are three steps, and the surcharge is the same.
        """
        far.app.freight.change(
            "card", config=card(remote_areas=[], zones=ZONES), by=STAFF
        )
        order_id = far.paid(CUP=6)
        far.app.orders.refund_units("demo", order_id, {"1.1": 4}, by=STAFF)
        before = costs(far, order_id)
        send_to(far, order_id, FAR, "99.00")

        assert 100 == costs(far, order_id)[0] - before[0]

    def test_each_place_that_it_leaves_from(self, far):
        """
        A split order is two parcels, and has the surcharge twice.
        """
        far.app.cloud.add_warehouse("US1", name="Newark", country="US", by=STAFF)
        far.app.sellers.allocate_by("demo", "split_available", by=STAFF)
        far.stocked("US1", CUP=3)
        far.stocked("CN1", CUP=3)
        order_id = far.paid(CUP=6)
        with pytest.raises(CommandRefusedError) as ei:
            send_to(far, order_id, FAR)

        assert "14.00 USD" == ei.value.blockers[0].facts["supplement"]
        far.app.orders.refund_units("demo", order_id, {"1.1": 3}, by=STAFF)
        with pytest.raises(CommandRefusedError) as ei:
            send_to(far, order_id, FAR)
        assert "7.00 USD" == ei.value.blockers[0].facts["supplement"]

    def test_nothing_where_freight_was_promised(self, far):
        """
        A quote's freight is for the country.
        """
        quotes = desk(far).quotes
        name = quotes.ask_for(store_id="shop", sku="SOCK").request_id
        far.sh.staff("ann").seller("demo").quotes.answer(
            name,
            variant_id=far.variants["CUP"],
            prices=(Price(usd("4.00")),),
            valid_until=NOON + timedelta(days=7),
            method="std",
            freight=usd("1.00"),
        )
        quotes.accept(name)
        (order_id,) = far.sync(snapshot("1", SOCK=2))
        far.pay(order_id)
        assert 200 == costs(far, order_id)[0]
        send_to(far, order_id, FAR)

        assert (200, 1000, 0, 1000) == costs(far, order_id)

    def test_nothing_of_what_is_sent_again(self, far):
        """
        The platform bears the freight of a reship.
        """
        order_id = far.accepted(CUP=1)
        far.ship(order_id)
        evidence = {"description": "in pieces", "photo": "p"}
        opened = desk(far).disputes.open(
            order_id,
            reason=DisputeReason.DAMAGED,
            quantities={"1.1": 1},
            evidence=evidence,
            remedy=Remedy.RESHIP,
        )
        ann = far.sh.staff("ann").seller("demo").disputes
        ann.take(opened.dispute_id)
        again = ann.grant(opened.dispute_id).reship_order_id
        send_to(far, again, FAR)

        assert "Anchorage" == far.app.orders.address("demo", again).city
        assert (0, 0, 0, 900) == costs(far, again)

    def test_a_method_that_does_not_go_there_is_refused(self, far):
        """
        The order was paid to go by that one.
        """
        here = {**RATE_CARD["methods"][0]["zones"][0], "countries": ["US"]}
        near = {
            **here,
            "postal_ranges": [{"country": "US", "first": "00000", "last": "99700"}],
        }
        far.app.freight.change("card", config=card(zones=[near]), by=STAFF)
        order_id = far.paid(CUP=1)

        with pytest.raises(CommandRefusedError) as ei, nothing_moves(far):
            send_to(far, order_id, NOWHERE, "50.00")
        (why,) = ei.value.blockers
        assert "no_freight_option" == why.code
        assert why.words.startswith("std cannot be used there: ")


ZONES = [
    {
        "countries": ["US"],
        "postal_ranges": [{"country": "US", "first": "99500", "last": "99999"}],
        "breaks": [{"first_grams": 1000, "first_price": 500, "up_to_grams": None}],
    },
    {
        "countries": ["US"],
        "breaks": [{"first_grams": 1000, "first_price": 400, "up_to_grams": None}],
    },
]
for _zone in ZONES:
    _zone["breaks"][0] |= {"additional_grams": 1000, "additional_price": 100}


class TestCarriers:
    @pytest.fixture
    def acme(self):
        return FakeCarrier()

    @pytest.fixture
    def carried(self, storage, violations, acme):
        bench = open_bench(
            storage=storage, connected=["CUP"], plugins=[FakeCarriers(acme=acme)]
        )
        bench.sh.staff("ann").freight.disconnect("card")
        config = {"carrier": "acme"}
        bench.app.freight.connect(
            "acme", provider="fake_carrier", config=config, by=STAFF
        )
        acme.answer = answering(option("air", 500))
        yield bench
        assert () == violations(bench)

    def test_nobody_is_asked_about_a_street(self, carried, acme):
        """
        No carrier knows streets, so that none can be in the way.
        """
        order_id = carried.paid(CUP=1)
        acme.answer = KeyError("price")
        send_to(carried, order_id, attrs.evolve(HOME, street="2 Main St", name="Bea"))

        assert "2 Main St" == carried.app.orders.address("demo", order_id).street

    def test_one_that_does_not_answer_stops_it(self, carried, acme):
        """
        Nobody knows what the way costs.
        """
        order_id = carried.paid(CUP=1)
        acme.answer = KeyError("price")

        with pytest.raises(FreightUnavailableError), nothing_moves(carried):
            send_to(carried, order_id, FAR, "7.00")

    def test_what_it_wants_more_since_is_nobody_s(self, carried, acme):
        """
        The seller pays for the way, and not for what the carrier changed.
        """
        order_id = carried.paid(CUP=1)
        acme.answer = answering(option("air", 900))
        send_to(carried, order_id, FAR)

        assert (500, 1000, 0, 1000) == costs(carried, order_id)
