"""
A second shop that is connected as the first one is.
"""

from datetime import timedelta

import pytest

from sourcehere import InvalidInputError, MappingRule, NotFoundError, RuleItem
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    snapshot,
)


@pytest.fixture
def two(bench):
    """
    A bench whose seller has a second shop.
    """
    bench.sh.seller("demo").stores.connect(
        "second", platform="fake", config={"shop": "second"}
    )
    return bench


def desk(bench):
    return bench.sh.seller("demo").connections


def sells(bench, external_id, **units):
    """
    Let the second shop sell something; return our order's id.
    """
    shop = bench.sh.seller("demo")
    bench.shops["second"].put(snapshot(external_id, **units))
    shop.stores.sync("second")
    return shop.orders.find_external("second", [external_id])[external_id][0]


def test_everything_is_copied_and_each_shop_is_on_its_own(two):
    """
    Rules and methods are the same, what waits is tried, and a later change of one shop
    leaves the other alone.
    """
    connection_id = two.connect(two.rule("CUP", HAT=2), two.rule("HAT"), method="std")
    gone = two.connect(two.rule("LAMP"))
    desk(two).remove(gone)
    waiting = sells(two, "1", CUP=1)
    report = desk(two).copy("shop", "second")
    two.app.relay.run()
    desk(two).change(connection_id, [two.rule("CUP")])

    assert {} == report.failed
    (made,) = report.done.values()
    assert [connection_id] == list(report.done)
    first, second = (desk(two).get(n) for n in (connection_id, made.connection_id))
    assert ("second", "CUP", "std") == (second.store_id, second.listing, second.method)
    assert ["CUP", "HAT"] == [rule.name for rule in second.rules]
    assert ["CUP"] == [rule.name for rule in first.rules]
    order = two.app.orders.get("demo", waiting)
    assert ("awaiting_payment", [(two.variants["HAT"], 2)]) == (
        order.state,
        [(i.variant_id, i.quantity) for i in order.items.values()],
    )


def test_an_agreed_price_is_copied_too(two):
    """
    It was agreed with the seller, whichever shop sells it.
    """
    (order_id,) = two.sync(snapshot("1", SOCK=1))
    quotes = two.app.quotes
    request_id = quotes.ask("demo", QuoteWish(order_id=order_id, line=1), by=SELLER)
    quotes.answer(
        "demo",
        request_id,
        variant_id=two.variants["HAT"],
        tiers={1: 200},
        valid_until=NOON + timedelta(days=7),
        by=STAFF,
    )
    quotes.accept("demo", request_id, by=SELLER)
    desk(two).copy("shop", "second")
    two.app.relay.run()
    sold = sells(two, "2", SOCK=1)

    assert {sold: 200 + 400} == two.pay(sold).paid


def test_what_cannot_be_copied_is_reported(two):
    """
    A SKU that is connected there, a rule by ids, a variant nobody sells: the rest is
    copied.
    """
    cup = two.connect(two.rule("CUP"))
    two.connect(two.rule("HAT"))
    items = (RuleItem(two.variants["CUP"]),)
    by_id = two.connect(MappingRule("", items, external_variant_id="11"))
    lamp = two.connect(two.rule("LAMP"))
    desk(two).connect("second", [two.rule("cup", HAT=1)])
    two.app.upkeep.discontinue(two.variants["LAMP"], by=STAFF)
    report = desk(two).copy("shop", "second")

    assert 1 == len(report.done)
    assert {
        cup: "AlreadyExistsError",
        by_id: "InvalidInputError",
        lamp: "NotFoundError",
    } == {name: type(error).__name__ for name, error in report.failed.items()}
    assert "variant:11" == report.failed[by_id].value
    with nothing_moves(two):
        again = desk(two).copy("shop", "second")
    assert {} == again.done


def test_there_have_to_be_two_shops(two):
    """
    Nothing is copied onto itself, nor from or to a shop there is not.
    """
    two.connect(two.rule("CUP"))
    with nothing_moves(two), pytest.raises(InvalidInputError) as ei:
        desk(two).copy("shop", "shop")
    assert "to_store_id" == ei.value.field
    for stores in (("shop", "third"), ("third", "shop")):
        with nothing_moves(two), pytest.raises(NotFoundError):
            desk(two).copy(*stores)
