"""
What was ordered: store units in lines, platform units in items.

A line counts what the shop or the seller ordered; its items count what we supply for
it. Allocation, shipping, disputes and refunds count items.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from ..kernel.ids import ConnectionId, ItemId, LotId, VariantId
from ..kernel.skus import comparison_key
from ..kernel.store_variants import keys_of_line, variant_key
from ..kernel.values import frozen, light


@frozen
class NewItem:
    """
    Platform units that a line needs, *quantity* for the whole line.
    """

    variant_id: VariantId
    quantity: int


@light(kw_only=True)
class NewLine:
    """
    A line as it is written into an order.

    Attributes:
        quantity: Store units, positive.

        items: Empty while the line is not paired.

        connection_id: What paired it; empty for a SKU connection or a direct choice.

        sold_minor: What the shop's customer paid for a unit; informational.

        is_set_apart: Whether no connection may pair it, by a person's word.

        external_variant_id, external_product_id: The shop's own ids of what was bought;
            empty where it has none.
    """

    external_line_id: str
    sku: str
    title: str
    quantity: int
    sold_minor: int = 0
    sold_currency: str = ""
    items: tuple[NewItem, ...] = ()
    connection_id: ConnectionId = ConnectionId("")
    connection_version: int = 0
    is_set_apart: bool = False
    external_variant_id: str = ""
    external_product_id: str = ""


@frozen
class LinePairing:
    """
    What one line is paired with from now on.
    """

    line: int
    items: tuple[NewItem, ...]
    connection_id: ConnectionId = ConnectionId("")
    connection_version: int = 0


@frozen
class ItemQuantity:
    """
    Some units of one item.
    """

    item_id: ItemId
    quantity: int


@light
class PaidItem:
    """
    What an item costs and where it comes from, fixed at payment.

    Attributes:
        unit_minor: Price of a unit sourced directly.

        quantity_from_lots: Units from the seller's cloud stock; their goods are paid.
    """

    item_id: ItemId
    unit_minor: int
    quantity_from_lots: int


@frozen
class ItemRefund:
    """
    Units of one item that are refunded.

    Attributes:
        amount_minor: Paid back for them, against this order's own capture.

        quantity_from_lots: How many of the units came from lots.
    """

    item_id: ItemId
    quantity: int
    amount_minor: int
    quantity_from_lots: int = 0


@frozen
class ItemCount:
    """
    What a warehouse counted of one item of a cloud-warehouse order.
    """

    item_id: ItemId
    good: int
    damaged: int = 0
    missing: int = 0

    @property
    def settled(self) -> int:
        """
        Units this count takes off what is outstanding.
        """
        return self.good + self.damaged + self.missing


@frozen
class Pick:
    """
    Units of an item taken from a lot.
    """

    item_id: ItemId
    lot_id: LotId
    quantity: int


@attrs.define
class Line:
    """
    One line of an order: store units.

    Attributes:
        connection_id: What paired it; empty for a SKU connection or a direct choice.

        is_set_apart: Whether it is not paired and no connection may pair it, since a
            person took what its connection paired away, for this order alone.

        external_variant_id, external_product_id: The shop's own ids of what was bought;
            empty where it has none.
    """

    line: int
    external_line_id: str
    sku: str
    title: str
    quantity: int
    sold_minor: int
    sold_currency: str
    connection_id: ConnectionId
    connection_version: int
    is_paired: bool
    is_set_apart: bool = False
    external_variant_id: str = ""
    external_product_id: str = ""

    @property
    def sku_key(self) -> str:
        """
        The SKU as it is compared; the variant's id where there is none.
        """
        return comparison_key(self.sku) or variant_key(self.external_variant_id)

    @property
    def keys(self) -> tuple[str, ...]:
        """
        By what it may be connected, the most exact first.
        """
        return keys_of_line(
            self.sku, self.external_variant_id, self.external_product_id
        )

    @property
    def is_waiting(self) -> bool:
        """
        Whether a connection could still pair it.
        """
        return not self.is_paired and not self.is_set_apart

    @property
    def is_on_its_own(self) -> bool:
        """
        Whether it follows no connection: paired, or set apart, for its order alone.
        """
        return self.is_set_apart or (self.is_paired and not self.connection_id)

    def as_new(self) -> NewLine:
        """
        Return the line as it is written into an order, unpaired.
        """
        return NewLine(
            external_line_id=self.external_line_id,
            sku=self.sku,
            title=self.title,
            quantity=self.quantity,
            sold_minor=self.sold_minor,
            sold_currency=self.sold_currency,
            is_set_apart=self.is_set_apart,
            external_variant_id=self.external_variant_id,
            external_product_id=self.external_product_id,
        )


@attrs.define
class Item:
    """
    One item of a line: platform units of one variant.

    Attributes:
        quantity_from_lots: Taken from the seller's cloud stock at payment.

        quantity_cancelled: Never to be sent: refunded before shipping, or short.

        quantity_refunded: Units refunded at any time, the cancelled ones included.

        quantity_returned: Units that left, came back, and are the seller's stock again.

        quantity_good, quantity_damaged, quantity_missing: What receipts of a
            cloud-warehouse order counted.

        quantity_written_off: Of a cloud-warehouse order: never came, refunded.
    """

    item_id: ItemId
    line: int
    variant_id: VariantId
    quantity: int
    unit_minor: int = 0
    quantity_from_lots: int = 0
    quantity_shipped: int = 0
    quantity_cancelled: int = 0
    quantity_refunded: int = 0
    quantity_returned: int = 0
    refunded_minor: int = 0
    quantity_good: int = 0
    quantity_damaged: int = 0
    quantity_missing: int = 0
    quantity_written_off: int = 0

    @property
    def quantity_left(self) -> int:
        """
        Units still to be sent.
        """
        return self.quantity - self.quantity_cancelled - self.quantity_shipped

    @property
    def quantity_kept(self) -> int:
        """
        Units that left in parcels, are not refunded, and did not come back.
        """
        refunded = max(self.quantity_refunded - self.quantity_cancelled, 0)
        return max(self.quantity_shipped - refunded - self.quantity_returned, 0)

    @property
    def quantity_direct(self) -> int:
        """
        Units sourced directly.
        """
        return self.quantity - self.quantity_from_lots

    @property
    def quantity_to_buy(self) -> int:
        """
        Units sourced directly that have not left. Units from stock leave first, and are
        cancelled last.
        """
        from_lots = max(self.quantity_from_lots - self.quantity_shipped, 0)
        return max(self.quantity_left - from_lots, 0)

    @property
    def quantity_outstanding(self) -> int:
        """
        Units of a cloud-warehouse order that no receipt has settled.
        """
        return (
            self.quantity
            - self.quantity_cancelled
            - self.quantity_good
            - self.quantity_damaged
            - self.quantity_missing
            - self.quantity_written_off
        )


def item_id(line: int, number: int) -> ItemId:
    """
    Name the *number*th item of *line*, both from 1.
    """
    return ItemId(f"{line}.{number}")


def units_of(line: Line, items: Sequence[Item], extra: Mapping[ItemId, int]) -> int:
    """
    Count the store units of *line* that are complete with *extra* units sent.

    Args:
        items: Those of the line.
    """
    if not items:
        return 0
    return min(
        [
            (item.quantity_shipped + extra.get(item.item_id, 0))
            * line.quantity
            // item.quantity
            for item in items
        ]
    )


def non_zero(items: Iterable[Item], attribute: str) -> tuple[ItemQuantity, ...]:
    """
    Return the units of *items* that *attribute* counts, leaving out zeros.
    """
    counted = [(item.item_id, getattr(item, attribute)) for item in items]
    return tuple([ItemQuantity(name, count) for name, count in counted if count])
