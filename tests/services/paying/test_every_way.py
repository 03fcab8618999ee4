"""
Every way to send an order, fact by fact.
"""

from datetime import date

import attrs
import pytest

from sourcehere import CommandRefusedError
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.freight.model import FreightAnswer, LeftOut
from sourcehere.domain.kernel.errors import Blocker
from sourcehere.domain.wallet.model import PlannedArrival
from sourcehere.ports.errors import UnknownOutcomeError
from sourcehere.services.paying.modes import PricedMode, ShippingModes
from sourcehere.testing.factories import (
    SELLER,
    STAFF,
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
from sourcehere.unit.tables import TABLES

GONE = UnknownOutcomeError(provider="acme", detail="timed out")


@pytest.fixture
def storage():
    """
    Memory alone: how an order can be sent does not depend on it.
    """
    return MemoryStorage(TABLES)


@pytest.fixture
def acme():
    """
    A carrier beside the rate card, which is slow, cheap and picky.
    """
    left_out = LeftOut("std", "too_heavy", "no more than 100 g")
    return FakeCarrier(
        answer=FreightAnswer(
            (option("boat", 100, days_min=30, days_max=40),), (left_out,)
        )
    )


@pytest.fixture
def bench(storage, acme):
    """
    A bench with both, and an order for four cups, three of which are in stock.
    """
    made = open_bench(storage=storage, plugins=[FakeCarriers(acme=acme)])
    made.app.freight.connect(
        "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
    )
    made.connect(made.rule("CUP"))
    return made


@pytest.fixture
def order_id(bench):
    """
    The order.
    """
    bench.stocked(CUP=3)
    (made,) = bench.sync(snapshot(CUP=4))
    return made


def modes(bench, order_id):
    """
    Ask; nothing is moved by it.
    """
    with nothing_moves(bench):
        return bench.app.modes.modes("demo", order_id)


def arriving(source, minor, method, earliest, latest):
    """
    Make the estimate of a way from China.
    """
    return PlannedArrival(
        source=source,
        country="CN",
        method=method,
        freight_minor=minor,
        earliest=earliest,
        latest=latest,
        provisional=False,
    )


def test_each_has_all_its_facts(bench, order_id):
    """
    Goods and handling are those of a checkout; the cheapest is taken.
    """
    found = modes(bench, order_id)
    boat, std, express = found.modes

    assert (
        ShippingModes(
            order_id=order_id,
            currency="USD",
            goods_minor=500,
            handling_minor=60,
            wanted="",
            modes=(boat, std, express),
            left_out=(LeftOut("acme:std", "too_heavy", "no more than 100 g", "acme"),),
            blockers=(),
        )
        == found
    )
    assert (
        PricedMode(
            method="boat",
            connection="acme",
            name="Boat",
            freight_minor=100,
            total_minor=660,
            days_min=30,
            days_max=40,
            chargeable_grams=300,
            is_chosen=True,
            arrivals=boat.arrivals,
        )
        == boat
    )
    assert ("card:std", 700, 1260, False) == (
        std.method,
        std.freight_minor,
        std.total_minor,
        std.is_chosen,
    )
    assert (
        arriving("partly", 3000, "express", date(2026, 3, 7), date(2026, 3, 11)),
        arriving("cloud", 3000, "express", date(2026, 3, 5), date(2026, 3, 8)),
    ) == express.arrivals
    assert ("boat", "express") == (found.cheapest, found.fastest)


@pytest.mark.parametrize("method", ["std", "card:std"])
def test_what_is_chosen_is_marked(bench, order_id, acme, method):
    """
    By its short or its full code, and only of its connection.
    """
    acme.answer = answering(option("std", 100))
    full = "card:std"
    bench.app.orders.choose_shipping("demo", [order_id], full, by=SELLER)
    found = modes(bench, order_id)

    assert full == found.wanted
    assert [("acme:std", False), ("card:std", True), ("express", False)] == [
        (one.method, one.is_chosen) for one in found.modes
    ]
    acme.answer = answering(option("boat", 100))
    bench.app.orders.choose_shipping("demo", [order_id], method, by=SELLER)
    assert ["std"] == [
        one.method for one in modes(bench, order_id).modes if one.is_chosen
    ]


def test_of_equals_the_cheaper_is_the_fastest(bench, order_id, acme):
    """
    What counts is by when it is there at the latest.
    """
    acme.answer = answering(option("air", 900, days_min=1, days_max=5))
    found = modes(bench, order_id)

    assert ("std", "air") == (found.cheapest, found.fastest)
    same = attrs.evolve(found.modes[0], arrivals=(), days_max=5)
    slow = attrs.evolve(same, method="slow", days_max=6)
    for first, name in (((same, slow), "std"), ((slow, same), "std")):
        assert name == attrs.evolve(found, modes=first).fastest
    assert (date.min, 5) == same.latest


def test_a_connection_that_does_not_answer_is_named(bench, order_id, acme):
    """
    Without a method of its own; and where one of it is wanted, so is the reason.
    """
    bench.app.orders.choose_shipping("demo", [order_id], "acme:boat", by=SELLER)
    acme.answer = GONE
    found = modes(bench, order_id)

    assert [("", "no_answer", "acme")] == [
        (one.method, one.code, one.connection) for one in found.left_out
    ]
    (blocker,) = found.blockers
    assert "no_freight_option" == blocker.code
    assert "acme does not answer: it gives no answer" in blocker.words
    assert [False, False] == [one.is_chosen for one in found.modes]


def test_why_the_next_checkout_would_be_refused(bench, order_id):
    """
    In the very words of the checkout.
    """
    (heavy,) = bench.sync(snapshot("9", CUP=20))
    bench.app.orders.choose_shipping("demo", [heavy], "express", by=SELLER)
    found = modes(bench, heavy)
    with pytest.raises(CommandRefusedError) as ei:
        bench.app.checkouts.checkout("demo", [heavy], by=SELLER)

    assert ei.value.blockers == found.blockers
    assert isinstance(found.blockers[0], Blocker)
    assert order_id


def test_an_order_that_cannot_be_paid_is_refused_as_one(bench, order_id):
    """
    Before any carrier is asked.
    """
    bench.app.orders.cancel("demo", [order_id], by=SELLER)

    with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
        bench.app.modes.modes("demo", order_id)
    assert ("pay", order_id, ("wrong_state",)) == (
        ei.value.command,
        ei.value.id,
        ei.value.codes,
    )


def test_goods_for_stock_have_no_ways(bench):
    """
    The platform brings them to its own warehouse.
    """
    made = bench.app.drafts.create_cloud("demo", "CN1", bench.wanted(CUP=3), by=SELLER)
    bench.app.drafts.place("demo", made, by=SELLER)

    assert ShippingModes(
        order_id=made,
        currency="USD",
        goods_minor=1350,
        handling_minor=0,
        wanted="",
        modes=(),
        left_out=(),
        blockers=(),
    ) == modes(bench, made)
    assert ("", "") == (modes(bench, made).cheapest, modes(bench, made).fastest)
