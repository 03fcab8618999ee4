"""
Money to the last minor unit: the same in one claim as in many, in any order.
"""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sourcehere import DisputeReason
from sourcehere.domain.catalog.model import NewVariant, Price
from sourcehere.domain.kernel.money import Money
from sourcehere.domain.wallet.model import Account
from sourcehere.services.platform.catalog import NewProduct
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import SELLER, STAFF, open_bench
from sourcehere.unit.tables.wallet import LEDGER

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}
LOST, HALF = DisputeReason.NOT_RECEIVED, DisputeReason.QUALITY


def dispute(bench, order_id, reason, quantities, *, asked=None):
    """
    Open a dispute, and take it on.
    """
    dispute_id = bench.app.disputes.open(
        "demo",
        NewDispute(
            order_id=order_id,
            reason=reason,
            quantities=quantities,
            evidence=EVIDENCE,
            asked_minor=asked,
        ),
        by=SELLER,
    )
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    return dispute_id


def grant(bench, dispute_id):
    """
    Grant a dispute, and return what is refunded.
    """
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor


def refund(bench, order_id, **units):
    """
    Refund units before they leave; return what comes back.
    """
    before = bench.balance()
    quantities = {n[1:].replace("_", "."): q for n, q in units.items()}
    bench.app.orders.refund_units("demo", order_id, quantities, by=STAFF)
    return bench.balance() - before


def sell_pins(bench, minor):
    """
    Put a pin at *minor* into the catalogue, and connect the shop's.
    """
    pin = NewVariant(
        sku="PIN",
        title="Pin",
        weight_grams=1,
        prices=(Price(Money(minor, "USD"), 1),),
        concession_points=0,
        quantity_min=1,
    )
    new = NewProduct(title="A pin", variants=(pin,))
    (listing,) = bench.app.catalog.add_many([new], by=STAFF)
    bench.variants["PIN"] = listing.variants[0].variant_id
    bench.connect(bench.rule("PIN"))


def shipped(bench, **units):
    """
    Make an order that has left in one parcel.
    """
    order_id = bench.accepted(**units)
    bench.ship(order_id)
    return order_id


