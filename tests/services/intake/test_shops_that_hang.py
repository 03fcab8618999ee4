"""
A shop's plugin that does not come back, or would end the process: of that shop alone.
"""

import asyncio
import threading
from datetime import timedelta

import pytest

from sourcehere import Settings
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    TimedOutError,
    UnknownOutcomeError,
)
from sourcehere.testing import sample_shop
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot
from sourcehere.testing.fake_carrier import FakeCarriers, TrackingCarrier
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_gateways import FakeGateways

LITTLE = timedelta(seconds=0.3)


@pytest.fixture
def hasty(storage, violations):
    """
    A bench with two shops that has little patience; clean when the test ends.
    """
    settings = Settings(pull_within=LITTLE, push_within=LITTLE)
    bench = open_bench(storage=storage, settings=settings, connected=["CUP"])
    stores = bench.sh.seller("demo").stores
    stores.connect("second", platform="fake", config={"shop": "second"})
    bench.shops["second"].put(snapshot("n", CUP=3))
    yield bench
    assert () == violations(bench)


def why(bench):
    return bench.sh.seller("demo").stores.get("shop").why


def orders(bench, store_id):
    found = bench.sh.seller("demo").orders.list(store_id=store_id)
    return [order.number for order in found]


class TestHanging:
    def test_its_neighbours_are_read(self, hasty):
        """
        It is given up, and says so; what it answers later counts for nothing, and is
        told again.
        """
        is_over, is_late = threading.Event(), threading.Event()

        def hang():
            is_over.wait(20)
            is_late.set()

        hasty.shop.put(snapshot("late", CUP=3))
        hasty.shop.when_asked = hang
        report = hasty.sh.pulls.run()
        assert (["demo/second"], ["demo/shop"]) == (
            list(report.done),
            list(report.failed),
        )
        assert isinstance(report.failed["demo/shop"], TimedOutError)
        assert why(hasty).startswith("TimedOutError: fake: no answer within")
        is_over.set()
        is_late.wait(20)
        hasty.shop.when_asked = None
        assert ([], ["#n"]) == (orders(hasty, "shop"), orders(hasty, "second"))
        hasty.clock.advance(timedelta(minutes=15))
        hasty.sh.pulls.run()

        assert (["#late"], "") == (orders(hasty, "shop"), why(hasty))

    def test_a_page_that_never_ends_is_given_up(self, hasty):
        """
        A generator of orders is no answer before it has come to its end.
        """
        is_over = threading.Event()

        def endless():
            while not is_over.wait(0.01):
                yield snapshot("n", CUP=3)

        page = hasty.shop.pull_orders("", limit=1)
        object.__setattr__(page, "orders", endless())
        hasty.shop.pages = [page]
        with nothing_moves(hasty), pytest.raises(TimedOutError):
            hasty.sh.seller("demo").stores.sync("shop")
        is_over.set()


ENDS = (
    SystemExit(2),
    GeneratorExit(),
    asyncio.CancelledError(),
    BaseExceptionGroup("both", [SystemExit(1), ValueError()]),
)


class TestEnding:
    @pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
    def test_what_would_end_the_process_ends_one_reading(self, hasty, end):
        """
        A plugin that gives up a coroutine, or leaves, says nothing about other shops.
        """

        def leave():
            raise end

        hasty.shop.when_asked = leave
        report = hasty.sh.pulls.run()

        assert ["demo/second"] == list(report.done)
        assert isinstance(report.failed["demo/shop"], UnknownOutcomeError)
        assert f"UnknownOutcomeError: fake: {type(end).__name__}" == why(hasty)


def test_words_that_no_database_keeps_are_kept_as_escapes(hasty):
    """
    A shop that says why it cannot answer may say it in any characters.
    """

    def refuse():
        words = "closed\0\ud800\u202e" + "!" * 100_000
        raise DeclinedError(provider="fake", detail=words)

    hasty.shop.when_asked = refuse
    report = hasty.sh.pulls.run()

    assert ["demo/second"] == list(report.done)
    assert why(hasty).startswith(r"DeclinedError: fake: closed\x00\ud800\u202e!!")


def asked(bench, what):
    """
    Ask the shop for something else than orders by page, as a person would.
    """
    stores = bench.sh.seller("demo").stores
    match what:
        case "fetch_order":
            return stores.reconcile("shop")
        case "pull_products":
            return bench.sh.seller("demo").connections.products("shop")
        case "order_names":
            return stores.missing("shop")
        case "preview":
            return stores.preview(platform="fake", config={"shop": "shop"})
    return stores.sync("shop")


class TestWhatElseIsAsked:
    @pytest.fixture(autouse=True)
    def silent(self, hasty):
        """
        An order of which the shop has not told for days.
        """
        hasty.sync(snapshot(CUP=3))
        hasty.clock.advance(timedelta(days=2))
        hasty.sh.seller("demo").stores.rewind("shop")

    @pytest.mark.parametrize(
        "what",
        ["fetch_order", "pull_products", "order_names", "content_mark", "preview"],
    )
    @pytest.mark.parametrize(
        ("end", "kind"),
        [
            (None, TimedOutError),
            (SystemExit(2), UnknownOutcomeError),
            (KeyError("id"), ProtocolError),
        ],
    )
    def test_it_is_given_up(self, hasty, what, end, kind):
        """
        And nothing follows from it.
        """
        is_over = threading.Event()

        def fail(*_, **__):
            if end is None:
                is_over.wait(3)
            else:
                raise end

        setattr(hasty.shop, what, fail)
        with nothing_moves(hasty), pytest.raises(kind):
            asked(hasty, what)
        is_over.set()


@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
def test_a_webhook_does_not_end_who_receives_it(hasty, end):
    """
    The server that calls `receive` lives on, and the shop tells it again.
    """

    def leave(*_):
        raise end

    hasty.shop.verify = leave
    with nothing_moves(hasty), pytest.raises(UnknownOutcomeError):
        hasty.sh.inbox.receive("demo", "shop", headers={}, body=b"{}")


@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
def test_nor_does_one_of_a_gateway_or_a_carrier(end):
    """
    As of a shop's.
    """

    def leave(*_):
        raise end

    class Cards(FakeGateway):
        verify_payment = leave

    class Post(TrackingCarrier):
        verify_tracking = leave

    carriers = FakeCarriers()
    carriers.carriers["post"] = Post()
    demo = sample_shop(plugins=[FakeGateways(cards=Cards()), carriers])
    demo.desk.gateways.connect("cards", provider="fake_gateway", config={})
    config = {"carrier": "post"}
    demo.desk.freight.connect("post", provider="fake_carrier", config=config)
    for receiver, name in [(demo.sh.attempts, "cards"), (demo.sh.tracking, "post")]:
        with pytest.raises(UnknownOutcomeError):
            receiver.receive(name, headers={}, body=b"{}")
