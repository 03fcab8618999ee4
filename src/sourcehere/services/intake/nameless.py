"""
Lines that a shop tells without a SKU or a variant's id, though it told what they are of
before: the product was deleted there since, and the customer has ordered it all the
same.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.kernel.store_variants import own_variant_id, variant_id_in
from ...domain.orders.lines import Line
from ...domain.orders.order import Order
from ...domain.stores.demand import ToldLine
from ...domain.stores.model import SnapshotLine, StoreOrderSnapshot
from ...domain.stores.record import StoreOrderRecord
from .supplying import Key, key_of


def lost_names(
    snapshot: StoreOrderSnapshot, record: StoreOrderRecord
) -> dict[str, ToldLine]:
    """
    Return, by the shop's ids of the lines that have lost their names, what each was.
    """
    nameless = {
        line.external_line_id: (line.external_line_id, line.sku_key)
        for line in snapshot.lines
        if line.external_variant_id
        and line.external_variant_id
        == own_variant_id(snapshot.external_id, line.external_line_id)
    }
    if not nameless:
        return {}  # as of nearly all orders
    known: dict[str, ToldLine] = {}
    for line in record.lines:
        name = line.external_line_id
        if name in nameless and (line.quantity or name not in known):
            known[name] = line
    return {name: line for name, line in known.items() if line.key != nameless[name]}


def with_names_of(
    snapshot: StoreOrderSnapshot,
    lost: Mapping[str, ToldLine],
    parts: Sequence[Order],
) -> StoreOrderSnapshot:
    """
    Return *snapshot* with its nameless lines known as what they were.
    """
    ours = {key_of(line): line for order in parts for line in order.lines}
    lines = tuple(
        _named(line, lost[line.external_line_id], ours)
        if line.external_line_id in lost
        else line
        for line in snapshot.lines
    )
    return attrs.evolve(snapshot, lines=lines)


def _named(line: SnapshotLine, was: ToldLine, ours: Mapping[Key, Line]) -> SnapshotLine:
    variant_id = variant_id_in(was.sku_key)
    mine = ours.get(was.key)
    # As the shop spelled it, where a line of ours has that.
    sku = mine.sku if mine is not None else "" if variant_id else was.sku_key
    return attrs.evolve(
        line,
        sku=sku,
        external_variant_id=was.external_variant_id or variant_id,
        external_product_id=was.external_product_id or line.external_product_id,
    )
