"""
Orders: their events fold to what is stored, the chart was followed, nothing shipped
that was not ordered and paid, tabs count what is there.
"""

from collections.abc import Sequence
from typing import Any

from ...domain.kernel.events import Event
from ...domain.orders.kinds import CHARTS
from ...domain.orders.machine import NEW
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel
from ...domain.warehouse.model import Allocation
from ...ports.storage import Key, Row
from ...unit.base import Unit
from ...unit.tables.contacts import CONTACTS
from ...unit.tables.events import EVENTS_OF, StoredEvent
from ...unit.tables.orders import ITEMS, ITEMS_OF, LINES, LINES_OF, ORDERS, TABS_OF
from ...unit.tables.shipments import PARCELS_OF
from ...unit.tables.stores import STORE_ORDERS
from ...unit.tables.warehouse import ALLOCATIONS_OF
from ...unit.text.codecs import read_event
from ..base.batches import batches
from .findings import Findings, grouped


def check_orders(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check every order with its events, lines, items, parcels and allocations.
    """
    counts: dict[tuple[str, str, str], int] = {}
    external: set[tuple[str, str, int]] = set()
    for batch in batches(unit.each_of(ORDERS, seller_id)):
        _check_batch(unit, seller_id, batch, findings)
        for order in batch:
            for tab in ("all", order.tab, *(["refunds"] if order.in_refunds else [])):
                place = (order.kind, order.store_id, tab)
                counts[place] = counts.get(place, 0) + 1
            key = (order.store_id, order.external_id, order.part)
            findings.check(
                "external_id_is_unique",
                order.order_id,
                holds=key not in external,
                words=f"{key} occurs twice",
            )
            external.add(key)
    _check_tabs(unit, seller_id, counts, findings)
    _check_records(unit, seller_id, external, findings)


def _check_batch(
    unit: Unit, seller_id: str, batch: Sequence[Order], findings: Findings
) -> None:
    keys: list[Key] = [(seller_id, order.order_id) for order in batch]
    lines = unit.session.find(LINES_OF.index, keys, lock=False)
    items = unit.session.find(ITEMS_OF.index, keys, lock=False)
    for row in items:
        item = ITEMS.from_row(row)
        owner = next(o for o in batch if o.order_id == row[1])
        owner.items[item.item_id] = item
    events = grouped(unit.find(EVENTS_OF, keys), "stream_id")
    parcels = grouped(unit.find(PARCELS_OF, keys), "order_id")
    allocations = grouped(unit.find(ALLOCATIONS_OF, keys), "order_id")
    _check_contacts(unit, seller_id, batch, findings)
    heads = unit.session.get(ORDERS.table, keys, lock=False)
    rows = {
        "orders": _by_order(heads),
        "lines": _by_order(lines),
        "items": _by_order(items),
    }
    for order in batch:
        name = order.order_id
        stored = events.get(name, [])
        _check_history(order, stored, rows, findings)
        _check_items(order, parcels.get(name, []), findings)
        _check_sources(order, allocations.get(name, []), findings)


def _by_order(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row[1]), []).append(row)
    return found


def decoded(stored: Sequence[StoredEvent]) -> list[Event]:
    """
    Read events as they were recorded.
    """
    return [
        read_event(e.name, e.schema, e.data, by=e.actor, occurred_at=e.occurred_at)
        for e in stored
    ]


def check_sequence(
    name: str, version: int, stored: Sequence[StoredEvent], findings: Findings
) -> bool:
    """
    Check that a stream has no gap and ends at the aggregate's version.
    """
    numbers = [event.sequence for event in stored]
    holds = numbers == list(range(1, version + 1))
    words = f"version {version}, events {numbers}"
    findings.check("sequence_without_gaps", name, holds=holds, words=words)
    return holds


def _check_history(
    order: Order,
    stored: Sequence[StoredEvent],
    rows: dict[str, dict[str, list[Row]]],
    findings: Findings,
) -> None:
    name = order.order_id
    if not check_sequence(name, order.version, stored, findings):
        return
    events = decoded(stored)
    _check_chart(order, events, findings)
    try:
        folded = Order.replay(order.seller_id, order.order_id, events)
    except (KeyError, IndexError, ValueError) as error:
        words = f"its events do not fold: {error!r}"
        findings.check("replay_is_stored", name, holds=False, words=words)
        return
    owner = (order.seller_id, order.order_id)
    computed = (
        ORDERS.to_row(folded),
        sorted(LINES.to_row(line, owner) for line in folded.lines),
        sorted(ITEMS.to_row(item, owner) for item in folded.items.values()),
    )
    # The row itself: an order as it is read works its tab and deadline out anew.
    kept = (
        rows["orders"][name][0],
        sorted(rows["lines"].get(name, [])),
        sorted(rows["items"].get(name, [])),
    )
    findings.check(
        "replay_is_stored",
        name,
        holds=computed == kept,
        words=f"differs in {_difference(kept, computed)}",
    )


def _difference(kept: Any, computed: Any) -> str:
    names = [column.name for column in ORDERS.table.columns]
    found = [
        f"{name} (stored {a!r}, folded {b!r})"
        for name, a, b in zip(names, kept[0], computed[0], strict=True)
        if a != b
    ]
    found += ["lines"] if kept[1] != computed[1] else []
    found += ["items"] if kept[2] != computed[2] else []
    return ", ".join(found)


def _check_chart(order: Order, events: Sequence[Event], findings: Findings) -> None:
    moves = {(s, to) for (s, _), to in CHARTS[order.kind].table.items()}
    state, wrong = NEW, list[str]()
    for event in events:
        after = getattr(event, "state", None)
        if after is None:
            continue
        if (state, after) not in moves:
            wrong.append(f"{event.NAME}: {state} -> {after}")
        state = after
    if state != order.state:
        wrong.append(f"stored {order.state}, the last event says {state}")
    findings.check(
        "chart_is_followed", order.order_id, holds=not wrong, words="; ".join(wrong)
    )


def _check_items(order: Order, parcels: Sequence[Parcel], findings: Findings) -> None:
    sent: dict[str, int] = {}
    for parcel in parcels:
        if not parcel.replaced_by:
            for part in parcel.items:
                sent[part.item_id] = sent.get(part.item_id, 0) + part.quantity
    shipped = {n: i.quantity_shipped for n, i in order.items.items()}
    for item in order.items.values():
        findings.check(
            "shipped_within_ordered",
            f"{order.order_id}/{item.item_id}",
            holds=min(item.quantity_left, item.quantity_shipped) >= 0
            and item.quantity_refunded <= item.quantity,
            words=f"of {item.quantity}: shipped {item.quantity_shipped}, cancelled"
            f" {item.quantity_cancelled}, refunded {item.quantity_refunded}",
        )
    findings.equal(
        "parcels_are_what_shipped",
        order.order_id,
        stored={n: q for n, q in shipped.items() if q},
        computed={n: q for n, q in sent.items() if q},
    )
    findings.check(
        "nothing_ships_unpaid",
        order.order_id,
        holds=not any(shipped.values())
        or (order.captured_minor >= order.due_minor and bool(order.checkout_id)),
        words=f"shipped with {order.captured_minor} of {order.due_minor} paid",
    )


def _check_sources(
    order: Order, allocations: Sequence[Allocation], findings: Findings
) -> None:
    drawn: dict[str, int] = {}
    for allocation in allocations:
        name = allocation.item_id
        drawn[name] = drawn.get(name, 0) + allocation.quantity
    findings.equal(
        "allocations_are_what_was_drawn",
        order.order_id,
        stored={
            n: i.quantity_from_lots
            for n, i in order.items.items()
            if i.quantity_from_lots
        },
        computed=drawn,
    )


def _check_contacts(
    unit: Unit, seller_id: str, batch: Sequence[Order], findings: Findings
) -> None:
    wanted = [o for o in batch if o.contact_id]
    keys = [(seller_id, o.contact_id, o.contact_version) for o in wanted]
    known = {(c.contact_id, c.version) for c in unit.many(CONTACTS, keys)}
    for order in wanted:
        findings.check(
            "order_has_its_contact",
            order.order_id,
            holds=(order.contact_id, order.contact_version) in known,
            words=f"no version {order.contact_version} of its contact",
        )


def _check_tabs(
    unit: Unit,
    seller_id: str,
    counts: dict[tuple[str, str, str], int],
    findings: Findings,
) -> None:
    stored = unit.session.totals(
        TABS_OF.index, (seller_id,), by=["kind", "store_id", "tab"], column="delta"
    )
    kept = {place for place, count in stored.items() if count}
    computed: dict[Key, int] = dict(counts.items())
    for place in sorted(computed.keys() | kept):
        findings.equal(
            "tab_counts_are_counts",
            "/".join(str(part) for part in place),
            stored=stored.get(place, 0),
            computed=computed.get(place, 0),
        )


def _check_records(
    unit: Unit, seller_id: str, external: set[tuple[str, str, int]], findings: Findings
) -> None:
    known = {(store, name) for store, name, _ in external if store}
    recorded: set[tuple[str, str]] = set()
    for record in unit.each_of(STORE_ORDERS, seller_id):
        key = (record.store_id, record.external_id)
        recorded.add(key)
        findings.check(
            "store_order_is_recorded",
            record.external_id,
            holds=not record.parts or key in known,
            words="its orders are missing",
        )
    for store, name in known - recorded:
        words = f"an order of store {store} has no record"
        findings.check("store_order_is_recorded", name, holds=False, words=words)
