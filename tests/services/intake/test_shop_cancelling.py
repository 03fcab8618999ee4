"""
Having orders cancelled in the shop that they came from.
"""

from datetime import timedelta

import pytest

from sourcehere import InvalidInputError, NotFoundError, Tab
from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.domain.stores.errors import CancelUnsupportedError, StoreRestsError
from sourcehere.ports.errors import (
    DeclinedError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.testing.factories import nothing_moves, snapshot

CUSTOMER = ShopCancelReason.CUSTOMER
MINUTE = timedelta(minutes=1)


def cancel(bench, *names, **more):
    """
    Have orders of the shop cancelled, as the seller does.
    """
    return bench.sh.seller("demo").stores.cancel_orders(
        "shop", names, reason=CUSTOMER, **more
    )


def state_of(bench, order_id):
    """
    Return the state and the tabs of an order.
    """
    order = bench.app.orders.get("demo", order_id)
    return order.state, order.tab


class TestCancelled:
    def test_what_is_not_paid_is_cancelled(self, paired):
        """
        Here too, at once, and the next sync brings nothing new.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1))
        (other,) = paired.sync(snapshot("2", CUP=1))

        report = cancel(paired, "1")

        assert (("1",), {}, {}) == (
            report.cancelled,
            report.not_cancelled,
            report.unknown,
        )
        assert paired.shop.fetch_order("1").cancelled
        assert ("cancelled", Tab.CANCELLED) == state_of(paired, order_id)
        assert "awaiting_payment" == state_of(paired, other)[0]
        assert 0 == paired.app.stores.sync("demo", "shop").changed

    def test_what_is_paid_is_held(self, paired):
        """
        As if the shop had told it by itself: a person decides what becomes of it.
        """
        order_id = paired.paid("1", CUP=1)

        assert ("1",) == cancel(paired, "1").cancelled

        assert ("awaiting_shipping", Tab.ABNORMAL) == state_of(paired, order_id)

    def test_every_part_follows(self, paired):
        """
        Shops cancel whole orders.
        """
        paired.sync(snapshot("1", CUP=1, SOCK=1))
        assert ("1",) == cancel(paired, "1").cancelled
        parts = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
        assert {"cancelled"} == {state_of(paired, part)[0] for part in parts}

    def test_asked_again_it_stays(self, paired):
        """
        By the same command, and by another one.
        """
        paired.sync(snapshot("1", CUP=1))
        first = cancel(paired, "1", command_id="once")
        with nothing_moves(paired):
            assert first == cancel(paired, "1", command_id="once")
        assert ("1",) == cancel(paired, "1", "1").cancelled


class TestNotCancelled:
    def test_what_has_left_is_not_asked_for(self, paired):
        """
        The shop may not know yet; the other one is cancelled.
        """
        order_id = paired.accepted("1", CUP=2)
        paired.ship(order_id, i1_1=1)
        paired.sync(snapshot("2", CUP=1))

        report = cancel(paired, "1", "2")

        assert ("2",) == report.cancelled
        assert {"1": f"order 1: parcels of {order_id} have left"} == (
            report.not_cancelled
        )
        assert not paired.shop.fetch_order("1").cancelled
        assert "partially_shipped" == state_of(paired, order_id)[0]

    @pytest.mark.parametrize(
        "error",
        [
            DeclinedError(provider="fake", detail="too late"),
            ThrottledError(provider="fake", detail="slow down", retry_after=MINUTE),
            UnauthorizedError(provider="fake", detail="no right to"),
            UnknownOutcomeError(provider="fake", detail="timed out"),
            RuntimeError("a bug of its own"),
        ],
    )
    def test_why_is_told(self, paired, error):
        """
        The shop is asked what became of it, so that it is known; others are done.
        """
        (order_id, _) = paired.sync(snapshot("1", CUP=1), snapshot("2", CUP=1))
        paired.shop.cancel_errors = [error]

        report = cancel(paired, "1", "2")

        assert (("2",), ["1"]) == (report.cancelled, [*report.not_cancelled])
        words = report.not_cancelled["1"]
        assert getattr(error, "detail", "a bug of its own") in words
        assert "awaiting_payment" == state_of(paired, order_id)[0]

    def test_an_answer_that_was_lost(self, paired):
        """
        It was cancelled, as the shop says when it is asked.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1))
        shop, real = paired.shop, paired.shop.cancel_order

        def lose(name, *, reason):
            real(name, reason=reason)
            raise UnknownOutcomeError(provider="fake", detail="timed out")

        shop.cancel_order = lose

        assert ("1",) == cancel(paired, "1").cancelled
        assert "cancelled" == state_of(paired, order_id)[0]

    def test_a_shop_that_needs_time(self, paired):
        """
        It took the wish, and says still that the order is open.
        """
        paired.sync(snapshot("1", CUP=1))
        paired.shop.cancel_order = lambda _, *, reason: None  # noqa: ARG005

        assert "some time" in cancel(paired, "1").not_cancelled["1"]

    def test_a_shop_that_says_nothing_afterwards(self, paired):
        """
        Nobody knows: the next sync tells.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1))
        paired.shop.fetch_error = UnknownOutcomeError(provider="fake", detail="down")

        report = cancel(paired, "1")

        assert ((), {}, ["1"]) == (
            report.cancelled,
            report.not_cancelled,
            [*report.unknown],
        )
        assert "awaiting_payment" == state_of(paired, order_id)[0]
        paired.shop.fetch_error = None
        paired.app.stores.sync("demo", "shop")
        assert "cancelled" == state_of(paired, order_id)[0]

    def test_an_order_that_the_shop_has_not(self, paired):
        """
        Its words are told.
        """
        assert "no order 9" in cancel(paired, "9").not_cancelled["9"]


class TestRefused:
    def test_a_platform_that_cannot(self, paired):
        """
        People do it in the shop, if a file has any.
        """
        stores = paired.sh.seller("demo").stores
        stores.connect("csv", platform="file", config={"path": "/o.csv"}, check=False)
        with nothing_moves(paired), pytest.raises(CancelUnsupportedError) as ei:
            stores.cancel_orders("csv", ["1"])
        assert ("csv", "file") == (ei.value.store_id, ei.value.platform)

    def test_a_shop_that_rests(self, paired):
        """
        It is not asked.
        """
        paired.sync(snapshot("1", CUP=1))
        paired.sh.seller("demo").stores.pause("shop")
        with nothing_moves(paired), pytest.raises(StoreRestsError):
            cancel(paired, "1")
        assert not paired.shop.fetch_order("1").cancelled

    def test_no_such_shop(self, paired):
        """
        Of this seller.
        """
        with pytest.raises(NotFoundError):
            paired.sh.seller("demo").stores.cancel_orders("none", ["1"])

    @pytest.mark.parametrize("count", [0, 101])
    def test_how_many(self, paired, count):
        """
        One to a hundred at a time.
        """
        names = [str(number) for number in range(count)]
        with nothing_moves(paired), pytest.raises(InvalidInputError):
            cancel(paired, *names)
