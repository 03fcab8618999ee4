"""
Replay: every aggregate that has a stream is made anew of its events, and compared with
the rows that are stored; the chart of its kind was followed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from ...domain.disputes.model import Dispute
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.events import Event
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.kinds import CHARTS
from ...domain.orders.machine import NEW
from ...domain.orders.order import Order
from ...domain.pairing.model import Connection
from ...domain.quotes.model import QuoteRequest
from ...domain.talk.model import Conversation
from ...ports.storage import Key, Row
from ...unit.base import Unit
from ...unit.records import Records
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.events import EVENTS, EVENTS_OF
from ...unit.tables.orders import ITEMS, ITEMS_OF, LINES, LINES_OF, ORDERS
from ...unit.tables.pairing import CONNECTIONS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ...unit.tables.talk import CONVERSATIONS
from ...unit.text.codecs import UnknownEventError, read_event
from .findings import Findings
from .rows import pages

# What events that were changed behind our back do to the code that folds them.
BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    SourceHereError,
    UnknownEventError,
)
_AT_A_TIME = 100
_MOVES = {
    kind: {(state, to) for (state, _), to in chart.table.items()}
    for kind, chart in CHARTS.items()
}


@frozen(kw_only=True)
class _Kind:
    """
    A kind of aggregate: where its rows are, and how events make one.

    Attributes:
        rows_of: Makes the rows of an aggregate, by table.
    """

    stream: str
    records: Records[Any]
    replay: Callable[[SellerId, Any, Iterable[Event]], Any]


_KINDS = (
    _Kind(stream="order", records=ORDERS, replay=Order.replay),
    _Kind(stream="connection", records=CONNECTIONS, replay=Connection.replay),
    _Kind(stream="quote_request", records=QUOTE_REQUESTS, replay=QuoteRequest.replay),
    _Kind(stream="dispute", records=DISPUTES, replay=Dispute.replay),
    _Kind(stream="conversation", records=CONVERSATIONS, replay=Conversation.replay),
)


def replay_streams(
    unit: Unit, seller_id: str, findings: Findings, progress: Callable[[int], None]
) -> None:
    """
    Make all aggregates of a seller anew, some hundred at a time.

    Args:
        progress: Called with how many were made, after each batch.
    """
    for kind in _KINDS:
        for batch in _batches(unit, kind.records, seller_id):
            _check_batch(unit, seller_id, kind, batch, findings)
            progress(len(batch))


def _batches(
    unit: Unit, records: Records[Any], seller_id: str
) -> Iterator[Sequence[Row]]:
    for page in pages(unit, records, seller_id):
        for start in range(0, len(page), _AT_A_TIME):
            yield page[start : start + _AT_A_TIME]


def _check_batch(
    unit: Unit, seller_id: str, kind: _Kind, batch: Sequence[Row], findings: Findings
) -> None:
    keys: list[Key] = [(seller_id, row[1]) for row in batch]
    found = unit.session.find(EVENTS_OF.index, keys, lock=False)
    events = _by_name(found)
    is_order = kind.records is ORDERS
    lines = _children(unit, LINES_OF.index, keys) if is_order else {}
    items = _children(unit, ITEMS_OF.index, keys) if is_order else {}
    for row in batch:
        name = str(row[1])
        stored = (row, lines.get(name, []), items.get(name, []))
        _check(seller_id, kind, stored, events.get(name, []), findings)


def _by_name(rows: Sequence[Row]) -> dict[str, list[Row]]:
    return {str(name): list(group) for name, group in groupby(rows, itemgetter(1))}


def _children(unit: Unit, index: Any, keys: Sequence[Key]) -> dict[str, list[Row]]:
    return _by_name(unit.session.find(index, keys, lock=False))


_Stored = tuple[Row, list[Row], list[Row]]


def _check(
    seller_id: str, kind: _Kind, stored: _Stored, rows: list[Row], findings: Findings
) -> None:
    name = str(stored[0][1])
    version = stored[0][kind.records.table.position["version"]]
    numbers = [row[2] for row in rows]
    findings.looked("sequence_without_gaps")
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) != version:
        # The sums tell of most of this without a replay.
        findings.found(
            "sequence_without_gaps",
            name,
            f"version {version}, events {numbers}",
            kind=kind.stream,
            version=version,
            events=numbers,
        )
        return
    findings.looked("replay_is_stored")
    try:
        events = _decoded(rows)
        folded = kind.replay(SellerId(seller_id), OrderId(name), events)
        computed = _rows_of(kind, seller_id, folded)
    except BROKEN as error:
        words = f"its events do not fold: {type(error).__name__}: {error}"
        findings.found("replay_is_stored", name, words, kind=kind.stream)
        return
    if kind.records is ORDERS:
        _check_chart(stored[0], events, findings)
    if computed != stored:
        _tell(kind, name, stored, computed, findings)


def _decoded(rows: Sequence[Row]) -> list[Event]:
    return [
        read_event(e.name, e.schema, e.data, by=e.actor, occurred_at=e.occurred_at)
        for e in map(EVENTS.from_row, rows)
    ]


def _rows_of(kind: _Kind, seller_id: str, folded: Any) -> _Stored:
    # The row itself: an aggregate as it is read works its tab and deadline out anew.
    row = kind.records.to_row(folded)
    if kind.records is not ORDERS:
        return row, [], []
    owner = (seller_id, folded.order_id)
    lines = [LINES.to_row(line, owner) for line in folded.lines]
    items = [ITEMS.to_row(item, owner) for item in folded.items.values()]
    return row, lines, sorted(items)


def _tell(
    kind: _Kind, name: str, stored: _Stored, computed: _Stored, findings: Findings
) -> None:
    columns = {
        column.name: {"stored": kept, "folded": made}
        for column, kept, made in zip(
            kind.records.table.columns, stored[0], computed[0], strict=True
        )
        if kept != made
    }
    words = [
        f"{column} (stored {both['stored']!r}, folded {both['folded']!r})"
        for column, both in columns.items()
    ]
    for place, what in ((1, "lines"), (2, "items")):
        if stored[place] != computed[place]:
            words.append(what)
    findings.found(
        "replay_is_stored",
        name,
        f"differs in {', '.join(words)}",
        kind=kind.stream,
        columns=columns,
        lines_differ=stored[1] != computed[1],
        items_differ=stored[2] != computed[2],
    )


def _check_chart(row: Row, events: Sequence[Event], findings: Findings) -> None:
    position = ORDERS.table.position
    kind, stored = str(row[position["kind"]]), row[position["state"]]
    moves = _MOVES[kind]
    state, wrong = NEW, list[str]()
    for event in events:
        after = getattr(event, "state", None)
        if after is None:
            continue
        if (state, after) not in moves:
            wrong.append(f"{event.NAME}: {state} -> {after}")
        state = after
    if state != stored:
        wrong.append(f"stored {stored}, the last event says {state}")
    findings.check(
        "chart_is_followed",
        str(row[1]),
        holds=not wrong,
        words="; ".join(wrong),
        moves=wrong,
    )
