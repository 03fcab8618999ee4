"""
Connections, quote requests and disputes: their events fold to what is stored.
"""

from collections.abc import Callable
from typing import Any

from ...domain.catalog.model import comparison_key
from ...domain.disputes.model import Dispute
from ...domain.pairing.model import Connection
from ...domain.quotes.model import QuoteRequest
from ...unit.base import Unit
from ...unit.records import Records
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.events import EVENTS_OF
from ...unit.tables.pairing import CONNECTED_SKUS, CONNECTIONS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ..base.batches import batches
from .findings import Findings, grouped
from .orders import check_sequence, decoded


def check_streams(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check the streams that are not orders, and the SKUs that connections pair.
    """
    _check(unit, seller_id, CONNECTIONS, Connection.replay, findings)
    _check(unit, seller_id, QUOTE_REQUESTS, QuoteRequest.replay, findings)
    _check(unit, seller_id, DISPUTES, Dispute.replay, findings)
    _check_skus(unit, seller_id, findings)


def _check(
    unit: Unit,
    seller_id: str,
    records: Records[Any],
    replay: Callable[..., Any],
    findings: Findings,
) -> None:
    for batch in batches(unit.each_of(records, seller_id)):
        keys = [records.key_of(aggregate) for aggregate in batch]
        events = grouped(unit.find(EVENTS_OF, keys), "stream_id")
        rows = {
            row[1]: row for row in unit.session.get(records.table, keys, lock=False)
        }
        for aggregate, (owner, name) in zip(batch, keys, strict=True):
            stored = events.get(str(name), [])
            if check_sequence(str(name), aggregate.version, stored, findings):
                folded = replay(owner, name, decoded(stored))
                findings.equal(
                    "replay_is_stored",
                    str(name),
                    stored=rows[name],
                    computed=records.to_row(folded),
                )


def _check_skus(unit: Unit, seller_id: str, findings: Findings) -> None:
    computed: dict[tuple[str, str], tuple[object, ...]] = {}
    for connection in unit.each_of(CONNECTIONS, seller_id):
        if connection.is_active:
            for rule in connection.rules:
                place = (str(connection.store_id), comparison_key(rule.sku))
                computed[place] = (
                    connection.connection_id,
                    connection.version,
                    connection.method,
                    rule,
                )
    stored = {
        (str(sku.store_id), sku.sku_key): (
            sku.connection_id,
            sku.connection_version,
            sku.method,
            sku.rule,
        )
        for sku in unit.each_of(CONNECTED_SKUS, seller_id)
    }
    for place in sorted(computed.keys() | stored.keys()):
        findings.equal(
            "connected_skus_follow_connections",
            "/".join(place),
            stored=stored.get(place),
            computed=computed.get(place),
        )
