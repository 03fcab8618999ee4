"""
How an order travels for which nobody chose a method: as the rule of its shop says.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import InvalidInputError, Money, ShipBy
from sourcehere.domain.freight.choosing import ShippingRule
from sourcehere.domain.freight.model import FreightOption
from sourcehere.testing.factories import SELLER, nothing_moves, snapshot


def offered(bench, order_id):
    """
    Return the method and the freight of a new checkout.
    """
    (plan,) = bench.app.checkouts.checkout("demo", [order_id], by=SELLER).plans
    return plan.method, plan.freight_minor


def stores(bench):
    """
    Return the seller's desk of shops.
    """
    return bench.sh.seller("demo").stores


class TestRules:
    @pytest.mark.parametrize(
        ("rule", "taken"),
        [
            ({}, ("std", 400)),
            ({"ship_by": ShipBy.FASTEST}, ("express", 3000)),
            ({"ship_within_days": 14}, ("std", 400)),
            ({"ship_within_days": 13}, ("express", 3000)),
            ({"ship_within_days": 2}, ("express", 3000)),
            ({"ship_by": ShipBy.FASTEST, "ship_within_days": 14}, ("express", 3000)),
        ],
    )
    def test_which_way_is_taken(self, paired, rule, taken):
        """
        The cheapest as long as nothing is said; the fastest; the cheapest that is there
        in time, and the fastest where none is.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        if rule:
            stores(paired).change("shop", **rule)

        assert taken == offered(paired, order_id)
        found = paired.sh.seller("demo").checkouts.modes(order_id)
        assert [taken[0]] == [m.method for m in found.modes if m.is_chosen]

    def test_what_somebody_chose_goes_before(self, paired):
        """
        A method of the order's own is taken whatever the rule says; without it the rule
        counts again.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        stores(paired).change("shop", ship_by=ShipBy.FASTEST)
        orders = paired.sh.seller("demo").orders
        orders.choose_shipping([order_id], "std")
        assert ("std", 400) == offered(paired, order_id)
        orders.choose_shipping([order_id], "")
        assert ("express", 3000) == offered(paired, order_id)

    def test_an_open_offer_stays(self, paired):
        """
        What was offered is paid as it was agreed, whatever the rule says by then.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        offer = paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
        stores(paired).change("shop", ship_by=ShipBy.FASTEST)
        paired.app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )

        assert "std" == paired.app.orders.get("demo", order_id).method

    def test_it_is_shown_and_kept(self, paired):
        """
        The shop shows its rule; what is not named stays.
        """
        desk = stores(paired)
        made = desk.change("shop", ship_by=ShipBy.FASTEST, ship_within_days=9)
        assert (ShipBy.FASTEST, 9) == (made.ship_by, made.ship_within_days)
        made = desk.change("shop", ship_within_days=0)
        assert (ShipBy.FASTEST, 0) == (made.ship_by, made.ship_within_days)

    @pytest.mark.parametrize("days", [-1, 1001])
    def test_days_that_there_are_not(self, paired, days):
        """
        No rule has fewer than no days, or more than a thousand.
        """
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            stores(paired).change("shop", ship_within_days=days)

        assert "ship_within_days" == ei.value.field


OPTIONS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=6,
)


@given(OPTIONS, st.sampled_from(ShipBy), st.integers(0, 20))
def test_no_way_is_better(drawn, by, within):
    """
    Of the ways that are in time, or of all where none is, none is cheaper, or faster,
    than the one that is taken.
    """
    options = sorted(
        (
            FreightOption(f"m{n}", "", Money(price, "USD"), least, least + more, 1)
            for n, (price, least, more) in enumerate(drawn)
        ),
        key=lambda o: (o.price.minor, o.method),
    )
    taken = ShippingRule(by, within).pick(options)

    fitting = [o for o in options if not within or o.days_max <= within]
    if fitting and by is ShipBy.CHEAPEST:
        assert taken in fitting
        assert taken.price.minor == min(o.price.minor for o in fitting)
    else:
        assert taken in (fitting or options)
        assert taken.days_max == min(o.days_max for o in fitting or options)
