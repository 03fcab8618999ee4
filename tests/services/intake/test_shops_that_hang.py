"""
A shop's plugin that does not come back, or would end the process: of that shop alone.
"""

import asyncio
import threading
from datetime import timedelta

import pytest

from sourcehere import Settings
from sourcehere.ports.errors import DeclinedError, TimedOutError, UnknownOutcomeError
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot

LITTLE = timedelta(seconds=0.3)


@pytest.fixture
def hasty(storage, violations):
    """
    A bench with two shops that has little patience; clean when the test ends.
    """
    settings = Settings(pull_within=LITTLE)
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
