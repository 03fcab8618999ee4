"""
What readers see of an order: every fact it has, under its own name.
"""

import itertools
from datetime import timedelta

import attrs
import pytest
from begun import imported

from sourcehere.domain.kernel.money import Money
from sourcehere.domain.orders.holds import HOLDS, Hold, HoldReason
from sourcehere.domain.orders.holds_advice import shown_hold, what_to_do
from sourcehere.domain.orders.lines import Item, ItemQuantity, Line
from sourcehere.domain.orders.marks import DisputeMark, ParcelMark
from sourcehere.domain.orders.order import Order
from sourcehere.domain.orders.views import (
    ItemView,
    LineView,
    OrderHeader,
    header_of,
    view_of,
)
from sourcehere.testing.factories import NOON

LOST = Hold("h", "parcel_lost", "post T1", NOON)
TOLD = Hold("i", "store_data", "", NOON, who="staff")
MONEY = {"goods", "freight", "handling", "due", "captured", "refunded"}
MONEY |= {"freight_refunded"}
# Worked out from others of its facts.
OWN = {"status", "tab", "holds", "units", "cancel_detail"}


def filled(cls, number, /, **facts):
    """
    Make a *cls* each number of which is another one, and each text too.
    """
    values = {int: number.__next__, str: lambda: f"text {next(number)}"}
    for field in attrs.fields(attrs.resolve_types(cls)):
        base = getattr(field.type, "__supertype__", field.type)
        if field.name not in facts and base in values:
            facts[field.name] = values[base]()
    return cls(**facts)


@pytest.fixture
def order():
    """
    An order no two facts of which are equal.
    """
    number = itertools.count(100)
    days = (NOON + timedelta(days=n) for n in itertools.count())
    instants = {
        name: next(days)
        for name in (
            *("created_at", "placed_at", "paid_at", "entered_at"),
            *("pay_by", "deliver_by", "promised_by", "accepted_at"),
        )
    }
    lines = [
        filled(Line, number, line=1, is_paired=True, sold_currency="GBP"),
        filled(Line, number, line=2, is_paired=False, sold_currency=""),
    ]
    items = [filled(Item, number, item_id=f"1.{n}", line=1) for n in (1, 2)]
    return filled(
        Order,
        number,
        **instants,
        kind="store",
        state="shipped",
        currency="USD",
        draws_on_stock=False,
        holds=(LOST, TOLD),
        parcels=(ParcelMark("p"), ParcelMark("q", is_delivered=True)),
        disputes=(DisputeMark("d", (ItemQuantity("1.1", 1),)),),
        lines=lines,
        items={item.item_id: item for item in items},
    )


def names(view):
    """
    Return the names of the fields of a view.
    """
    return {field.name for field in attrs.fields(view)}


def test_a_list_shows_every_fact(order):
    """
    A header has each fact of the order, amounts in its currency.
    """
    header = header_of(order, 7)

    for name in names(OrderHeader) - MONEY - OWN:
        assert (name, getattr(order, name)) == (name, getattr(header, name))
    for name in MONEY:
        minor = getattr(order, f"{name}_minor")
        assert (name, Money(minor, "USD")) == (name, getattr(header, name))
    assert "" == header.cancel_detail  # what was typed is not of the order
    assert ("Abnormal", "abnormal", True, 7) == (
        header.status,
        header.tab,
        header.is_abnormal,
        header.units,
    )


def test_holds_say_whose_turn_it_is(order):
    """
    Whose turn it is follows from the reason, where the hold does not say it.
    """
    assert (
        shown_hold(order, attrs.evolve(LOST, who="carrier")),
        shown_hold(order, TOLD),
    ) == header_of(order, 0).holds
    assert [
        ("carrier", what_to_do(order, LOST)),
        (
            "staff",
            HOLDS[HoldReason.STORE_DATA].todo,
        ),
    ] == [(hold.who, hold.what_to_do) for hold in header_of(order, 0).holds]


def test_without_a_blocking_hold_its_state_is_its_status(order):
    """
    A hold that blocks nothing leaves the order in its tab.
    """
    order.holds = (attrs.evolve(TOLD, reason="ship_late"),)
    header = header_of(order, 0)

    assert ("Shipped", "shipped", False) == (
        header.status,
        header.tab,
        header.is_abnormal,
    )


def test_one_order_is_shown_with_its_lines(order):
    """
    Who looks at one order sees lines, items, parcels and disputes too.
    """
    view = view_of(order)

    assert order.lines[0].quantity + order.lines[1].quantity == view.units
    assert (order.parcels, order.disputes) == (view.parcels, view.disputes)
    for line, shown in zip(order.lines, view.lines, strict=True):
        for name in names(LineView) - {"sold_price", "items"}:
            assert (name, getattr(line, name)) == (name, getattr(shown, name))
    assert Money(order.lines[0].sold_minor, "GBP") == view.lines[0].sold_price
    assert view.lines[1].sold_price is None
    assert ((2, 0), list(order.items)) == (
        tuple(len(line.items) for line in view.lines),
        list(view.items),
    )
    for name, item in order.items.items():
        shown = view.items[name]
        for fact in names(ItemView) - {"unit_price", "refunded"}:
            assert (fact, getattr(item, fact)) == (fact, getattr(shown, fact))
        assert Money(item.unit_minor, "USD") == shown.unit_price
        assert Money(item.refunded_minor, "USD") == shown.refunded


def test_each_line_has_its_own_items():
    """
    Items are shown with the line they supply.
    """
    shown = view_of(imported()).lines

    assert [["1.1", "1.2"], ["2.1"]] == [
        [item.item_id for item in line.items] for line in shown
    ]
