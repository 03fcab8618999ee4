"""
Shops of a run: what their customers do, what they are told, and how they fail.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import attrs

from ...domain.stores.model import StoreOrderSnapshot
from ...plugins import hookimpl
from ...ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    TimedOutError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from ...ports.platforms import Fulfilment, OrderPage, ParcelNotice, StorePlatform
from ...ports.providers import Context, ProviderInfo
from ...ports.webhooks import Topic, WebhookEvent
from ..counted_units import units_sent
from ..fake_shop import FakeShopConfig
from .scheduler import Scheduler

_NAME = "simulated"
_SLOW_MAX = 600  # steps
_STANDS = 0.2  # how likely a lie is a cursor that stands
_LIES: tuple[dict[str, Any], ...] = (
    {"quantity": -1},
    {"quantity": 1.5},
    {"quantity": 2**63},
    {"quantity_fulfilled": -2},
    {"sku": "\ud800"},
    {"sku": "a\0b"},
    {"sku": "x" * 20_000},
    {"external_line_id": ""},
    {"unit_price": 999},
)


class UnprintableError(Exception):
    """
    An error that has no words.
    """

    def __str__(self) -> str:
        """
        Fail.

        Raises:
            ValueError: Always.
        """
        raise ValueError


def _throttled_for_ages() -> BaseException:
    pause = timedelta(days=9_000 * 365)
    return ThrottledError(provider=_NAME, detail="later", retry_after=pause)


def _half_a_letter() -> BaseException:
    return UnknownOutcomeError(provider=_NAME, detail="\ud800\0" * 9_000)


_POISONS: tuple[Callable[[], BaseException], ...] = (
    *(UnprintableError, SystemExit, KeyError, _throttled_for_ages, _half_a_letter),
)


@attrs.define
class ShopFaults:
    """
    How likely a call fails.

    Attributes:
        lost: Nobody knows what became of it; it happened, or not.

        nonsense: It happened, and the answer makes no sense.

        declined, throttled, unauthorized: It did not happen.

        slow: It takes so long that others do a lot meanwhile.

        poison: A push raises what nobody expects, such as `SystemExit`.

        lies: A page holds an order that makes no sense, or a cursor that stands.
    """

    lost: float = 0.0
    nonsense: float = 0.0
    declined: float = 0.0
    throttled: float = 0.0
    unauthorized: float = 0.0
    slow: float = 0.0
    poison: float = 0.0
    lies: float = 0.0


class SimulatedShop:
    """
    A shop whose calls take time, during which others go on.

    Attributes:
        echoes: Whether it says of each line how many units it was told of.

        orders: The truth: each order as it is now.

        taken: What it was told: key -> notice.

        most: Order and line -> the most units that were ordered at any time.

        doubled: Parcels that it took under two keys, of which no key was declined.
    """

    def __init__(
        self, scheduler: Scheduler, faults: ShopFaults, *, echoes: bool
    ) -> None:
        self._scheduler = scheduler
        self.faults = faults
        self.echoes = echoes
        self.orders: dict[str, StoreOrderSnapshot] = {}
        self._changes: list[str] = []
        self.taken: dict[str, ParcelNotice] = {}
        self._declined: set[tuple[str, str]] = set()
        self.doubled: list[str] = []
        self._lies = 0
        self.most: dict[tuple[str, str], int] = {}

    def put(self, order: StoreOrderSnapshot) -> None:
        """
        Let an order be placed or changed; its version grows.
        """
        known = self.orders.get(order.external_id)
        version = 1 if known is None else known.version + 1
        self.orders[order.external_id] = attrs.evolve(order, version=version)
        self._changes.append(order.external_id)
        for line in order.lines:
            place = (order.external_id, line.external_line_id)
            self.most[place] = max(self.most.get(place, 0), line.quantity)

    def cancel(self, external_id: str) -> None:
        """
        Let an order be cancelled, if there is one of that name.
        """
        order = self.orders.get(external_id)
        if order is not None:
            self.put(attrs.evolve(order, cancelled=True))

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read what changed since *cursor*; the answer takes time.

        Raises:
            ProviderError: As the faults say.
        """
        self._fail(_nothing)
        start = int(cursor or "0")
        names = self._changes[start : start + min(limit, 5)]
        end = start + len(names)
        told = tuple(self._shown(name) for name in dict.fromkeys(names))
        page = OrderPage(told, (), (), str(end), end < len(self._changes))
        if self._scheduler.random.random() < self.faults.lies:
            page = self._lie(page, cursor)
        self._scheduler.step()
        return page

    def _lie(self, page: OrderPage, cursor: str) -> OrderPage:
        self._lies += 1
        draw = self._scheduler.random.random
        if draw() < _STANDS:
            return attrs.evolve(page, cursor=cursor, has_more=True)
        known = next(iter(self.orders.values()), None)
        if known is None:
            return page
        facts = _LIES[int(draw() * len(_LIES))]
        line = attrs.evolve(known.lines[0], **facts)
        lie = attrs.evolve(known, external_id=f"lie-{self._lies}", lines=(line,))
        place = int(draw() * (len(page.orders) + 1))
        told = (*page.orders[:place], lie, *page.orders[place:])
        return attrs.evolve(page, orders=told)

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order as it is now; the answer takes time.

        Raises:
            ProviderError: As the faults say.
        """
        self._fail(_nothing)
        order = self._shown(external_id) if external_id in self.orders else None
        self._scheduler.step()
        return order

    def _shown(self, external_id: str) -> StoreOrderSnapshot:
        """
        Return an order as the shop tells it now.
        """
        order = self.orders[external_id]
        if not self.echoes:
            return order
        sent = self.units_sent(external_id)
        lines = (
            attrs.evolve(line, quantity_fulfilled=sent.get(line.external_line_id, 0))
            for line in order.lines
        )
        return attrs.evolve(order, lines=tuple(lines))

    def units_sent(self, external_id: str) -> dict[str, int]:
        """
        Count the units of which the shop was told, by its lines of an order.
        """
        return units_sent(self.taken.values(), external_id)

    def webhook(self, change: int) -> bytes:
        """
        Return the body of the webhook that tells of a change; told again, it is the
        same.
        """
        return json.dumps([change, self._changes[change]]).encode()

    @property
    def change_count(self) -> int:
        """
        How many changes there were.
        """
        return len(self._changes)

    def verify(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> tuple[WebhookEvent, ...]:
        """
        Return what a webhook of this shop tells.
        """
        del headers  # nobody forges anything here: another test does
        change, name = json.loads(body)
        return (WebhookEvent(f"change-{change}", Topic.ORDER_CHANGED, (name,)),)

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Take a fulfilment, the same key once.

        Raises:
            ProviderError: As the faults say.
        """
        return self._take(fulfilment)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Take a parcel's number, the same key once.

        Raises:
            ProviderError: As the faults say.
        """
        return self._take(notice)

    def find_push(self, notice: ParcelNotice, /) -> str | None:
        """
        Return the reference of a key that was taken.

        Raises:
            ProviderError: As the faults say.
        """
        self._fail(_nothing)
        known = notice.idempotency_key in self.taken
        return f"ref:{notice.idempotency_key}" if known else None

    def _take(self, notice: ParcelNotice) -> str:
        key = notice.idempotency_key
        self._scheduler.step()
        draw, faults = self._scheduler.random.random(), self.faults
        place = (notice.parcel_id, notice.tracking_number)
        if draw < faults.declined and key not in self.taken:
            self._declined.add(place)
            raise DeclinedError(provider=_NAME, detail="not this one")
        self._poison()
        self._fail(lambda: self._keep(notice))
        self._keep(notice)
        self._scheduler.step()
        return f"ref:{key}"

    def _poison(self) -> None:
        draw = self._scheduler.random.random
        if draw() < self.faults.poison:
            error = _POISONS[int(draw() * len(_POISONS))]()
            raise error

    def _keep(self, notice: ParcelNotice) -> None:
        key, place = notice.idempotency_key, (notice.parcel_id, notice.tracking_number)
        for other, known in self.taken.items():
            is_same = (known.parcel_id, known.tracking_number) == place
            if is_same and other != key and place not in self._declined:
                self.doubled.append(f"parcel {notice.parcel_id}: {other} and {key}")
        self.taken.setdefault(key, notice)

    def _fail(self, happen: Callable[[], None]) -> None:
        """
        Fail as the faults say; where nobody knows, let it *happen*, or not.
        """
        scheduler, faults = self._scheduler, self.faults
        if scheduler.random.random() < faults.slow:
            scheduler.sleep(_SLOW_MAX)
        scheduler.step()
        draw = scheduler.random.random()
        if draw < faults.lost:
            if draw < faults.lost / 2:
                happen()
                scheduler.step()
                raise TimedOutError(provider=_NAME, within=timedelta(seconds=30))
            raise UnknownOutcomeError(provider=_NAME, detail="reset")
        draw -= faults.lost
        if draw < faults.nonsense:
            happen()
            raise ProtocolError(provider=_NAME, detail="\ud800\0 not JSON")
        draw -= faults.nonsense
        if draw < faults.throttled:
            pause = timedelta(seconds=1 + int(draw * 1e6) % 90)
            raise ThrottledError(provider=_NAME, detail="slowly", retry_after=pause)
        draw -= faults.throttled
        if draw < faults.unauthorized:
            raise UnauthorizedError(provider=_NAME, detail="who")

    def last_told(self, parcel_id: str) -> str:
        """
        Return the number under which a parcel was told last; empty for none.
        """
        told = [
            n.tracking_number for n in self.taken.values() if n.parcel_id == parcel_id
        ]
        return told[-1] if told else ""


def _nothing() -> None:
    """
    Let nothing happen.
    """


class SimulatedPlatforms:
    """
    A plugin that offers the store platform `simulated`: one shop per name, kept.
    """

    def __init__(self, scheduler: Scheduler, faults: ShopFaults) -> None:
        self._scheduler = scheduler
        self._faults = faults
        self.shops: dict[str, SimulatedShop] = {}

    @hookimpl
    def sourcehere_store_platforms(
        self,
    ) -> list[ProviderInfo[StorePlatform, FakeShopConfig]]:
        """
        Offer `simulated`.
        """
        return [ProviderInfo(_NAME, FakeShopConfig, self._make)]

    def _make(self, config: FakeShopConfig, _: Context) -> StorePlatform:
        known = self.shops.get(config.shop)
        if known is None:
            echoes = not len(self.shops) % 2  # every other one
            known = SimulatedShop(self._scheduler, self._faults, echoes=echoes)
            self.shops[config.shop] = known
        return known
