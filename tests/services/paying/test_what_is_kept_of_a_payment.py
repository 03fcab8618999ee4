"""
Every row that a checkout and its payment leave behind, fact by fact.
"""

from datetime import date, timedelta

import attrs
import pytest

from sourcehere import Money
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.wallet.model import (
    Checkout,
    Contents,
    OrderPlan,
    PlannedArrival,
    PlannedItem,
    PlannedPick,
    TopUp,
)
from sourcehere.services.base.commands import Given
from sourcehere.services.paying.checkouts import Payment
from sourcehere.testing.factories import (
    NOON,
    RATE_CARD,
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    snapshot,
)
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.commands import COMMANDS, PLATFORM_COMMANDS
from sourcehere.unit.tables.wallet import CHECKOUTS, LEDGER, ORDER_PLANS, TOP_UPS


@pytest.fixture
def storage():
    """
    Memory alone: what is written does not depend on where.
    """
    return MemoryStorage(TABLES)


def rows(bench, records):
    """
    Return all rows of a table.
    """
    table = records.table
    return [
        records.from_row(row) for row in dump(bench.app.storage, [table])[table.name]
    ]


def checkout(bench, *order_ids, **options):
    """
    Check out as the seller.
    """
    return bench.app.checkouts.checkout("demo", order_ids, by=SELLER, **options)


def entries(bench, purpose, reference):
    """
    Return what a transaction moves between accounts.
    """
    return [
        (e.entry, e.account, e.amount_minor, e.currency, e.seller_id, e.booked_at)
        for e in rows(bench, LEDGER)
        if (e.purpose, e.reference) == (purpose, reference)
    ]


@pytest.fixture
def half_in_stock(paired):
    """
    An order for four cups, three of which are in stock, and a hat; and its offer.
    """
    paired.stocked(CUP=3)
    paired.clock.advance(timedelta(minutes=1))
    (order_id,) = paired.sync(snapshot(CUP=4, HAT=1))
    paired.app.orders.choose_shipping("demo", [order_id], "card:std", by=SELLER)
    return order_id, checkout(paired, order_id, command_id="c")


class TestCheckout:
    def test_the_offer_is_kept_as_it_was_made(self, paired, half_in_stock):
        """
        The plan has prices, sources, the way and what it was made for.
        """
        order_id, offer = half_in_stock
        order = paired.app.orders.get("demo", order_id)
        (lot,) = paired.app.cloud.lots("demo")
        cup, hat = (paired.variants[sku] for sku in ("CUP", "HAT"))
        (plan,) = offer.plans

        assert (
            OrderPlan(
                seller_id="demo",
                checkout_id=offer.checkout_id,
                position=1,
                order_id=order_id,
                contact_version=order.contact_version,
                goods_minor=825,
                freight_minor=700,
                handling_minor=60,
                method="card:std",
                connection="card",
                days_min=8,
                days_max=14,
                chargeable_grams=1300,
                items=(PlannedItem("1.1", 500, 4, 3), PlannedItem("2.1", 325, 1, 0)),
                picks=(PlannedPick("1.1", lot.lot_id, 3),),
                reasons={
                    "1.1": "1 unit not in CN1",
                    "2.1": "1 unit not in CN1",
                },
                contents=Contents(
                    (f"{cup} 4", f"{hat} 1"), 1300, places=("CN1 1.1 3",), promised=()
                ),
                arrivals=plan.arrivals,
            )
            == plan
        )
        assert [plan] == [
            p for p in rows(paired, ORDER_PLANS) if p.order_id == order_id
        ]

    def test_it_says_when_it_arrives(self, half_in_stock):
        """
        First as it is sent, then from the other source.
        """
        _, offer = half_in_stock

        assert (
            PlannedArrival(
                source="partly",
                country="CN",
                method="card:std",
                freight_minor=700,
                earliest=date(2026, 3, 12),
                latest=date(2026, 3, 20),
                provisional=False,
            ),
            PlannedArrival(
                source="cloud",
                country="CN",
                method="card:std",
                freight_minor=700,
                earliest=date(2026, 3, 10),
                latest=date(2026, 3, 17),
                provisional=False,
            ),
        ) == offer.plans[0].arrivals

    def test_a_checkout_is_open_for_its_hour(self, paired, half_in_stock):
        """
        The checkout has the total of its orders and their number.
        """
        order_id, offer = half_in_stock
        kept = Checkout(
            seller_id="demo",
            checkout_id=offer.checkout_id,
            state="open",
            currency="USD",
            total_minor=1585,
            orders=1,
            expires_at=NOON + timedelta(minutes=1, hours=1),
        )
        assert kept in rows(paired, CHECKOUTS)
        assert (offer.checkout_id, "USD", 1585, kept.expires_at, {}) == (
            offer.checkout_id,
            offer.currency,
            offer.total_minor,
            offer.expires_at,
            offer.refused,
        )

        paired.app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )
        assert attrs.evolve(kept, state="paid") in rows(paired, CHECKOUTS)
        assert order_id


