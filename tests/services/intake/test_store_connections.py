"""
A shop's connection lives: it is changed, paused, taken up, ended, read again, pulled.
"""

from datetime import timedelta

import pytest

from sourcehere import StoreRestsError
from sourcehere.ports.errors import ConfigError, DeclinedError, UnauthorizedError
from sourcehere.testing.factories import nothing_moves, snapshot
from sourcehere.testing.fake_shop import FakeShop, Fault


@pytest.fixture
def stores(paired):
    """
    Make the desk of the seller's shops.
    """
    return paired.sh.seller("demo").stores


def state(stores):
    store = stores.get("shop")
    return store.state, store.why


def refusing(bench, error):
    """
    Let every pull of the shop raise *error*, until it is put right.
    """

    def fail(*_, **__):
        raise error

    bench.shop.pull_orders = fail


def put_right(bench):
    del bench.shop.pull_orders


UNAUTHORIZED = UnauthorizedError(provider="fake", detail="token revoked")


class TestChanging:
    def test_a_typo_is_put_right(self, paired, stores):
        """
        A configuration can be changed, and is checked.
        """
        with nothing_moves(paired), pytest.raises(ConfigError):
            stores.change("shop", config={"path": "typo"})
        stores.change("shop", config={"shop": "other"}, name="The other shop")

        assert "The other shop" == stores.get("shop").name
        assert 0 == stores.sync("shop").orders

    def test_a_new_configuration_is_tried(self, paired, stores):
        """
        Where the platform can try its credentials, wrong ones are not stored.
        """
        paired.shops["other"] = other = FakeShop()
        other.check_error = UNAUTHORIZED
        with nothing_moves(paired), pytest.raises(UnauthorizedError):
            stores.change("shop", config={"shop": "other"})
        with nothing_moves(paired), pytest.raises(UnauthorizedError):
            stores.connect("second", platform="fake", config={"shop": "other"})
        stores.change("shop", config={"shop": "other"}, check=False)

        with nothing_moves(paired), pytest.raises(UnauthorizedError):
            stores.check("shop")

    def test_a_shop_is_read_from_the_start_again(self, paired, stores):
        """
        What is known changes nothing.
        """
        paired.sync(snapshot(CUP=1))
        stores.rewind("shop")
        report = stores.sync("shop")

        assert (0, 1) == (report.orders, report.unchanged)


class TestResting:
    def test_a_paused_shop_is_neither_read_nor_told(self, paired, stores):
        """
        What is owed to it waits, and is told once it is taken up again.
        """
        paired.ship(paired.accepted(CUP=2), "T1")
        paired.shop.put(snapshot("2", CUP=1))
        stores.pause("shop", why="moving house")
        paired.sh.relay.run()
        with nothing_moves(paired), pytest.raises(StoreRestsError) as ei:
            stores.sync("shop")
        assert ("shop", "paused", "moving house") == (
            ei.value.store_id,
            ei.value.state,
            ei.value.why,
        )
        for _ in range(12):
            paired.clock.advance(timedelta(hours=1))
            paired.sh.relay.run()
        assert {} == paired.shop.fulfilments
        stores.resume("shop")
        paired.clock.advance(timedelta(hours=1))
        paired.sh.relay.run()

        assert 1 == len(paired.shop.fulfilments)
        assert 1 == stores.sync("shop").orders

    def test_what_a_paused_shop_is_owed_is_looked_at_rarely(self, paired, stores):
        """
        Each look writes rows: there is one an hour in the end; resumed, it is told at
        once.
        """
        paired.ship(paired.accepted(CUP=2), "T1")
        stores.pause("shop")
        for _ in range(144):
            paired.clock.advance(timedelta(minutes=10))
            paired.sh.relay.run()
        (message,) = (m for m in paired.sh.relay.waiting().items if m.connection)
        assert 24 <= message.epoch <= 30
        assert message.next_at - paired.clock.now() <= timedelta(hours=1)
        stores.resume("shop")
        paired.sh.relay.run()

        assert 1 == len(paired.shop.fulfilments)

    def test_a_disconnected_shop_is_told_nothing(self, paired, stores):
        """
        What was owed is dead and visible; connected again, it can be sent.
        """
        paired.ship(paired.accepted(CUP=2), "T1")
        stores.disconnect("shop")
        paired.sh.relay.run()
        (message,) = paired.sh.relay.dead()
        assert "StoreRestsError: store shop is disconnected" == message.error
        with nothing_moves(paired), pytest.raises(StoreRestsError):
            stores.resume("shop")
        stores.connect("shop", platform="fake", config={"shop": "shop"})
        paired.sh.relay.resend("demo", message.message_id)
        paired.sh.relay.run()

        assert 1 == len(paired.shop.fulfilments)

    def test_twice_is_once(self, paired, stores):
        """
        Pausing what is paused, and so on, changes nothing.
        """
        stores.pause("shop", why="a")
        with nothing_moves(paired):
            stores.pause("shop", why="a")
            stores.pause("shop")
        assert ("paused", "a") == state(stores)
        stores.disconnect("shop")
        with nothing_moves(paired):
            stores.disconnect("shop")

    def test_the_newer_reason_is_kept(self, stores):
        """
        It is what people read who look why nothing is read from the shop.
        """
        stores.pause("shop", why="a")
        assert "b" == stores.pause("shop", why="b").why
        assert ("paused", "b") == state(stores)
        stores.disconnect("shop", why="c")
        stores.disconnect("shop", why="d")

        assert ("disconnected", "d") == state(stores)


