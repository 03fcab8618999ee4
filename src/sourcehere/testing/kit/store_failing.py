"""
The contract of a shop: what is told of a failure is what happened.
"""

from datetime import timedelta

import pytest

from ...ports.errors import ProviderError, ThrottledError
from ...ports.platforms import Fulfilment, StorePlatform
from .faults import WITH_EFFECT, WireFault
from .lab_case import assert_told_as
from .store_asking import fetched, one_or_none, page_of, push, read_all
from .store_base import StoreCase, parcel_of, told, units_of
from .store_lab import StoreLab

FAULTS = pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
_LONG = timedelta(days=1)
# More requests than any adapter needs for one parcel.
REQUESTS_MAX = 20


class StoreFailingContract(StoreCase):
    """
    What errors promise: `sourcehere.ports.errors`.
    """

    @FAULTS
    def test_a_page_that_failed_is_read_again(
        self, lab: StoreLab, shop: StorePlatform, fault: WireFault
    ) -> None:
        """
        Reading says which kind of failure it was, and the same cursor has all.
        """
        names = [lab.place(self.order(LAMP=n)) for n in (1, 2, 3)]
        first = page_of(shop, limit=2)
        lab.line.fail(fault)
        with pytest.raises(ProviderError) as ei:
            page_of(shop, first.cursor, limit=2)
        assert_told_as(fault, ei.value)
        rest, _ = read_all(shop, first.cursor)

        found = {order.external_id for order in first.orders} | rest.keys()
        assert sorted(names) == sorted(found)

    @FAULTS
    def test_an_order_that_could_not_be_read_is_not_gone(
        self, lab: StoreLab, shop: StorePlatform, fault: WireFault
    ) -> None:
        """
        None would cancel it here.
        """
        name = lab.place(self.order(LAMP=1))
        lab.line.fail(fault)
        with pytest.raises(ProviderError) as ei:
            one_or_none(shop, name)
        assert_told_as(fault, ei.value)
        assert units_of(fetched(shop, name)) == {"LAMP": 1}

    @FAULTS
    def test_a_parcel_is_told_once_whatever_failed(
        self, lab: StoreLab, shop: StorePlatform, fault: WireFault
    ) -> None:
        """
        Whichever of its requests met the fault: what may have happened is no refusal;
        told again under its key, it counts once.
        """
        whole = {"RM1GB": {"LAMP": 2}}
        seen = []
        for after in range(REQUESTS_MAX):
            name = lab.place(self.order(LAMP=3))
            parcel = parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2})
            lab.line.fail(fault, after=after)
            error = _error_of(shop, parcel)
            if not lab.line.heal():
                assert error is None, repr(error)
                break
            assert error is not None, f"{fault} was told as done"
            assert_told_as(fault, error)
            happened = told(lab, name)
            assert happened in ({}, whole)
            seen.append(bool(happened))
            push(shop, parcel)
            assert whole == told(lab, name)
            again = push(lab.connect(), parcel)
            assert push(shop, parcel) == again
        else:
            pytest.fail(f"one parcel takes more than {REQUESTS_MAX} requests")

        assert seen, "no request of the adapter asked the lab's line what it meets"
        if fault in WITH_EFFECT:
            assert any(seen), "no request had its effect before it broke"
        else:
            assert not seen[0], "a request that was refused had its effect"

    def test_whoever_is_throttled_is_told_for_how_long(
        self, lab: StoreLab, shop: StorePlatform
    ) -> None:
        """
        A time that ends, and lies ahead.
        """
        name = lab.place(self.order(LAMP=1))
        lab.line.fail(WireFault.THROTTLED)
        with pytest.raises(ThrottledError) as ei:
            one_or_none(shop, name)
        assert timedelta(0) < ei.value.retry_after <= _LONG


def _error_of(shop: StorePlatform, parcel: Fulfilment) -> ProviderError | None:
    """
    Tell of a parcel, and return the error.
    """
    try:
        push(shop, parcel)
    except ProviderError as error:
        return error
    return None
