"""
A shop in memory that misbehaves as it is told to, and the plugin that offers it.
"""

import enum
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import attrs

from ..domain.kernel.values import frozen
from ..domain.stores.cancelling import ShopCancelReason
from ..domain.stores.listing import ListedVariant
from ..domain.stores.model import StoreOrderSnapshot
from ..plugins import hookimpl
from ..ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from ..ports.platforms import (
    Fulfilment,
    OrderPage,
    ParcelNotice,
    ProductPage,
    StorePlatform,
)
from ..ports.providers import Context, ProviderInfo
from ..ports.stock import ShopStock
from .counted_units import units_sent
from .fake_webhooks import FakeWebhooks


class Fault(enum.Enum):
    """
    What a shop can do to a push instead of taking it.
    """

    LOST_BEFORE = "lost_before"  # nothing happened, and nobody knows
    LOST_AFTER = "lost_after"  # it happened, and nobody knows
    NONSENSE = "nonsense"  # it happened, and the answer makes no sense
    EMPTY = "empty"  # it happened, and the answer is an empty reference
    DECLINED = "declined"
    THROTTLED = "throttled"
    UNAUTHORIZED = "unauthorized"


RETRY_AFTER = timedelta(minutes=7)


class FakeShop(FakeWebhooks):
    """
    A store platform in memory, whose pushes fail as they are told to.

    Attributes:
        faults: Taken from the front, one per push; None lets a push pass.

        fulfilments: What the shop's customers see: idempotency key -> fulfilment, or
            the notice of a parcel that completes nothing.

        keys_pushed: The key of every push, in order, failed ones too.

        when_pushed: Called within each push, say to let time pass meanwhile.

        when_asked: Called when orders were asked for and before the answer is there,
            say to let something newer be told meanwhile.

        fetched: The orders that were asked for one by one.

        fetch_error: Raised to whoever asks for one order.

        check_error: Raised where the credentials are tried.

        products: What it says that it sells.

        stock: The variant's id, or its SKU -> units that it sells; None for a variant
            whose units it does not count. One that it sells and is not there counts.

        stock_error: Raised instead of taking stock.

        cancel_errors: Taken from the front, one for each order that is to be cancelled:
            raised instead of doing it; None lets it be cancelled.

        refuses_lines: Whether it declines fulfilments of lines that its order has not.

        pages: What the next pulls return instead of orders that were put, whatever it
            is: a shop may say anything.
    """

    def __init__(self) -> None:
        self._orders: dict[str, StoreOrderSnapshot] = {}
        self._changes: list[str] = []
        self.faults: list[Fault | None] = []
        self.fulfilments: dict[str, ParcelNotice] = {}
        self.keys_pushed: list[str] = []
        self.when_pushed: Callable[[ParcelNotice], None] | None = None
        self.when_asked: Callable[[], None] | None = None
        self.refuses_lines = False
        self.pages: list[Any] = []
        self.fetched: list[str] = []
        self.fetch_error: Exception | None = None
        self.check_error: Exception | None = None
        self.products: list[ListedVariant] = []
        self.stock: dict[str, int | None] = {}
        self.stock_error: Exception | None = None
        self.cancel_errors: list[Exception | None] = []

    def put(self, order: StoreOrderSnapshot) -> None:
        """
        Let an order be placed, or edited.
        """
        self._orders[order.external_id] = order
        self._changes.append(order.external_id)

    def check(self) -> None:
        """
        Try the credentials.

        Raises:
            Exception: `check_error`, if it is set.
        """
        if self.check_error is not None:
            raise self.check_error

    def put_silently(self, order: StoreOrderSnapshot, *, under: str = "") -> None:
        """
        Let an order be edited without a word of it in what changed.

        Args:
            under: The id that it is returned for; its own if not given.
        """
        self._orders[under or order.external_id] = order

    def forget(self, external_id: str) -> None:
        """
        Let an order be deleted; what changed does not tell.
        """
        del self._orders[external_id]

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read what changed since *cursor*, which counts changes.
        """
        if self.pages:
            page: OrderPage = self.pages.pop(0)
            return page
        start = int(cursor or "0")
        names = self._changes[start : start + limit]
        end = start + len(names)
        told = [name for name in dict.fromkeys(names) if name in self._orders]
        orders = tuple(self._orders[name] for name in told)
        page = OrderPage(orders, (), (), str(end), end < len(self._changes))
        self._is_asked()
        return page

    def pull_products(self, cursor: str, /, *, limit: int) -> ProductPage:
        """
        Read what is sold, from *cursor* on, which counts variants and names the last
        one; where that is not there any more, from the beginning.
        """
        count = cursor.partition(" ")[0]
        place = int(count) if count.isdecimal() else 0
        start = place if cursor == self._place(place) else 0
        end = start + limit
        found, has_more = tuple(self.products[start:end]), end < len(self.products)
        return ProductPage(found, self._place(end) if has_more else "", has_more)

    def _place(self, place: int) -> str:
        """
        Name the place behind so many variants.
        """
        if not 0 < place <= len(self.products):
            return ""
        last = self.products[place - 1]
        return f"{place} {last.external_variant_id or last.sku}"

    def push_stock(self, levels: Sequence[ShopStock], /) -> list[Exception | None]:
        """
        Take what there is of variants that it sells and counts.

        Raises:
            Exception: `stock_error`, if it is set.
        """
        if self.stock_error is not None:
            raise self.stock_error
        sold = {one.external_variant_id or one.sku for one in self.products}
        told: list[Exception | None] = []
        for level in levels:
            name = level.external_variant_id or level.sku
            if name not in sold or self.stock.get(name, 0) is None:
                told.append(DeclinedError(provider="fake", detail=f"{name}: not kept"))
                continue
            self.stock[name] = level.quantity
            told.append(None)
        return told

    def cancel_order(self, external_id: str, /, *, reason: ShopCancelReason) -> None:
        """
        Cancel an order of which nothing was told to be sent.

        Raises:
            DeclinedError: If there is no such order, or units of it were sent.

            Exception: As `cancel_errors` say.
        """
        error = self.cancel_errors.pop(0) if self.cancel_errors else None
        if error is not None:
            raise error
        order = self._orders.get(external_id)
        if order is None:
            raise DeclinedError(provider="fake", detail=f"no order {external_id}")
        if any(self.units_sent(external_id).values()):
            detail = f"order {external_id} was sent: {reason.value} is no reason"
            raise DeclinedError(provider="fake", detail=detail)
        if not order.cancelled:
            self.put(attrs.evolve(order, cancelled=True))

    def _is_asked(self) -> None:
        if self.when_asked is not None:
            self.when_asked()

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order as it is now.

        Raises:
            Exception: `fetch_error`, if it is set.
        """
        self.fetched.append(external_id)
        if self.fetch_error is not None:
            raise self.fetch_error
        order = self._orders.get(external_id)
        self._is_asked()
        return order

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Take a fulfilment, the same key once; or fail as told.

        Raises:
            DeclinedError: If it refuses lines, and the order has none of that id now.

            ProviderError: As `faults` say.
        """
        assert fulfilment.lines
        is_known = fulfilment.idempotency_key in self.fulfilments
        if self.refuses_lines and not is_known:
            known = self._orders[fulfilment.external_id].lines
            names = {line.external_line_id for line in known}
            for line in fulfilment.lines:
                if line.external_line_id not in names:
                    detail = f"no line {line.external_line_id}"
                    raise DeclinedError(provider="fake", detail=detail)
        return self._take(fulfilment)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Take a parcel's number, the same key once; or fail as told.

        Raises:
            ProviderError: As `faults` say.
        """
        assert not isinstance(notice, Fulfilment)
        return self._take(notice)

    def units_sent(self, external_id: str) -> dict[str, int]:
        """
        Count what left as the shop sees it: line -> units.

        The newest notice of a parcel counts, and none of a parcel that was replaced.
        """
        return units_sent(self.fulfilments.values(), external_id)

    def _take(self, notice: ParcelNotice) -> str:
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.DECLINED and notice.idempotency_key in self.fulfilments:
            fault = None  # what was taken under a key is not declined under it
        self.keys_pushed.append(notice.idempotency_key)
        is_known = notice.external_id in self._orders
        if not is_known and notice.idempotency_key not in self.fulfilments:
            detail = f"no order {notice.external_id}"
            raise DeclinedError(provider="fake", detail=detail)
        if fault in (None, Fault.LOST_AFTER, Fault.NONSENSE, Fault.EMPTY):
            self.fulfilments.setdefault(notice.idempotency_key, notice)
        if self.when_pushed is not None:
            self.when_pushed(notice)
        if fault is Fault.EMPTY:
            return ""
        if fault is not None:
            raise _error_of(fault)
        return f"ref:{notice.idempotency_key}"


