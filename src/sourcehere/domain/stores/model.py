"""
What a shop sends, and what we keep of it.

A snapshot is the newest state of one order as the shop tells it. It is compared, never
trusted to be complete or in order, and not stored: the record (`record.py`) keeps its
fingerprint and what it wants line by line.
"""

import enum
from datetime import datetime, timedelta

import attrs

from ..kernel.address import Address
from ..kernel.clock import NEVER
from ..kernel.connections import ACTIVE
from ..kernel.ids import SellerId, StoreId
from ..kernel.money import Money
from ..kernel.skus import comparison_key
from ..kernel.store_variants import keys_of_line, variant_key
from ..kernel.values import frozen
from .told import AS_THE_PLATFORM_SAYS

PULL_EVERY_S = 900  # a quarter of an hour


@frozen
class SnapshotLine:
    """
    One line of a shop's order.

    Attributes:
        external_line_id: The shop's id of the line, unique in its order.

        sku: Verbatim; comparing ignores case. Where it is empty, and so is
            `external_variant_id`, the line is known by itself: as what it was of when
            it was told before, else as a variant that no other line is of.

        quantity: Units ordered, less those the shop cancelled; 0 for a line that was
            taken out.

        unit_price: What the customer paid for a unit; informational. None where the
            shop does not say.

        quantity_fulfilled: Units the shop says are sent already.

        quantity_refunded: Units that were refunded instead of being sent. A refund of
            units that were sent counts as nothing here: they are sent all the same.

        external_variant_id, external_product_id: The shop's own ids of what was bought;
            empty where it has none. Connections may go by them.
    """

    external_line_id: str
    sku: str
    title: str
    quantity: int
    unit_price: Money | None
    quantity_fulfilled: int = 0
    quantity_refunded: int = 0
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
    def sold_for(self) -> tuple[int, str]:
        """
        The price of a unit as a line keeps it: minor units, and the currency, which is
        empty where no price is known.
        """
        price = self.unit_price
        return (0, "") if price is None else (price.minor, price.currency)

    @property
    def quantity_wanted(self) -> int:
        """
        Units still to be sent by us.
        """
        return max(self.quantity - self.quantity_fulfilled - self.quantity_refunded, 0)


@frozen
class StoreOrderSnapshot:
    """
    The newest state of one order, as the shop tells it.

    Attributes:
        external_id: The shop's key of the order.

        number: What people call it; often the same.

        version: The shop's own version number of the order, which grows with each
            change, up to a thousand million; 0 where it has none, or where it counts
            time: then say `changed_at`.

        changed_at: When the shop changed it last, where there is no version. What is
            older than what was told before changes nothing.

        rows_rejected: How many of its records could not be read as lines.

        doubts: What else is doubtful about it, in words without personal data: the
            order is held until it is told without doubts, or somebody confirms it.
    """

    external_id: str
    number: str
    placed_at: datetime
    address: Address
    lines: tuple[SnapshotLine, ...]
    paid_at_store: bool = True
    cancelled: bool = False
    rows_rejected: int = 0
    doubts: tuple[str, ...] = ()
    version: int = 0
    changed_at: datetime | None = None

    @property
    def doubts_count(self) -> int:
        """
        How much of it is in doubt: records that could not be read, and what else.
        """
        return self.rows_rejected + len(self.doubts)

    @property
    def doubts_in_words(self) -> str:
        """
        What is in doubt; empty for nothing.
        """
        unread = f"{self.rows_rejected} records could not be read"
        return "; ".join((*([unread] if self.rows_rejected else []), *self.doubts))


class RejectReason(enum.StrEnum):
    """
    Why a record of a shop became no line.
    """

    CANCELLATION_NOTE = "cancellation_note"
    BAD_VALUE = "bad_value"
    QUANTITY_NOT_POSITIVE = "quantity_not_positive"
    PRICE_NEGATIVE = "price_negative"
    NO_PRODUCT_LINES = "no_product_lines"
    NOT_TRUSTED = "not_trusted"
    OTHER_CUSTOMER = "other_customer"
    TOLD_UNREADABLE = "told_unreadable"  # what we keep of what the shop was told


