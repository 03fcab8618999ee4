"""
What can be asked of a search, and the words for what cannot.
"""

from datetime import date

import pytest

from sourcehere import InvalidInputError, OrderSearch
from sourcehere.domain.orders.tabs import TAB_OF_STATE
from sourcehere.testing.factories import NOON

STATES = ", ".join(sorted(TAB_OF_STATE))
HIDDEN = "(not shown)"


@pytest.mark.parametrize(
    ("known", "field", "value", "expected"),
    [
        ({}, "search", "", "at least one thing that is known of the order"),
        ({"states": "shipped"}, "states", "shipped", "a list of states"),
        ({"states": 7}, "states", 7, "a list of states"),
        ({"states": ["sent"]}, "states", "sent", f"one of {STATES}"),
        (
            {"buyer": "x" * 256},
            "buyer",
            HIDDEN,
            "a text of at most 255 characters",
        ),
        ({"buyer": 7}, "buyer", HIDDEN, "a text"),
        ({"buyer": "a\x00b"}, "buyer", HIDDEN, "a text without control characters"),
        (
            {"tab": "shipped"},
            "tab",
            "shipped",
            "a Tab; Tab('shipped') makes one of the text",
        ),
        (
            {"kind": "shop"},
            "kind",
            "shop",
            "an OrderKind: one of store, manual, cloud_warehouse",
        ),
        (
            {"kind": 1},
            "kind",
            1,
            "an OrderKind: one of store, manual, cloud_warehouse",
        ),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(known, field, value, expected):
    """
    The field, what was given, unless that is personal, and what is possible.
    """
    with pytest.raises(InvalidInputError) as ei:
        OrderSearch(**known)

    assert (field, value, expected) == (
        ei.value.field,
        ei.value.value,
        ei.value.expected,
    )


def test_a_traceback_does_not_show_the_buyer():
    """
    Errors end up in logs, and what was typed does not.
    """
    with pytest.raises(InvalidInputError) as ei:
        OrderSearch(buyer="Canary\x00Bird")
    assert ei.value.__suppress_context__


def test_the_longest_words_of_a_buyer():
    """
    As long as a line may be.
    """
    assert 255 == len(OrderSearch(buyer="x" * 255).buyer)


def test_a_range_that_is_over_before_it_begins():
    """
    It says when it begins, and when it would have to end.
    """
    with pytest.raises(InvalidInputError) as ei:
        OrderSearch(paid_from=NOON, paid_to=NOON).paid_within("UTC")
    assert ("paid_to", NOON.isoformat(), f"a time behind {NOON.isoformat()}") == (
        ei.value.field,
        ei.value.value,
        ei.value.expected,
    )
    day = date(2026, 3, 2)
    found = OrderSearch(placed_from=day, placed_to=day).placed_within("UTC")
    assert ("2026-03-02T00:00:00+00:00", "2026-03-03T00:00:00+00:00") == (
        found.begin.isoformat(),
        found.end.isoformat(),
    )


@pytest.mark.parametrize("name", ["tab", "kind"])
def test_a_tab_or_a_kind_that_there_is_not(name):
    """
    It is refused with its name.
    """
    with pytest.raises(InvalidInputError) as ei:
        OrderSearch(**{name: "nothing"})
    assert (name, "nothing") == (ei.value.field, ei.value.value.strip("'"))
