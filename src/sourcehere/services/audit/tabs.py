"""
Tabs count what is there.
"""

from ...unit.tables.orders import TABS_OF
from .batch import OrderBatch
from .scope import Scope


def count_tabs(scope: Scope, batch: OrderBatch) -> None:
    """
    Count orders by the tabs in which they are listed.
    """
    counts = scope.tabs
    for order in batch.orders:
        for tab in ("all", order.tab, *(("refunds",) if order.in_refunds else ())):
            place = (order.kind, order.store_id, tab)
            counts[place] = counts.get(place, 0) + 1


def check_tabs(scope: Scope) -> None:
    """
    Check the counts of tabs that are stored.
    """
    stored = scope.unit.session.totals(
        TABS_OF.index,
        (scope.seller_id,),
        by=["kind", "store_id", "tab"],
        column="delta",
    )
    kept = {
        (str(kind), str(store), str(tab)): count
        for (kind, store, tab), count in stored.items()
        if count
    }
    for place in sorted(scope.tabs.keys() | kept.keys()):
        scope.findings.equal(
            "tab_counts_are_counts",
            "/".join(place),
            stored=kept.get(place, 0),
            computed=scope.tabs.get(place, 0),
        )
