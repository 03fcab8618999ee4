"""
The contract of a shop: a parcel is told once, and whole.
"""

from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from ...ports.errors import DeclinedError
from ...ports.platforms import StorePlatform, SupportsFindPush
from .store_asking import fetched, find_push, push, push_number
from .store_base import (
    LINES,
    STRANGE_IDS,
    StoreCase,
    assert_sent,
    assert_told,
    in_words,
    number_of,
    parcel_of,
    told,
)
from .store_lab import StoreLab

_AT_ONCE = 4


class StorePushingContract(StoreCase):
    """
    What `push_fulfilment`, `push_tracking` and `find_push` promise.
    """

    def test_a_parcel_is_told(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        The customer sees its number and what is in it; the answer names it.
        """
        name = lab.place(self.order(LAMP=3, CUP=1))
        order = fetched(shop, name)
        reference = push(shop, parcel_of(order, "RM1GB", {"LAMP": 2}))

        assert isinstance(reference, str)
        assert reference
        assert_told(lab, name, {"RM1GB": {"LAMP": 2}})

    def test_what_was_told_is_read_back(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        The shop's order says how many units are sent.
        """
        name = lab.place(self.order(LAMP=3, CUP=1))
        push(shop, parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2, "CUP": 1}))

        assert_sent(fetched(shop, name), LAMP=2, CUP=1)

    def test_the_same_key_is_the_same_parcel(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Told again, by another process, too, it has the same reference and counts once.
        """
        name = lab.place(self.order(LAMP=3))
        parcel = parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2})
        references = {push(one, parcel) for one in (shop, shop, lab.connect())}

        assert len(references) == 1, f"one key has several references: {references}"
        assert_told(lab, name, {"RM1GB": {"LAMP": 2}})

    def test_a_line_of_many_is_told(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        Of a long order any line can be sent, also the last one.
        """
        units = {f"SKU-{n:03}": 2 for n in range(LINES)}
        name, last = lab.place(self.order(**units)), f"SKU-{LINES - 1:03}"
        parcel = parcel_of(fetched(shop, name), "RM1GB", {"SKU-000": 1, last: 2})
        references = {push(shop, parcel), push(lab.connect(), parcel)}

        assert len(references) == 1, f"one key has several references: {references}"
        assert_told(lab, name, {"RM1GB": {"SKU-000": 1, last: 2}})

    def test_several_parcels_add_up(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        Each has its own reference, units of one line may be in both.
        """
        name = lab.place(self.order(LAMP=3, CUP=2))
        order = fetched(shop, name)
        first = push(shop, parcel_of(order, "RM1GB", {"LAMP": 2}))
        second = push(
            shop, parcel_of(order, "RM2GB", {"LAMP": 1, "CUP": 2}, parcel_id="P2")
        )

        assert first != second
        assert_told(lab, name, {"RM1GB": {"LAMP": 2}, "RM2GB": {"LAMP": 1, "CUP": 2}})

    def test_boxes_of_one_number_are_each_told(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Carriers give several boxes of one order one number, and the same may be in
        each: what the shop calls another box is not this one.
        """
        name = lab.place(self.order(LAMP=2))
        order = fetched(shop, name)
        first = push(shop, parcel_of(order, "RM1GB", {"LAMP": 1}))
        box = parcel_of(order, "RM1GB", {"LAMP": 1}, parcel_id="P2", beside=(first,))
        references = {push(shop, box), push(lab.connect(), box)}

        assert len(references) == 1, f"one key has several references: {references}"
        assert references != {first}
        seen = [(one.tracking_number, dict(one.units)) for one in lab.parcels(name)]
        assert seen == [("RM1GB", {"LAMP": 1})] * 2, (
            f"two boxes of one number were told, and the customer sees {seen}"
        )

    def test_a_number_alone_sends_no_unit(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Half of a bundle left: the customer may see the number, and nothing is sent.
        """
        name = lab.place(self.order(LAMP=2))
        reference = push_number(shop, number_of(fetched(shop, name), "RM1GB"))

        assert reference
        seen = told(lab, name)
        assert not any(seen.values()), (
            f"a number was told alone, and its customer sees {in_words(seen)}"
        )
        assert_sent(fetched(shop, name), LAMP=0)

    @pytest.mark.parametrize("change", STRANGE_IDS, ids=repr)
    def test_an_order_that_is_none_is_declined(
        self, lab: StoreLab, shop: StorePlatform, change: str
    ) -> None:
        """
        That is a definite no, and nothing is told to anybody else: also not where the
        id would lead to another order if it were part of a path.
        """
        name = lab.place(self.order(LAMP=1))
        order = fetched(shop, name)
        none = attrs.evolve(order, external_id=change.format(name=name))
        with pytest.raises(DeclinedError):
            push(shop, parcel_of(none, "RM1GB", {"LAMP": 1}))
        with pytest.raises(DeclinedError):
            push_number(shop, number_of(none, "RM2GB"))
        assert_told(lab, name, {})

    def test_one_key_at_once_is_one_parcel(self, lab: StoreLab) -> None:
        """
        From several threads, each with an adapter of its own.
        """
        name = lab.place(self.order(LAMP=3))
        shops = [lab.connect() for _ in range(_AT_ONCE)]
        parcel = parcel_of(fetched(shops[0], name), "RM1GB", {"LAMP": 2})
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            references = list(pool.map(lambda s: push(s, parcel), shops))

        assert len(set(references)) == 1, f"one key has several: {references}"
        assert_told(lab, name, {"RM1GB": {"LAMP": 2}})

    def test_one_number_at_once_is_one_notice(self, lab: StoreLab) -> None:
        """
        One that sends no unit, likewise.
        """
        name = lab.place(self.order(LAMP=3))
        shops = [lab.connect() for _ in range(_AT_ONCE)]
        notice = number_of(fetched(shops[0], name), "RM1GB")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            references = list(pool.map(lambda s: push_number(s, notice), shops))

        assert len(set(references)) == 1, f"one key has several: {references}"
        assert_told(lab, name, {}, {"RM1GB": {}})

    def test_a_key_that_was_taken_is_found(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        By a shop that can say so, under its reference; no other key is.
        """
        if not isinstance(shop, SupportsFindPush):
            pytest.skip("it cannot say whether a key was taken")
        name = lab.place(self.order(LAMP=2))
        parcel = parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 1})
        assert find_push(shop, parcel) is None
        reference = push(shop, parcel)
        other = parcel_of(fetched(shop, name), "RM2GB", {"LAMP": 1}, parcel_id="P2")

        assert (reference, None) == (find_push(shop, parcel), find_push(shop, other))
