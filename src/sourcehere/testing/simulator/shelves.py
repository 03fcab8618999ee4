"""
What people were told of what warehouses counted and took back, and of orders that staff
hold.
"""

from collections import Counter

import attrs

from ...domain.warehouse.counts import StockCount
from .wrong import WrongError


@attrs.define
class KnownHold:
    """
    A hold that staff placed.

    Attributes:
        ends: Whether it ends by itself.
    """

    seller: str
    order_id: str
    ends: bool


@attrs.define
class Shelves:
    """
    What must be so in warehouses, and of held orders.

    Attributes:
        counted: Order -> units that were told to be counted there, whole or damaged.

        receipts: Order -> how many counts were told.

        written_off: Orders of which what never came was told to be written off.

        looked: Count of a shelf -> what was told of it.

        back: Order and item -> units that were told to be in stock again.

        holds: Hold -> what is known of it.

        releasing: Holds that somebody wanted to release.

        released: Those of which they were told that they are.
    """

    counted: Counter[str] = attrs.field(factory=Counter)
    receipts: Counter[str] = attrs.field(factory=Counter)
    written_off: set[str] = attrs.field(factory=set)
    looked: dict[str, StockCount] = attrs.field(factory=dict)
    back: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    holds: dict[str, KnownHold] = attrs.field(factory=dict)
    releasing: set[str] = attrs.field(factory=set)
    released: set[str] = attrs.field(factory=set)

    def has_looked(self, told: StockCount) -> None:
        """
        Keep that a shelf was counted.

        Raises:
            WrongError: If that count was told before.
        """
        if told.count_id in self.looked:
            words = f"count {told.count_id} is the answer to two commands"
            raise WrongError(words)
        self.looked[told.count_id] = told

    def has_held(self, hold_id: str, known: KnownHold) -> None:
        """
        Keep that an order is held.

        Raises:
            WrongError: If that hold was there before.
        """
        if hold_id in self.holds:
            told = f"hold {hold_id} is the answer to two commands"
            raise WrongError(told)
        self.holds[hold_id] = known
