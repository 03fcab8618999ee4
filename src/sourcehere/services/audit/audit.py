"""
Whether everything holds: every invariant of the domain, checked on what is stored.

Rows are held against rows: a seller's orders in batches with all that belongs to them,
then the tables that no order owns. What is added up over whole tables is compared by
sums of a fixed size (`tally.py`), so that memory does not grow with the database; where
one differs, everything is read once more to name the key.

A replay makes every aggregate anew of its events as well.
"""

from collections.abc import Callable

from ...unit.base import Unit
from ..base.service import Service
from ..base.settings import Settings
from .batch import OrderBatch, order_batches
from .buyers import check_buyers
from .checkouts import check_checkouts
from .columns import check_columns, check_order_columns
from .contacts import check_contacts, check_notes
from .disputes import check_disputes
from .findings import AuditReport, Findings, total
from .goodwill import check_goodwill
from .inbox import check_inbox
from .labels import check_label_marks, check_labels
from .local_stock import check_local_orders, check_local_stock
from .money import check_ledger, check_refunds, check_top_ups
from .orders import (
    check_amounts,
    check_contents,
    check_freight,
    check_kinds,
    check_named,
)
from .outbox import check_outbox
from .paid import check_paid
from .payments import check_chargebacks, check_payments
from .platform import (
    check_catalog,
    check_circuits,
    check_salesmen,
    check_warehouses,
    check_workers,
    sellers_of,
)
from .replay import BROKEN, replay_streams
from .scope import Scope, Tallies
from .shops import check_records, check_shops
from .stock import (
    check_allocations,
    check_counts,
    check_levels,
    check_lots,
    check_receipts,
)
from .strays import check_strays
from .streams import (
    check_connections,
    check_events,
    check_questions,
    check_versions,
)
from .sums import tell_sums
from .tabs import check_tabs, count_tabs
from .talk import check_conversations
from .told import check_told
from .told_lines import check_told_lines
from .tracking import check_tracking

# In this order: orders are held against what the ledger and refunds gave back.
_BEFORE: tuple[Callable[[Scope], None], ...] = (
    check_ledger,
    check_top_ups,
    check_goodwill,
    check_refunds,
    check_checkouts,
    check_disputes,
    check_lots,
    check_counts,
    check_levels,
    check_local_stock,
    check_contacts,
    check_notes,
    check_records,
    check_events,
    check_connections,
    check_questions,
    check_columns,
    check_conversations,
    check_labels,
    check_payments,
    check_chargebacks,
    check_outbox,
    check_inbox,
)
_OF_ORDERS: tuple[Callable[[Scope, OrderBatch], None], ...] = (
    check_amounts,
    check_freight,
    check_contents,
    check_named,
    check_buyers,
    check_kinds,
    check_order_columns,
    check_shops,
    check_paid,
    check_told,
    check_told_lines,
    check_tracking,
    check_label_marks,
    check_allocations,
    check_receipts,
    check_local_orders,
    check_versions,
    count_tabs,
)
_AFTER: tuple[Callable[[Scope], None], ...] = (check_tabs, check_strays)
_OF_PLATFORM: tuple[Callable[[Unit, Findings], None], ...] = (
    check_catalog,
    check_circuits,
    check_workers,
    check_salesmen,
    check_warehouses,
)
Progress = Callable[[int], None]


class Audit(Service):
    """
    Checks every invariant on a live database.
    """

    def run(
        self,
        *,
        seller_id: str = "",
        replay: bool = False,
        progress: Progress | None = None,
    ) -> AuditReport:
        """
        Check everything, of one seller or of all; one reading transaction per seller.

        Args:
            seller_id: Whose rows; the platform's own are checked with everybody's.

            replay: Make every aggregate anew of its events, too.

            progress: Called with how many orders were looked at, and how many
                aggregates made anew, so far; again and again.
        """
        found: list[Findings] = []
        if seller_id:
            names = [seller_id]
        else:
            found.append(self._units.platform(findings_of_platform, read_only=True))
            names = self._units.platform(sellers_of, read_only=True)
        tell = Counting(progress).add
        found += [self._of_seller(name, tell, replay=replay) for name in names]
        return AuditReport(
            total(one.checked for one in found),
            tuple(violation for one in found for violation in one.violations),
        )

    def _of_seller(self, seller_id: str, tell: Progress, *, replay: bool) -> Findings:
        return self._units.platform(
            lambda unit: findings_of(
                unit, seller_id, self._settings, tell, replay=replay
            ),
            read_only=True,
        )


