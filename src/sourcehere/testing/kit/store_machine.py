"""
The contract of a shop: on random work it is what a small model says.
"""

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from ...domain.kernel.money import Money
from ...ports.platforms import OrderPage
from ..walks import walk
from .faults import SHAPES, WireFault
from .lab_case import assert_told_as, failure_of
from .store_asking import fetched, page_of, push, read_all
from .store_base import (
    StoreCase,
    assert_known,
    assert_told,
    parcel_of,
    told,
    units_of,
)
from .store_lab import ShopLine, ShopOrder, StoreLab

_UNITS = st.dictionaries(
    st.sampled_from(["LAMP", "lamp", "CUP"]), st.integers(1, 4), min_size=1
)
_NUMBERS = st.integers(0, 10**6)


class StoreMachineContract(StoreCase):
    """
    Customers order and edit, parcels are told, the line breaks; nothing is lost.

    Attributes:
        examples, steps: How many histories, and how long each is.
    """

    examples = 15
    steps = 20

    def test_it_is_as_a_model_says(self) -> None:
        """
        What was told of each order, and what its customer sees.
        """
        walk(
            lambda: _Walk(self.make_lab, self.currency),
            examples=self.examples,
            steps=self.steps,
        )


class _Walk(RuleBasedStateMachine):
    def __init__(self, make_lab: Callable[[], StoreLab], currency: str) -> None:
        super().__init__()
        self.lab, self.currency = make_lab(), currency
        self.shop = self.lab.connect()
        self.cursor = ""
        self.placed: dict[str, dict[str, int]] = {}
        self.known: dict[str, dict[str, int]] = {}  # as it was told page by page
        self.sent: dict[str, dict[str, dict[str, int]]] = {}
        self.count = 0

    def _order(self, units: dict[str, int]) -> ShopOrder:
        price = Money(999, self.currency)
        lines = [ShopLine(sku=sku, quantity=n, price=price) for sku, n in units.items()]
        return ShopOrder(lines=tuple(lines))

    def _some(self, number: int) -> str:
        return sorted(self.placed)[number % len(self.placed)]

    @rule(units=_UNITS)
    def place(self, units: dict[str, int]) -> None:
        name = self.lab.place(self._order(units))
        assert name not in self.placed
        self.placed[name], self.sent[name] = units, {}

    @precondition(lambda self: any(not sent for sent in self.sent.values()))
    @rule(number=_NUMBERS, more=st.integers(1, 5))
    def edit(self, number: int, more: int) -> None:
        """
        Want more of everything; what was sent stays sent, so nobody edits it here.
        """
        free = sorted(name for name, sent in self.sent.items() if not sent)
        name = free[number % len(free)]
        units = {sku: n + more for sku, n in self.placed[name].items()}
        self.lab.change(name, self._order(units))
        self.placed[name] = units

    @rule(limit=st.integers(1, 5), fault=st.none() | st.sampled_from(WireFault))
    def read_a_page(self, limit: int, fault: WireFault | None) -> None:
        if fault is not None:
            self.lab.line.fail(fault)
        seen: list[OrderPage] = []
        read = partial(page_of, self.shop, self.cursor, limit=limit)
        error = failure_of(lambda: seen.append(read()))
        if error is not None:
            assert fault is not None, repr(error)
            return
        (page,) = seen
        # It may be set aside, or have been asked for again.
        is_told = fault in SHAPES and (page.rejects or page.orders)
        assert fault is None or is_told, f"{fault} was told as a page"
        assert len(page.orders) <= limit
        self.known |= {order.external_id: units_of(order) for order in page.orders}
        self.cursor = page.cursor
        if not page.has_more:
            self._know_everything()

    def _know_everything(self) -> None:
        """
        Hold that nothing is lost behind the last page.

        An order that changed within the second in which a page ended, and was told
        before, may come with the next reading.
        """
        if self.placed != self.known:
            found, self.cursor = read_all(self.shop, self.cursor)
            self.known |= {name: units_of(order) for name, order in found.items()}
        assert_known(self.placed, self.known)

    @precondition(lambda self: self.placed)
    @rule(
        place=_NUMBERS,
        fault=st.none() | st.sampled_from(WireFault),
        after=st.integers(0, 3),
        is_new=st.booleans(),
    )
    def tell(
        self,
        place: int,
        fault: WireFault | None,
        after: int,
        is_new: bool,  # noqa: FBT001 - drawn by name
    ) -> None:
        """
        Tell of a parcel with one unit of each SKU, with an adapter of old or new.
        """
        name = self._some(place)
        left = {
            sku: n - sum(units.get(sku, 0) for units in self.sent[name].values())
            for sku, n in self.placed[name].items()
        }
        units = {sku: 1 for sku, n in left.items() if n > 0}
        if not units:
            return
        self.count += 1
        parcel = parcel_of(
            fetched(self.shop, name),
            f"T{self.count}",
            units,
            parcel_id=f"P{self.count}",
        )
        if fault is not None:
            self.lab.line.fail(fault, after=after)
            error = failure_of(lambda: push(self.shop, parcel))
            if self.lab.line.heal():
                is_done = parcel.tracking_number in told(self.lab, name)
                assert_told_as(fault, error, may_be_done=is_done)
            else:
                assert error is None, repr(error)
        shop = self.lab.connect() if is_new else self.shop
        said = [push(shop, parcel), push(shop, parcel)]
        assert said[0] == said[1], f"one key has several references: {said}"
        self.sent[name][parcel.tracking_number] = units

    @invariant()
    def customers_see_what_was_sent(self) -> None:
        for name, sent in self.sent.items():
            assert_told(self.lab, name, sent)
