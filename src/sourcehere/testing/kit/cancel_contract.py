"""
The contract of shops in which orders can be cancelled: subclass `CancelContract`, fill
in one method.

```python
class TestMyCancelling(CancelContract):
    def make_lab(self):
        return MyShopLab()
```
"""

from collections.abc import Sequence
from typing import ClassVar, Protocol

import pytest

from ...domain.kernel.money import Money
from ...domain.stores.cancelling import ShopCancelReason
from ...ports.cancelling import SupportsCancel
from ...ports.errors import DeclinedError
from ...ports.platforms import StorePlatform
from .faults import SHAPES, WireFault
from .guard import Guarded
from .lab_case import LabCase, assert_told_as, failure_of
from .store_asking import fetched, push
from .store_base import parcel_of
from .store_lab import ShopLine, ShopOrder, StoreLab

_CUSTOMER = ShopCancelReason.CUSTOMER
_ORDER = ShopOrder(
    lines=(ShopLine(sku="LAMP", quantity=2, price=Money(12_34, "USD")),), is_paid=True
)
_CANCELLED = ShopOrder(lines=_ORDER.lines, is_cancelled=True)


class CancelLab(StoreLab, Protocol):
    """
    A shop, from behind, that also tells which orders are cancelled.
    """

    def is_cancelled(self, external_id: str, /) -> bool:
        """
        Tell whether an order is cancelled in the shop.
        """
        ...


class CancelContract(LabCase[CancelLab], Guarded):
    """
    Every sentence of `sourcehere.ports.cancelling` that can be tried from outside.

    Attributes:
        faults: What the line can do.

        left_out: Name of a test -> why this shop cannot pass it. Set the test to None
            in your class as well.
    """

    faults: ClassVar[Sequence[WireFault]] = tuple(WireFault)

    @pytest.mark.parametrize("reason", ShopCancelReason)
    def test_it_is_cancelled(self, lab: CancelLab, reason: ShopCancelReason) -> None:
        """
        For whatever reason, it alone, and it is read so; it is not gone.
        """
        name, other = lab.place(_ORDER), lab.place(_ORDER)
        shop = lab.connect()

        _cancel(shop, name, reason)

        assert lab.is_cancelled(name), "it was told to be cancelled, and is not"
        assert not lab.is_cancelled(other), "another order was cancelled"
        is_read = fetched(lab.connect(), name).cancelled
        assert is_read, "the shop has it as cancelled, and it is not read so"

    def test_asked_again_it_stays(self, lab: CancelLab) -> None:
        """
        Also where the shop had cancelled it before.
        """
        name, earlier = lab.place(_ORDER), lab.place(_ORDER)
        lab.change(earlier, _CANCELLED)

        for _ in range(2):
            _cancel(lab.connect(), name)
        _cancel(lab.connect(), earlier)

        assert lab.is_cancelled(name)
        assert lab.is_cancelled(earlier)

    def test_one_that_is_none_is_declined(self, lab: CancelLab) -> None:
        """
        Whatever its id is like; the others stay.
        """
        name, shop = lab.place(_ORDER), lab.connect()
        for unknown in ("999999999", "none"):
            with pytest.raises(DeclinedError):
                _cancel(shop, unknown)
        assert not lab.is_cancelled(name)

    def test_what_was_sent_stays(self, lab: CancelLab) -> None:
        """
        The shop says no, and its customer waits for the parcel as before.
        """
        name, shop = lab.place(_ORDER), lab.connect()
        push(shop, parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2}))

        with pytest.raises(DeclinedError):
            _cancel(shop, name)

        assert not lab.is_cancelled(name)
        (parcel,) = lab.parcels(name)
        assert "RM1GB" == parcel.tracking_number

    @pytest.mark.parametrize("after", [0, 1, 2])
    @pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
    def test_a_failure_is_no_yes(
        self, lab: CancelLab, fault: WireFault, after: int
    ) -> None:
        """
        Nor a no, whichever request it meets; asked again it is cancelled.
        """
        if fault not in self.faults:
            pytest.skip("its line cannot do that")
        name, shop = lab.place(_ORDER), lab.connect()
        lab.line.fail(fault, after=after)
        failure = failure_of(lambda: _cancel(shop, name))
        is_met = lab.line.heal()
        assert is_met or after, "no request of the adapter asked the lab's line"
        if is_met:
            # One that went wrong behind the change itself may be looked over, and not
            # every adapter needs what is in the answer to it.
            may_be_done = lab.is_cancelled(name) and (after or fault in SHAPES)
            assert failure is not None or may_be_done, f"{fault} was told as done"
        if failure is not None:
            assert_told_as(fault, failure)

        _cancel(shop, name)
        assert lab.is_cancelled(name)


def _cancel(
    shop: StorePlatform, name: str, reason: ShopCancelReason = _CUSTOMER
) -> None:
    assert isinstance(shop, SupportsCancel)
    shop.cancel_order(name, reason=reason)