def _error_of(fault: Fault) -> Exception:
    match fault:
        case Fault.DECLINED:
            return DeclinedError(provider="fake", detail="no such order")
        case Fault.THROTTLED:
            return ThrottledError(
                provider="fake", detail="slow down", retry_after=RETRY_AFTER
            )
        case Fault.UNAUTHORIZED:
            return UnauthorizedError(provider="fake", detail="token revoked")
        case Fault.NONSENSE:
            return ProtocolError(provider="fake", detail="not JSON")
        case _:
            return UnknownOutcomeError(provider="fake", detail="timed out")


@frozen
class FakeShopConfig:
    """
    Which fake shop is meant.
    """

    shop: str


class FakePlatforms:
    """
    A plugin that offers the store platform `fake`: one shop per name, kept.
    """

    def __init__(self) -> None:
        self.shops: dict[str, FakeShop] = {}

    @hookimpl
    def sourcehere_store_platforms(
        self,
    ) -> list[ProviderInfo[StorePlatform, FakeShopConfig]]:
        """
        Offer `fake`.
        """
        return [ProviderInfo("fake", FakeShopConfig, self._make)]

    def _make(self, config: FakeShopConfig, _: Context) -> StorePlatform:
        return self.shops.setdefault(config.shop, FakeShop())
