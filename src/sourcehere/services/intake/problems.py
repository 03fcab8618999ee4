"""
What a shop told that became no order: kept until the shop tells it well.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from ...domain.stores.model import (
    Reject,
    RejectedRow,
    RejectReason,
    Store,
    StoreOrderSnapshot,
)
from ...unit.reading import Asked
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import REJECTED_OF_ORDER, REJECTED_ROWS

_NOT_TOLD = (RejectReason.NOT_TRUSTED, RejectReason.NO_PRODUCT_LINES)


def note_problems(
    unit: SellerUnit, store: Store, rejects: Sequence[Reject]
) -> list[RejectedRow]:
    """
    Keep what a page's *rejects* are about.

    Returns:
        Those that are new, or were over and are there again.
    """
    told = {row.problem_id: row for row in _rows(unit, store, rejects)}
    known = {
        row.problem_id: row
        for row in unit.many(
            REJECTED_ROWS, [(store.store_id, name) for name in sorted(told)]
        )
    }
    again = [
        attrs.evolve(row, is_open=True, row=told[name].row, seen_at=unit.now)
        for name, row in known.items()
        if not row.is_open
    ]
    unit.put(REJECTED_ROWS, *again)
    fresh = [row for name, row in told.items() if name not in known]
    return [*unit.insert_new(REJECTED_ROWS, fresh), *again]


def ask_for_problems(
    unit: SellerUnit, store: Store, orders: Iterable[StoreOrderSnapshot]
) -> Asked[RejectedRow]:
    """
    Begin to read the problems that there were with *orders*, which are told well now.
    """
    keys = [(store.store_id, order.external_id) for order in orders]
    return unit.ask_by(REJECTED_OF_ORDER, keys)


def end_problems(
    unit: SellerUnit, store: Store, asked: Asked[RejectedRow], still: Sequence[Reject]
) -> frozenset[str]:
    """
    End the problems that were *asked* for, but those of *still*.

    Returns:
        The orders that could not be trusted, or had no line, until now.
    """
    told = {row.problem_id for row in _rows(unit, store, still)}
    over = [row for row in asked.all() if row.is_open and row.problem_id not in told]
    unit.put(REJECTED_ROWS, *(attrs.evolve(row, is_open=False) for row in over))
    return frozenset(row.external_id for row in over if row.reason in _NOT_TOLD)


def _rows(
    unit: SellerUnit, store: Store, rejects: Iterable[Reject]
) -> list[RejectedRow]:
    """
    Make what is stored; several equal ones are told apart by their number.
    """
    counts: Counter[str] = Counter()
    rows: list[RejectedRow] = []
    for reject in rejects:
        digest = _digest(reject)
        counts[digest] += 1
        rows.append(
            RejectedRow(
                seller_id=store.seller_id,
                store_id=store.store_id,
                problem_id=f"{digest}-{counts[digest]}",
                row=reject.row,
                reason=reject.reason.value,
                external_id=reject.external_id,
                detail=reject.detail,
                facts=reject.facts,
                is_open=True,
                seen_at=unit.now,
            )
        )
    return rows


def _digest(reject: Reject) -> str:
    told = repr((reject.reason.value, reject.external_id, reject.detail, reject.facts))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
