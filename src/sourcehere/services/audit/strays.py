"""
Rows that belong to nothing: their order, lot, parcel or message is gone.

The rows that belong to something were counted when they were read. Only where there are
more than these, all are looked at.
"""

from typing import Any

from ...domain.effects.model import Channel
from ...domain.kernel.values import frozen
from ...unit.records import Records, Way
from ...unit.tables.effects import (
    ATTEMPTS,
    ATTEMPTS_OF,
    OUTBOX,
    OUTBOX_LANE,
    SENDS,
    SENDS_OF,
)
from ...unit.tables.orders import (
    BUYER_WORDS,
    BUYER_WORDS_OF,
    ITEMS,
    ITEMS_OF,
    LINES,
    LINES_OF,
    ORDERS,
)
from ...unit.tables.shipments import (
    PARCELS,
    PARCELS_OF,
    TRACKING_EVENTS,
    TRACKING_OF,
)
from ...unit.tables.warehouse import (
    ALLOCATIONS,
    ALLOCATIONS_OF,
    LOTS,
    MOVEMENTS,
    MOVEMENTS_OF,
    RECEIPTS,
    RECEIPTS_OF,
)
from .rows import count_of, missing, pages
from .scope import Scope


@frozen(kw_only=True)
class _Belonging:
    """
    A table whose rows belong to those of another.

    Attributes:
        by: The column that names the owner.

        subject: The columns by which a stray is told.

        only: A column and the value of it that rows belonging to an owner have.
    """

    records: Records[Any]
    way: Way[Any]
    owners: Records[Any]
    by: str
    invariant: str
    subject: tuple[str, ...]
    only: tuple[str, str] | None = None


def _of_order(records: Records[Any], way: Way[Any], *subject: str) -> _Belonging:
    return _Belonging(
        records=records,
        way=way,
        owners=ORDERS,
        by="order_id",
        invariant="row_has_its_order",
        subject=subject,
    )


_BELONGING = (
    _of_order(LINES, LINES_OF, "order_id", "line"),
    _of_order(ITEMS, ITEMS_OF, "order_id", "item_id"),
    _of_order(BUYER_WORDS, BUYER_WORDS_OF, "order_id"),
    _of_order(ALLOCATIONS, ALLOCATIONS_OF, "order_id", "item_id", "lot_id"),
    _of_order(PARCELS, PARCELS_OF, "parcel_id"),
    _of_order(RECEIPTS, RECEIPTS_OF, "receipt_id"),
    _Belonging(
        records=TRACKING_EVENTS,
        way=TRACKING_OF,
        owners=PARCELS,
        by="parcel_id",
        invariant="tracking_is_of_a_parcel",
        subject=("parcel_id",),
    ),
    _Belonging(
        records=MOVEMENTS,
        way=MOVEMENTS_OF,
        owners=LOTS,
        by="lot_id",
        invariant="movement_has_its_lot",
        subject=("lot_id", "movement_id"),
    ),
    _Belonging(
        records=ATTEMPTS,
        way=ATTEMPTS_OF,
        owners=OUTBOX,
        by="message_id",
        invariant="attempt_has_its_message",
        subject=("message_id", "number"),
    ),
    _Belonging(
        records=SENDS,
        way=SENDS_OF,
        owners=OUTBOX,
        by="message_id",
        invariant="attempt_is_its_sends",
        subject=("message_id", "number"),
    ),
    _Belonging(
        records=OUTBOX,
        way=OUTBOX_LANE,
        owners=ORDERS,
        by="lane",
        invariant="push_has_its_order",
        subject=("message_id",),
        only=("channel", Channel.STORE.value),
    ),
)


def check_strays(scope: Scope) -> None:
    """
    Tell of rows whose owner is gone.
    """
    for one in _BELONGING:
        seen = scope.seen.get(one.records.table.name, 0)
        scope.findings.looked(one.invariant, seen)
        there = scope.pushes_count if one.only else _count(scope, one)
        if there != seen:
            _look_at_all(scope, one)


def _count(scope: Scope, one: _Belonging) -> int:
    return count_of(scope.unit, one.way, scope.seller_id)


def _look_at_all(scope: Scope, one: _Belonging) -> None:
    table = one.records.table
    by = table.position[one.by]
    subject = [table.position[name] for name in one.subject]
    for page in pages(scope.unit, one.records, scope.seller_id):
        rows = page
        if one.only is not None:
            place, value = table.position[one.only[0]], one.only[1]
            rows = [row for row in page if row[place] == value]
        gone = missing(
            scope.unit, one.owners, {(scope.seller_id, row[by]) for row in rows}
        )
        for row in rows if gone else ():
            if (scope.seller_id, row[by]) in gone:
                scope.findings.found(
                    one.invariant,
                    "/".join(str(row[place]) for place in subject),
                    f"a row of {table.name} belongs to {row[by]}, which is not there",
                    table=table.name,
                    owner=row[by],
                )
