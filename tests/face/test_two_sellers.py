"""
Two sellers never see or touch each other: every method of a seller's desk, called with
what belongs to somebody else.
"""

import json

import pytest
from desk_world import METHODS, a_world, arguments

from sourcehere import (
    Money,
    Report,
    Role,
    SourceHereError,
    to_dict,
)
from sourcehere.testing.factories import HOME, dump

CALLS = [
    (f"shop.{part}.{method}", part, method)
    for name, part, method, access in METHODS
    if name == "shop"
    for role in (Role.SELLER, Role.STAFF)
    if role in access.roles and not (role is Role.STAFF and Role.SELLER in access.roles)
]
# What is demo's alone: of its buyers, its shop, its carriers' numbers, its words.
THEIRS = (HOME.name, HOME.street, '"T1"', "#sent", "when will it come?", "no blue")


@pytest.fixture
def two():
    """
    Return a world of one seller's, and what its arguments are; a second seller has no
    more than money.
    """
    bench, values = a_world()
    desk = bench.sh.staff("ann")
    desk.sellers.register("other", name="Other", currency="USD")
    desk.seller("other").wallet.top_up(Money(1_000_000, "USD"), reference="other's")
    return bench, values


def of_demo(bench):
    """
    Return every row that is the first seller's, and what the platform keeps.
    """
    return {
        name: sorted(row for row in rows if "other" not in row[:1])
        for name, rows in dump(bench.app.storage).items()
    }


def told(answer):
    """
    Return what an answer says, as JSON.
    """
    return json.dumps(to_dict(answer), ensure_ascii=False)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "part", "method"), CALLS, ids=[c[0] for c in CALLS])
def test_what_is_somebody_elses_is_neither_told_nor_touched(two, name, part, method):
    """
    Whatever the other seller names, by whoever acts for them.
    """
    bench, values = two
    before = of_demo(bench)
    desks = (bench.sh.seller("other"), bench.sh.staff("ann").seller("other"))
    for desk in desks:
        called = getattr(getattr(desk, part), method)
        given = arguments(bench, values, name, called)
        try:
            answer = called(**given)
        except SourceHereError as error:
            said = told(error)
            codes = getattr(error, "codes", ())
        else:
            said, codes = told(answer), ()
            is_about_orders = isinstance(answer, Report) and "order_ids" in given
            assert not (is_about_orders and answer.done)
        # Any other reason would be what state somebody else's order is in.
        assert set(codes) <= {"role_not_allowed", "not_returnable", "more_than_came"}
        assert [] == [words for words in THEIRS if words in said]
    after = of_demo(bench)

    assert {n: rows for n, rows in before.items() if rows != after[n]} == {}
