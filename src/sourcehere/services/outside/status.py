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

_JOBS = "jobs"
_NO_SHOPS = ("plugin:", "carrier:", "payment:")
_LOOKED_AT = 1_000  # messages of a state, for the oldest


@frozen(kw_only=True)
class LaneStatus:
    """
    What is owed to one connection, or to ourselves.

    Attributes:
        connection: `seller/store`, `plugin:NAME`, `carrier:NAME` for a freight
            connection that is asked where parcels are, `payment:NAME` for a gateway, or
            `jobs` for work of our own.

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
            name = message.connection or _JOBS
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


def lane_load(unit: Unit) -> tuple[LaneStatus, ...]:
    """
    List the same, counted by the database instead of here.

    The oldest message of each lane is looked for among the thousand that are due first.
    """
    circuits = {c.connection: c for c in unit.each(CIRCUITS.primary)}
    lanes = {name: LaneStatus(connection=name) for name in circuits}
    for state in (WAITING, SENDING, DEAD):
        counts = unit.session.totals(
            OUTBOX_BY_STATE.index, (state,), by=("connection",), column=""
        )
        for (connection,), count in counts.items():
            name = str(connection) or _JOBS
            lane = lanes.get(name, LaneStatus(connection=name))
            lanes[name] = attrs.evolve(lane, **{state: getattr(lane, state) + count})
    for state in (WAITING, SENDING):
        for message in unit.page(OUTBOX_BY_STATE, state, limit=_LOOKED_AT):
            name = message.connection or _JOBS
            lane = lanes.get(name, LaneStatus(connection=name))
            lanes[name] = _aged(lane, message)
    keys = [_shop_of(name) for name in lanes]
    shops = {
        f"{store.seller_id}/{store.store_id}": store
        for store in unit.many(STORES, [key for key in keys if key is not None])
    }
    return tuple(_judged(lanes[name], circuits, shops, unit) for name in sorted(lanes))


def named_connection(name: str) -> tuple[str, ...]:
    """
    Return the connection of messages that a status calls *name*; none for no name.
    """
    return ("" if name == _JOBS else name,) if name else ()


def _shop_of(connection: str) -> tuple[str, str] | None:
    if connection == _JOBS or connection.startswith(_NO_SHOPS):
        return None
    seller_id, _, store_id = connection.partition("/")
    return seller_id, store_id


def _counted(lane: LaneStatus, message: OutboxMessage) -> LaneStatus:
    changes = {message.state: getattr(lane, message.state) + 1}
    counted = attrs.evolve(lane, **changes)
    return counted if message.state == DEAD else _aged(counted, message)


def _aged(lane: LaneStatus, message: OutboxMessage) -> LaneStatus:
    if lane.oldest is not None and lane.oldest <= message.written_at:
        return lane
    return attrs.evolve(lane, oldest=message.written_at)


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
