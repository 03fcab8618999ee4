"""
Columns that follow from the rest of their row, by which lists and workers find it.

Those of orders are compared by a replay.
"""

from typing import Any

from ...unit.records import Records
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.quotes import QUOTE_REQUESTS
from ...unit.tables.stores import STORES
from ...unit.tables.talk import CONVERSATIONS
from .rows import pages
from .scope import Scope

_FOLLOWING: tuple[Records[Any], ...] = (
    STORES,
    QUOTE_REQUESTS,
    DISPUTES,
    CONVERSATIONS,
)


def check_columns(scope: Scope) -> None:
    """
    Check that stores, quote requests, disputes and conversations are found by what they
    say.
    """
    for records in _FOLLOWING:
        for page in pages(scope.unit, records, scope.seller_id):
            scope.findings.looked("columns_follow_their_row", len(page))
            for row in page:
                computed = records.recompute(row)
                if computed == row:
                    continue
                place = records.table.position
                differ = [
                    n for n in records.derived if row[place[n]] != computed[place[n]]
                ]
                scope.findings.found(
                    "columns_follow_their_row",
                    f"{records.table.name} {row[1]}",
                    f"{', '.join(differ)} does not follow from the rest of the row",
                    stored={name: row[place[name]] for name in differ},
                    computed={name: computed[place[name]] for name in differ},
                )
