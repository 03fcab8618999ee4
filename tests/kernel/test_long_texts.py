"""
What somebody sends is told back to no more than a line, however long it is: errors are
written into logs, and answered.
"""

import pytest

import sourcehere
from sourcehere import Money, SourceHereError, to_dict
from sourcehere.testing import sample_shop

LONG = "a" * 1_000_000


@pytest.fixture(scope="module")
def shop():
    """
    Return an order core with a seller.
    """
    made = sample_shop()
    yield made
    made.sh.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda _: Money.parse("1", LONG),
        lambda _: Money(1, LONG),
        lambda _: Money.parse("9" * 1_000_000, "GBP"),
        lambda demo: demo.sh.seller(LONG),
        lambda demo: demo.sh.staff(LONG),
        lambda demo: demo.sh.seller("demo", by=sourcehere.Actor(LONG, LONG)),
        lambda demo: demo.desk.sellers.register(LONG, name="L", currency="GBP"),
        lambda demo: demo.desk.sellers.register("l", name=LONG, currency="GBP"),
        lambda demo: demo.desk.sellers.register("l", name="L", currency=LONG),
        lambda demo: demo.shop.orders.get(LONG),
        lambda demo: demo.shop.orders.list(after=LONG),
        lambda demo: demo.shop.checkouts.open([LONG]),
        lambda demo: demo.shop.checkouts.open([], command_id=LONG),
    ],
)
def test_a_long_text_is_not_repeated(shop, ask):
    """
    Neither in words nor in facts.
    """
    with pytest.raises(SourceHereError) as ei:
        ask(shop)
    assert len(str(to_dict(ei.value))) < 2000
