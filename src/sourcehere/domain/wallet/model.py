"""
The seller's money with the platform, entry by entry.
"""

import enum
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from ..kernel.ids import CheckoutId, OrderId, RefundId, SellerId
from ..kernel.parcels import PlannedParcel
from ..kernel.values import frozen, light


class Account(enum.StrEnum):
    """
    Where money stands. In every transaction the entries sum to zero.

    A positive entry on `wallet_available` is the seller's; one on `goods`, `freight`
    or `handling` is what the platform earned, and a negative one on `goodwill` what it
    gave.
    """

    WALLET_AVAILABLE = "wallet_available"
    WALLET_HELD = "wallet_held"
    PROVIDER_CLEARING = "provider_clearing"
    GOODS = "goods"
    FREIGHT = "freight"
    HANDLING = "handling"
    GOODWILL = "goodwill"
    SELLER_DEBT = "seller_debt"


@frozen(kw_only=True)
class Wallet:
    """
    The balances of one seller in the settlement currency.

    Attributes:
        available: What can be spent; nothing while there is a debt.

        held: On its way back to its source.

        debt: Below zero by what the seller owes: the sum of that account.
    """

    seller_id: SellerId
    currency: str
    available: int
    held: int
    debt: int


GATEWAY = "gateway:"  # and its name: what recorded what it captured


@light(kw_only=True)
class LedgerEntry:
    """
    One side of a transaction.

    Attributes:
        transaction_id: Shared by the entries that sum to zero.

        purpose: `top_up`, `capture`, `refund`; `supplement` where a paid order went to
            an address that its freight is dearer to; `withdrawal`, and how it ended:
            `withdrawn`, `withdrawal_failed`, `withdrawn_late` where it went after all,
            `withdrawal_bounced` where it did not arrive; `chargeback` and
            `chargeback_won`; `debt` where one was settled; `top_up_lowered` where less
            had arrived than was recorded; `paid_out` by a bank transfer; `goodwill`
            that staff gave, and `goodwill_taken_back`; `adjustment` where a repair took
            back a transaction that nothing explains.

        reference: The order, top-up, refund, attempt, chargeback, transfer, goodwill or
            transaction it is about.
    """

    seller_id: SellerId
    transaction_id: str
    entry: int
    account: str
    currency: str
    amount_minor: int
    purpose: str
    reference: str
    booked_at: datetime


def transaction(
    amounts: Sequence[tuple[Account, int]],
    *,
    seller_id: SellerId,
    transaction_id: str,
    currency: str,
    purpose: str,
    reference: str,
    at: datetime,
) -> tuple[LedgerEntry, ...]:
    """
    Return the entries of one transaction; accounts that do not move have none.
    """
    assert sum([amount for _, amount in amounts]) == 0
    moving = [(account, amount) for account, amount in amounts if amount]
    return tuple(
        [
            LedgerEntry(
                seller_id=seller_id,
                transaction_id=transaction_id,
                entry=number,
                account=account.value,
                currency=currency,
                amount_minor=amount,
                purpose=purpose,
                reference=reference,
                booked_at=at,
            )
            for number, (account, amount) in enumerate(moving, start=1)
        ]
    )


_BALANCES: dict[str, str] = {
    Account.WALLET_AVAILABLE: "available",
    Account.WALLET_HELD: "held",
    Account.SELLER_DEBT: "debt",
}


def wallet_change(entries: Iterable[LedgerEntry]) -> dict[str, int]:
    """
    Add up what *entries* do to the balances of the wallet.
    """
    change: dict[str, int] = {}
    for entry in entries:
        name = _BALANCES.get(entry.account)
        if name is not None:
            change[name] = change.get(name, 0) + entry.amount_minor
    return change


@frozen(kw_only=True)
class TopUp:
    """
    Money that arrived for a seller; *reference* is unique, so it counts once.

    Attributes:
        amount_minor: What arrived, as it was recorded or corrected last.

        recorded_by: Who did that.
    """

    seller_id: SellerId
    reference: str
    amount_minor: int
    currency: str
    recorded_by: str
    received_at: datetime

    @property
    def is_of_gateway(self) -> bool:
        """
        Whether a gateway captured it.
        """
        return self.recorded_by.startswith(GATEWAY)


@light(kw_only=True)
class PayOut:
    """
    Money that was sent to a seller by a bank transfer; *reference* is unique, so it
    counts once.
    """

    seller_id: SellerId
    reference: str
    amount_minor: int
    currency: str
    recorded_by: str
    paid_at: datetime


@light
class PlannedItem:
    """
    What an item would cost and where it would come from.
    """

    item_id: str
    unit_minor: int
    quantity: int
    quantity_from_lots: int

    @property
    def goods_minor(self) -> int:
        """
        What the units sourced directly cost.
        """
        return self.unit_minor * (self.quantity - self.quantity_from_lots)


