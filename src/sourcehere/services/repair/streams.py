"""
Rows that are made of events: written anew of these, where all of them are there.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...domain.disputes.model import Dispute
from ...domain.kernel.events import Event
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...domain.pairing.model import Connection
from ...domain.quotes.model import QuoteRequest
from ...domain.talk.model import Conversation
from ...ports.storage import Row
from ...unit.records import Records, Way
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.events import EVENTS_OF, StoredEvent
from ...unit.tables.orders import ITEMS, ITEMS_OF, LINES, LINES_OF, ORDERS
from ...unit.tables.pairing import CONNECTIONS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ...unit.tables.talk import CONVERSATIONS
from ...unit.text.codecs import read_event
from ..audit.findings import Violation
from ..audit.replay import BROKEN
from .draft import Draft


@frozen
class _Kind:
    """
    Where the rows of a kind of stream are, and how events make one.
    """

    records: Records[Any]
    replay: Callable[[SellerId, Any, Iterable[Event]], Any]


_KINDS = {
    "order": _Kind(ORDERS, Order.replay),
    "connection": _Kind(CONNECTIONS, Connection.replay),
    "quote_request": _Kind(QUOTE_REQUESTS, QuoteRequest.replay),
    "dispute": _Kind(DISPUTES, Dispute.replay),
    "conversation": _Kind(CONVERSATIONS, Conversation.replay),
}


def rewrite_from_events(draft: Draft, violation: Violation) -> None:
    """
    Write the row that events make, with its lines and items.
    """
    facts = violation.facts
    kind = _KINDS.get(str(facts.get("kind", "")))
    name = str(facts.get("id", violation.subject))
    if kind is None:
        return
    stream = str(facts["kind"])
    events = draft.all_of(EVENTS_OF, name)
    stored = draft.row(kind.records, draft.seller_id, name)
    if not _are_all(events, stream, kind, stored):
        return
    try:
        folded = kind.replay(draft.seller_id, OrderId(name), events_in(events))
        row = kind.records.to_row(folded)
    except BROKEN:
        return  # an event was altered, which is told
    draft.put_row(kind.records, row)
    if isinstance(folded, Order):
        owner = (draft.seller_id, name)
        _write_children(
            draft, LINES, LINES_OF, name, [LINES.to_row(n, owner) for n in folded.lines]
        )
        items = [ITEMS.to_row(item, owner) for item in folded.items.values()]
        _write_children(draft, ITEMS, ITEMS_OF, name, items)


def events_in(stored: Sequence[StoredEvent]) -> list[Event]:
    """
    Return events as the domain has them.
    """
    return [
        read_event(e.name, e.schema, e.data, by=e.actor, occurred_at=e.occurred_at)
        for e in stored
    ]


def _are_all(
    events: Sequence[StoredEvent], stream: str, kind: _Kind, stored: Row | None
) -> bool:
    """
    Tell whether every event is there: a row that has seen more of them knows better.
    """
    numbers = [event.sequence for event in events]
    if not events or any(event.stream != stream for event in events):
        return False
    if numbers != list(range(1, len(numbers) + 1)):
        return False
    if stored is None:
        return True
    version = stored[kind.records.table.position["version"]]
    return isinstance(version, int) and version <= len(numbers)


def _write_children(
    draft: Draft, records: Records[Any], way: Way[Any], name: str, rows: Sequence[Row]
) -> None:
    key_of = records.table.key_of
    prefix = [(draft.seller_id, name)]
    now = {key_of(r) for r in draft.unit.session.find(way.index, prefix, lock=False)}
    for key in sorted(now - {key_of(row) for row in rows}, key=str):
        draft.remove(records, *key)
    for row in rows:
        draft.put_row(records, row)
