"""
What a shop told that became no order: kept until the shop tells it well.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

import attrs

from ...domain.contacts.model import ERASED
from ...domain.stores.model import (
    Reject,
    RejectedRow,
    RejectReason,
    Store,
    StoreOrderSnapshot,
)
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import REJECTED_OF_ORDER, REJECTED_ROWS
from ..base.forgotten import named_forgotten

_NOT_TOLD = (
    RejectReason.NOT_TRUSTED,
    RejectReason.NO_PRODUCT_LINES,
    RejectReason.TOLD_UNREADABLE,
)


class Problems:
    """
    The problems with some orders of a shop, which are told now.
    """

    def __init__(
        self, unit: SellerUnit, store: Store, orders: Iterable[StoreOrderSnapshot]
    ) -> None:
        """
        Begin to read the problems that there were with *orders*, which are told well.
        """
        self._unit = unit
        self._store = store
        keys = [(store.store_id, order.external_id) for order in orders]
        self._asked = unit.ask_by(REJECTED_OF_ORDER, keys)

    def mended(self, rejects: Sequence[Reject]) -> frozenset[str]:
        """
        Return the orders that could not be followed, or had no line, until now, unless
        *rejects* say the same again.
        """
        over = self._over(rejects)
        return frozenset(row.external_id for row in over if row.reason in _NOT_TOLD)

    def note(self, rejects: Sequence[Reject]) -> list[RejectedRow]:
        """
        Keep what *rejects* are about, and end the other problems.

        Returns:
            Those that are new, or were over and are there again.
        """
        unit, store = self._unit, self._store
        over = self._over(rejects)
        unit.put(REJECTED_ROWS, *(attrs.evolve(row, is_open=False) for row in over))
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
        fresh = self._silent([r for name, r in told.items() if name not in known])
        return [*unit.insert_new(REJECTED_ROWS, fresh), *again]

    def _silent(self, rows: Sequence[RejectedRow]) -> list[RejectedRow]:
        """
        Return *rows* without what the shop says of buyers who were forgotten.
        """
        names = {row.external_id for row in rows if row.external_id}
        gone = named_forgotten(self._unit, self._store.store_id, names)
        return [
            attrs.evolve(row, detail=ERASED, facts="")
            if row.external_id in gone
            else row
            for row in rows
        ]

    def _over(self, still: Sequence[Reject]) -> list[RejectedRow]:
        told = {row.problem_id for row in _rows(self._unit, self._store, still)}
        return [r for r in self._there if r.is_open and r.problem_id not in told]

    @cached_property
    def _there(self) -> list[RejectedRow]:
        return self._asked.all()


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
