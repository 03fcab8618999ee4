"""
Pricing and paying at once, within a limit.
"""

import pytest

from sourcehere import CommandRefusedError, Money, NotFoundError
from sourcehere.domain.kernel.errors import (
    CurrencyMismatchError,
    IdempotencyConflictError,
    InvalidInputError,
)
from sourcehere.domain.wallet.errors import InsufficientFundsError, SpendLimitError
from sourcehere.ports.errors import UnknownOutcomeError
from sourcehere.testing.factories import (
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_carrier import (
    FakeCarrier,
    FakeCarriers,
    answering,
    option,
)

ENOUGH = Money.parse("1000", "USD")


def bench_on(storage, **options):
    """
    A bench with three cups in stock.
    """
    made = open_bench(storage=storage, **options)
    made.connect(made.rule("CUP"))
    made.stocked(CUP=3)
    return made


@pytest.fixture
def bench(storage):
    """
    The same, with freight that is computed only.
    """
    return bench_on(storage)


@pytest.fixture
def acme():
    """
    A carrier that has to be asked, and is cheap.
    """
    return FakeCarrier(answer=answering(option("boat", 100)))


@pytest.fixture
def asking(storage, acme):
    """
    The same, with that carrier beside the rate card.
    """
    made = bench_on(storage, plugins=[FakeCarriers(acme=acme)])
    made.app.freight.connect(
        "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
    )
    return made


def pay(bench, *order_ids, amount=ENOUGH, **options):
    """
    Pay as the seller.
    """
    return bench.app.checkouts.pay_at_most(
        "demo", order_ids, amount=amount, by=SELLER, **options
    )


def cups(bench):
    """
    Two orders of two cups: the stock is enough for one and a half.
    """
    return bench.sync(snapshot("1", CUP=2), snapshot("2", CUP=2))


def kept(bench):
    """
    Return what is kept of orders, money and stock, without ids and commands.
    """
    orders = bench.app.orders.get_many(
        "demo", [o.order_id for o in bench.app.orders.page("demo").orders]
    )
    shown = [
        (o.kind, o.units, o.state, o.captured, o.goods, o.freight, o.method)
        for o in orders
    ]
    from_lots = [i.quantity_from_lots for o in orders for i in o.items.values()]
    stock = [(s.on_hand, s.allocated) for s in bench.app.cloud.stock("demo")]
    counts = {name: len(rows) for name, rows in dump(bench.app.storage).items()}
    del counts["outbox_message"]  # one commit in so many asks for tabs to be counted
    return shown, from_lots, stock, bench.balance(), counts


class TestPaying:
    """
    It is the same as an offer that is paid.
    """

    def test_as_if_offered_before(self, bench):
        """
        Stock goes to the first order; each has its price; what is kept is the same.
        """
        first, second = cups(bench)
        done = pay(bench, second, first)
        assert {second, first} == set(done.paid)
        one = kept(bench)

        other = bench_on(None)
        third, fourth = cups(other)
        other.pay(fourth, third)
        assert kept(other) == one
        assert () == bench.app.audit.run(replay=True).violations

    def test_what_was_paid_is_kept_as_an_offer(self, bench):
        """
        With what each order cost, and how long it takes to arrive.
        """
        first, second = cups(bench)
        before = bench.balance()
        done = pay(bench, first, second)
        plans = {
            order_id: bench.sh.seller("demo").orders.get(order_id)
            for order_id in (first, second)
        }
        assert before - sum(done.paid.values()) == bench.balance()
        assert {done.checkout_id} == {p.checkout_id for p in plans.values()}

    def test_exactly_the_limit_is_enough(self, bench):
        """
        A cent less is not, and nothing moves.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=5))
        offer = bench.app.checkouts.checkout("demo", [order_id], by=SELLER)
        less = Money(offer.total_minor - 1, "USD")
        with nothing_moves(bench), pytest.raises(SpendLimitError) as ei:
            pay(bench, order_id, amount=less)
        assert (offer.total, less) == (ei.value.total, ei.value.limit)
        assert f"it costs {offer.total}, and may cost {less} at most" == str(ei.value)

        assert {order_id: offer.total_minor} == pay(
            bench, order_id, amount=offer.total
        ).paid


class TestRefusals:
    """
    Nothing moves.
    """

    def test_an_order_that_cannot_be_paid(self, bench):
        """
        The others are not paid either.
        """
        first, second = cups(bench)
        pay(bench, first)
        with nothing_moves(bench), pytest.raises(CommandRefusedError):
            pay(bench, second, first)

    def test_an_order_that_is_none(self, bench):
        """
        It is named.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            pay(bench, order_id, "nobody")
        assert "nobody" == ei.value.id

    def test_no_orders(self, bench):
        """
        There is nothing to pay.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            pay(bench)

    def test_a_limit_in_another_currency(self, bench):
        """
        It says nothing of this wallet.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        with nothing_moves(bench), pytest.raises(CurrencyMismatchError):
            pay(bench, order_id, amount=Money.parse("1000", "EUR"))

    def test_a_wallet_that_is_empty(self, storage):
        """
        How much is missing is told.
        """
        bench = bench_on(storage, top_up=1_500)
        (order_id,) = bench.sync(snapshot("1", CUP=9))
        with nothing_moves(bench), pytest.raises(InsufficientFundsError):
            pay(bench, order_id)


class TestOnce:
    """
    A command that is given again.
    """

    def test_it_pays_once(self, bench):
        """
        And answers the same.
        """
        pays_once(bench)

    def test_it_pays_once_where_a_carrier_is_asked(self, asking, acme):
        """
        Which is not asked again.
        """
        pays_once(asking)
        assert 1 == len(acme.asked)


def pays_once(bench):
    """
    Hold that an order is paid once by a command, and by no other request of its id.
    """
    (order_id,) = bench.sync(snapshot("1", CUP=5))
    done = pay(bench, order_id, command_id="a")
    with nothing_moves(bench):
        assert done == pay(bench, order_id, command_id="a")
        with pytest.raises(IdempotencyConflictError):
            pay(bench, order_id, amount=Money.parse("1", "USD"), command_id="a")


class TestAsking:
    """
    Where a carrier has to be asked.
    """

    def test_it_is_asked_before(self, asking, acme):
        """
        Once, and the order goes as it said.
        """
        (order_id,) = asking.sync(snapshot("1", CUP=2))
        done = pay(asking, order_id)
        order = asking.app.orders.get("demo", order_id)
        assert ("awaiting_shipping", "boat", 100) == (
            order.state,
            order.method,
            order.freight.minor,
        )
        assert (1, order.captured.minor) == (len(acme.asked), done.paid[order_id])
        assert () == asking.app.audit.run(replay=True).violations

    def test_no_transaction_is_open_meanwhile(self, asking, acme):
        """
        Others write while a carrier is waited for.
        """
        more = Money.parse("1", "USD")

        def answer(_request):
            asking.app.wallets.top_up("demo", more, reference="meanwhile", by=STAFF)
            return answering(option("boat", 100))

        acme.answer = answer
        (order_id,) = asking.sync(snapshot("1", CUP=2))
        pay(asking, order_id)
        assert "boat" == asking.app.orders.get("demo", order_id).method

    def test_too_dear(self, asking):
        """
        Nothing is paid, and no offer is left that nobody takes.
        """
        (order_id,) = asking.sync(snapshot("1", CUP=2))
        with nothing_moves(asking), pytest.raises(SpendLimitError):
            pay(asking, order_id, amount=Money(99, "USD"))

    def test_one_that_rests_is_not_waited_for(self, asking, acme):
        """
        What can be computed is paid at once.
        """
        asking.sh.staff("ann").freight.pause("acme", why="strike")
        (order_id,) = asking.sync(snapshot("1", CUP=2))
        pay(asking, order_id)
        assert [] == acme.asked

    def test_one_that_does_not_answer(self, asking, acme):
        """
        The order goes by another.
        """
        acme.answer = UnknownOutcomeError(provider="acme", detail="timed out")
        (order_id,) = asking.sync(snapshot("1", CUP=2))
        pay(asking, order_id)
        assert "boat" not in asking.app.orders.get("demo", order_id).method


def test_less_than_nothing_is_no_limit(bench):
    """
    It is a slip of whoever calls, and not a price that is too high.
    """
    order, _ = cups(bench)

    with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
        pay(bench, order, amount=Money.parse("-1", "USD"))

    assert ("amount", "-1.00 USD") == (ei.value.field, ei.value.value)
