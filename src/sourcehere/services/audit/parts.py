"""
Parts of shops' orders: numbered without gaps, and each line in exactly one of them.
"""

from collections.abc import Sequence

from ...domain.stores.model import StoreOrderRecord
from ...unit.base import Unit
from ...unit.tables.orders import LINES, LINES_OF, ORDERS
from ...unit.tables.stores import STORE_ORDERS
from ..base.batches import batches
from ..intake.parting import by_weight, ended_by_store
from .findings import Findings

_Place = tuple[str, str, int]


def check_parts(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check what is kept of every order of a shop against the parts made of it.
    """
    for batch in batches(unit.each_of(STORE_ORDERS, seller_id)):
        _check_batch(unit, seller_id, batch, findings)


def _check_batch(
    unit: Unit, seller_id: str, batch: Sequence[StoreOrderRecord], findings: Findings
) -> None:
    keys = [(seller_id, str(name)) for record in batch for name in record.parts]
    orders = {str(o.order_id): o for o in unit.many(ORDERS, keys)}
    places: dict[str, list[_Place]] = {}
    for row in unit.session.find(LINES_OF.index, keys, lock=False):
        name, line = str(row[1]), LINES.from_row(row)
        places.setdefault(name, []).append((line.external_line_id, name, line.line))
    for record in batch:
        parts = [orders.get(name) for name in record.parts]
        findings.equal(
            "parts_are_numbered",
            record.external_id,
            stored=[p and (p.store_id, p.external_id, p.part) for p in parts],
            computed=[
                (record.store_id, record.external_id, number)
                for number in range(1, len(parts) + 1)
            ],
        )
        # What the shop ended with its part, and wanted again, is in the newer part.
        found: dict[str, _Place] = {}
        twice: list[_Place] = []
        for order in by_weight([part for part in parts if part]):
            for place in places.get(order.order_id, []):
                old = found.get(place[0])
                if old is not None and not ended_by_store(orders[old[1]]):
                    twice.append(place)
                found[place[0]] = place
        kept = [(p.external_line_id, str(p.order_id), p.line) for p in record.places]
        there = sorted(found.values())
        findings.check(
            "store_line_has_one_place",
            record.external_id,
            holds=sorted(kept) == there and not twice,
            words=f"kept {sorted(kept)}, found {there}, twice {twice}",
        )