@light
class Contents:
    """
    What is sent for the price: freight and rules depend on it, though it may cost the
    same as something else.

    Attributes:
        units: Platform variant and its units, in the order of the items.

        attributes: What carriers restrict: `battery`, `liquid` ...

        box_mm: The sides of the box that carriers are told of; zeros where unknown.

        parcels: In which it is planned to travel, where they are several; the freight
            is for these.

        places: Warehouse, item and units that are in stock there, for what comes from
            elsewhere may travel otherwise.

        promised: The lines whose freight was promised in a quote; None in what was
            offered before that was kept.
    """

    units: tuple[str, ...] = ()
    weight_grams: int = 0
    volume_mm3: int = 0
    attributes: tuple[str, ...] = ()
    box_mm: tuple[int, ...] = (0, 0, 0)
    parcels: tuple[PlannedParcel, ...] = ()
    places: tuple[str, ...] = ()
    promised: tuple[int, ...] | None = None

    def changed_since(self, agreed: "Contents") -> str:
        """
        Say in words what is sent now that was not agreed to; empty if nothing is.
        """
        if self.weight_grams != agreed.weight_grams:
            return f"{self.weight_grams} g instead of {agreed.weight_grams} g"
        if self.attributes != agreed.attributes:
            now, then = (", ".join(c.attributes) or "nothing" for c in (self, agreed))
            return f"with {now} instead of {then}"
        if (self.volume_mm3, self.box_mm) != (agreed.volume_mm3, agreed.box_mm):
            return "of another size"
        if self.units != agreed.units:
            return "other variants"
        return "" if self.places == agreed.places else "from other warehouses"


@frozen
class PlannedPick:
    """
    Units of a lot for an item.
    """

    item_id: str
    lot_id: str
    quantity: int


@light(kw_only=True)
class PlannedArrival:
    """
    When an order arrives from one source if it is paid on the day of the checkout.

    Attributes:
        source: `cloud`, `direct`, or `partly` where only some of it is in stock.

        country: Where the stock is; the origin where all of it is sourced directly.

        method, freight_minor: How it travels from there, and what that costs.

        provisional: The calendar of a year in between is not published yet.
    """

    source: str
    country: str
    method: str
    freight_minor: int
    earliest: date
    latest: date
    provisional: bool


@light
class OrderPlan:
    """
    One order of a checkout: what it costs, how it travels, where it comes from.

    Attributes:
        position: Its place in the list, from 1.

        contact_version: Of the address that freight was quoted for.

        method: The shipping method, as it was chosen: its short or its full code. If
            none was chosen, the short code of the cheapest, or the full code if several
            connections have the short one. Empty where nothing is shipped to a
            customer.

        connection: Name of the freight connection that offers it.

        days_min, days_max: On the way, as the freight option says.

        contents: What is sent; paying refuses anything else.

        reasons: Item -> why stock does not serve it in full.

        arrivals: From where it is sent; behind that from the other source, where there
            is one. Empty where nothing goes to a customer.
    """

    seller_id: SellerId
    checkout_id: CheckoutId
    position: int
    order_id: OrderId
    contact_version: int
    goods_minor: int
    freight_minor: int
    handling_minor: int
    method: str
    days_min: int
    days_max: int
    chargeable_grams: int
    items: tuple[PlannedItem, ...]
    picks: tuple[PlannedPick, ...]
    reasons: dict[str, str]
    connection: str = ""
    contents: Contents = Contents()
    arrivals: tuple[PlannedArrival, ...] = ()

    @property
    def total_minor(self) -> int:
        """
        What the order costs in all.
        """
        return self.goods_minor + self.freight_minor + self.handling_minor


@frozen(kw_only=True)
class Checkout:
    """
    A list of orders priced against one stock snapshot, until it expires.
    """

    seller_id: SellerId
    checkout_id: CheckoutId
    state: str
    currency: str
    total_minor: int
    orders: int
    expires_at: datetime


@frozen
class RefundedItem:
    """
    Units refunded, and against whose capture.

    Attributes:
        captured_by: The order whose capture pays: this one, or the cloud-warehouse
            order that bought the lot.

        captured_item: That order's item.
    """

    item_id: str
    quantity: int
    amount_minor: int
    captured_by: OrderId
    captured_item: str
    lot_id: str = ""


@frozen(kw_only=True)
class Refund:
    """
    A refund decision and its money movement. Only `succeeded` counts.

    Attributes:
        target: `wallet`.

        reason: `cancelled`, `short`, `units`, `written_off`, `dispute` ...
    """

    seller_id: SellerId
    refund_id: RefundId
    order_id: OrderId
    dispute_id: str
    state: str
    target: str
    reason: str
    currency: str
    amount_minor: int
    freight_minor: int
    items: tuple[RefundedItem, ...]
    decided_at: datetime
