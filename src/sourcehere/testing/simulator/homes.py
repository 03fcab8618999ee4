"""
What people were told of goods at sellers' own places.
"""

from collections import Counter

import attrs

from .wrong import WrongError


@attrs.define
class Homes:
    """
    What must be so of local stock.

    Attributes:
        sold: Seller and variant -> units that were told to be sold by hand.

        counts: Seller and variant -> how many counts were told.

        came: Order -> units that were told to be taken in.

        served: Seller and order -> whether it was told to be put back, of those that
            were told to be served from there.
    """

    sold: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    counts: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    came: Counter[str] = attrs.field(factory=Counter)
    served: dict[tuple[str, str], bool] = attrs.field(factory=dict)

    def has_served(self, seller: str, order_id: str) -> None:
        """
        Keep that an order was served.

        Raises:
            WrongError: If it was served before.
        """
        if (seller, order_id) in self.served:
            told = f"order {order_id} was served twice"
            raise WrongError(told)
        self.served[seller, order_id] = False