class TestPayment:
    def test_money_moves_between_accounts(self, paired, half_in_stock):
        """
        What the wallet pays is earned for goods, freight and handling.
        """
        order_id, offer = half_in_stock
        payment = paired.app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )
        now = NOON + timedelta(minutes=1)

        assert Payment({order_id: 1585}, {}) == payment
        assert [
            (1, "wallet_available", -1585, "USD", "demo", now),
            (2, "goods", 825, "USD", "demo", now),
            (3, "freight", 700, "USD", "demo", now),
            (4, "handling", 60, "USD", "demo", now),
        ] == entries(paired, "capture", order_id)

    def test_the_order_remembers_what_was_paid(self, paired, half_in_stock):
        """
        Who paid, by which checkout, how it travels, and every price.
        """
        order_id, offer = half_in_stock
        paired.app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )
        order = paired.app.orders.get("demo", order_id)
        (event,) = [
            one
            for one in paired.app.orders.events("demo", order_id)
            if type(one).__name__ == "OrderPaid"
        ]

        assert (offer.checkout_id, "card:std", 825, 700, 60, 1585) == (
            order.checkout_id,
            order.method,
            order.goods.minor,
            order.freight.minor,
            order.handling.minor,
            order.captured.minor,
        )
        assert [(500, 3), (325, 0)] == [
            (item.unit_price.minor, item.quantity_from_lots)
            for item in order.items.values()
        ]
        assert (SELLER, NOON + timedelta(minutes=1)) == (event.by, event.occurred_at)

    def test_what_was_captured_nowhere_is_not_booked(self, paired):
        """
        An account that does not move has no entry.
        """
        order_id = paired.paid(CUP=1)

        assert ["wallet_available", "goods", "freight"] == [
            account for _, account, *_ in entries(paired, "capture", order_id)
        ]


class TestTopUp:
    def test_a_transfer_is_kept(self, bench):
        """
        Who recorded it, when it came, and both sides of it.
        """
        came = NOON - timedelta(days=1)
        wallet = bench.app.wallets.top_up(
            "demo",
            Money(50, "USD"),
            reference="T2",
            by=STAFF,
            received_at=came,
            command_id="t",
        )

        assert TopUp(
            seller_id="demo",
            reference="T2",
            amount_minor=50,
            currency="USD",
            recorded_by=str(STAFF),
            received_at=came,
        ) in rows(bench, TOP_UPS)
        assert [
            (1, "provider_clearing", -50, "USD", "demo", NOON),
            (2, "wallet_available", 50, "USD", "demo", NOON),
        ] == entries(bench, "top_up", "T2")
        assert (10_000_50, 0, 0) == (wallet.available, wallet.held, wallet.debt)
        assert wallet == bench.app.wallets.get("demo")

    def test_without_a_time_it_came_now(self, bench):
        """
        Nobody has to say when.
        """
        assert {NOON} == {top_up.received_at for top_up in rows(bench, TOP_UPS)}

    def test_the_newest_entries_come_first(self, bench):
        """
        The ledger is a hundred entries long if nothing is said.
        """
        for number in range(60):
            bench.app.wallets.top_up(
                "demo", Money(1 + number, "USD"), reference=f"T{number}", by=STAFF
            )
        newest = bench.app.wallets.ledger("demo", limit=3)

        assert 100 == len(bench.app.wallets.ledger("demo"))
        assert [(2, 60), (1, -60), (2, 59)] == [
            (entry.entry, entry.amount_minor) for entry in newest
        ]


