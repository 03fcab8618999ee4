"""
How the relay stands with each connection: what it owes, since when, and why it waits.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ...domain.effects.circuits import WELL, Circuit
from ...domain.effects.machine import DEAD, SENDING, WAITING
from ...domain.effects.model import Channel, OutboxMessage
from ...domain.kernel.connections import ACTIVE
from ...domain.kernel.values import frozen
from ...domain.stores.model import Store
from ...unit.base import Unit
from ...unit.tables.effects import CIRCUITS, OUTBOX_BY_STATE
from ...unit.tables.stores import STORES


@frozen(kw_only=True)
class LaneStatus:
    """
    What is owed to one connection, or to ourselves.

    Attributes:
        connection: `seller/store`, `plugin:NAME`, or `jobs` for work of our own.

        state: `well`, or the trouble that it is in: `slow`, `throttled`, `unauthorized`
            or `down`; `paused` or `disconnected` where a shop rests.

        waiting, sending, dead: Messages.

        oldest: Since when the first of them waits; None where none does.

        next_at: When it is asked again; None where nothing keeps it from being asked.

        error: What its last failure said; empty where it is well.
    """

    connection: str
    state: str = WELL
    waiting: int = 0
    sending: int = 0
    dead: int = 0
    oldest: datetime | None = None
    next_at: datetime | None = None
    error: str = ""


def lane_statuses(unit: Unit) -> tuple[LaneStatus, ...]:
    """
    List the lanes in which anything is owed or wrong, by connection.
    """
    circuits = {c.connection: c for c in unit.each(CIRCUITS.primary)}
    lanes = {name: LaneStatus(connection=name) for name in circuits}
    stores: dict[str, tuple[str, str]] = {}
    for state in (WAITING, SENDING, DEAD):
        for message in unit.each(OUTBOX_BY_STATE, state):
            name = message.connection or "jobs"
            known = lanes.get(name, LaneStatus(connection=name))
            lanes[name] = _counted(known, message)
            if message.channel == Channel.STORE:
                _, _, store_id = name.partition("/")
                stores[name] = (message.seller_id, store_id)
    shops = {
        f"{store.seller_id}/{store.store_id}": store
        for store in unit.many(STORES, sorted(set(stores.values())))
    }
    return tuple(_judged(lanes[name], circuits, shops, unit) for name in sorted(lanes))


def _counted(lane: LaneStatus, message: OutboxMessage) -> LaneStatus:
    changes = {message.state: getattr(lane, message.state) + 1}
    oldest = lane.oldest
    if message.state != DEAD and (oldest is None or message.written_at < oldest):
        oldest = message.written_at
    return attrs.evolve(lane, **changes, oldest=oldest)


def _judged(
    lane: LaneStatus,
    circuits: Mapping[str, Circuit],
    shops: Mapping[str, Store],
    unit: Unit,
) -> LaneStatus:
    store, circuit = shops.get(lane.connection), circuits.get(lane.connection)
    if store is not None and store.state != ACTIVE:
        return attrs.evolve(lane, state=store.state, error=store.why)
    if circuit is None:
        return lane
    next_at = circuit.next_at if circuit.next_at > unit.now else None
    return attrs.evolve(lane, state=circuit.state, next_at=next_at, error=circuit.error)
