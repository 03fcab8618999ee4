"""
Within a host's transaction, which may yet be rolled back, nobody outside is told or
asked anything.
"""

from contextlib import suppress
from datetime import timedelta

import attrs
import pytest
from desk_world import METHODS, NAMES, a_world, arguments, desk_of

from sourcehere import FreightRequest, Role, SourceHereError
from sourcehere.face.core import SourceHere
from sourcehere.ports.storage import HostsTransactionError
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot
from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers


class Within:
    """
    A storage as a host's open transaction is one: what is kept may be rolled back.
    """

    joins_host = True

    def __init__(self, storage):
        self._storage = storage
        self.url = storage.url

    def transact(self, work, /, *, read_only):
        """
        Run work.
        """
        return self._storage.transact(work, read_only=read_only)

    def close(self):
        """
        Leave it to its owner.
        """


class Reads:
    """
    Counts what a shop and a carrier are asked for that changes nothing there.
    """

    def __init__(self, bench):
        self.count = 0
        registry = bench.app.registry
        self.post = registry.freight_provider(
            "fake_carrier", {"carrier": "post"}, connection=""
        )
        self.post.answer = self.counted(self.post.answer)
        bench.shop.when_asked = self.counted(None)
        self.checked = self.post.checked

    def counted(self, answer):
        """
        Return what counts each time that it is called, and answers.
        """

        def asked(*_):
            self.count += 1
            return answer

        return asked

    def all(self):
        """
        Return how often they were asked.
        """
        return self.count + self.post.checked - self.checked


def done_outside(bench):
    """
    Return what a gateway, a carrier and a shop were asked to do.
    """
    registry = bench.app.registry
    cards = registry.payment_provider("fake_gateway", {}, connection="cards")
    post = registry.freight_provider("fake_carrier", {"carrier": "post"}, connection="")
    shop = bench.shop
    told = [shop.fulfilments, shop.stock, shop._changes]
    return repr([cards.keys, cards.looks, post.keys, post.voided, *told])


class Hosted:
    """
    A bench over a host's transaction.
    """

    def __init__(self, bench):
        self.app = bench.app.over(Within(bench.app.storage))
        self.sh = SourceHere(self.app)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "part", "method", "access"), METHODS, ids=NAMES)
def test_every_method_of_every_desk(name, part, method, access):
    """
    What asks somebody outside is refused, and has changed nothing; what is not refused
    asks nobody.
    """
    bench, values = a_world()
    before, reads = done_outside(bench), Reads(bench)
    for role in sorted(access.roles & {Role.SELLER, Role.STAFF}):
        called = getattr(getattr(desk_of(Hosted(bench), name, role), part), method)
        given = arguments(bench, values, f"{name}.{part}.{method}", called)
        if access.outside:
            with nothing_moves(bench), pytest.raises(HostsTransactionError) as ei:
                called(**given)
            assert method == ei.value.action.split(".")[1]
            continue
        with suppress(SourceHereError):
            called(**given)
    assert (before, 0) == (done_outside(bench), reads.all())


@pytest.fixture
def carried():
    """
    Return a bench, its carrier that has to be asked, and an unpaid order.
    """
    carrier = FakeCarrier()
    bench = open_bench(connected=["CUP"], plugins=[FakeCarriers(post=carrier)])
    (order_id,) = bench.sync(snapshot("1", CUP=1))
    yield bench, carrier, order_id
    assert () == bench.app.audit.run().violations


def test_orders_are_priced_by_what_computes(carried):
    """
    As a rate card does, and nobody is asked.
    """
    bench, _, order_id = carried
    desk = Hosted(bench).sh.seller("demo").checkouts

    assert desk.open([order_id]).total.minor > 0
    assert desk.modes(order_id).modes


@pytest.mark.parametrize("each", [False, True])
def test_orders_are_not_priced_by_who_is_asked(carried, each):
    """
    The host's locks would be held for as long as a carrier takes; it is not told as
    something that is wrong with the order.
    """
    bench, carrier, order_id = carried
    desk = bench.sh.staff("ann").freight
    desk.connect("post", provider="fake_carrier", config={"carrier": "post"})
    inside = Hosted(bench).sh
    hosted, pricing = inside.seller("demo").checkouts, inside.staff("ann").freight
    request = FreightRequest(weight_grams=200, country="US", currency="USD")
    for call in (
        lambda: hosted.open([order_id], each=each),
        lambda: hosted.modes(order_id),
        lambda: inside.seller("demo").orders.why_not(order_id, "pay"),
        lambda: pricing.quote(request),
        lambda: pricing.quote_with_arrivals(request),
    ):
        with nothing_moves(bench), pytest.raises(HostsTransactionError) as ei:
            call()
        assert "pricing freight" in ei.value.action
    assert [] == carrier.asked

    offer = bench.sh.seller("demo").checkouts.open([order_id], each=each)
    hosted.pay(offer)
    assert 1 == len(carrier.asked)
    assert "awaiting_shipping" == bench.app.orders.get("demo", order_id).state


def test_an_address_is_not_priced_by_who_is_asked(carried):
    """
    Unless no carrier can tell the two apart, by which nobody is asked.
    """
    bench, carrier, order_id = carried
    desk = bench.sh.staff("ann").freight
    desk.connect("post", provider="fake_carrier", config={"carrier": "post"})
    shop = bench.sh.seller("demo")
    shop.checkouts.pay(shop.checkouts.open([order_id]))
    home, asked = shop.orders.address(order_id), len(carrier.asked)
    hosted = Hosted(bench).sh.seller("demo").orders
    with nothing_moves(bench), pytest.raises(HostsTransactionError) as ei:
        hosted.correct_address(order_id, attrs.evolve(home, postal_code="99501"))
    assert "pricing freight" in ei.value.action

    hosted.correct_address(order_id, attrs.evolve(home, street="2 Main St"))
    assert asked == len(carrier.asked)
    assert "2 Main St" == shop.orders.address(order_id).street


def test_credentials_are_not_tried(carried):
    """
    A connection is made without, or before the transaction begins.
    """
    bench, carrier, _ = carried
    desk = Hosted(bench).sh.staff("ann").freight
    post = {"provider": "fake_carrier", "config": {"carrier": "post"}}
    with nothing_moves(bench), pytest.raises(HostsTransactionError) as ei:
        desk.connect("post", **post)
    assert ("trying credentials", 0) == (ei.value.action, carrier.checked)

    assert "post" == desk.connect("post", check=False, **post).name


@pytest.mark.parametrize(
    "part", ["relay", "attempts", "inbox", "tracking", "labels", "pulls"]
)
def test_no_round_of_a_worker(part):
    """
    What is claimed within it nobody else would see.
    """
    bench, _ = a_world()
    before = done_outside(bench)
    with nothing_moves(bench), pytest.raises(HostsTransactionError):
        getattr(Hosted(bench).sh, part).run()
    assert before == done_outside(bench)


def test_no_worker():
    """
    One is not even made.
    """
    bench, _ = a_world()
    with pytest.raises(HostsTransactionError) as ei:
        Hosted(bench).sh.worker(name="w", every=timedelta(seconds=1))
    assert "worker" == ei.value.action