@frozen
class Reject:
    """
    A record that became no line.

    Attributes:
        row: Record number in the source, from 1, the header not counted; 0 where the
            source has no records.

        detail: What was wrong, naming the column, never holding personal data.

        facts: What was told, as JSON, without personal data; empty where the source
            keeps it.

        about: The shop's key of the order that a note of another number cancels; empty
            for none.
    """

    row: int
    reason: RejectReason
    external_id: str
    detail: str
    facts: str = ""
    about: str = ""


@frozen
class Charge:
    """
    A record that is a fee of the shop, not a product.

    Attributes:
        amount_minor: Quantity times price; None where the text was no amount.

        amount_text: The price as the shop wrote it.
    """

    row: int
    external_id: str
    code: str
    currency: str
    amount_minor: int | None
    amount_text: str


@frozen(kw_only=True)
class Store:
    """
    A seller's shop: which platform serves it, and how far we have read.

    Attributes:
        platform: The name of a store platform provider.

        config: As the seller gave it, which may hold a secret: never shown.

        cursor: Where the next pull starts; the platform's own words.

        state: `active`, `paused` or `disconnected`.

        why: Why it rests, for people; or why it was not read the last time.

        pull_every, pull_at: How often workers read it, zero for never, and when next.

        pulled_at: When it was read to the end the last time.

        answers_count: How many of its answers were taken in. One that was asked for
            before the last of them was may be older than that, and is asked for again.

        told_days: For how many days what it says is kept; -1 as the platform says.

        ship_by, ship_within_days: How its orders travel for which nobody chose a
            method: the cheapest or the fastest way, and in how many days at most; zero
            for no limit.

        same_mark, same_orders, same_at: What it told when it was read from the start to
            its end, in one word; how many orders that were, and when. Empty where that
            is not known.

        webhook_url, subscribed_at: Which address it was told last to tell of changes,
            and when; empty and None for none.
    """

    seller_id: SellerId
    store_id: StoreId
    platform: str
    name: str
    config: dict[str, object] = attrs.field(repr=False)
    cursor: str
    connected_at: datetime
    state: str = ACTIVE
    why: str = ""
    pull_every_s: int = PULL_EVERY_S
    pull_at: datetime = NEVER
    pulled_at: datetime | None = None
    answers_count: int = 0
    told_days: int = AS_THE_PLATFORM_SAYS
    ship_by: str = "cheapest"
    ship_within_days: int = 0
    same_mark: str = ""
    same_orders: int = 0
    same_at: datetime | None = None
    webhook_url: str = ""
    subscribed_at: datetime | None = None

    @property
    def pull_every(self) -> timedelta:
        """
        How often workers read it; zero for never.
        """
        return timedelta(seconds=self.pull_every_s)

    @property
    def is_pulled(self) -> bool:
        """
        Whether workers read it by themselves.
        """
        return self.state == ACTIVE and self.pull_every_s > 0


@frozen(kw_only=True)
class RejectedRow:
    """
    A stored `Reject`; one that is told again is the same.

    Attributes:
        problem_id: Digest of what was told, and which one it is of several equal ones.

        row: Where it stood when it was first seen; 0 where there are no rows.

        is_open: Whether it is still so; not, once the shop told the order well.
    """

    seller_id: SellerId
    store_id: StoreId
    problem_id: str
    row: int
    reason: str
    external_id: str
    detail: str
    facts: str
    is_open: bool
    seen_at: datetime


@frozen(kw_only=True)
class StoreCharge:
    """
    A stored `Charge`; one that is told again is the same.

    Attributes:
        charge_id: Digest of what was told, and which one it is of several equal ones.

        row: Where it stood when it was first seen.
    """

    seller_id: SellerId
    store_id: StoreId
    charge_id: str
    row: int
    external_id: str
    code: str
    currency: str
    amount_minor: int | None
    amount_text: str
    seen_at: datetime
