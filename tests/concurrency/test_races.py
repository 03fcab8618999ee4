"""
Many at once on a real database: nothing is oversold, paid twice, sent twice or lost.
"""

import threading
from collections import Counter

import attrs
import pytest

from sourcehere import ManualClock, Money, NewConnection, SourceHereError
from sourcehere.domain.wallet.errors import InsufficientFundsError
from sourcehere.plugins import Registry
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    NewParcel,
    open_bench,
    snapshot,
)
from sourcehere.unit.tables import TABLES

THREADS = 6


def opened(url, **options):
    """
    Return a bench on a real database, cups connected.
    """
    storage = Registry(clock=ManualClock(NOON)).storage(url, TABLES)
    made = open_bench(storage=storage, **options)
    made.connect(made.rule("CUP"))
    return made


@pytest.fixture
def bench(made_database_url):
    """
    A bench on a real database; clean when the test ends.
    """
    made = opened(made_database_url)
    yield made
    assert () == made.app.audit.run(replay=True).violations
    made.app.close()


@pytest.fixture
def poor_bench(made_database_url):
    """
    The same, with money for three orders of a cup.
    """
    made = opened(made_database_url, top_up=2_799)
    yield made
    assert () == made.app.audit.run(replay=True).violations
    made.app.close()


def at_once(*works):
    """
    Run all works at the same moment; give what each returned or raised of our errors.
    """
    outcomes = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(place, work):
        barrier.wait()
        try:
            outcomes[place] = work()
        except SourceHereError as error:
            outcomes[place] = error

    threads = [
        threading.Thread(target=run, args=(place, work))
        for place, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def cup_orders(bench, count, units):
    orders = [attrs.evolve(snapshot(str(n), CUP=units)) for n in range(1, count + 1)]
    return bench.sync(*orders)


def checked_out(bench, *order_ids):
    return bench.app.checkouts.checkout("demo", order_ids, by=SELLER)


def pay(bench, offer, command_id=""):
    return bench.app.checkouts.pay(
        "demo",
        offer.checkout_id,
        expected_total=offer.total,
        by=SELLER,
        command_id=command_id,
    )


def pay_at_most(bench, order_id, command_id=""):
    return bench.app.checkouts.pay_at_most(
        "demo",
        [order_id],
        amount=Money.parse("100", "USD"),
        by=SELLER,
        command_id=command_id,
    )


@pytest.mark.slow
class TestRaces:
    def test_one_command_id_pays_once(self, bench):
        """
        The same payment repeated at once is one payment, and everybody hears of it.
        """
        (order_id,) = cup_orders(bench, 1, 2)
        offer, before = checked_out(bench, order_id), bench.balance()

        outcomes = at_once(*[lambda: pay(bench, offer, "once")] * THREADS)

        assert [{order_id: offer.total_minor}] * THREADS == [o.paid for o in outcomes]
        assert before - offer.total_minor == bench.balance()

    def test_two_payments_charge_once(self, bench):
        """
        Without a command id one payment wins, and the others are refused.
        """
        (order_id,) = cup_orders(bench, 1, 2)
        offer, before = checked_out(bench, order_id), bench.balance()

        outcomes = at_once(*[lambda: pay(bench, offer)] * THREADS)

        refused = [o for o in outcomes if isinstance(o, SourceHereError)]
        assert THREADS - 1 == len(refused)
        assert before - offer.total_minor == bench.balance()

    def test_paid_at_once_it_is_charged_once(self, bench):
        """
        One prices and pays, and the others are refused; by one command all are told.
        """
        one, other = cup_orders(bench, 2, 2)
        before = bench.balance()

        outcomes = at_once(*[lambda: pay_at_most(bench, one)] * THREADS)
        told = at_once(*[lambda: pay_at_most(bench, other, "once")] * THREADS)

        paid = [o for o in outcomes if not isinstance(o, SourceHereError)]
        assert 1 == len(paid)
        assert [told[0]] * THREADS == told
        spent = paid[0].paid[one] + told[0].paid[other]
        assert before - spent == bench.balance()

    def test_paid_at_once_the_last_units_go_to_one(self, bench):
        """
        Orders that compete for the same stock are all paid, each unit bound once: who
        comes later is priced by what is left.
        """
        bench.stocked(CUP=5)
        orders = cup_orders(bench, THREADS, 3)

        outcomes = at_once(
            *[lambda name=name: pay_at_most(bench, name) for name in orders]
        )

        refused = [o for o in outcomes if isinstance(o, SourceHereError)]
        assert [] == refused
        (stock,) = bench.app.cloud.stock("demo")
        assert (0, 5) == (stock.available, stock.allocated)
        units = [
            o.items["1.1"].quantity_from_lots
            for o in bench.app.orders.get_many("demo", orders)
        ]
        assert [3, 2] == sorted(units, reverse=True)[:2]

    def test_the_last_units_go_to_one(self, bench):
        """
        Orders that compete for the same stock get no unit twice: who loses the race is
        told that the plan has changed.
        """
        bench.stocked(CUP=5)
        orders = cup_orders(bench, THREADS, 3)
        offers = [checked_out(bench, order_id) for order_id in orders]

        at_once(*[lambda offer=offer: pay(bench, offer) for offer in offers])

        (stock,) = bench.app.cloud.stock("demo")
        assert 0 <= stock.available
        paid = [
            o.items["1.1"].quantity_from_lots
            for o in bench.app.orders.get_many("demo", orders)
            if o.state == "awaiting_shipping"
        ]
        assert stock.allocated == sum(paid)
        assert 3 == max(paid)

    def test_the_last_units_at_the_seller_s_own_place_go_to_one(self, bench):
        """
        Whoever sells too late is told how many there are; an order served meanwhile has
        its units, or is refused.
        """
        shop, cup = bench.sh.seller("demo"), bench.variants["CUP"]
        (order_id,) = cup_orders(bench, 1, 2)
        shop.local_stock.count(cup, 4)

        def serve():
            return shop.orders.serve_from_local_stock([order_id])

        def sell():
            return shop.local_stock.sell(cup, 1)

        report, *sold = at_once(serve, *[sell] * (THREADS - 1))
        left = 4 - sum(not isinstance(o, SourceHereError) for o in sold)
        left -= 2 * len(report.done)

        assert 1 == len(report.done) + len(report.failed)
        assert left == shop.local_stock.get(cup).on_hand
        assert 0 == left

    def test_everybody_s_first_count_counts(self, bench):
        """
        Of a variant that was never there, at one moment.
        """
        shop, cup = bench.sh.seller("demo"), bench.variants["CUP"]
        works = [lambda n=n: shop.local_stock.count(cup, n) for n in range(1, 7)]
        outcomes = at_once(*works)

        assert list(range(1, 7)) == sorted(now.on_hand for now in outcomes)

    def test_the_wallet_never_falls_below_zero(self, poor_bench):
        """
        Payments that together exceed the wallet: as many pass as it holds.
        """
        orders = cup_orders(poor_bench, THREADS, 1)
        offers = [checked_out(poor_bench, order_id) for order_id in orders]

        outcomes = at_once(
            *[lambda offer=offer: pay(poor_bench, offer) for offer in offers]
        )

        refused = [o for o in outcomes if isinstance(o, InsufficientFundsError)]
        assert THREADS - 3 == len(refused)
        assert 2_799 - 3 * 900 == poor_bench.balance()

    def test_a_transfer_counts_once(self, bench):
        """
        Recorded by several hands at once, with command ids of their own or none, it is
        in the wallet once, and everybody hears the balance that it made.
        """
        before = bench.balance()

        def record(command_id):
            return bench.app.wallets.top_up(
                "demo",
                Money(5_00, "USD"),
                reference="T1",
                by=STAFF,
                command_id=command_id,
            )

        outcomes = at_once(
            *[lambda name=name: record(name) for name in ("", "", "", "a", "b", "c")]
        )

        assert [before + 5_00] * 6 == [one.available for one in outcomes]
        assert before + 5_00 == bench.balance()

    def test_units_are_sent_once(self, bench):
        """
        The same units shipped by several hands at once leave in one parcel.
        """
        order_id = bench.accepted("1", CUP=2)

        def ship(number):
            parcel = NewParcel(
                order_id=order_id, carrier="post", tracking_number=f"T{number}"
            )
            return bench.app.shipping.ship("demo", parcel, by=STAFF)

        outcomes = at_once(*[lambda n=n: ship(n) for n in range(THREADS)])

        assert 1 == len([o for o in outcomes if isinstance(o, str)])
        assert 1 == len(bench.app.tracking.parcels("demo", order_id))

    def test_each_tracking_is_pushed_once(self, bench):
        """
        Several relay workers on one database push every parcel once between them.
        """
        orders = cup_orders(bench, 12, 1)
        pay(bench, checked_out(bench, *orders))
        bench.app.shipping.accept("demo", orders, by=STAFF)
        for number, order_id in enumerate(orders):
            bench.ship(order_id, f"T{number}")

        at_once(
            *[
                lambda n=n: bench.app.relay.run(worker=f"w{n}", limit=2)
                for n in range(THREADS)
            ]
        )

        assert {1} == set(Counter(bench.shop.keys_pushed).values())
        assert 12 == len(bench.shop.fulfilments)

    def test_one_shop_synced_at_once_imports_once(self, bench):
        """
        The same shop synced by several at once gives each order once.
        """
        for number in range(1, 9):
            bench.shop.put(snapshot(str(number), CUP=1))

        reports = at_once(*[lambda: bench.app.stores.sync("demo", "shop")] * THREADS)

        imported = [r.orders for r in reports if not isinstance(r, SourceHereError)]
        assert 8 == sum(imported)
        assert 8 == len(bench.app.orders.page("demo").orders)

    @pytest.mark.parametrize("chunk", [1, 3])
    def test_what_is_imported_while_it_is_connected_is_paired(self, bench, chunk):
        """
        Orders that arrive while their SKU is connected, changed and removed are paired
        as it is connected in the end, whoever was first.
        """
        sh, hat = bench.app, bench.rule("HAT")
        bench.app.stores._settings = attrs.evolve(sh.settings, chunk=chunk)
        new = NewConnection(store_id="shop", listing="hats", rules=(hat,))
        for number in range(1, 61):
            bench.shop.put(snapshot(str(number), HAT=1, CUP=1))
        (cups,) = sh.pairing.connections("demo")
        dear = [bench.rule("CUP", LAMP=1)]

        def connect():
            sh.pairing.connect("demo", new, by=SELLER)
            sh.relay.run(worker="w1")

        def change():
            sh.pairing.change(
                "demo", cups.connection_id, rules=dear, method="", by=SELLER
            )
            sh.relay.run(worker="w2")

        # The jobs are done at once: whoever comes later was not seen by them.
        at_once(lambda: sh.stores.sync("demo", "shop"), connect, change)
        assert {m.kind for m in sh.relay.waiting()} <= {"fold_tabs"}

        orders = sh.orders.page("demo", limit=100).orders
        assert 60 == len(orders)
        supplied = {
            tuple(
                i.variant_id for i in sh.orders.get("demo", o.order_id).items.values()
            )
            for o in orders
        }
        assert {(bench.variants["HAT"], bench.variants["LAMP"])} == supplied
        assert {"awaiting_payment"} == {order.state for order in orders}


class TestParting:
    def test_an_order_is_parted_once(self, bench):
        """
        Of many who process its paired lines while the shop is synced, one does.
        """
        orders = [snapshot(str(n), CUP=1, SOCK=1) for n in range(3)]
        names = bench.sync(*orders)
        for order in orders:
            bench.shop.put(attrs.evolve(order, number="again"))

        def process():
            return bench.app.orders.process_paired_lines("demo", names, by=SELLER).done

        def sync():
            bench.app.stores.sync("demo", "shop")
            return {}

        works = [sync if n % 2 else process for n in range(THREADS)]
        done = [pair for found in at_once(*works) for pair in found.items()]
        known = bench.app.orders.find_external("demo", "shop", ["0", "1", "2"])

        assert set(names) == {name for name, _ in done}
        assert 3 == len(done)
        assert set(done) == set(known.values())
