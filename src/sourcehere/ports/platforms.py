"""
What a store platform implements: pull orders, fetch one, push tracking.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import attrs

from ..domain.kernel.values import frozen
from ..domain.stores.listing import ListedVariant
from ..domain.stores.model import Charge, Reject, StoreOrderSnapshot


@frozen
class OrderPage:
    """
    Some orders of a shop, and where to go on.

    Attributes:
        orders: Snapshots, in the shop's order.

        rejects, charges: Records that are no lines.

        cursor: Give it to the next pull; kept once this page is committed.

        has_more: Whether another pull now would bring more.

        raw: What came over the wire, if the plugin likes it to be kept with the orders
            that it made of it; cut to some length.
    """

    orders: tuple[StoreOrderSnapshot, ...]
    rejects: tuple[Reject, ...]
    charges: tuple[Charge, ...]
    cursor: str
    has_more: bool
    raw: bytes | str | None = attrs.field(default=None, repr=False)


@frozen(kw_only=True)
class StorePreview:
    """
    What a platform found where a shop would be read, before anything is imported.

    Attributes:
        title: What it is, for people.

        columns: Our name of what is told -> where the shop tells it.

        orders, lines: How many would be imported.

        cancelled, refunded, fulfilled, unpaid: Of the orders, by what the shop says of
            them. Of those that are refunded nothing was sent, and of those that are
            fulfilled something; nothing is left to send of either.

        doubtful: Of the orders, those that would be held until somebody confirms them.

        charges: Records that are fees of the shop, or need no sending.

        rejected: What is wrong with records that are none of these, one each.

        notes: What else was found, for people.
    """

    title: str
    columns: Mapping[str, str]
    orders: int
    lines: int
    cancelled: int
    refunded: int
    fulfilled: int
    unpaid: int
    doubtful: int
    charges: int
    rejected: tuple[str, ...]
    notes: tuple[str, ...]


@frozen
class ProductPage:
    """
    Some of what a shop sells, and where to go on.

    Attributes:
        variants: In the shop's order, those of a product beside each other or not.

        cursor: Give it to the next call; it is kept nowhere.

        has_more: Whether another call would bring more.

        rejected: What is wrong with records that are no variants, each in words that
            say where it is, such as `row 3: sku is empty`.
    """

    variants: tuple[ListedVariant, ...]
    cursor: str
    has_more: bool
    rejected: tuple[str, ...] = ()


@frozen
class FulfilmentLine:
    """
    Complete store units of one line that left in a parcel.
    """

    external_line_id: str
    quantity: int


@frozen(kw_only=True)
class ParcelNotice:
    """
    What the shop is told of a parcel that completes no unit of the order.

    Attributes:
        idempotency_key: (parcel, order, revision), and which attempt where an earlier
            one was declined: pushed again, it is one notice.

        parcel_id: Another notice of a parcel that the shop was told of already is a
            correction: it takes the earlier one's place.

        replaces: The parcels in whose place this one was sent, newest first, of which
            the shop was told or may have been: none of them counts any more. Mostly
            none or one.

        replaces_reference: What the shop called the notice that this one takes the
            place of: the newest one that it took, of this parcel or of one that it
            replaces, with units or without. One that may have been taken is told again
            before this one, so that it is empty only where the shop knows of none, or
            has not answered for so long that nobody tells it any more.

        beside: What the shop called the order's other parcels. What has one of these
            names is another box, however alike: carriers give several boxes of one
            order one number.
    """

    idempotency_key: str
    external_id: str
    number: str
    parcel_id: str
    carrier: str
    tracking_number: str
    shipped_at: datetime
    replaces: tuple[str, ...] = ()
    replaces_reference: str = ""
    beside: tuple[str, ...] = ()


@frozen(kw_only=True)
class Fulfilment(ParcelNotice):
    """
    What the shop is told of a parcel that completes units of the order.

    Attributes:
        lines: The units complete with it; never empty. Another fulfilment of the same
            parcel, or of one that replaces it, has the same units, not more of them:
            what the shop counts per line never exceeds what was sent.
    """

    lines: tuple[FulfilmentLine, ...]


class StorePlatform(Protocol):
    """
    One connected shop.
    """

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read orders from *cursor* on; an empty cursor starts at the beginning.

        The newest state of each order; never trusted to be complete or in order.

        A page that takes longer than `Settings.pull_within` is given up, and asked for
        again from the same cursor. The call itself is not stopped, so give your own
        requests a shorter time limit.

        Raises:
            ProviderError: If the shop cannot answer.
        """
        ...

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order as it is now; None where the shop has it no more: what is not
        paid here is cancelled then, the rest is held.

        Raises:
            DeclinedError: If the shop cannot tell whether it has the order.

            ProviderError: If the shop cannot answer.
        """
        ...

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Tell the shop what left in a parcel; the same idempotency key counts once.

        A second fulfilment of a parcel corrects the first, and one that `replaces`
        another parcel takes its place: neither adds units to what the shop counts.

        A key that was taken before gives its reference again and is never declined:
        after a `DeclinedError` the parcel is told under another key.

        Returns:
            The shop's own reference.

        Raises:
            ProviderError: Which kind says whether anything happened.
        """
        ...

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Tell the shop a parcel's number only: no unit is complete with it.

        Part of a bundle left, say. Nothing may count as fulfilled by it: a shop that
        takes a fulfilment without lines for one of everything gets a note instead.

        Returns:
            The shop's own reference.

        Raises:
            ProviderError: Which kind says whether anything happened.
        """
        ...


@runtime_checkable
class SupportsFindPush(Protocol):
    """
    A shop that can say whether a key was taken: it is asked before a key is sent again
    whose outcome nobody knows. What it does not know goes under another key if the shop
    has merged or split lines since.
    """

    def find_push(self, notice: ParcelNotice, /) -> str | None:
        """
        Return the shop's reference for the notice's key; None where it was not taken.

        Raises:
            ProviderError: If the shop cannot tell.
        """
        ...


@runtime_checkable
class SupportsContentMark(Protocol):
    """
    A shop that can name all that it would tell, more quickly than it could tell it.
    """

    def content_mark(self) -> str:
        """
        Name everything that `pull_orders` would bring from an empty cursor on.

        While the name is the same, each answer would be the same, by the same
        configuration: then the shop is not read again. Empty where nobody can tell.

        Raises:
            ProviderError: If the shop cannot answer.
        """
        ...


@runtime_checkable
class SupportsOrderNames(Protocol):
    """
    A shop that can list its orders without telling what is in them.
    """

    def order_names(self) -> Collection[str]:
        """
        List the keys of all orders that the shop tells now, also of those that cannot
        be read.

        Raises:
            ProviderError: If the shop cannot answer.
        """
        ...


@runtime_checkable
class SupportsProducts(Protocol):
    """
    A shop that tells what it sells, so that it can be connected before anyone orders.
    """

    def pull_products(self, cursor: str, /, *, limit: int) -> ProductPage:
        """
        Read what is sold, from *cursor* on; an empty cursor starts at the beginning.

        Each variant that customers can buy is told once, and no draft or what was put
        away. What is sold all the while is told whatever is added or deleted between
        two pages; some of it may be told again then. A cursor that no page told is
        refused, or starts at the beginning: a part is never told as if it were all.

        Args:
            limit: So many at a time; fewer, or all variants of so many products, where
                the shop lists them so.

        Raises:
            ProviderError: If the shop cannot answer, or the cursor leads nowhere.
        """
        ...


@runtime_checkable
class SupportsPreview(Protocol):
    """
    A shop that can be looked at before it is connected.
    """

    def preview(self) -> StorePreview:
        """
        Say what would be imported.

        Raises:
            ProviderError: If the shop cannot answer.
        """
        ...


@runtime_checkable
class SupportsBatchPush(Protocol):
    """
    A shop that takes many fulfilments at a time, each with its own outcome.
    """

    def push_fulfilments(
        self, fulfilments: Sequence[Fulfilment], /
    ) -> "list[str | Exception]":
        """
        Push all; per fulfilment the shop's reference, or the `ProviderError`.
        """
        ...
