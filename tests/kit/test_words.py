"""
What a contract says of an adapter that is wrong tells its author where to look.
"""

import pytest
from wrong_readers import AnyId, NaiveChange, NumberId
from wrong_tellers import NoReference

from sourcehere.ports.errors import ThrottledError, UnknownOutcomeError
from sourcehere.testing.kit import ServerLab, ServerShop, WireFault
from sourcehere.testing.kit.lab_case import assert_told_as, failure_of
from sourcehere.testing.kit.store_asking import (
    fetched,
    one_or_none,
    page_of,
    push,
    read_all,
    told_of,
)
from sourcehere.testing.kit.store_base import StoreCase, parcel_of

ORDER = StoreCase().order(LAMP=2)
FIRST = "00000000000000001000"


def words(call):
    """
    Return the first line of what a failed test says.
    """
    with pytest.raises(AssertionError) as ei:
        call()
    return str(ei.value).splitlines()[0]


def shop_of(adapter):
    lab = ServerLab(adapter)
    assert FIRST == lab.place(ORDER)
    return lab.connect()


class TestWords:
    def test_an_order_that_the_core_sets_aside_is_named(self):
        """
        With the field, and what it should be.
        """
        said = words(lambda: page_of(shop_of(NaiveChange), limit=2))

        assert said.startswith(
            f"the core sets aside what was told: order {FIRST}: order.changed_at: "
        )
        assert "zone" in said

    def test_an_order_that_pages_do_not_tell_is_named(self):
        """
        Beside those that they tell.
        """
        found, _ = read_all(shop_of(NumberId))

        assert (
            f"the lab placed order '{FIRST}', and pages do not tell it; they tell 1000."
            " Has `place` returned the adapter's `external_id`?"
        ) == words(lambda: told_of(found, FIRST))
        assert "they tell none at all" in words(lambda: told_of({}, FIRST))

    def test_an_order_that_cannot_be_fetched_is_named(self):
        """
        And one that is another than was asked for.
        """
        shop = shop_of(ServerShop)
        assert "`fetch_order` says that there is none" in words(
            lambda: fetched(shop, "7")
        )
        said = words(lambda: one_or_none(shop_of(AnyId), "1000"))
        assert f"the core refuses what was told: external_id: '{FIRST}'" in said

    def test_a_reference_that_says_nothing_is_told(self):
        """
        Of a parcel that was told.
        """
        order = fetched(shop_of(ServerShop), FIRST)
        parcel = parcel_of(order, "RM1GB", {"LAMP": 1})
        said = words(lambda: push(shop_of(NoReference), parcel))
        assert "the core refuses what was told: reference: ''" in said

    def test_what_came_through_is_told_by_its_kind(self):
        """
        Whatever a parser, or a field that is missing, raised.
        """
        assert (
            "KeyError came through: tell it as an error of sourcehere.ports.errors"
        ) == words(lambda: failure_of(lambda: {}["id"]))
        with pytest.raises(NotImplementedError):
            failure_of(_fill_in)
        assert failure_of(lambda: None) is None

    def test_a_fault_that_was_told_as_done_is_named(self):
        """
        And whatever is told as another one.
        """
        assert "was told as done" in words(
            lambda: assert_told_as(WireFault.AFTER, None, may_be_done=True)
        )
        assert_told_as(WireFault.NULL, None, may_be_done=True)
        error = UnknownOutcomeError(provider="acme", detail="429")
        said = words(lambda: assert_told_as(WireFault.THROTTLED, error))
        assert ThrottledError.__name__ not in repr(error)
        assert "UnknownOutcomeError" in said


def _fill_in():
    raise NotImplementedError
