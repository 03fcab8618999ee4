"""
How the relay stands with each connection: what it owes, since when, and why it waits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from ...domain.effects.circuits import WELL, Circuit
from ...domain.effects.machine import DEAD, SENDING, WAITING
from ...domain.kernel.clock import from_micros
from ...domain.kernel.connections import ACTIVE
from ...domain.kernel.values import frozen
from ...domain.stores.model import Store
from ...unit.base import Unit
from ...unit.tables.effects import CIRCUITS, OUTBOX_BY_STATE
from ...unit.tables.stores import STORES

_JOBS = "jobs"
_AGEING = (WAITING, SENDING)
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
    oldest: dict[str, int] = {}
    for state in _AGEING:
        for name, written_at, *_ in unit.each_of_columns(
            OUTBOX_BY_STATE, state, columns=("connection", "written_at")
        ):
            oldest[name] = min(written_at, oldest.get(name, written_at))
    return _lanes(unit, {name: from_micros(at) for name, at in oldest.items()})


def lane_load(unit: Unit) -> tuple[LaneStatus, ...]:
    """
    List the same; the oldest message of each lane is looked for among the thousand that
    are due first.
    """
    oldest: dict[str, datetime] = {}
    for state in _AGEING:
        for message in unit.page(OUTBOX_BY_STATE, state, limit=_LOOKED_AT):
            name, at = message.connection, message.written_at
            oldest[name] = min(at, oldest.get(name, at))
    return _lanes(unit, oldest)


def _lanes(unit: Unit, oldest: Mapping[str, datetime]) -> tuple[LaneStatus, ...]:
    """
    Return the lanes in which anything is owed or wrong; the database counts.

    Args:
        oldest: By connection, since when the first message waits.
    """
    circuits = {c.connection: c for c in unit.each(CIRCUITS.primary)}
    lanes = {name: LaneStatus(connection=name) for name in circuits}
    for state in (*_AGEING, DEAD):
        counts = unit.session.totals(
            OUTBOX_BY_STATE.index, (state,), by=("connection",), column=""
        )
        for (connection,), count in counts.items():
            name = str(connection) or _JOBS
            lane = lanes.get(name, LaneStatus(connection=name))
            lanes[name] = _counted(lane, state, count)
    for connection, at in oldest.items():
        name = connection or _JOBS
        lanes[name] = attrs.evolve(lanes[name], oldest=at)
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


def _counted(lane: LaneStatus, state: str, count: int) -> LaneStatus:
    counts: dict[str, Any] = {state: count}
    return attrs.evolve(lane, **counts)


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
