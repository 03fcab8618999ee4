"""
A contract is run whole, or says why not.
"""

import pytest

from sourcehere.testing.kit import StoreContract

GUARD = "test_no_test_is_left_out_without_a_reason"
ONE = "test_prices_are_exact"
WHY = "the platform has whole units of money only"


def contract(**changes):
    """
    Make a contract of an author who changed something.
    """
    return type("Mine", (StoreContract,), {"__module__": "mine", **changes})()


def guard(**changes):
    """
    Let the guard look at it.
    """
    getattr(contract(**changes), GUARD)()


def test_a_whole_contract_is_fine():
    """
    Also one with tests of its own, and one that a mother class has.
    """
    guard()
    guard(test_of_mine=lambda _: None)
    type("Child", (type(contract()),), {"__module__": "mine"})()
    getattr(type("Child", (type(contract()),), {"__module__": "mine"})(), GUARD)()


def test_a_reason_lets_a_test_go():
    """
    Written beside it.
    """
    guard(**{ONE: None}, left_out={ONE: WHY})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({ONE: None}, "left out without a reason"),
        ({ONE: lambda _: None}, "left out without a reason"),
        ({ONE: None, "left_out": {ONE: "later"}}, "no reason worth the name"),
        ({"left_out": {ONE: WHY}}, "not left out"),
        ({"left_out": {"test_prices": WHY}}, "no test of the contract"),
    ],
)
def test_what_is_changed_in_silence_fails(changes, words):
    """
    Taken away, replaced, or with a reason for nothing.
    """
    with pytest.raises(AssertionError, match=words):
        guard(**changes)


def test_so_does_a_mother_class_that_changes_one():
    """
    Between the contract and the class that runs.
    """
    mother = type(contract(**{ONE: None}))
    with pytest.raises(AssertionError, match="left out without a reason"):
        getattr(type("Child", (mother,), {"__module__": "mine"})(), GUARD)()
