"""
What happens by itself: unpaid orders expire, what was promised is overdue, silent
parcels stall, then count as delivered.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import attrs

from ...domain.disputes.machine import ANSWER_BY, REVIEW_BY
from ...domain.kernel.actor import SYSTEM
from ...domain.kernel.clock import from_micros, to_micros
from ...domain.kernel.deadlines import Deadline
from ...domain.kernel.errors import CommandRefusedError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.deadlines import ORDER_DEADLINES
from ...domain.quotes.machine import QUOTE_BY, VALID_UNTIL
from ...domain.wallet.machine import EXPIRES_AT, CheckoutChart
from ...ports.storage import BusyError
from ...ports.waiting import one_call
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.disputes import DISPUTES, DISPUTES_DUE
from ...unit.tables.orders import ORDERS_DUE
from ...unit.tables.quotes import QUOTES_DUE
from ...unit.tables.wallet import CHECKOUTS, CHECKOUTS_DUE
from ..base.checks import require_zone
from ..base.commands import Given
from ..base.service import Service


@frozen
class Due:
    """
    One deadline that has passed.

    Attributes:
        name: Of the deadline, as it is stored: of an order, one of those in
            `domain/orders/deadlines.py`, such as `pay_by`; else `valid_until`,
            `quote_by`, `answer_by`, `review_by` or `expires_at`.

        what: What will be done: `expire_order`, `hold_late_order`, `deliver_order`,
            `stall_parcel`, `lift_hold`, `escalate_hold`, `expire_quote`,
            `mark_overdue_quote`, `expire_dispute`, `mark_overdue_dispute` or
            `expire_checkout`.

        whose: `order`, `quote`, `dispute` or `checkout`.

        id: Of the order, quote request, dispute or checkout.
    """

    name: str
    what: str
    whose: str
    at: datetime
    seller_id: SellerId
    id: str


@frozen
class ClockReport:
    """
    What fired, and what did not: it was not due any more when it was looked at again,
    or somebody holds it, and it is due still.
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
        at = self._ports.clock.now() if now is None else now
        require_zone("now", at)

        def work(unit: PlatformUnit) -> tuple[Due, ...]:
            found = [
                *_orders_due(unit, at, limit),
                *_quotes_due(unit, at, limit),
                *_disputes_due(unit, at, limit),
                *_checkouts_due(unit, at, limit),
            ]
            return tuple(sorted(found, key=lambda d: (d.at, d.seller_id, d.id)))

        return self._units.platform(work, read_only=True)

    def fire(self, *, command_id: str = "") -> ClockReport:
        """
        Do everything that is due now, one commit per seller and hundred.

        Safe to repeat, and beside other workers: each deadline is looked at again in
        its commit.
        """
        given = Given(command_id, "fire_clocks", ())
        return self._once_over_for_platform(given, self._fire_due, ClockReport)

    def _fire_due(self) -> ClockReport:
        fired = skipped = 0
        by_seller: dict[SellerId, list[Due]] = {}
        for due in self.due():
            by_seller.setdefault(due.seller_id, []).append(due)
        with one_call():  # however many are held, they are waited for once together
            for seller_id, dues in by_seller.items():
                for part in self._parts(dues):
                    try:
                        done = self._units.seller(seller_id, partial(_fire, dues=part))
                    except BusyError:  # due still, and nobody else waits for it
                        self._tell_held(seller_id, len(part))
                        done = 0
                    fired += done
                    skipped += len(part) - done
        return ClockReport(fired, skipped)

    def _tell_held(self, seller_id: str, count: int) -> None:
        self._watch.count("platform.deadlines.held", count)
        self._watch.log("platform").warning(
            "somebody holds what is due: seller=%s deadlines=%d", seller_id, count
        )


def _due(row: Deadline, at: datetime, seller_id: str, name: str) -> Due:
    return Due(row.name, row.what, row.whose, at, SellerId(seller_id), name)


def _orders_due(unit: PlatformUnit, at: datetime, limit: int) -> list[Due]:
    # By the name that is stored; a row that says what no release knows is for the
    # audit to find, and keeps no other order waiting.
    rows = unit.page_of_columns(
        ORDERS_DUE,
        "deadline_name",
        "deadline",
        "seller_id",
        "order_id",
        until=to_micros(at),
        limit=limit,
    )
    return [
        _due(ORDER_DEADLINES[str(name)], from_micros(when), str(seller_id), str(order))
        for name, when, seller_id, order in rows
        if name in ORDER_DEADLINES and isinstance(when, int)
    ]