def known(bench):
    """
    Return the commands whose answers are kept.
    """
    return [*rows(bench, COMMANDS), *rows(bench, PLATFORM_COMMANDS)]


class TestCommands:
    CARD = {**RATE_CARD, "currency": "EUR"}  # noqa: RUF012 - never changed
    CAME = NOON - timedelta(days=1)

    @pytest.fixture
    def everything(self, paired):
        """
        A function that gives every command about money once; it returns the answers.
        """
        app = paired.app
        (order_id,) = paired.sync(snapshot(CUP=1))

        def give(*ids):
            priced, paid, topped, connected, unchecked, changed, moved = (
                {"command_id": name} if name else {} for name in ids
            )
            freight = {"provider": "rate_card", "config": self.CARD, "by": STAFF}
            offer = app.checkouts.checkout("demo", [order_id], by=SELLER, **priced)
            name, total = offer.checkout_id, offer.total
            return [
                offer,
                app.checkouts.pay(
                    "demo", name, expected_total=total, by=SELLER, **paid
                ),
                app.wallets.top_up(
                    "demo",
                    Money(50, "USD"),
                    reference="T2",
                    by=STAFF,
                    received_at=self.CAME,
                    **topped,
                ),
                app.freight.connect("new", **freight, **connected),
                app.freight.connect("raw", check=False, **freight, **unchecked),
                app.freight.change("new", config=self.CARD, by=STAFF, **changed),
                app.freight.move("new", "pause", why="strike", by=STAFF, **moved),
            ]

        return give, order_id

    def test_they_stay_known_by_what_they_asked(self, paired, everything):
        """
        The hash of a command that was stored long ago is made of its name and its
        request; it is compared for as long as the row is kept.
        """
        give, order_id = everything
        offer, *_ = give(*"cptfrgm")
        card = sorted(self.CARD.items(), key=repr)
        raw = ("raw", "rate_card", card, "unchecked")

        assert {
            "c": Given("c", "checkout", ((order_id,), False)).digest(),
            "p": Given("p", "pay", (offer.checkout_id, 900, False)).digest(),
            "t": Given("t", "top_up", (Money(50, "USD"), "T2", self.CAME)).digest(),
            "f": Given("f", "connect_freight", ("new", "rate_card", card)).digest(),
            "r": Given("r", "connect_freight", raw).digest(),
            "g": Given("g", "change_freight", ("new", card, True)).digest(),
            "m": Given("m", "pause_freight", ("new", "strike")).digest(),
        } == {one.command_id: one.request_hash for one in known(paired)}

    def test_given_again_they_answer_as_they_did(self, paired, everything):
        """
        Answers come back from what was stored, and nothing is done twice.
        """
        give, _ = everything
        first = give(*"cptfrgm")

        with nothing_moves(paired):
            again = give(*"cptfrgm")
        assert first[:5] == again[:5]
        assert ["paused", "paused"] == [made.state for made in again[5:]]

    def test_without_an_id_nothing_is_known_again(self, paired, everything):
        """
        Each is a command of its own, and no answer is kept.
        """
        give, _ = everything
        give(*[""] * 7)

        assert [] == known(paired)
