"""
What paying refuses: the error, all its facts, and that nothing moved.
"""

from datetime import datetime, timedelta

import attrs
import pytest
from refusing import invalid, refused

from sourcehere import (
    AlreadyExistsError,
    FreightRequest,
    Money,
    NotFoundError,
)
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.kernel.errors import Blocker
from sourcehere.domain.wallet.errors import CheckoutExpiredError, SpendGuardError
from sourcehere.testing.dying import DiedError, DyingStorage
from sourcehere.testing.factories import (
    HOME,
    NOON,
    RATE_CARD,
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.catalog import VARIANTS
from sourcehere.unit.tables.freight import PROVIDERS


@pytest.fixture
def storage():
    """
    Memory alone: what is refused does not depend on where.
    """
    return MemoryStorage(TABLES)


def checkout(bench, *order_ids, **options):
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


def rewrite(bench, records, key, **changes):
    """
    Change a row behind the API.
    """

    def work(session):
        (row,) = session.get(records.table, [key], lock=True)
        changed = attrs.evolve(records.from_row(row), **changes)
        session.replace(records.table, [records.to_row(changed)], expected=None)

    bench.app.storage.transact(work, read_only=False)


class TestStaffOnly:
    @pytest.mark.parametrize(
        ("command", "do"),
        [
            (
                "top_up",
                lambda app: app.wallets.top_up(
                    "demo", Money(1, "USD"), reference="T", by=SELLER
                ),
            ),
            (
                "connect_freight",
                lambda app: app.freight.connect(
                    "x", provider="rate_card", config=RATE_CARD, by=SELLER
                ),
            ),
            (
                "change_freight",
                lambda app: app.freight.change("card", config=RATE_CARD, by=SELLER),
            ),
            ("pause_freight", lambda app: app.freight.move("card", "pause", by=SELLER)),
        ],
    )
    def test_the_refusal_names_the_command(self, bench, command, do):
        """
        Money that came and carriers are for staff.
        """
        words = f"{command.replace('_', ' ')} is for staff, not for seller"

        assert (
            "platform",
            "",
            command,
            Blocker("role_not_allowed", words, {"role": "seller", "allowed": "staff"}),
        ) == refused(bench, lambda: do(bench.app))


class TestTopUp:
    @pytest.mark.parametrize(
        ("minor", "reference", "facts"),
        [
            (0, "T2", ("amount", "0.00 USD", "positive")),
            (-1, "T2", ("amount", "-0.01 USD", "positive")),
            (5, " ", ("reference", " ", "the transfer's reference")),
            (
                5,
                "first",
                (
                    "amount",
                    "0.05 USD",
                    "10000.00 USD, as recorded under reference 'first' before",
                ),
            ),
        ],
    )
    def test_the_argument_is_named(self, bench, minor, reference, facts):
        """
        The refusal says which argument is wrong, and what it should be.
        """
        assert facts == invalid(
            bench,
            lambda: bench.app.wallets.top_up(
                "demo", Money(minor, "USD"), reference=reference, by=STAFF
            ),
        )

    def test_a_cent_is_an_amount(self, bench):
        """
        The least that can come.
        """
        made = bench.app.wallets.top_up(
            "demo", Money(1, "USD"), reference="T2", by=STAFF
        )
        assert 10_000_01 == made.available

    def test_a_time_has_its_zone(self, bench):
        """
        A time without a zone could be any of twenty-four.
        """
        noon = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - that is the point

        assert (
            "received_at",
            "2026-03-02T12:00:00",
            "a time with its zone",
        ) == invalid(
            bench,
            lambda: bench.app.wallets.top_up(
                "demo", Money(1, "USD"), reference="T2", by=STAFF, received_at=noon
            ),
        )

    def test_money_that_has_not_come_is_not_recorded(self, bench):
        """
        Two days are left to clocks that are wrong and to zones that were left out, as
        they are to what carriers tell.
        """
        now = bench.clock.now()
        latest = now + timedelta(days=2)
        too_late = latest + timedelta(microseconds=1)

        def top_up(at):
            return bench.app.wallets.top_up(
                "demo", Money(1, "USD"), reference="T2", by=STAFF, received_at=at
            )

        assert (
            "received_at",
            too_late.isoformat(),
            f"a time that has come: it is {now.isoformat()} now",
        ) == invalid(bench, lambda: top_up(too_late))
        assert 10_000_01 == top_up(latest).available


class TestCarriers:
    @pytest.mark.parametrize(
        "do",
        [
            lambda freight: freight.get("nobody"),
            lambda freight: freight.check("nobody"),
            lambda freight: freight.move("nobody", "pause", by=STAFF),
            lambda freight: freight.change("nobody", config={}, by=STAFF),
        ],
    )
    def test_one_there_is_not_is_named(self, bench, do):
        """
        Nobody is connected by that name.
        """
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            do(bench.app.freight)
        assert ("freight connection", "nobody") == (ei.value.kind, ei.value.id)

    def test_a_provider_of_another_kind_is_no_carrier(self, bench):
        """
        Its name is taken, and it is neither listed, changed nor moved.
        """
        rewrite(bench, PROVIDERS, ("card",), kind="tracking")
        freight = bench.app.freight

        for do in (
            lambda: freight.get("card"),
            lambda: freight.move("card", "pause", by=STAFF),
        ):
            with nothing_moves(bench), pytest.raises(NotFoundError):
                do()
        with nothing_moves(bench), pytest.raises(AlreadyExistsError) as ei:
            freight.connect("card", provider="rate_card", config=RATE_CARD, by=STAFF)
        assert ("tracking provider", "card") == (ei.value.kind, ei.value.key)
        assert () == freight.providers()

    def test_a_name_is_taken_by_other_facts_only(self, bench):
        """
        The same facts again change nothing.
        """
        freight = bench.app.freight
        other = {**RATE_CARD, "currency": "EUR"}
        with nothing_moves(bench):
            freight.connect("card", provider="rate_card", config=RATE_CARD, by=STAFF)
        with nothing_moves(bench), pytest.raises(AlreadyExistsError) as ei:
            freight.connect("card", provider="rate_card", config=other, by=STAFF)
        assert ("freight connection", "card") == (ei.value.kind, ei.value.key)

    def test_a_weight_below_nothing_is_not_asked(self, bench):
        """
        No carrier hears of it.
        """
        request = FreightRequest(country="US", weight_grams=-1, currency="USD")

        assert ("weight_grams", -1, "0 or more") == invalid(
            bench, lambda: bench.app.freight.quote(request)
        )


class TestCheckout:
    def test_nothing_to_check_out_is_named(self, bench):
        """
        An empty list is no checkout.
        """
        assert ("order_ids", (), "at least one order") == invalid(
            bench, lambda: checkout(bench)
        )

    def test_what_is_not_sold_is_named(self, paired):
        """
        Each variant once, by its id.
        """
        (order_id,) = paired.sync(snapshot(CUP=1, HAT=1))
        cup, hat = sorted(paired.variants[sku] for sku in ("CUP", "HAT"))
        for variant_id in (cup, hat):
            paired.app.upkeep.discontinue(variant_id, by=STAFF)
        words = f"not sold any more: {cup}, {hat}"
        blocker = Blocker("variant_not_sold", words)

        assert ("order", order_id, "pay", blocker) == refused(
            paired, lambda: checkout(paired, order_id)
        )
        assert (blocker,) == paired.app.checkouts.why_not_paid(
            "demo", order_id, by=SELLER
        )

    def test_what_the_supplier_has_not_is_summed_up(self, paired):
        """
        By SKU, over all lines; what is in stock here does not count.
        """
        paired.connect(paired.rule("MUG", CUP=2))
        paired.stocked(LAMP=1)
        (order_id,) = paired.sync(snapshot(CUP=1, MUG=1, HAT=4, LAMP=2))
        for sku in ("CUP", "HAT", "LAMP"):
            key = (paired.variants[sku],)
            rewrite(paired, VARIANTS, key, is_in_stock=False)
        words = (
            "out of stock at the supplier: 3 of CUP, 4 of HAT, 1 of LAMP; wait until it"
            " is back"
        )

        assert (
            "order",
            order_id,
            "pay",
            Blocker("out_of_stock", words),
        ) == refused(paired, lambda: checkout(paired, order_id))

    def test_a_minimum_that_rose_is_named(self, bench):
        """
        What a cloud-warehouse order needs at least is looked at again at checkout.
        """
        order_id = bench.app.drafts.create_cloud(
            "demo", "CN1", bench.wanted(CUP=5), by=SELLER
        )
        bench.app.drafts.place("demo", order_id, by=SELLER)
        rewrite(bench, VARIANTS, (bench.variants["CUP"],), quantity_min=5)
        assert checkout(bench, order_id)

        rewrite(bench, VARIANTS, (bench.variants["CUP"],), quantity_min=6)
        assert (
            "order",
            order_id,
            "pay",
            Blocker("below_minimum", "CUP: 5 ordered, the minimum is 6"),
        ) == refused(bench, lambda: checkout(bench, order_id))

    def test_a_minimum_is_for_bulk_only(self, paired):
        """
        A customer's order for one cup is no order for three.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))

        assert 900 == checkout(paired, order_id).total_minor

    def test_a_connection_that_changed_is_waited_for(self, storage):
        """
        Between the change and the relay the order is priced by neither.
        """
        mortal = DyingStorage(storage)
        paired = open_bench(storage=mortal)
        connection_id = paired.connect(paired.rule("SET", CUP=2))
        (order_id,) = paired.sync(snapshot(SET=1))
        mortal.begin(dies_after=1)
        rules = [paired.rule("SET", HAT=1)]
        with pytest.raises(DiedError):
            paired.app.pairing.change(
                "demo", connection_id, rules=rules, method="", by=SELLER
            )
        mortal.begin()
        words = (
            "the connection of SET was changed and line 1 has not followed yet; run the"
            " relay, then check out again"
        )

        assert (
            "order",
            order_id,
            "pay",
            Blocker("pairing_outdated", words),
        ) == refused(paired, lambda: checkout(paired, order_id))
        paired.app.relay.run()
        assert 325 == checkout(paired, order_id).plans[0].goods_minor

    def test_no_way_is_named(self, paired):
        """
        A method that nobody offers.
        """
        (order_id,) = paired.sync(snapshot(CUP=20))
        paired.app.orders.choose_shipping("demo", [order_id], "express", by=SELLER)

        assert (
            "order",
            order_id,
            "pay",
            Blocker(
                "no_freight_option",
                "express cannot be used: express: 6000 g, carries up to 5000 g",
            ),
        ) == refused(paired, lambda: checkout(paired, order_id))

    def test_errors_are_reasons_too(self, paired):
        """
        What is no refusal is told as one, by its name.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        rewrite(paired, VARIANTS, (paired.variants["CUP"],), prices={})
        (blocker,) = paired.app.checkouts.why_not_paid("demo", order_id, by=SELLER)

        assert "no_price_in_currency" == blocker.code
        assert paired.variants["CUP"] in blocker.words


class TestPay:
    @pytest.fixture
    def offer(self, paired):
        """
        An offer for two orders.
        """
        return checkout(
            paired, *paired.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        )

    def test_an_address_that_changed_is_told(self, paired, offer):
        """
        Of the order it is, and not of the one beside it.
        """
        second = offer.plans[1].order_id
        other = attrs.evolve(HOME, street="2 Main St")
        paired.app.orders.correct_address("demo", second, other, by=SELLER)

        assert (
            "order",
            second,
            "pay",
            Blocker("freight_outdated", "it goes elsewhere now; check out again"),
        ) == refused(paired, lambda: pay(paired, offer))

    def test_a_method_that_changed_is_told(self, paired, offer):
        """
        Both methods are named.
        """
        second = offer.plans[1].order_id
        paired.app.orders.choose_shipping("demo", [second], "express", by=SELLER)
        words = "express is chosen now, std was priced; check out again"

        assert (
            "order",
            second,
            "pay",
            Blocker("freight_outdated", words),
        ) == refused(paired, lambda: pay(paired, offer))

    @pytest.mark.parametrize("method", ["std", "card:std"])
    def test_a_method_by_another_name_is_the_same(self, paired, offer, method):
        """
        A method has a short and a full code.
        """
        second = offer.plans[1].order_id
        paired.app.orders.choose_shipping("demo", [second], method, by=SELLER)

        assert 2 == len(pay(paired, offer).paid)

    def test_its_short_code_is_the_same_as_its_full_one(self, paired):
        """
        What was priced by its full code is paid by its short one.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        choose = paired.app.orders.choose_shipping
        choose("demo", [order_id], "card:std", by=SELLER)
        offer = checkout(paired, order_id)
        choose("demo", [order_id], "std", by=SELLER)

        assert {order_id: 900} == pay(paired, offer).paid

    def test_contents_that_changed_are_told(self, paired):
        """
        At the same price, for the same freight, it is still something else.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = checkout(paired, order_id)
        variant_id = paired.variants["CUP"]
        rewrite(paired, VARIANTS, (variant_id,), weight_grams=301)
        words = (
            "what is sent has changed since (301 g instead of 300 g); check out again"
        )

        assert (
            "order",
            order_id,
            "pay",
            Blocker("goods_outdated", words),
        ) == refused(paired, lambda: pay(paired, offer))

    def test_a_checkout_that_ended_is_named(self, paired, offer):
        """
        The error has its id and when that was.
        """
        paired.clock.advance(timedelta(hours=2))

        with nothing_moves(paired), pytest.raises(CheckoutExpiredError) as ei:
            pay(paired, offer)
        assert (offer.checkout_id, NOON + timedelta(hours=1)) == (
            ei.value.checkout_id,
            ei.value.expired_at,
        )

    def test_another_total_is_told_in_its_currency(self, paired, offer):
        """
        What was agreed, and what it costs.
        """
        with nothing_moves(paired), pytest.raises(SpendGuardError) as ei:
            pay(paired, offer, expected_total=Money(1624, "USD"))
        assert ({"total": (1624, 1625)}, "USD") == (
            ei.value.differences,
            ei.value.currency,
        )
        assert (
            "prices or stock have changed: total: 16.24 USD -> 16.25 USD;"
            " check out again" == str(ei.value)
        )

    def test_a_checkout_there_is_not_is_named(self, bench):
        """
        By its id.
        """
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            bench.app.checkouts.pay(
                "demo", "nothing", expected_total=Money(1, "USD"), by=SELLER
            )
        assert "nothing" == ei.value.id
