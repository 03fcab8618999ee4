"""
What happens by itself: unpaid orders expire, silent parcels count as delivered.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import attrs

from ...domain.kernel.actor import SYSTEM
from ...domain.kernel.clock import to_micros
from ...domain.kernel.errors import CommandRefusedError
from ...domain.kernel.ids import SellerId
from ...domain.wallet.machine import CheckoutChart
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.disputes import DISPUTES, DISPUTES_DUE
from ...unit.tables.orders import ORDERS_DUE
from ...unit.tables.quotes import QUOTES_DUE
from ...unit.tables.wallet import CHECKOUTS, CHECKOUTS_DUE
from ..base.service import Service, require_zone


@attrs.frozen
class Due:
    """
    One deadline that has passed.

    Attributes:
        what: `expire_order`, `deliver_order`, `expire_quote`, `expire_dispute` or
            `expire_checkout`.

        id: Of the order, quote request, dispute or checkout.
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

        Raises:
            InvalidInputError: If *now* has no time zone.
        """
        at = self.ports.clock.now() if now is None else now
        require_zone("now", at)

        def work(unit: PlatformUnit) -> tuple[Due, ...]:
            found = [
                *_orders_due(unit, at, limit),
                *_quotes_due(unit, at, limit),
                *_disputes_due(unit, at, limit),
                *_checkouts_due(unit, at, limit),
            ]
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


def _orders_due(unit: PlatformUnit, at: datetime, limit: int) -> list[Due]:
    return [
        Due(
            "expire_order" if order.state == "awaiting_payment" else "deliver_order",
            order.deadline,
            order.seller_id,
            order.order_id,
        )
        for order in unit.page(ORDERS_DUE, until=to_micros(at), limit=limit)
    ]


def _quotes_due(unit: PlatformUnit, at: datetime, limit: int) -> list[Due]:
    # A quote is valid up to and including its last moment.
    return [
        Due("expire_quote", quote.deadline, quote.seller_id, quote.request_id)
        for quote in unit.page(QUOTES_DUE, "quoted", until=to_micros(at), limit=limit)
        if quote.deadline < at
    ]


def _disputes_due(unit: PlatformUnit, at: datetime, limit: int) -> list[Due]:
    return [
        Due("expire_dispute", dispute.deadline, dispute.seller_id, dispute.dispute_id)
        for state in ("awaiting_seller", "offered")
        for dispute in unit.page(DISPUTES_DUE, state, until=to_micros(at), limit=limit)
    ]


def _checkouts_due(unit: PlatformUnit, at: datetime, limit: int) -> list[Due]:
    return [
        Due("expire_checkout", known.expires_at, known.seller_id, known.checkout_id)
        for known in unit.page(CHECKOUTS_DUE, "open", until=to_micros(at), limit=limit)
        if known.expires_at < at
    ]


def _fire(unit: SellerUnit, *, dues: Sequence[Due]) -> int:
    done = 0
    # Orders are locked before anything that belongs to them.
    disputes = [d.id for d in dues if d.what == "expire_dispute"]
    orders = {d.id for d in dues if d.what in ("expire_order", "deliver_order")}
    found = unit.many(DISPUTES, [(name,) for name in disputes])
    unit.orders.load(sorted(orders | {str(d.order_id) for d in found}))
    for due in dues:
        try:
            done += _fire_one(unit, due)
        except CommandRefusedError:
            continue  # paid, answered or disputed meanwhile: not due any more
    return done


def _fire_one(unit: SellerUnit, due: Due) -> int:
    match due.what:
        case "expire_quote":
            unit.quotes.one(due.id).end("expire", by=SYSTEM, at=unit.now)
        case "expire_order":
            unit.orders.one(due.id).expire(by=SYSTEM, at=unit.now)
        case "deliver_order":
            unit.orders.one(due.id).deliver_by_timer(by=SYSTEM, at=unit.now)
        case "expire_dispute":
            dispute = unit.disputes.one(due.id)
            dispute.move("expire", by=SYSTEM, at=unit.now)
            unit.orders.one(dispute.order_id).close_dispute(
                dispute.dispute_id, dispute.state, by=SYSTEM, at=unit.now
            )
        case _:
            return _expire_checkout(unit, due)
    return 1


def _expire_checkout(unit: SellerUnit, due: Due) -> int:
    checkout = unit.need(CHECKOUTS, due.id, lock=True)
    if not CheckoutChart.allows(checkout.state, "expire"):
        return 0
    state = CheckoutChart.after(checkout.state, "expire")
    unit.put(CHECKOUTS, attrs.evolve(checkout, state=state))
    return 1
