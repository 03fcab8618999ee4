"""
Arguments are what their annotations say, or a typed error that names them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import Address, CallerError, InvalidInputError, Money, Tab, Wanted
from sourcehere.face.arguments import check_arguments
from sourcehere.testing.factories import nothing_moves

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=True),
    st.integers(min_value=-(10**40), max_value=10**40),
    st.text(),
    st.sampled_from(["\0", "\ud800", "a" * 10_001, 10**30, b"bytes", [], {}, object()]),
    st.datetimes(),
    st.lists(st.integers(), max_size=2),
)


def takes(
    self,
    text: str = "",
    count: int = 0,
    flag: bool = False,  # noqa: FBT001, FBT002 - it is what is tested
    at: datetime | None = None,
    on: date | None = None,
    money: Money | None = None,
    tab: Tab = Tab.ALL,
    names: Sequence[str] = (),
    units: Mapping[str, int] | None = None,
    config: Mapping[str, object] | None = None,
    address: Address | None = None,
) -> None:
    """
    Take one argument of every kind.
    """


def deep(levels):
    """
    Return lists within lists.
    """
    made = []
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", "a b\n\tç 灯"),
        ("count", 10**9),
        ("flag", True),
        ("at", datetime(2026, 3, 2, tzinfo=UTC)),
        ("at", None),
        ("on", date(2026, 3, 2)),
        ("money", Money(5, "JPY")),
        ("tab", Tab.SHIPPED),
        ("names", ["a", "b"]),
        ("units", {"1.1": 2}),
        ("config", {"a": [1, 2.5, None, {"b": True}]}),
        ("address", Address("GB", name="A")),
    ],
)
def test_what_fits_is_taken(name, value):
    """
    What the annotation says goes through.
    """
    assert check_arguments(takes, (), {name: value}) is None


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("text", 5, "text"),
        ("text", "a\0", "text"),
        ("text", "\ud800", "text"),
        ("text", "\x1b[31m", "text"),
        ("text", "a" * 10_001, "text"),
        ("count", 10**30, "count"),
        ("count", 10**9 + 1, "count"),
        ("money", Money(10**13 + 1, "USD"), "money.minor"),
        ("names", (name for name in ["a"]), "names"),
        ("names", {"a"}, "names"),
        ("count", 1.0, "count"),
        ("count", True, "count"),
        ("count", "2", "count"),
        ("flag", 1, "flag"),
        ("at", datetime(2026, 3, 2), "at"),  # noqa: DTZ001 - that it has no zone
        ("at", datetime(9999, 3, 2, tzinfo=UTC), "at"),
        ("at", "2026-03-02", "at"),
        ("money", 500, "money"),
        ("money", Money(10**30, "USD"), "money.minor"),
        ("tab", "all", "tab"),
        ("names", "abc", "names"),
        ("names", {"a": "b"}, "names"),
        ("names", [1], "names[0]"),
        ("units", {"1.1": 1.5}, "units: 1.1"),
        ("units", {1: 1}, "units: a name"),
        ("units", [], "units"),
        ("config", {"a": object()}, "config: a"),
        ("config", {"a": deep(30)}, None),
        ("address", Address("GB", name="\0"), "address.name"),
        ("address", {"country": "GB"}, "address"),
    ],
)
def test_what_does_not_is_named(name, value, field):
    """
    Anything else is a caller's error that names the argument, and stays short.
    """
    with pytest.raises(InvalidInputError) as ei:
        check_arguments(takes, (), {name: value})

    assert field in (None, ei.value.field)
    assert len(str(ei.value)) < 400


def test_a_wrong_name_is_a_programming_error():
    """
    An argument that does not exist is Python's own TypeError, and nothing moves.
    """
    shop = BENCH.sh.seller("demo")
    with nothing_moves(BENCH):
        for wrong in ({"colour": "red"}, {"order_ids": []}):
            with pytest.raises(TypeError):
                shop.checkouts.open([], **wrong)
        with pytest.raises(TypeError):
            shop.wallet.get("USD", "EUR")


@given(order_id=ODD, reference=ODD, amount=ODD, limit=ODD, tab=ODD, units=ODD)
def test_no_driver_ever_sees_them(order_id, reference, amount, limit, tab, units):
    """
    Whatever is given, what comes out is an error of ours, and nothing moved.
    """
    bench = BENCH
    shop, ann = bench.sh.seller("demo"), bench.sh.staff("ann").seller("demo")
    calls = (
        lambda: shop.orders.get(order_id),
        lambda: shop.orders.list(tab=tab, limit=limit),
        lambda: shop.orders.cancel([order_id]),
        lambda: shop.checkouts.open([order_id]),
        lambda: shop.drafts.manual([Wanted(order_id, units)], Address("GB")),
        lambda: ann.wallet.top_up(amount, reference=reference),
        lambda: ann.refunds.refund_units(order_id, {"1.1": units}),
    )
    with nothing_moves(bench):
        for call in calls:
            try:
                call()
            except CallerError:
                continue


def _bench():
    from sourcehere.testing.factories import open_bench  # noqa: PLC0415 - made once

    return open_bench()


BENCH = _bench()
