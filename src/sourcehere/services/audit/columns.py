"""
Columns that follow from the rest of their row, by which lists and workers find it.

Most orders have ended and are not held: what follows for these is seen at once.
"""

from collections.abc import Iterable
from typing import Any

from ...domain.kernel.clock import NEVER, to_micros
from ...domain.orders.machine import ENDED_STATES
from ...domain.orders.tabs import TAB_OF_STATE
from ...ports.storage import Key, Row
from ...unit.records import Records
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.orders import ORDERS
from ...unit.tables.payments import PAYMENTS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ...unit.tables.shipments import LABELS
from ...unit.tables.stores import STORES
from ...unit.tables.talk import CONVERSATIONS
from .batch import OrderBatch, OrderRow
from .orders import STATES
from .rows import pages
from .scope import Scope

_FOLLOWS = "columns_follow_their_row"
_NEVER = to_micros(NEVER)

_FOLLOWING: tuple[Records[Any], ...] = (
    STORES,
    QUOTE_REQUESTS,
    DISPUTES,
    CONVERSATIONS,
    LABELS,
    PAYMENTS,
)


def check_columns(scope: Scope) -> None:
    """
    Check that stores, quote requests, disputes, conversations, labels and payments are
    found by what they say.
    """
    for records in _FOLLOWING:
        for page in pages(scope.unit, records, scope.seller_id):
            scope.findings.looked(_FOLLOWS, len(page))
            _compare(scope, records, page)


def check_order_columns(scope: Scope, batch: OrderBatch) -> None:
    """
    Check that orders are found by what they say.
    """
    scope.findings.looked(_FOLLOWS, len(batch.orders))
    doubtful: list[Key] = [
        (scope.seller_id, order.order_id)
        for order in batch.orders
        if not is_plain(order) and order.state in STATES.get(order.kind, ())
    ]
    if doubtful:
        rows = scope.unit.session.get(ORDERS.table, doubtful, lock=False)
        _compare(scope, ORDERS, rows)


def is_plain(order: OrderRow) -> bool:
    """
    Tell whether an order has ended, nothing holds it, and its columns say so.
    """
    if order.holds != "[]" or order.state not in ENDED_STATES:
        return False
    is_refunded = order.refunded_minor or order.units_refunded or order.disputes != "[]"
    return (
        order.tab == TAB_OF_STATE[order.state]
        and order.in_refunds == bool(is_refunded)
        and order.deadline == _NEVER
        and not (order.queue or order.waits_for or order.deadline_name)
    )


def _compare(scope: Scope, records: Records[Any], rows: Iterable[Row]) -> None:
    place = records.table.position
    for row in rows:
        computed = records.recompute(row)
        if computed == row:
            continue
        differ = [n for n in records.derived if row[place[n]] != computed[place[n]]]
        scope.findings.found(
            _FOLLOWS,
            f"{records.table.name} {row[1]}",
            f"{', '.join(differ)} does not follow from the rest of the row",
            stored={name: row[place[name]] for name in differ},
            computed={name: computed[place[name]] for name in differ},
        )
