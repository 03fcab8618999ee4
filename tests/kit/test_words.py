"""
What a contract says of an adapter that is wrong tells its author where to look.
"""

import pytest
from wrong_correctors import AllLines, NoCarrier
from wrong_readers import AnyId, NaiveChange, NumberId
from wrong_tellers import NoReference
from wrong_variants import NoSkuIsItsId, NullIsASku

from sourcehere.ports.errors import ThrottledError, UnknownOutcomeError
from sourcehere.testing.kit import (
    ProductServer,
    ServerLab,
    ServerShop,
    ShopProduct,
    ShopVariant,
    WireFault,
)
from sourcehere.testing.kit.lab_case import assert_told_as, failure_of
from sourcehere.testing.kit.products_asking import assert_all, listed, one_of
from sourcehere.testing.kit.store_asking import (
    fetched,
    one_or_none,
    page_of,
    push,
    read_all,
    told_of,
)
from sourcehere.testing.kit.store_base import (
    StoreCase,
    assert_known,
    assert_sent,
    assert_told,
    assert_units,
    parcel_of,
)
from sourcehere.testing.kit.store_carriers import assert_carriers

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


class TestParcels:
    def test_what_the_customer_sees_is_told_beside_what_was_told(self):
        """
        Numbers and units; also where either of two would do, and where there is none.
        """
        lab = ServerLab(AllLines)
        name = lab.place(StoreCase().order(LAMP=2, CUP=1))
        shop = lab.connect()
        order, wanted = fetched(shop, name), {"RIGHT": {"LAMP": 1}}
        assert (
            f"the customer of order '{name}' sees no parcel; what was told is parcel"
            " RIGHT with 1 LAMP"
        ) == words(lambda: assert_told(lab, name, wanted))
        reference = push(shop, parcel_of(order, "WRONG", {"LAMP": 1}))
        push(shop, parcel_of(order, "RIGHT", {"LAMP": 1}, reference=reference))

        assert (
            f"the customer of order '{name}' sees parcel RIGHT with 1 CUP, 2 LAMP; what"
            " was told is parcel RIGHT with 1 LAMP, or no parcel"
        ) == words(lambda: assert_told(lab, name, wanted, {}))
        assert (
            f"order '{name}' says that 1 CUP, 2 LAMP are sent; what was told is 1 LAMP"
        ) == words(lambda: assert_sent(fetched(shop, name), LAMP=1))

    def test_carriers_are_named(self):
        """
        And what to do where the shop has no place for them.
        """
        lab = ServerLab(NoCarrier)
        name, shop = lab.place(ORDER), lab.connect()
        push(shop, parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2}))

        assert (
            f"the customer of order '{name}' sees parcel RM1GB with no carrier; what"
            " was told is parcel RM1GB with Royal Mail. Has `parcels` said which"
            " carrier each has? Where the shop has no place for it, leave this test out"
        ) == words(lambda: assert_carriers(lab, name, {"RM1GB": "Royal Mail"}))


class TestOrders:
    def test_units_that_differ_are_named(self):
        """
        Of one order, and of many.
        """
        order = fetched(shop_of(ServerShop), FIRST)
        assert (
            f"order '{FIRST}' is of 3 LAMP in the shop, and is read as one of 2 LAMP"
        ) == words(lambda: assert_units(order, LAMP=3))
        assert (
            "order '1' is of 3 LAMP in the shop, and was last read as one of no unit"
        ) == words(lambda: assert_known({"1": {"LAMP": 3}}, {"1": {}}))
        assert "the shop has orders that no page told: ['2']" == words(
            lambda: assert_known({"2": {}}, {})
        )
        assert "pages told orders that the shop has not: ['2']" == words(
            lambda: assert_known({}, {"2": {}})
        )


class TestProducts:
    def test_what_is_lost_strange_or_told_twice_is_named(self):
        """
        By the shop's own ids.
        """
        lab = ProductServer(NoSkuIsItsId)
        ids = lab.add(ShopProduct(title="Mug", variants=(ShopVariant(sku=""),)))
        found, (name,) = listed(lab.connect()), ids.variant_ids

        for told, wanted, said in (
            ([], [name], f"1 of 1 variants are not listed: ['{name}']"),
            (found, [], f"listed, and the shop does not sell them: ['{name}']"),
            (found * 2, [name], f"listed more than once: ['{name}']"),
        ):
            assert said == words(lambda t=told, w=wanted: assert_all(t, w))
        assert f"they list '{name}'" in words(lambda: one_of(found, "7"))
        assert "they list none at all" in words(lambda: one_of([], "7"))

    def test_what_the_core_does_not_take_in_is_named(self):
        """
        With the field.
        """
        lab = ProductServer(NullIsASku)
        lab.add(ShopProduct(title="Mug", variants=(ShopVariant(sku=""),)))
        said = words(lambda: listed(lab.connect()))

        assert said.startswith("the core does not take in what was told: variant.sku")


def _fill_in():
    raise NotImplementedError
