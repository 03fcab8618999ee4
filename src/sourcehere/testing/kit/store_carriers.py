"""
The contract of a shop: its customers are told who brings a parcel.
"""

from collections.abc import Mapping

from ...ports.platforms import StorePlatform, SupportsFindPush
from .store_asking import fetched, find_push, push, push_number
from .store_base import CARRIER, StoreCase, assert_told, number_of, parcel_of
from .store_lab import StoreLab

_OTHER, _THIRD = "Österreichische Post", "DHL Express (UK)"


class StoreCarriersContract(StoreCase):
    """
    What `push_fulfilment` and `push_tracking` promise of a parcel's carrier.

    A shop that has no place for a carrier leaves these tests out, with that reason.
    """

    def test_a_carrier_is_told(self, lab: StoreLab, shop: StorePlatform) -> None:
        """
        Each parcel's own, in its own words.
        """
        name = lab.place(self.order(LAMP=2, CUP=1))
        order = fetched(shop, name)
        push(shop, parcel_of(order, "RM1GB", {"LAMP": 2}))
        other = parcel_of(order, "AT2", {"CUP": 1}, parcel_id="P2", carrier=_OTHER)
        push(shop, other)

        assert_carriers(lab, name, {"RM1GB": CARRIER, "AT2": _OTHER})

    def test_a_carrier_is_put_right_with_a_number(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        The parcel goes with another carrier, and the one beside it with its own.
        """
        name = lab.place(self.order(LAMP=2, CUP=1))
        order = fetched(shop, name)
        reference = push(shop, parcel_of(order, "WRONG", {"LAMP": 2}))
        other = parcel_of(order, "AT2", {"CUP": 1}, parcel_id="P2", carrier=_OTHER)
        push(shop, other)
        right = parcel_of(
            order, "RIGHT", {"LAMP": 2}, reference=reference, carrier=_THIRD
        )
        push(shop, right)

        assert_carriers(lab, name, {"RIGHT": _THIRD, "AT2": _OTHER})

    def test_a_carrier_alone_is_put_right(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        The number was right: it stays, as do the units; and who can say which keys were
        taken does not take this one for that of before.
        """
        name = lab.place(self.order(LAMP=2, CUP=1))
        order, units = fetched(shop, name), {"LAMP": 2, "CUP": 1}
        reference = push(shop, parcel_of(order, "RM1GB", units))
        right = parcel_of(
            order, "RM1GB", units, key="P1/1", reference=reference, carrier=_THIRD
        )
        if isinstance(shop, SupportsFindPush):
            found = find_push(shop, right)
            assert found is None, (
                "`find_push` says that the corrected carrier was told before it was"
            )
        made = push(shop, right)

        assert made == push(lab.connect(), right), "one key has several references"
        assert_told(lab, name, {"RM1GB": units})
        assert_carriers(lab, name, {"RM1GB": _THIRD})

    def test_a_carrier_of_a_number_is_told(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        Where its customer sees a number that sends no unit; put right, it is the right
        one's.
        """
        name = lab.place(self.order(LAMP=2))
        order = fetched(shop, name)
        reference = push_number(shop, number_of(order, "WRONG"))
        assert_carriers(lab, name, {}, {"WRONG": CARRIER})
        right = number_of(order, "RIGHT", reference=reference, carrier=_OTHER)
        push_number(shop, right)

        assert_carriers(lab, name, {}, {"RIGHT": _OTHER})


def assert_carriers(
    lab: StoreLab, external_id: str, *wanted: Mapping[str, str]
) -> None:
    """
    Hold the carriers that the customer of an order sees to those that were told.

    Args:
        wanted: Tracking number -> carrier; several where each will do.
    """
    parcels = lab.parcels(external_id)
    seen = {parcel.tracking_number: parcel.carrier for parcel in parcels}
    words = ", or ".join(_in_words(one) for one in wanted)
    assert seen in wanted, (
        f"the customer of order {external_id!r} sees {_in_words(seen)}; what was told"
        f" is {words}. Has `parcels` said which carrier each has? Where the shop has no"
        " place for it, leave this test out"
    )


def _in_words(carriers: Mapping[str, str]) -> str:
    words = [
        f"parcel {number} with {carrier or 'no carrier'}"
        for number, carrier in carriers.items()
    ]
    return " and ".join(words) or "no parcel"
