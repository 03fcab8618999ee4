"""
The contract of a shop: what was told wrongly is put right, and nothing else changes.
"""

import pytest

from ...ports.platforms import StorePlatform
from .store_asking import fetched, push, push_number
from .store_base import StoreCase, assert_told, number_of, parcel_of
from .store_lab import StoreLab


class StoreCorrectingContract(StoreCase):
    """
    What `push_fulfilment` and `push_tracking` promise of a parcel that was told before.
    """

    def test_a_number_is_put_right(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        The same parcel under another key takes the earlier one's place; its units are
        not sent twice.
        """
        name = lab.place(self.order(LAMP=2))
        order = fetched(shop, name)
        reference = push(shop, parcel_of(order, "WRONG", {"LAMP": 2}))
        push(shop, parcel_of(order, "RIGHT", {"LAMP": 2}, reference=reference))

        assert_told(lab, name, {"RIGHT": {"LAMP": 2}})

    def test_units_stay_when_a_number_is_put_right(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Several of one line, and some of another, out of more that were ordered: as many
        are sent as before, neither one of each nor all.
        """
        name = lab.place(self.order(LAMP=5, CUP=3, PLATE=2))
        order, units = fetched(shop, name), {"LAMP": 3, "CUP": 2}
        reference = push(shop, parcel_of(order, "WRONG", units))
        push(shop, parcel_of(order, "RIGHT", units, reference=reference))

        assert_told(lab, name, {"RIGHT": units})

    @pytest.mark.parametrize("wrong", ["P1", "P2"])
    def test_another_parcel_stays_when_a_number_is_put_right(
        self, lab: StoreLab, shop: StorePlatform, wrong: str
    ) -> None:
        """
        Its number and its units, also where both have units of the same lines.
        """
        name = lab.place(self.order(LAMP=4, CUP=4))
        order = fetched(shop, name)
        units = {"P1": {"LAMP": 2, "CUP": 1}, "P2": {"LAMP": 1, "CUP": 2}}
        names = {
            one: push(shop, parcel_of(order, f"{one}GB", units[one], parcel_id=one))
            for one in units
        }
        right = parcel_of(
            order, "RIGHT", units[wrong], parcel_id=wrong, reference=names[wrong]
        )
        push(shop, right)

        numbers = {one: "RIGHT" if one == wrong else f"{one}GB" for one in units}
        assert_told(lab, name, {numbers[one]: units[one] for one in units})

    def test_a_key_that_was_put_right_is_past(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Told again, late, by another process: the corrected number stays.
        """
        name = lab.place(self.order(LAMP=2))
        order = fetched(shop, name)
        wrong = parcel_of(order, "WRONG", {"LAMP": 2})
        reference = push(shop, wrong)
        push(shop, parcel_of(order, "RIGHT", {"LAMP": 2}, reference=reference))
        push(lab.connect(), wrong)

        assert_told(lab, name, {"RIGHT": {"LAMP": 2}})

    def test_every_key_of_a_parcel_is_past(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        A number put right twice: neither of the earlier keys comes back.
        """
        name = lab.place(self.order(LAMP=2))
        order, reference = fetched(shop, name), ""
        parcels = []
        for number in ("FIRST", "SECOND", "THIRD"):
            parcels.append(parcel_of(order, number, {"LAMP": 2}, reference=reference))
            reference = push(shop, parcels[-1])
        for late in (parcels[1], parcels[0], parcels[1]):
            push(lab.connect(), late)

        assert_told(lab, name, {"THIRD": {"LAMP": 2}})

    def test_a_parcel_takes_the_place_of_another(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        One that was lost and sent anew: the new one counts, the old one does not.
        """
        name = lab.place(self.order(LAMP=2, CUP=1))
        order = fetched(shop, name)
        lost = push(shop, parcel_of(order, "RM1GB", {"LAMP": 2}))
        push(shop, parcel_of(order, "RM2GB", {"CUP": 1}, parcel_id="P2"))
        push(
            shop,
            parcel_of(
                order,
                "RM3GB",
                {"LAMP": 2},
                parcel_id="P3",
                replaces=("P1",),
                reference=lost,
            ),
        )

        assert_told(lab, name, {"RM2GB": {"CUP": 1}, "RM3GB": {"LAMP": 2}})

    def test_a_number_alone_is_put_right(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        A customer who sees such numbers sees the right one only; nothing is sent.
        """
        name = lab.place(self.order(LAMP=2))
        order = fetched(shop, name)
        wrong = number_of(order, "WRONG")
        reference = push_number(shop, wrong)
        push_number(shop, number_of(order, "RIGHT", reference=reference))
        push_number(lab.connect(), wrong)

        assert_told(lab, name, {}, {"RIGHT": {}})

    def test_every_key_of_a_number_is_past(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        A number alone that is put right twice: neither of the earlier keys comes back.
        """
        name = lab.place(self.order(LAMP=2))
        order, reference = fetched(shop, name), ""
        notices = []
        for number in ("FIRST", "SECOND", "THIRD"):
            notices.append(number_of(order, number, reference=reference))
            reference = push_number(shop, notices[-1])
        for late in (notices[1], notices[0], notices[1]):
            push_number(lab.connect(), late)

        assert_told(lab, name, {}, {"THIRD": {}})

    def test_units_take_the_place_of_a_number(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        The rest of a bundle left, too: the parcel counts, and the number beside it is
        gone.
        """
        name = lab.place(self.order(LAMP=2))
        order = fetched(shop, name)
        reference = push_number(shop, number_of(order, "RM1GB"))
        push(
            shop,
            parcel_of(order, "RM2GB", {"LAMP": 2}, parcel_id="P2", reference=reference),
        )

        assert_told(lab, name, {"RM2GB": {"LAMP": 2}})