class TestFreight:
    def test_whichever_settles_the_last_units_gives_it(self, paired):
        """
        Two disputes opened together give what one after the other gives.
        """
        order_id = shipped(paired, CUP=4)
        first = dispute(paired, order_id, LOST, {"1.1": 1})
        second = dispute(paired, order_id, LOST, {"1.1": 3})

        assert 1500 == grant(paired, second)
        assert 500 + 700 == grant(paired, first)
        order = paired.app.orders.get("demo", order_id)
        assert (2700, 700) == (order.refunded.minor, order.freight_refunded.minor)

    @pytest.mark.parametrize("is_damage_first", [True, False])
    def test_a_parcel_that_arrived_did_its_work(self, paired, is_damage_first):
        """
        Where a unit came damaged no freight comes back, whichever is refunded last.
        """
        order_id = shipped(paired, CUP=4)
        both = [
            dispute(paired, order_id, DisputeReason.DAMAGED, {"1.1": 1}),
            dispute(paired, order_id, LOST, {"1.1": 3}),
        ]
        given_back = [
            grant(paired, name) for name in (both if is_damage_first else both[::-1])
        ]

        assert 2000 == sum(given_back)
        assert 0 == paired.app.orders.get("demo", order_id).freight_refunded.minor

    @pytest.mark.parametrize("is_lost_first", [True, False])
    def test_units_that_never_left_bring_it_along_too(self, paired, is_lost_first):
        """
        Staff refund what waits and the seller's lost unit, or the other way round.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id, i1_1=1)
        before = paired.balance()
        lost = dispute(paired, order_id, LOST, {"1.1": 1})
        if is_lost_first:
            grant(paired, lost)
        refund(paired, order_id, i1_1=2)
        if not is_lost_first:
            grant(paired, lost)

        assert before + 1500 + 550 == paired.balance()

    @pytest.mark.parametrize("is_lost_first", [True, False])
    def test_closing_an_order_short_brings_it_along_too(self, paired, is_lost_first):
        """
        Of three cups one left and was lost: without the other two, nothing that was
        sent keeps value, whichever is settled first.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id, i1_1=1)
        before = paired.balance()
        if is_lost_first:
            lost = dispute(paired, order_id, LOST, {"1.1": 1})
            assert 500 == grant(paired, lost)
            paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)
        else:
            paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)
            assert before + 1000 == paired.balance()
            lost = dispute(paired, order_id, LOST, {"1.1": 1})
            assert 500 + 550 == grant(paired, lost)

        order = paired.app.orders.get("demo", order_id)
        assert before + 1500 + 550 == paired.balance()
        assert (2050, 550) == (order.refunded.minor, order.freight_refunded.minor)
        assert "shipped" == order.state

    @pytest.mark.parametrize(
        ("reason", "goods"),
        [(DisputeReason.DAMAGED, 500), (DisputeReason.QUALITY, 250), (None, 0)],
    )
    def test_closing_short_keeps_it_where_a_parcel_did_its_work(
        self, paired, reason, goods
    ):
        """
        What arrived, whether it was refunded for a fault or kept, was sent for it.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id, i1_1=1)
        before = paired.balance()
        if reason:
            assert goods == grant(paired, dispute(paired, order_id, reason, {"1.1": 1}))
        paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)

        order = paired.app.orders.get("demo", order_id)
        assert before + goods + 1000 == paired.balance()
        assert 0 == order.freight_refunded.minor

    def test_closing_short_brings_handling_once(self, paired):
        """
        Two of six cups from stock left and were lost, with 0.40 of the handling: the
        other four bring theirs, and what is left of it comes with the freight.
        """
        paired.stocked(CUP=6)
        order_id = paired.accepted(CUP=6)
        freight = paired.app.orders.get("demo", order_id).freight.minor
        paired.ship(order_id, i1_1=2)
        lost = grant(paired, dispute(paired, order_id, LOST, {"1.1": 2}))
        before = paired.balance()
        paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)

        order = paired.app.orders.get("demo", order_id)
        assert before + 120 + freight == paired.balance()
        assert 120 + freight == order.freight_refunded.minor
        assert lost == 2 * 450


class TestHandling:
    def test_units_refunded_before_they_leave_bring_their_share(self, paired):
        """
        Six cups from stock at 1.20 handling, four refunded unsent: 0.80 comes back.
        """
        paired.stocked(CUP=6)
        order_id = paired.accepted(CUP=6)
        assert 120 == paired.app.orders.get("demo", order_id).handling.minor

        assert 80 == refund(paired, order_id, i1_1=4)
        paired.ship(order_id)
        order = paired.app.orders.get("demo", order_id)
        assert (80, 80) == (order.refunded.minor, order.freight_refunded.minor)
        assert {"handling": 80, "wallet_available": -80} == self._booked(paired)

    @staticmethod
    def _booked(bench):
        """
        Add up what refunds moved, by account, as the platform sees it.
        """
        found: dict[str, int] = {}

        def work(unit):
            for entry in unit.each_of(LEDGER, "demo"):
                if entry.purpose == "refund":
                    now = found.get(entry.account, 0) - entry.amount_minor
                    found[entry.account] = now

        bench.app.disputes._units.seller("demo", work, read_only=True)
        return found

    def test_the_last_units_bring_the_rest_of_it_and_the_freight(self, paired):
        """
        What was refunded of handling before is not refunded again with the freight.
        """
        paired.stocked(CUP=6)
        order_id = paired.accepted(CUP=6)
        before = paired.balance()
        freight = paired.app.orders.get("demo", order_id).freight.minor
        assert 80 == refund(paired, order_id, i1_1=4)
        assert 40 + freight == refund(paired, order_id, i1_1=2)

        assert before + 120 + freight == paired.balance()
        assert {
            Account.HANDLING: 120,
            Account.FREIGHT: freight,
            Account.WALLET_AVAILABLE: -120 - freight,
        } == self._booked(paired)

    def test_units_bought_directly_bring_none(self, paired):
        """
        Handling is paid for units from stock only.
        """
        paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=5)

        assert 2 * 500 == refund(paired, order_id, i1_1=2)
        assert 20 == refund(paired, order_id, i1_1=1)

    def test_what_is_shipped_short_brings_its_share(self, paired):
        """
        Two of six leave; closing the order without the rest gives 0.80 back.
        """
        paired.stocked(CUP=6)
        order_id = paired.accepted(CUP=6)
        paired.ship(order_id, i1_1=2)
        before = paired.balance()
        paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)

        assert before + 80 == paired.balance()

    def test_a_cancellation_granted_brings_it_too(self, paired):
        """
        A dispute about four of six units that wait asks for, and gives, 0.80.
        """
        paired.stocked(CUP=6)
        order_id = paired.accepted(CUP=6)
        name = dispute(paired, order_id, DisputeReason.CANCEL, {"1.1": 4})

        assert 80 == paired.app.disputes.get("demo", name).asked_minor
        assert 80 == grant(paired, name)
        assert 80 == paired.app.orders.get("demo", order_id).freight_refunded.minor

    def test_a_cancellation_of_all_brings_freight_and_handling_once(self, paired):
        """
        Two of six were refunded before: the dispute about the rest brings what is left.
        """
        paired.stocked(CUP=6)
        order_id = paired.accepted(CUP=6)
        order = paired.app.orders.get("demo", order_id)
        before, freight = paired.balance(), order.freight.minor
        assert 40 == refund(paired, order_id, i1_1=2)
        name = dispute(paired, order_id, DisputeReason.CANCEL, {"1.1": 4})
        assert 80 + freight == paired.app.disputes.get("demo", name).asked_minor

        assert 80 + freight == grant(paired, name)
        order = paired.app.orders.get("demo", order_id)
        assert before + 120 + freight == paired.balance()
        assert ("cancelled", 120 + freight) == (
            order.state,
            order.freight_refunded.minor,
        )

    @pytest.mark.parametrize("offered", [0, 1, 79, 80, 81, 80 + 699, 80 + 700])
    def test_an_offer_gives_units_first_then_freight(self, paired, offered):
        """
        Of 0.80 of handling and 7.00 of freight exactly what was offered comes back.
        """
        paired.stocked(CUP=4)
        order_id = paired.accepted(CUP=4)
        assert (700, 80) == (
            paired.app.orders.get("demo", order_id).freight.minor,
            paired.app.orders.get("demo", order_id).handling.minor,
        )
        before = paired.balance()
        name = dispute(paired, order_id, DisputeReason.CANCEL, {"1.1": 4})
        paired.app.disputes.offer("demo", name, offered, by=STAFF)

        done = paired.app.disputes.accept("demo", name, by=SELLER)
        order = paired.app.orders.get("demo", order_id)
        assert (offered, before + offered) == (done.refunded_minor, paired.balance())
        assert offered == order.freight_refunded.minor

    def test_everything_refunded_at_once_gives_no_more_than_was_paid(self, paired):
        """
        Staff end an order from stock: freight and handling come back once.
        """
        paired.stocked(CUP=6)
        before = paired.balance()
        order_id = paired.accepted(CUP=6)
        paired.app.orders.refund_all("demo", order_id, by=STAFF)

        assert before == paired.balance()


class TestShares:
    def test_ten_claims_of_half_a_cent_give_five_cents(self, bench):
        """
        A share is rounded on the total so far, and never up for each claim.
        """
        sell_pins(bench, 1)
        order_id = shipped(bench, PIN=10)
        given_back = [
            grant(bench, dispute(bench, order_id, HALF, {"1.1": 1})) for _ in range(10)
        ]

        assert [1, 0] * 5 == given_back

    def test_claims_opened_together_give_no_more(self, bench):
        """
        Ten claims that each asked for the most there was give five cents too.
        """
        sell_pins(bench, 1)
        order_id = shipped(bench, PIN=10)
        names = [dispute(bench, order_id, HALF, {"1.1": 1}) for _ in range(10)]

        assert 5 == sum(grant(bench, name) for name in names)

    def test_units_from_stock_count_at_what_they_cost(self, paired):
        """
        Half of a cup bought at 500 and of one from stock at 450: 475, in any claims.
        """
        paired.stocked(CUP=3)
        order_id = shipped(paired, CUP=4)
        first = grant(paired, dispute(paired, order_id, HALF, {"1.1": 1}))
        second = grant(paired, dispute(paired, order_id, HALF, {"1.1": 1}))

        assert (250, 225) == (first, second)


class TestAsked:
    def test_the_most_is_what_it_is_when_granted(self, paired):
        """
        A dispute that asks for the most gets the freight that became due meanwhile.
        """
        order_id = shipped(paired, CUP=2)
        first = dispute(paired, order_id, LOST, {"1.1": 1})
        second = dispute(paired, order_id, LOST, {"1.1": 1})
        grant(paired, second)

        assert 500 == paired.app.disputes.get("demo", first).asked_minor
        assert 500 + 550 == grant(paired, first)
        assert 1050 == paired.app.disputes.get("demo", first).granted_minor

    def test_a_fixed_amount_stays(self, paired):
        """
        A seller who asks for 4.00 gets 4.00, whatever becomes due meanwhile.
        """
        order_id = shipped(paired, CUP=2)
        first = dispute(paired, order_id, LOST, {"1.1": 1}, asked=400)
        grant(paired, dispute(paired, order_id, LOST, {"1.1": 1}))

        assert 400 == grant(paired, first)

    @pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
    def test_three_together_give_everything_in_any_order(self, paired, order):
        """
        Three disputes about a cup each give three cups and the freight.
        """
        order_id = shipped(paired, CUP=3)
        names = [dispute(paired, order_id, LOST, {"1.1": 1}) for _ in range(3)]

        assert 1500 + 550 == sum(grant(paired, names[place]) for place in order)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_order_of_opening_and_settling_gives_the_same(data):
    """
    Six cups, some from stock, in any claims, all lost: all that was paid is given.
    """
    bench = open_bench(connected=["CUP"])
    stocked = data.draw(st.sampled_from([0, 3, 6]))
    if stocked:
        bench.stocked(CUP=stocked)
    order_id = shipped(bench, CUP=6)
    before, left, waiting = bench.balance(), 6, []
    while left or waiting:
        if left and (not waiting or data.draw(st.booleans())):
            units = data.draw(st.integers(1, left))
            left -= units
            waiting.append(dispute(bench, order_id, LOST, {"1.1": units}))
        else:
            place = data.draw(st.integers(0, len(waiting) - 1))
            grant(bench, waiting.pop(place))
    order = bench.app.orders.get("demo", order_id)

    assert before + order.captured.minor + stocked * 450 == bench.balance()
    assert order.freight.minor + order.handling.minor == order.freight_refunded.minor
    assert bench.app.audit.run(replay=True).is_clean


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    minor=st.integers(0, 7),
    parts=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    stocked=st.integers(0, 9),
)
def test_any_splitting_into_claims_gives_the_same(minor, parts, stocked):
    """
    The sum of many claims is what one claim about all the units gives.
    """
    bench = open_bench()
    sell_pins(bench, minor)
    if stocked:
        bench.stocked(PIN=stocked)
    units, sums = sum(parts), []
    for number, claims in enumerate((parts, [units])):
        if number:  # another order with the same stock
            bench = open_bench()
            sell_pins(bench, minor)
            if stocked:
                bench.stocked(PIN=stocked)
        order_id = shipped(bench, PIN=units)
        sums.append(
            sum(
                grant(bench, dispute(bench, order_id, HALF, {"1.1": q})) for q in claims
            )
        )

    assert sums[0] == sums[1]
    assert bench.app.audit.run(replay=True).is_clean
