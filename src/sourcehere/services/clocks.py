"""
What happens by itself: unpaid orders expire, silent parcels count as delivered.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import attrs

from ..kernel.actor import SYSTEM
from ..kernel.clock import to_micros
from ..kernel.errors import CommandRefusedError
from ..kernel.ids import SellerId
from ..storage.schema import ORDERS_DUE, QUOTES_DUE
from ..storage.seller_unit import PlatformUnit, SellerUnit
from .base import Service


@attrs.frozen
class Due:
    """
    One deadline that has passed.

    Attributes:
        what: `expire_order`, `deliver_order` or `expire_quote`.

        id: The order or quote request.
    """

    what: str
    at: datetime
    seller_id: SellerId
    id: str


@attrs.frozen
class ClockReport:
    """
    What fired, and what was not due any more when it was looked at again.
    """

    fired: int
    skipped: int


class Clocks(Service):
    """
    Fires deadlines; nothing here reads the wall clock but the clock it was given.
    """

    def due(
        self, now: datetime | None = None, *, limit: int = 1_000
    ) -> tuple[Due, ...]:
        """
        List what is due at *now*, earliest first, at most *limit* of each kind.
        """
        at = self.ports.clock.now() if now is None else now

        def work(unit: PlatformUnit) -> tuple[Due, ...]:
            until = to_micros(at)
            found = [
                Due(
                    "expire_order"
                    if order.state == "awaiting_payment"
                    else "deliver_order",
                    order.deadline,
                    order.seller_id,
                    order.order_id,
                )
                for order in unit.page(ORDERS_DUE, until=until, limit=limit)
                if not (order.state == "shipped" and order.disputes)
            ]
            found.extend(
                Due("expire_quote", q.deadline, q.seller_id, q.request_id)
                for q in unit.page(QUOTES_DUE, "quoted", until=until, limit=limit)
                if q.deadline < at
            )
            return tuple(sorted(found, key=lambda d: (d.at, d.seller_id, d.id)))

        return self.units.platform(work, read_only=True)

    def fire(self) -> ClockReport:
        """
        Do everything that is due now, one commit per seller and hundred.

        Safe to repeat, and beside other workers: each deadline is looked at again in
        its commit.
        """
        fired = skipped = 0
        by_seller: dict[SellerId, list[Due]] = {}
        for due in self.due():
            by_seller.setdefault(due.seller_id, []).append(due)
        for seller_id, dues in by_seller.items():
            for part in self.parts(dues):
                done = self.units.seller(seller_id, partial(_fire, dues=part))
                fired += done
                skipped += len(part) - done
        return ClockReport(fired, skipped)


def _fire(unit: SellerUnit, *, dues: Sequence[Due]) -> int:
    done = 0
    orders = [d.id for d in dues if d.what != "expire_quote"]
    unit.orders.load(sorted(orders))
    for due in dues:
        try:
            _fire_one(unit, due)
        except CommandRefusedError:
            continue  # paid, answered or disputed meanwhile: not due any more
        done += 1
    return done


def _fire_one(unit: SellerUnit, due: Due) -> None:
    if due.what == "expire_quote":
        unit.quotes.one(due.id).end("expire", by=SYSTEM, at=unit.now)
    elif due.what == "expire_order":
        unit.orders.one(due.id).expire(by=SYSTEM, at=unit.now)
    else:
        unit.orders.one(due.id).deliver_by_timer(by=SYSTEM, at=unit.now)