class TestUnauthorized:
    def test_a_shop_that_refuses_us_is_paused(self, paired, stores):
        """
        Its seller has to act: the list says so, and nobody tries again.
        """
        refusing(paired, UNAUTHORIZED)
        with pytest.raises(UnauthorizedError):
            stores.sync("shop")
        assert ("paused", "unauthorized: token revoked") == state(stores)
        put_right(paired)
        with pytest.raises(StoreRestsError):
            stores.sync("shop")
        stores.resume("shop")
        stores.sync("shop")

        assert ("active", "") == state(stores)

    def test_a_push_that_is_refused_pauses_it_too(self, paired, stores):
        """
        It is no try, and no push is lost.
        """
        paired.ship(paired.accepted(CUP=2), "T1")
        paired.shop.faults.append(Fault.UNAUTHORIZED)
        paired.sh.relay.run()
        assert ("paused", "unauthorized: token revoked") == state(stores)
        for _ in range(20):
            paired.clock.advance(timedelta(hours=1))
            paired.sh.relay.run()
        assert [] == list(paired.sh.relay.dead())
        assert 1 == len(paired.shop.keys_pushed)
        stores.resume("shop")
        paired.clock.advance(timedelta(hours=1))
        paired.sh.relay.run()

        assert 1 == len(paired.shop.fulfilments)


class TestPulling:
    def test_shops_are_read_by_their_intervals(self, paired):
        """
        Due now, and again after a quarter of an hour.
        """
        paired.shop.put(snapshot(CUP=1))
        first = paired.sh.pulls.run()
        assert {"demo/shop": 1} == {n: r.orders for n, r in first.done.items()}
        assert {} == paired.sh.pulls.run().done
        paired.clock.advance(timedelta(minutes=15))

        assert ["demo/shop"] == list(paired.sh.pulls.run().done)

    def test_one_that_is_down_is_named_and_the_others_are_read(
        self, paired, stores, caplog
    ):
        """
        It is due again after its interval; the list says why it was not read, and the
        log that it was not.
        """
        stores.connect("second", platform="fake", config={"shop": "second"})
        refusing(paired, DeclinedError(provider="fake", detail="closed on Sundays"))
        report = paired.sh.pulls.run(command_id="p")
        assert (["demo/second"], ["demo/shop"]) == (
            list(report.done),
            list(report.failed),
        )
        assert ("active", "DeclinedError: fake: closed on Sundays") == state(stores)
        assert ["not read: store=demo/shop error=DeclinedError"] == caplog.messages
        again = paired.sh.pulls.run(command_id="p")
        assert report.done == again.done
        assert "fake: (not shown)" in str(again.failed["demo/shop"])
        put_right(paired)
        paired.clock.advance(timedelta(minutes=15))
        paired.sh.pulls.run()

        assert ("active", "") == state(stores)

    def test_the_interval_is_the_seller_s(self, paired, stores):
        """
        Zero is never; a shorter one counts at once.
        """
        paired.sh.pulls.run()
        stores.change("shop", pull_every_s=60)
        paired.clock.advance(timedelta(seconds=60))
        assert 1 == len(paired.sh.pulls.run().done)
        stores.change("shop", pull_every_s=0)
        paired.clock.advance(timedelta(days=9))

        assert {} == paired.sh.pulls.run().done
