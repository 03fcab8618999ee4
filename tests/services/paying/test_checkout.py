"""
From awaiting payment to paid: prices, the spend guard, all or nothing, once.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import (
    CommandRefusedError,
    FailedEarlierError,
    Money,
    NotFoundError,
    Settings,
)
from sourcehere.domain.catalog.model import NoPriceInCurrencyError
from sourcehere.domain.kernel.address import Address
from sourcehere.domain.kernel.errors import IdempotencyConflictError, InvalidInputError
from sourcehere.domain.wallet.errors import (
    CheckoutExpiredError,
    InsufficientFundsError,
    SpendGuardError,
)
from sourcehere.domain.warehouse.allocation import AllocationPlan, LotPick
from sourcehere.plugins import hookimpl
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.providers import NoConfig, ProviderInfo
from sourcehere.testing.factories import (
    HOME,
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.unit.tables.catalog import VARIANTS
from sourcehere.unit.tables.wallet import CHECKOUTS

NOWHERE = Address("FR", name="Ann Lee")


def offer_for(bench, *order_ids, **options):
    """
    Check out as the seller.
    """
    return bench.app.checkouts.checkout("demo", order_ids, by=SELLER, **options)


def pay(bench, offer, **options):
    """
    Pay what was offered.
    """
    options.setdefault("expected_total", offer.total)
    return bench.app.checkouts.pay("demo", offer.checkout_id, by=SELLER, **options)


def reprice(bench, sku, **changes):
    """
    Let the platform change a variant behind the API.
    """

    def work(session):
        (row,) = session.get(VARIANTS.table, [(bench.variants[sku],)], lock=True)
        changed = attrs.evolve(VARIANTS.from_row(row), **changes)
        session.replace(VARIANTS.table, [VARIANTS.to_row(changed)], expected=None)

    bench.app.storage.transact(work, read_only=False)


def double_price(bench, sku):
    """
    Let a variant cost twice as much.
    """
    (row,) = bench.app.storage.transact(
        lambda s: s.get(VARIANTS.table, [(bench.variants[sku],)], lock=False),
        read_only=True,
    )
    prices = {
        currency: tuple(attrs.evolve(t, unit_minor=2 * t.unit_minor) for t in tiers)
        for currency, tiers in VARIANTS.from_row(row).prices.items()
    }
    reprice(bench, sku, prices=prices)


class TestPrices:
    def test_goods_freight_and_method_are_told(self, paired):
        """
        An order costs its goods and the cheapest way to send what it weighs.
        """
        (order_id,) = paired.sync(snapshot(CUP=2, HAT=1))
        offer = offer_for(paired, order_id)
        (plan,) = offer.plans

        assert (1325, 550, 0) == (
            plan.goods_minor,
            plan.freight_minor,
            plan.handling_minor,
        )
        assert ("std", 8, 14, 700) == (
            plan.method,
            plan.days_min,
            plan.days_max,
            plan.chargeable_grams,
        )
        assert (1875, "USD") == (offer.total_minor, offer.currency)
        assert paired.clock.now() + timedelta(hours=1) == offer.expires_at

    def test_a_tier_is_reached_by_the_whole_order(self, paired):
        """
        Two lines of one variant count together: ten cups cost the price of ten.
        """
        paired.connect(paired.rule("MUG", CUP=1))
        (order_id,) = paired.sync(snapshot(CUP=4, MUG=6))
        (plan,) = offer_for(paired, order_id).plans

        assert [450, 450] == [item.unit_minor for item in plan.items]
        assert 4500 == plan.goods_minor

    def test_a_chosen_method_is_priced(self, paired):
        """
        The seller's choice goes before the cheapest way.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.orders.choose_shipping("demo", [order_id], "express", by=SELLER)
        (plan,) = offer_for(paired, order_id).plans

        assert ("express", 3000) == (plan.method, plan.freight_minor)

    def test_the_connection_s_method_is_priced(self, bench):
        """
        A connection brings its shipping method along.
        """
        bench.connect(bench.rule("CUP"), method="express")
        (order_id,) = bench.sync(snapshot(CUP=1))
        (plan,) = offer_for(bench, order_id).plans

        assert "express" == plan.method

    def test_orders_compete_for_stock_in_the_order_asked(self, paired):
        """
        The first order takes the lots; the next gets what is left and says so.
        """
        paired.stocked(CUP=5)
        first, second = paired.sync(snapshot("1", CUP=3), snapshot("2", CUP=4))
        offer = offer_for(paired, second, first)

        assert [second, first] == [plan.order_id for plan in offer.plans]
        assert [4, 1] == [plan.items[0].quantity_from_lots for plan in offer.plans]
        assert [0, 1000] == [plan.goods_minor for plan in offer.plans]
        assert [80, 20] == [plan.handling_minor for plan in offer.plans]
        assert {"1.1": "2 units not in CN1"} == offer.plans[1].reasons
        pay(paired, offer)
        (view,) = paired.app.cloud.stock("demo")
        assert (5, 5, 0) == (view.on_hand, view.allocated, view.available)

    def test_bundles_never_take_a_unit_twice(self, paired):
        """
        Two items of one variant in one order share the shelf.
        """
        paired.stocked(CUP=3)
        paired.connect(paired.rule("SET", CUP=2))
        (order_id,) = paired.sync(snapshot(CUP=2, SET=1))
        (plan,) = offer_for(paired, order_id).plans

        assert [2, 1] == [item.quantity_from_lots for item in plan.items]
        assert 500 == plan.goods_minor


