"""
A database that is copied is there as it was, whatever keeps either.
"""

import pytest

import sourcehere
from sourcehere import InvalidInputError, Money
from sourcehere.ports.storage_errors import NotEmptyError
from sourcehere.testing import sample_shop
from sourcehere.testing.rows import dump


@pytest.fixture
def demo():
    """
    Return a platform on which orders came, were paid, and one of them has arrived.
    """
    made = sample_shop()
    first = made.customer_orders(CUP=2)
    made.customer_orders("1002", HAT=1)
    made.shop.checkouts.pay(made.shop.checkouts.open([first]))
    made.ann.shipping.accept([first])
    made.ann.shipping.ship(first, carrier="post", tracking_number="T1")
    made.sh.relay.run()
    return made


@pytest.fixture
def other(database_url, demo):
    """
    Return an empty order core on a database of each kind, at the same moment.
    """
    with sourcehere.open(database_url, clock=demo.clock) as sh:
        yield sh


def rows_of(sh):
    return dump(sh._app.storage)


def test_a_copy_has_every_row(demo, other):
    """
    It tells how many came of each table, and goes on as the first one would.
    """
    told = []
    copied = demo.sh.copy_to(other, progress=told.append)

    assert sorted(told) == told
    assert told[-1] == sum(copied.values())
    there = rows_of(other)
    assert rows_of(demo.sh) == there
    assert {name: len(rows) for name, rows in there.items() if rows} == copied
    assert 2 == copied["orders"]
    assert other.audit.run(replay=True).is_clean
    order_ids = other.seller("demo").orders.find_number("#1002")
    shop = other.seller("demo")
    assert (
        Money(50, "USD")
        < shop.checkouts.pay_at_most(order_ids, Money(100_000, "USD")).total
    )


def test_a_copy_of_a_copy_is_the_same(demo, other):
    """
    Back from a database that people run it is what it was in memory.
    """
    demo.sh.copy_to(other)
    with sourcehere.open("memory://") as back:
        other.copy_to(back)

        assert rows_of(demo.sh) == rows_of(back)


def test_nothing_is_copied_onto_what_is_kept(demo, other):
    """
    A database with a row is refused by the name of its table, and stays as it was.
    """
    other.staff("ann").sellers.register("mugs", name="Mugs", currency="GBP")
    before = rows_of(other)

    with pytest.raises(NotEmptyError) as ei:
        demo.sh.copy_to(other)
    assert (other.url, "seller") == (ei.value.url, ei.value.table)
    assert before == rows_of(other)


def test_nothing_is_copied_onto_itself(demo):
    """
    It is no other database, also where nothing is kept.
    """
    before = rows_of(demo.sh)

    with pytest.raises(InvalidInputError):
        demo.sh.copy_to(demo.sh.over(demo.sh._app.storage))
    assert before == rows_of(demo.sh)


@pytest.mark.parametrize("other", ["sqlite:///orders.db", None])
def test_a_copy_goes_into_what_is_open(demo, other):
    """
    An address alone is none: it may be misspelt, and be made.
    """
    with pytest.raises(InvalidInputError) as ei:
        demo.sh.copy_to(other)
    assert "other" == ei.value.field
