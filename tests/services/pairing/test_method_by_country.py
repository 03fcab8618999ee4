"""
Connections whose shipping method depends on the country.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import CommandRefusedError, InvalidInputError, UnknownMethodError
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.testing.factories import (
    HOME,
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    snapshot,
)

GB = attrs.evolve(HOME, country="GB", postal_code="")
AU = attrs.evolve(HOME, country="AU", postal_code="")


def desk(bench):
    return bench.sh.seller("demo").connections


def connected(bench, **options):
    return desk(bench).connect("shop", [bench.rule("CUP")], **options).connection_id


def methods(bench, *order_ids):
    offer = bench.sh.seller("demo").checkouts.open(order_ids)
    return [order.method for order in offer.orders]


def test_the_country_decides(bench):
    """
    Another country has the connection's method; what was chosen for the order goes
    before both.
    """
    connected(bench, method="express", methods={"UK": "std", "AU": ""})
    us, gb, au, chosen = bench.sync(
        snapshot("1", CUP=1),
        snapshot("2", address=GB, CUP=1),
        snapshot("3", address=AU, CUP=1),
        snapshot("4", CUP=1),
    )
    bench.sh.seller("demo").orders.choose_shipping([chosen], "std")

    assert ["express", "std", "std", "std"] == methods(bench, us, gb, au, chosen)
    (made,) = desk(bench).list()
    assert {"AU": "", "GB": "std"} == made.methods


def test_it_is_changed_and_stays_where_it_is_not_named(bench):
    """
    Changing rules, or correcting, keeps the methods; all of them are replaced at once.
    """
    connection_id = connected(bench, method="express", methods={"US": "std"})
    (order_id,) = bench.sync(snapshot("1", CUP=1))
    desk(bench).change(connection_id, [bench.rule("CUP", HAT=1)])
    desk(bench).correct(order_id, 1, bench.wanted(CUP=1))
    assert ["std"] == methods(bench, order_id)
    desk(bench).change(connection_id, methods={})
    assert ["express"] == methods(bench, order_id)

    assert [
        ("CUP is 1 CUP", "sent by express", "to US by std"),
        ("CUP is 1 HAT; it was 1 CUP",),
        ("CUP is 1 CUP; it was 1 HAT",),
        ("by no other method to any country",),
    ] == [step.words for step in desk(bench).history(connection_id)]


def test_a_checkout_that_is_open_is_refused(bench):
    """
    What was priced for another method cannot be paid.
    """
    connection_id = connected(bench, method="std")
    (order_id,) = bench.sync(snapshot("1", CUP=1))
    shop = bench.sh.seller("demo")
    offer = shop.checkouts.open([order_id])
    desk(bench).change(connection_id, methods={"US": "express"})

    with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
        shop.checkouts.pay(offer)
    assert ("freight_outdated",) == ei.value.codes


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"XX": "std"}, InvalidInputError),
        ({"GB": "std", "UK": "std"}, InvalidInputError),
        ({"GB": "balloon"}, UnknownMethodError),
    ],
)
def test_what_is_no_country_or_no_method_is_refused(bench, wanted, error):
    """
    When it is connected, and when it is changed.
    """
    with nothing_moves(bench), pytest.raises(error):
        connected(bench, methods=wanted)
    connection_id = connected(bench)
    with nothing_moves(bench), pytest.raises(error):
        desk(bench).change(connection_id, methods=wanted)


def test_a_quoted_method_counts_everywhere(bench):
    """
    What was agreed for the product goes before what was said by country.
    """
    (order_id,) = bench.sync(snapshot("1", CUP=1))
    request_id = bench.app.quotes.ask(
        "demo", QuoteWish(order_id=order_id, line=1), by=SELLER
    )
    bench.app.quotes.answer(
        "demo",
        request_id,
        variant_id=bench.variants["CUP"],
        tiers={1: 400},
        valid_until=NOON + timedelta(days=7),
        method="express",
        by=STAFF,
    )
    connected(bench, methods={"US": "std"})
    bench.app.quotes.accept("demo", request_id, by=SELLER)
    bench.app.relay.run()

    assert ["express"] == methods(bench, order_id)