class TestRefusedCheckouts:
    def test_no_way_to_send_it_says_why(self, paired):
        """
        Where nobody delivers, the refusal names every method and its reason.
        """
        (order_id,) = paired.sync(snapshot(address=NOWHERE, CUP=1))

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            offer_for(paired, order_id)
        assert ("no_freight_option",) == ei.value.codes
        assert "pay" == ei.value.command  # a name that `why_not` knows
        assert (
            "no method can be used: std: does not go to FR;"
            " express: does not go to FR" == ei.value.blockers[0].words
        )

    def test_a_chosen_method_that_cannot_says_why(self, paired):
        """
        A method the seller insists on is refused with its own reason only.
        """
        (order_id,) = paired.sync(snapshot(CUP=20))
        paired.app.orders.choose_shipping("demo", [order_id], "express", by=SELLER)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            offer_for(paired, order_id)
        assert ei.value.blockers[0].words.startswith("express cannot be used: express:")

    def test_a_missing_price_is_named(self, paired):
        """
        A variant without a price in the wallet's currency cannot be paid.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        reprice(paired, "CUP", prices={})

        with nothing_moves(paired), pytest.raises(NoPriceInCurrencyError) as ei:
            offer_for(paired, order_id)
        assert (paired.variants["CUP"], "USD") == (
            ei.value.variant_id,
            ei.value.currency,
        )

    def test_what_is_not_sold_any_more_is_refused(self, paired):
        """
        A discontinued variant is not paid for.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.upkeep.discontinue(paired.variants["CUP"], by=STAFF)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            offer_for(paired, order_id)
        assert ("variant_not_sold",) == ei.value.codes

    def test_only_the_seller_pays(self, paired):
        """
        Staff cannot check out for the seller.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.checkouts.checkout("demo", [order_id], by=STAFF)
        assert ("role_not_allowed",) == ei.value.codes

    def test_nothing_to_check_out_is_refused(self, paired):
        """
        A checkout names at least one order, and orders that exist.
        """
        with nothing_moves(paired), pytest.raises(InvalidInputError):
            offer_for(paired)
        with nothing_moves(paired), pytest.raises(NotFoundError) as ei:
            offer_for(paired, "no-such-order")
        assert ("order", "no-such-order") == (ei.value.kind, ei.value.id)

    def test_per_order_the_others_are_priced(self, paired):
        """
        Asked per order, what cannot be priced is reported and left out.
        """
        bad, good, wrong = paired.sync(
            snapshot("1", address=NOWHERE, CUP=1),
            snapshot("2", CUP=1),
            snapshot("3", SOCK=1),
        )
        offer = offer_for(paired, bad, good, wrong, each=True)

        assert [good] == [plan.order_id for plan in offer.plans]
        assert ("no_freight_option",) == offer.refused[bad].codes
        assert ("wrong_state",) == offer.refused[wrong].codes
        assert {good: 900} == pay(paired, offer).paid

    def test_an_order_left_out_leaves_its_stock(self, paired):
        """
        Stock that an order left out would have drawn serves the orders that stay.
        """
        paired.stocked(CUP=3)
        bad, good = paired.sync(
            snapshot("1", address=NOWHERE, CUP=3), snapshot("2", CUP=3)
        )
        offer = offer_for(paired, bad, good, each=True)

        assert [3] == [plan.items[0].quantity_from_lots for plan in offer.plans]
        assert {good: 610} == pay(paired, offer).paid


class Policies:
    """
    A plugin whose policy answers what it is told to.
    """

    def __init__(self):
        self.answer = None

    @hookimpl
    def sourcehere_allocation_policies(self):
        return [ProviderInfo("told", NoConfig, lambda *_: self, "As it is told")]

    def plan(self, demands, stock, /, *, country):
        assert ("US", {"1.1", "2.1"}) == (country, {d.item_id for d in demands})
        lots = {
            f"{sku}@{place}": stock.shelf(place, self.variants[sku])[0].lot_id
            for sku, place in (("CUP", "CN1"), ("CUP", "CN2"), ("HAT", "CN1"))
        }
        picks, place = self.answer
        made = [LotPick(i, lots.get(lot, lot), units) for i, lot, units in picks]
        return AllocationPlan(tuple(made), (place,), {}) if place else None


@pytest.fixture
def told(storage):
    """
    A bench whose stock is in two warehouses, and its policy; CUPs and a HAT are sold.
    """
    policies = Policies()
    bench = open_bench(
        storage=storage,
        plugins=[policies],
        settings=Settings(allocation_policy="told"),
    )
    policies.variants = bench.variants
    bench.app.cloud.add_warehouse("CN2", name="Shenzhen", country="CN", by=STAFF)
    for place in ("CN1", "CN2"):
        bench.stocked(place, CUP=3, HAT=3)
    for sku in ("CUP", "HAT"):
        bench.connect(bench.rule(sku))
    yield bench, policies
    assert () == bench.app.audit.run(replay=True).violations


class TestPolicies:
    def test_the_one_in_the_settings_is_followed(self, told):
        """
        What the policy picks is offered, paid and bound, and nothing else.
        """
        bench, policies = told
        policies.answer = [("1.1", "CUP@CN2", 2)], "CN2"
        (order_id,) = bench.sync(snapshot(CUP=4, HAT=1))
        offer = offer_for(bench, order_id)
        pay(bench, offer)

        assert [2, 0] == [i.quantity_from_lots for i in offer.plans[0].items]
        assert {("CN2", "CUP"): 2} == {
            (view.warehouse_id, sku): view.allocated
            for view in bench.app.cloud.stock("demo")
            for sku, variant_id in bench.variants.items()
            if view.variant_id == variant_id and view.allocated
        }

    @pytest.mark.parametrize(
        ("picks", "place", "words"),
        [
            ([], "", "NoneType is no AllocationPlan"),
            ([("9.9", "CUP@CN1", 1)], "CN1", "the order has no item 9.9"),
            ([("1.1", "lost", 1)], "CN1", "there is no lot lost in stock"),
            ([("1.1", "HAT@CN1", 1)], "CN1", "of another variant than item 1.1"),
            ([("1.1", "CUP@CN1", 1)], "CN2", "in CN1, the plan's are in CN2"),
            (
                [("1.1", "CUP@CN1", 1), ("1.1", "CUP@CN2", 1)],
                "CN1",
                "in CN2, the plan's are in CN1",
            ),
            ([("1.1", "CUP@CN1", 1)] * 2, "CN1", "is picked twice for item 1.1"),
            ([("1.1", "CUP@CN1", 0)], "CN1", "0 units picked of lot"),
            ([("1.1", "CUP@CN1", -1)], "CN1", "-1 units picked of lot"),
            ([("2.1", "HAT@CN1", 2)], "CN1", "item 2.1 wants 1 unit only"),
            ([("1.1", "CUP@CN1", 4)], "CN1", "has 3 units only"),
            (
                [("9.9", "lost", 0)],
                "CN1",
                "the order has no item 9.9; there is no lot lost in stock",
            ),
        ],
    )
    def test_an_answer_that_makes_no_sense_is_refused(self, told, picks, place, words):
        """
        A policy that is wrong prices nothing, and the error names it and its mistake.
        """
        bench, policies = told
        policies.answer = picks, place
        (order_id,) = bench.sync(snapshot(CUP=4, HAT=1))

        with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
            offer_for(bench, order_id)
        assert "allocation policy Policies" == ei.value.provider
        assert words in ei.value.detail

    def test_no_policy_serves_from_where_nothing_is_sent_there(self, told):
        """
        A warehouse that does not deliver to the country serves no order to it.
        """
        bench, policies = told
        policies.answer = [("1.1", "CUP@CN2", 2)], "CN2"
        bench.app.cloud.add_warehouse(
            "CN2", name="Shenzhen", country="CN", serves=("GB",), by=STAFF
        )
        (order_id,) = bench.sync(snapshot(CUP=4, HAT=1))

        with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
            offer_for(bench, order_id)
        assert "warehouse CN2 does not deliver to US" == ei.value.detail


class TestPay:
    def test_money_and_stock_move_together(self, paired):
        """
        Paying captures what was offered and binds the lots, oldest first.
        """
        paired.stocked(CUP=3)
        (order_id,) = paired.sync(snapshot(CUP=5))
        before = paired.balance()
        payment = pay(paired, offer_for(paired, order_id))
        order = paired.app.orders.get("demo", order_id)

        assert {order_id: 1000 + 700 + 60} == payment.paid
        assert before - 1760 == paired.balance()
        assert (1000, 700, 60, 1760) == (
            order.goods.minor,
            order.freight.minor,
            order.handling.minor,
            order.captured.minor,
        )
        assert ("awaiting_shipping", "std", 3) == (
            order.state,
            order.method,
            order.items["1.1"].quantity_from_lots,
        )
        (view,) = paired.app.cloud.stock("demo")
        assert (3, 3) == (view.on_hand, view.allocated)

    def test_lots_that_came_back_since_are_drawn_on(self, paired):
        """
        They cost what the others cost; what is kept of the offer is what was bound.
        """
        paired.stocked(CUP=3)
        paired.clock.advance(timedelta(hours=1))
        paired.stocked(CUP=4)
        first, second = (lot.lot_id for lot in paired.app.cloud.lots("demo"))
        before = paired.paid("1", CUP=3)
        (order_id,) = paired.sync(snapshot("2", CUP=4))
        offer = paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
        assert [(second, 4)] == [(p.lot_id, p.quantity) for p in offer.plans[0].picks]
        paired.app.disputes.request_cancel("demo", before, by=SELLER)

        payment = paired.app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )

        assert {order_id: offer.total_minor} == payment.paid
        lots = {lot.lot_id: lot.allocated for lot in paired.app.cloud.lots("demo")}
        assert {first: 3, second: 1} == lots

    def test_all_or_nothing(self, paired):
        """
        One order that became unpayable keeps the others from being paid.
        """
        first, second = paired.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        offer = offer_for(paired, first, second)
        paired.app.orders.cancel("demo", [second], by=SELLER)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            pay(paired, offer)
        assert (second, ("wrong_state",)) == (ei.value.id, ei.value.codes)

    def test_per_order_the_rest_is_paid(self, paired):
        """
        Asked per order, what can be paid is, and the rest is reported.
        """
        first, second = paired.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        offer = offer_for(paired, first, second)
        paired.app.orders.cancel("demo", [first], by=SELLER)
        payment = pay(paired, offer, each=True)

        assert {second: 725} == payment.paid
        assert ("wrong_state",) == payment.failed[first].codes
        assert 725 == payment.total_minor

    def test_a_checkout_paid_order_by_order_is_paid(self, paired):
        """
        When the last order of a checkout is paid the checkout is over.
        """
        first, second = paired.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        offer = offer_for(paired, first, second)
        hold = paired.app.orders.hold("demo", first, detail="look", by=STAFF)
        pay(paired, offer, each=True)
        paired.app.orders.release_hold("demo", first, hold, by=STAFF)
        payment = pay(paired, offer, each=True)

        assert [first] == list(payment.paid)
        assert "paid" == checkout_state(paired, offer)

    def test_too_little_money_changes_nothing(self):
        """
        A wallet that is one cent short pays nothing, and says how much is missing.
        """
        bench = open_bench(top_up=899)
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1))
        offer = offer_for(bench, order_id)

        with nothing_moves(bench), pytest.raises(InsufficientFundsError) as ei:
            pay(bench, offer)
        assert (899, 900) == (ei.value.available.minor, ei.value.needed.minor)
        assert () == bench.app.audit.run(replay=True).violations

    def test_a_zero_total_passes(self, bench):
        """
        Stock paid before, handling free and freight free: nothing is captured.
        """
        bench.app.cloud.add_warehouse("CN1", country="CN", by=STAFF, handling_minor={})
        bench.app.freight.change(
            "card",
            config={
                "currency": "USD",
                "methods": [
                    {
                        "code": "free",
                        "name": "Free",
                        "days_min": 1,
                        "days_max": 9,
                        "zones": [
                            {
                                "countries": ["*"],
                                "breaks": [
                                    {
                                        "up_to_grams": None,
                                        "first_grams": 1,
                                        "first_price": 0,
                                    }
                                ],
                            }
                        ],
                    }
                ],
            },
            by=STAFF,
        )
        bench.connect(bench.rule("CUP"))
        bench.stocked(CUP=3)
        (order_id,) = bench.sync(snapshot(CUP=3))
        before = bench.balance()

        assert {order_id: 0} == bench.pay(order_id).paid
        assert "awaiting_shipping" == bench.app.orders.get("demo", order_id).state
        assert before == bench.balance()


def checkout_state(bench, offer):
    """
    Return the state of a checkout.
    """
    (row,) = bench.app.storage.transact(
        lambda s: s.get(CHECKOUTS.table, [("demo", offer.checkout_id)], lock=False),
        read_only=True,
    )
    return CHECKOUTS.from_row(row).state


class TestSpendGuard:
    def test_another_total_than_agreed_pays_nothing(self, paired):
        """
        The seller pays what they saw, to the cent.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = offer_for(paired, order_id)

        with nothing_moves(paired), pytest.raises(SpendGuardError) as ei:
            pay(paired, offer, expected_total=Money(899, "USD"))
        assert {"total": (899, 900)} == ei.value.differences

    def test_a_price_that_rose_pays_nothing(self, paired):
        """
        A price changed since is told, order by order.
        """
        first, second = paired.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        offer = offer_for(paired, first, second)
        double_price(paired, "CUP")

        with nothing_moves(paired), pytest.raises(SpendGuardError) as ei:
            pay(paired, offer)
        assert {first: (900, 1400)} == ei.value.differences

    def test_an_address_corrected_in_the_same_moment_pays_nothing(self, paired):
        """
        Freight was priced for the old address, whatever the clock says.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = offer_for(paired, order_id)
        other = attrs.evolve(HOME, street="2 Main St")
        paired.app.orders.correct_address("demo", order_id, other, by=SELLER)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            pay(paired, offer)
        assert ("freight_outdated",) == ei.value.codes
        assert {order_id: 900} == paired.pay(order_id).paid

    def test_stock_that_went_elsewhere_pays_nothing(self, paired):
        """
        Lots another order took since would make this one dearer: it is told.
        """
        paired.stocked(CUP=3)
        first, second = paired.sync(snapshot("1", CUP=3), snapshot("2", CUP=3))
        offer = offer_for(paired, first)
        paired.pay(second)

        with nothing_moves(paired), pytest.raises(SpendGuardError) as ei:
            pay(paired, offer)
        assert {first: (610, 2050)} == ei.value.differences

    def test_an_edit_in_the_shop_pays_nothing(self, paired):
        """
        Lines changed since the checkout are another price.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = offer_for(paired, order_id)
        paired.sync(snapshot(CUP=2))

        with nothing_moves(paired), pytest.raises(SpendGuardError) as ei:
            pay(paired, offer)
        assert {order_id: (900, 1400)} == ei.value.differences

    def test_another_address_pays_nothing(self, paired):
        """
        Freight agreed for one address is not paid for another.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = offer_for(paired, order_id)
        paired.clock.advance(timedelta(minutes=1))
        away = attrs.evolve(HOME, country="AU")
        paired.app.orders.correct_address("demo", order_id, away, by=SELLER)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            pay(paired, offer)
        assert ("freight_outdated",) == ei.value.codes
        assert {order_id: 1400} == paired.pay(order_id).paid

    def test_another_method_pays_nothing(self, paired):
        """
        Freight agreed for one method is not paid for another chosen since.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = offer_for(paired, order_id)
        paired.app.orders.choose_shipping("demo", [order_id], "express", by=SELLER)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            pay(paired, offer)
        assert ("freight_outdated",) == ei.value.codes

    def test_an_old_checkout_pays_nothing(self, paired):
        """
        A checkout is good for its hour, to the last moment, and no longer.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = offer_for(paired, order_id)
        paired.clock.advance(timedelta(hours=1, microseconds=1))

        with nothing_moves(paired), pytest.raises(CheckoutExpiredError) as ei:
            pay(paired, offer)
        assert offer.expires_at == ei.value.expired_at
        paired.clock.advance(timedelta(microseconds=-1))
        assert {order_id: 900} == pay(paired, offer).paid


class TestOnce:
    def test_a_payment_repeated_is_the_same_payment(self, paired):
        """
        The same command id answers as the first time and captures once.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = offer_for(paired, order_id)
        first = pay(paired, offer, command_id="p")

        with nothing_moves(paired):
            assert first == pay(paired, offer, command_id="p")
        assert {order_id: 900} == first.paid

    def test_without_a_command_id_it_is_refused(self, paired):
        """
        Paying again without an id is another payment, of an order that is paid.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = offer_for(paired, order_id)
        pay(paired, offer)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            pay(paired, offer)
        assert ("wrong_state",) == ei.value.codes

    def test_another_request_with_the_same_id_conflicts(self, paired):
        """
        A command id belongs to one request.
        """
        first, second = paired.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        pay(paired, offer_for(paired, first), command_id="p")
        other = offer_for(paired, second)

        with nothing_moves(paired), pytest.raises(IdempotencyConflictError) as ei:
            pay(paired, other, command_id="p")
        assert ("p", "") == (ei.value.command_id, ei.value.item)

    def test_a_payment_per_order_goes_on_where_it_was(self, paired):
        """
        Given again, a payment per order answers for what is paid and pays the rest.
        """
        first, second = paired.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        offer = offer_for(paired, first, second)
        hold = paired.app.orders.hold("demo", first, detail="look", by=STAFF)
        once = pay(paired, offer, each=True, command_id="p")
        assert ({second: 725}, [first]) == (once.paid, list(once.failed))
        paired.app.orders.release_hold("demo", first, hold, by=STAFF)

        again = pay(paired, offer, each=True, command_id="p")
        assert ({second: 725, first: 900}, {}) == (again.paid, again.failed)

    def test_a_payment_per_order_answers_when_its_time_is_over(self, paired):
        """
        Given again after the checkout ended, it tells what it paid, and pays no more.
        """
        first, second = paired.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        offer = offer_for(paired, first, second)
        hold = paired.app.orders.hold("demo", first, detail="look", by=STAFF)
        pay(paired, offer, each=True, command_id="p")
        paired.app.orders.release_hold("demo", first, hold, by=STAFF)
        paired.clock.advance(timedelta(hours=2))

        with nothing_moves(paired):
            again = pay(paired, offer, each=True, command_id="p")
        assert {second: 725} == again.paid
        assert isinstance(again.failed[first], CheckoutExpiredError)
        with nothing_moves(paired), pytest.raises(CheckoutExpiredError):
            pay(paired, offer, each=True, command_id="q")

    def test_a_checkout_repeated_is_the_same_offer(self, paired):
        """
        The same command id gives the first offer, with what it left out.
        """
        bad, good = paired.sync(
            snapshot("1", address=NOWHERE, CUP=1), snapshot("2", CUP=1)
        )
        first = offer_for(paired, bad, good, each=True, command_id="c")
        with nothing_moves(paired):
            again = offer_for(paired, bad, good, each=True, command_id="c")

        assert attrs.evolve(first, refused={}) == attrs.evolve(again, refused={})
        assert isinstance(again.refused[bad], FailedEarlierError)
        told = first.refused[bad]
        assert (type(told).__name__, str(told)) == (
            again.refused[bad].error,
            again.refused[bad].words,
        )
        with nothing_moves(paired), pytest.raises(IdempotencyConflictError):
            offer_for(paired, good, command_id="c")
