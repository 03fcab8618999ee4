"""
The contract of an allocation policy: subclass `PolicyContract`, fill in one method.

```python
class TestMyPolicy(PolicyContract):
    def make_policy(self):
        return MyPolicy()
```
"""

import copy
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ...domain.kernel.ids import (
    ItemId,
    LotId,
    OrderId,
    SellerId,
    VariantId,
    WarehouseId,
)
from ...domain.warehouse.allocation import Demand, StockSnapshot
from ...domain.warehouse.flaws import flaws_of
from ...domain.warehouse.model import Lot, Warehouse
from ...ports.allocation import AllocationPolicy
from ..walks import phases
from .guard import Guarded

_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_PLACES = {"CN1": ("CN", ("*",)), "US1": ("US", ("US",)), "GB1": ("GB", ("GB", "FR"))}
_COUNTRIES = st.sampled_from(["US", "GB", "FR", "AQ"])
_VARIANTS = st.sampled_from(["cup", "hat", "pin"])


def _lot(number: int, told: tuple[str, str, int, int]) -> Lot:
    place, variant, units, age = told
    return Lot(
        seller_id=SellerId("s"),
        lot_id=LotId(f"l{number}"),
        warehouse_id=WarehouseId(place),
        variant_id=VariantId(variant),
        order_id=OrderId("o"),
        item_id=ItemId("1.1"),
        quantity_received=units,
        on_hand=units,
        allocated=0,
        unit_minor=100 + number,
        currency="USD",
        arrived_at=_NOON + timedelta(days=age),
    )


def _stock(shelved: list[tuple[str, str, int, int]]) -> StockSnapshot:
    lots = [_lot(number, told) for number, told in enumerate(shelved)]
    lots.sort(key=lambda lot: (lot.arrived_at, lot.lot_id))
    places = [
        Warehouse(
            warehouse_id=WarehouseId(name),
            name=name,
            country=country,
            serves=serves,
            priority=number,
            handling_minor={},
        )
        for number, (name, (country, serves)) in enumerate(_PLACES.items())
    ]
    return StockSnapshot(lots, places)


def _demands(wanted: list[tuple[str, int]]) -> list[Demand]:
    return [
        Demand(ItemId(f"{number}.1"), VariantId(variant), quantity)
        for number, (variant, quantity) in enumerate(wanted, start=1)
    ]


_SHELVED = st.lists(
    st.tuples(
        st.sampled_from(sorted(_PLACES)),
        _VARIANTS,
        st.integers(0, 6),
        st.integers(0, 3),
    ),
    max_size=10,
).map(_stock)
_WANTED = st.lists(st.tuples(_VARIANTS, st.integers(1, 8)), min_size=1, max_size=5).map(
    _demands
)
_Check = Callable[[StockSnapshot, list[Demand], str], None]


def _often(check: _Check) -> None:
    """
    Try *check* on random stock, orders and countries, as the profile says how often.
    """

    @settings(deadline=None, phases=phases())
    @given(_SHELVED, _WANTED, _COUNTRIES)
    def tried(stock: StockSnapshot, demands: list[Demand], country: str) -> None:
        check(stock, demands, country)

    check(_stock([]), _demands([("cup", 1)]), "US")  # what fails always fails at once
    tried()


class PolicyContract(Guarded):
    """
    Every sentence of `sourcehere.ports.allocation`, on random stock and orders.

    Attributes:
        left_out: Name of a test -> why this policy cannot pass it. Set the test to None
            in your class as well.
    """

    def make_policy(self) -> AllocationPolicy:
        """
        Make the policy under test.
        """
        raise NotImplementedError

    def test_a_plan_makes_sense(self) -> None:
        """
        No more than is wanted and there, of the item's own variant, from warehouses
        that deliver there: what the core checks before it prices an order.
        """

        def check(stock: StockSnapshot, demands: list[Demand], country: str) -> None:
            plan = self.make_policy().plan(demands, stock, country=country)
            assert list(flaws_of(plan, demands, stock, country=country)) == []
            assert plan.picks or not plan.is_split

        _often(check)

    def test_stock_is_not_changed(self) -> None:
        """
        The core takes what a plan picks, and nothing before that.
        """

        def check(stock: StockSnapshot, demands: list[Demand], country: str) -> None:
            shown, asked = _levels(stock), copy.deepcopy(demands)
            self.make_policy().plan(demands, stock, country=country)
            assert (_levels(stock), demands) == (shown, asked)

        _often(check)

    def test_the_same_stock_has_the_same_plan(self) -> None:
        """
        Whatever was planned before: it is asked at checkout and again at payment.
        """

        def check(stock: StockSnapshot, demands: list[Demand], country: str) -> None:
            policy = self.make_policy()
            first = policy.plan(demands, stock, country=country)
            policy.plan(demands[:1], stock, country="GB")
            again = policy.plan(demands, copy.deepcopy(stock), country=country)
            anew = self.make_policy().plan(demands, stock, country=country)
            assert first == again == anew

        _often(check)

    def test_a_plan_can_be_taken(self) -> None:
        """
        One order after the other, until nothing is left, and never below.
        """

        def check(stock: StockSnapshot, demands: list[Demand], country: str) -> None:
            policy = self.make_policy()
            for _ in range(3):
                plan = policy.plan(demands, stock, country=country)
                stock.take(plan.picks)
            assert all(units >= 0 for units in _levels(stock).values())

        _often(check)

    def test_without_stock_nothing_is_picked(self) -> None:
        """
        Everything is sourced directly then.
        """
        demands = _demands([("cup", 2)])
        plan = self.make_policy().plan(demands, _stock([]), country="US")
        assert plan.picks == ()

    def test_what_is_short_has_a_reason(self) -> None:
        """
        An item that is served in part, or not although another one is, says why.
        """
        demands = _demands([("cup", 2), ("cup", 5), ("hat", 1)])
        stock = _stock([("CN1", "cup", 3, 0)])
        plan = self.make_policy().plan(demands, stock, country="US")
        taken: dict[str, int] = {}
        for pick in plan.picks:
            taken[pick.item_id] = taken.get(pick.item_id, 0) + pick.quantity
        short = {d.item_id for d in demands if taken.get(d.item_id, 0) < d.quantity}
        if plan.picks:
            assert short <= plan.reasons.keys()
            assert all(plan.reasons[name].strip() for name in short)


def _levels(stock: StockSnapshot) -> Mapping[str, int]:
    """
    Return what is available of each lot.
    """
    return {
        level.lot_id: level.available
        for variant in ("cup", "hat", "pin")
        for shelf in stock.shelves_of(variant).values()
        for level in shelf
    }
