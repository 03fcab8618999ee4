"""
Effects: every parcel's tracking is owed to its shop, once, in order; none is lost.
"""

from collections.abc import Mapping

from ...domain.effects.machine import DONE, FINISHED_STATES, LIVE_STATES, SUCCEEDED
from ...domain.effects.model import Attempt, Channel, OutboxMessage
from ...domain.orders.kinds import KINDS
from ...unit.base import Unit
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX
from ...unit.tables.orders import ORDERS
from ...unit.tables.shipments import PARCELS
from ..base.batches import batches
from ..outside.pushing import attempt_key
from .findings import Findings, grouped


def check_effects(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check messages, attempts, and that no push is missing.
    """
    said: dict[str, str] = {}
    lanes: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for batch in batches(unit.each_of(OUTBOX, seller_id)):
        attempts = grouped(
            unit.find(ATTEMPTS_OF, [(seller_id, m.message_id) for m in batch]),
            "message_id",
        )
        for message in batch:
            if message.channel == Channel.STORE:
                said[message.key] = _number(message.payload)
                tried = attempts.get(message.message_id, [])
                _check_message(message, tried, findings)
                lane = lanes.setdefault((message.channel, message.lane), [])
                lane.append((message.position, message.state, message.message_id))
    for messages in lanes.values():
        _check_lane(sorted(messages), findings)
    _check_parcels(unit, seller_id, said, findings)


def _check_message(
    message: OutboxMessage, attempts: list[Attempt], findings: Findings
) -> None:
    live = [a for a in attempts if a.state in LIVE_STATES]
    succeeded = [a for a in attempts if a.state == SUCCEEDED]
    findings.check(
        "one_live_attempt",
        message.message_id,
        holds=len(live) + len(succeeded) <= 1,
        words=f"{len(live)} live and {len(succeeded)} succeeded attempts",
    )
    findings.check(
        "done_means_delivered",
        message.message_id,
        holds=(message.state == DONE) == bool(succeeded),
        words=f"{message.state} with {len(succeeded)} succeeded attempts",
    )
    strange = [a.key for a in attempts if a.key != attempt_key(message.key, a.number)]
    findings.check(
        "attempt_has_its_key",
        message.message_id,
        holds=not strange,
        words=f"sent under {', '.join(strange)}",
    )


def _check_lane(messages: list[tuple[int, str, str]], findings: Findings) -> None:
    open_before = False
    for _, state, name in messages:
        findings.check(
            "delivered_in_order",
            name,
            holds=not (state == DONE and open_before),
            words="delivered before an earlier message of the same order",
        )
        open_before = open_before or state not in FINISHED_STATES


def _check_parcels(
    unit: Unit, seller_id: str, said: Mapping[str, str], findings: Findings
) -> None:
    for batch in batches(unit.each_of(PARCELS, seller_id)):
        names = sorted({p.order_id for p in batch})
        orders = {
            o.order_id: o for o in unit.many(ORDERS, [(seller_id, n) for n in names])
        }
        for parcel in batch:
            order = orders.get(parcel.order_id)
            if order is None or parcel.replaced_by:
                continue
            if not KINDS[order.kind].tells_shop:
                continue
            key = f"{parcel.parcel_id}:{parcel.order_id}:{parcel.revision}"
            findings.check(
                "no_push_is_lost",
                parcel.parcel_id,
                holds=key in said,
                words=f"no message {key}",
            )
            number = f"{parcel.carrier} {parcel.tracking_number}"
            findings.check(
                "parcel_told_as_it_is",
                parcel.parcel_id,
                holds=said.get(key, number) == number,
                words=f"the shop is told {said.get(key)!r}, it is {number!r}",
            )


def _number(payload: Mapping[str, object]) -> str:
    return f"{payload['carrier']} {payload['tracking_number']}"
