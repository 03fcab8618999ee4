"""
The contract of shops that are told how much there is to sell: subclass `StockContract`,
fill in one method.

```python
class TestMyStock(StockContract):
    def make_lab(self):
        return MyStockLab()
```
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

import pytest

from ...doors.answers import Answerer
from ...doors.stock import checked_told
from ...ports.errors import DeclinedError, ProviderError
from ...ports.stock import ShopStock, SupportsStockPush
from .faults import FaultLine, WireFault
from .guard import Guarded
from .lab_case import LabCase, assert_told_as, failure_of

_ME = Answerer("shop under test", "")
_MOST = 100


class StockLab(Protocol):
    """
    A shop that sells things, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets.
    """

    line: FaultLine

    def connect(self) -> SupportsStockPush:
        """
        Make a new adapter for the shop.
        """
        ...

    def sells(self, sku: str, /) -> ShopStock:
        """
        Let the shop sell another variant, and return how the adapter lists it, with a
        quantity of 0.
        """
        ...

    def gone(self) -> ShopStock:
        """
        Return a variant that the shop does not sell any more.
        """
        ...

    def customers_buy(self, variant: ShopStock, units: int, /) -> None:
        """
        Let customers buy of what there is.
        """
        ...

    def stock(self, variant: ShopStock, /) -> int:
        """
        Return how many units customers can buy.
        """
        ...


class StockContract(LabCase[StockLab], Guarded):
    """
    Every sentence of `sourcehere.ports.stock` that can be tried from outside.

    Attributes:
        faults: What the line can do.

        left_out: Name of a test -> why this shop cannot pass it. Set the test to None
            in your class as well.
    """

    faults: ClassVar[Sequence[WireFault]] = tuple(WireFault)

    @pytest.fixture
    def shop(self, lab: StockLab) -> SupportsStockPush:
        """
        Return the adapter under test.
        """
        return lab.connect()

    @pytest.mark.parametrize("units", [0, 1, 7, 100_000])
    def test_what_is_told_is_sold(
        self, lab: StockLab, shop: SupportsStockPush, units: int
    ) -> None:
        """
        Whatever it had before; none, too.
        """
        variant = lab.sells("CUP")
        _push(shop, _of(variant, 3))
        _assert_taken(_push(shop, _of(variant, units)))
        _assert_sold(lab, {variant: units})

    def test_told_again_it_stays(self, lab: StockLab, shop: SupportsStockPush) -> None:
        """
        It is a number, and no change of one: also after customers bought.
        """
        variant = lab.sells("CUP")
        for _ in range(3):
            _assert_taken(_push(shop, _of(variant, 9)))
        _assert_sold(lab, {variant: 9})
        lab.customers_buy(variant, 2)
        _assert_taken(_push(lab.connect(), _of(variant, 9)))
        _assert_sold(lab, {variant: 9})

    def test_each_variant_has_its_own(
        self, lab: StockLab, shop: SupportsStockPush
    ) -> None:
        """
        A hundred at once, some in no order; one of which nothing is said stays.
        """
        variants = [lab.sells(f"SKU{number}") for number in range(_MOST)]
        other = lab.sells("OTHER")
        _push(shop, _of(other, 5))
        levels = [_of(v, number) for number, v in enumerate(variants)]
        _assert_taken(_push(shop, *levels[::-1]))
        _assert_sold(lab, {other: 5} | {v: n for n, v in enumerate(variants)})

    def test_skus_that_differ_by_case_are_two(
        self, lab: StockLab, shop: SupportsStockPush
    ) -> None:
        """
        Where the shop has both.
        """
        upper, lower = lab.sells("MUG"), lab.sells("mug")
        _assert_taken(_push(shop, _of(upper, 1), _of(lower, 2)))
        _assert_sold(lab, {upper: 1, lower: 2})

    def test_one_that_is_gone_is_declined_alone(
        self, lab: StockLab, shop: SupportsStockPush
    ) -> None:
        """
        In its place among the answers; its neighbours are told.
        """
        first, gone, last = lab.sells("A"), lab.gone(), lab.sells("B")
        told = _push(shop, _of(first, 1), _of(gone, 2), _of(last, 3))

        _assert_taken([told[0], told[2]])
        assert isinstance(told[1], DeclinedError), (
            f"the shop does not sell it, and it is told as {told[1]!r}"
        )
        _assert_sold(lab, {first: 1, last: 3})

    @pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
    def test_a_failure_is_no_yes(
        self, lab: StockLab, shop: SupportsStockPush, fault: WireFault
    ) -> None:
        """
        Nor a no; told again it is told.
        """
        if fault not in self.faults:
            pytest.skip("its line cannot do that")
        variant = lab.sells("CUP")
        lab.line.fail(fault)
        assert_told_as(fault, _failure(shop, _of(variant, 4)))
        _assert_taken(_push(shop, _of(variant, 4)))
        _assert_sold(lab, {variant: 4})


def _assert_taken(told: Sequence[Exception | None]) -> None:
    refused = [repr(error) for error in told if error is not None]
    assert not refused, f"{len(refused)} of {len(told)} were not told: {refused[0]}"


def _assert_sold(lab: StockLab, wanted: Mapping[ShopStock, int]) -> None:
    """
    Hold what customers can buy to what was told.
    """
    for variant, units in wanted.items():
        sold = lab.stock(variant)
        assert units == sold, (
            f"the shop was told {units} of {variant.sku!r}, and its customers can buy"
            f" {sold}"
        )


def _of(variant: ShopStock, quantity: int) -> ShopStock:
    return ShopStock(
        sku=variant.sku,
        external_variant_id=variant.external_variant_id,
        external_product_id=variant.external_product_id,
        quantity=quantity,
    )


def _push(shop: SupportsStockPush, *levels: ShopStock) -> list[Exception | None]:
    return checked_told(_ME, shop.push_stock(levels), len(levels))


def _failure(shop: SupportsStockPush, level: ShopStock) -> ProviderError:
    """
    Return why nothing is told: of all, or of this one.
    """
    answers: list[object] = []
    error = failure_of(lambda: answers.extend(shop.push_stock([level])))
    if error is not None:
        return error
    (answer,) = answers
    assert isinstance(answer, ProviderError), answer
    return answer
