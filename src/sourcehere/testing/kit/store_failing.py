"""
The contract of a shop: what is told of a failure is what happened.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ...ports.errors import ThrottledError
from ...ports.platforms import OrderPage, StorePlatform
from .faults import SHAPES, WITH_EFFECT, WireFault
from .lab_case import assert_told_as, failure_of
from .store_asking import fetched, one_or_none, page_of, push, push_number, read_all
from .store_base import (
    StoreCase,
    assert_told,
    assert_units,
    number_of,
    parcel_of,
    told,
)
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
        Reading says which kind of failure it was, and the same cursor has all. What
        makes no sense may also be set aside, or asked for again, if nothing is lost.
        """
        names = [lab.place(self.order(LAMP=n)) for n in (1, 2, 3)]
        first = page_of(shop, limit=2)
        cursor = first.cursor
        lab.line.fail(fault)
        seen: list[OrderPage] = []
        error = failure_of(lambda: seen.append(page_of(shop, cursor, limit=2)))
        if error is None:
            is_told = fault in SHAPES and (seen[0].rejects or seen[0].orders)
            assert is_told, f"{fault} was told as a page"
            cursor = seen[0].cursor
        else:
            assert_told_as(fault, error)
        rest, _ = read_all(shop, cursor)

        found = {order.external_id for order in first.orders} | rest.keys()
        lost = sorted(set(names) - found)
        assert lost == [], f"a page met {fault}, and the orders {lost} are never told"

    @FAULTS
    def test_an_order_that_could_not_be_read_is_not_gone(
        self, lab: StoreLab, shop: StorePlatform, fault: WireFault
    ) -> None:
        """
        None would cancel it here.
        """
        name = lab.place(self.order(LAMP=1))
        lab.line.fail(fault)
        error = failure_of(lambda: one_or_none(shop, name))
        assert error is not None, (
            f"`fetch_order` met {fault} and told it as an answer: what could not be"
            " read is not gone, and is no order; raise a ProviderError"
        )
        assert_told_as(fault, error)
        assert_units(fetched(shop, name), LAMP=1)

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
        for name, after in self._placed(lab):
            parcel = parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2})
            lab.line.fail(fault, after=after)
            said: list[str] = []
            error = failure_of(lambda s=said, p=parcel: s.append(push(shop, p)))  # type: ignore[misc]  # bound now
            if not lab.line.heal():
                assert error is None, repr(error)
                break
            happened = told(lab, name)
            assert_told_as(fault, error, may_be_done=happened == whole)
            assert_told(lab, name, {}, whole)
            seen.append(bool(happened))
            said += [push(shop, parcel), push(lab.connect(), parcel)]
            assert_told(lab, name, whole)
            assert len(set(said)) == 1, f"one key has several references: {said}"

        assert seen, "no request of the adapter asked the lab's line what it meets"
        if fault in WITH_EFFECT:
            assert any(seen), "no request had its effect before it broke"
        else:
            assert not seen[0], "a request that was refused had its effect"

    @FAULTS
    def test_a_number_is_told_once_whatever_failed(
        self, lab: StoreLab, shop: StorePlatform, fault: WireFault
    ) -> None:
        """
        One that sends no unit, likewise: the customer sees it at most once.
        """
        for name, after in self._placed(lab):
            notice = number_of(fetched(shop, name), "RM1GB")
            lab.line.fail(fault, after=after)
            said: list[str] = []
            error = failure_of(lambda s=said, n=notice: s.append(push_number(shop, n)))  # type: ignore[misc]  # bound now
            if not lab.line.heal():
                assert error is None, repr(error)
                break
            assert_told_as(fault, error, may_be_done=True)
            said += [push_number(shop, notice), push_number(lab.connect(), notice)]
            assert len(set(said)) == 1, f"one key has several references: {said}"
            assert_told(lab, name, {}, {"RM1GB": {}})

    def _placed(self, lab: StoreLab) -> Iterator[tuple[str, int]]:
        """
        Place one order after the other: the first request for it is to fail, then the
        second, and so on.
        """
        for after in range(REQUESTS_MAX):
            yield lab.place(self.order(LAMP=3)), after
        pytest.fail(f"one parcel takes more than {REQUESTS_MAX} requests")

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