class Counting:
    """
    Counts what was looked at and made anew, seller after seller.
    """

    def __init__(self, tell: Progress | None) -> None:
        self._tell = tell
        self._done = 0

    def add(self, count: int) -> None:
        """
        Count some more, and tell.
        """
        self._done += count
        if self._tell is not None:
            self._tell(self._done)


def findings_of(
    unit: Unit, seller_id: str, settings: Settings, tell: Progress, *, replay: bool
) -> Findings:
    """
    Check everything of one seller.

    Args:
        tell: Called with how many orders were looked at, or aggregates made anew, after
            each batch.

        replay: Make every aggregate anew of its events, too.
    """
    findings = Findings(seller_id)
    tallies = Tallies()
    _check(Scope(unit, seller_id, settings, findings, tallies), tell)
    if _ask(tallies):
        again = Scope(unit, seller_id, settings, Findings(seller_id), tallies)
        _check(again, tell)
    tell_sums(findings, tallies)
    if replay:
        name = replay_streams.__name__
        given = (unit, seller_id, findings, tell)
        _guarded(findings, name, replay_streams, *given)
    return findings


def _ask(tallies: Tallies) -> bool:
    """
    Let the sums that differ ask for their keys, and tell whether there are some.
    """
    unequal = {name: tally.unequal for name, tally in tallies.all()}
    for name, tally in tallies.all():
        tally.ask(unequal[name])
    return any(unequal.values())


def _check(scope: Scope, tell: Progress) -> None:
    scope.findings.check(
        "seller_is_there",
        scope.seller_id,
        holds=bool(scope.currency),
        words="there are rows of a seller that is not there",
    )
    for check in _BEFORE:
        _guarded(scope.findings, check.__name__, check, scope)
    for batch in order_batches(scope):
        for of_orders in _OF_ORDERS:
            _run_batch(scope, of_orders, batch)
        tell(len(batch.orders))
    for check in _AFTER:
        _guarded(scope.findings, check.__name__, check, scope)


def findings_of_platform(unit: Unit) -> Findings:
    """
    Check what belongs to the platform.
    """
    findings = Findings()
    for check in _OF_PLATFORM:
        _guarded(findings, check.__name__, check, unit, findings)
    return findings


def _run_batch(
    scope: Scope, check: Callable[[Scope, OrderBatch], None], batch: OrderBatch
) -> None:
    """
    Run a check on a batch; if it cannot be read, on each of its orders alone.
    """
    before = scope.findings.mark()
    sums = [(tally, tally.mark()) for _, tally in scope.tallies.all()]
    try:
        check(scope, batch)
    except BROKEN:
        scope.findings.back_to(before)
        for tally, mark in sums:
            tally.back_to(mark)
        for one in batch.one_by_one():
            name = f"{check.__name__} of order {one.orders[0].order_id}"
            _guarded(scope.findings, name, check, scope, one)
    else:
        scope.findings.looked("stored_can_be_read")


def _guarded(
    findings: Findings, name: str, check: Callable[..., None], /, *given: object
) -> None:
    """
    Run one part of the audit; what it cannot even read is a finding too.
    """
    findings.looked("stored_can_be_read")
    try:
        check(*given)
    except BROKEN as error:
        words = f"{type(error).__name__}: {error}; the rest of it was not looked at"
        subject = f"{findings.seller_id}: {name}" if findings.seller_id else name
        findings.found("stored_can_be_read", subject, words, error=str(error))