def _quotes_due(unit: PlatformUnit, at: datetime, limit: int) -> list[Due]:
    return [
        _due(row, quote.deadline, quote.seller_id, quote.request_id)
        for row in (VALID_UNTIL, QUOTE_BY)
        for state in sorted(row.states)
        for quote in unit.page(QUOTES_DUE, state, until=to_micros(at), limit=limit)
        if row.has_passed(quote.deadline, at)
    ]


def _disputes_due(unit: PlatformUnit, at: datetime, limit: int) -> list[Due]:
    return [
        _due(row, dispute.deadline, dispute.seller_id, dispute.dispute_id)
        for row in (ANSWER_BY, REVIEW_BY)
        for state in sorted(row.states)
        for dispute in unit.page(DISPUTES_DUE, state, until=to_micros(at), limit=limit)
    ]


def _checkouts_due(unit: PlatformUnit, at: datetime, limit: int) -> list[Due]:
    return [
        _due(EXPIRES_AT, known.expires_at, known.seller_id, known.checkout_id)
        for state in sorted(EXPIRES_AT.states)
        for known in unit.page(CHECKOUTS_DUE, state, until=to_micros(at), limit=limit)
        if EXPIRES_AT.has_passed(known.expires_at, at)
    ]


def _fire(unit: SellerUnit, *, dues: Sequence[Due]) -> int:
    done = 0
    # Orders are locked before anything that belongs to them.
    disputes = [d.id for d in dues if d.whose == "dispute"]
    orders = {d.id for d in dues if d.whose == "order"}
    found = unit.many(DISPUTES, [(name,) for name in disputes])
    unit.orders.load(sorted(orders | {str(d.order_id) for d in found}))
    for due in dues:
        try:
            done += _FIRES[due.whose](unit, due)
        except CommandRefusedError:
            continue  # paid, answered or disputed meanwhile: not due any more
    return done


def _fire_order(unit: SellerUnit, due: Due) -> int:
    order = unit.orders.one(due.id)
    if order.deadline_name != due.name:
        return 0  # something else comes first by now
    # A clock that slept fires what followed meanwhile, too: a stalled parcel's hold,
    # its end, and the delivery.
    done: set[tuple[str, datetime]] = set()
    while order.deadline <= unit.now:
        fired = (order.deadline_name, order.deadline)
        assert fired not in done, f"{fired} fires for ever"
        done.add(fired)
        command = getattr(order, ORDER_DEADLINES[order.deadline_name].command)
        command(by=SYSTEM, at=unit.now)
    return 1


def _fire_quote(unit: SellerUnit, due: Due) -> int:
    quote = unit.quotes.one(due.id)
    if due.name == QUOTE_BY.name:
        quote.mark_overdue(by=SYSTEM, at=unit.now)
        return 1
    quote.end(VALID_UNTIL.command, by=SYSTEM, at=unit.now)
    return 1


def _fire_dispute(unit: SellerUnit, due: Due) -> int:
    dispute = unit.disputes.one(due.id)
    if due.name == REVIEW_BY.name:
        dispute.mark_overdue(by=SYSTEM, at=unit.now)
        return 1
    dispute.move(ANSWER_BY.command, by=SYSTEM, at=unit.now)
    unit.orders.one(dispute.order_id).close_dispute(
        dispute.dispute_id, dispute.state, by=SYSTEM, at=unit.now
    )
    return 1


def _fire_checkout(unit: SellerUnit, due: Due) -> int:
    checkout = unit.need(CHECKOUTS, due.id, lock=True)
    if not CheckoutChart.allows(checkout.state, EXPIRES_AT.command):
        return 0
    state = CheckoutChart.after(checkout.state, EXPIRES_AT.command)
    unit.put(CHECKOUTS, attrs.evolve(checkout, state=state))
    return 1


_FIRES: dict[str, Callable[[SellerUnit, Due], int]] = {
    "order": _fire_order,
    "quote": _fire_quote,
    "dispute": _fire_dispute,
    "checkout": _fire_checkout,
}
