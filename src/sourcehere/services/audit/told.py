"""
What shops were told: every parcel's tracking is owed to its shop, once, in order, and
each try is on record.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.effects.machine import (
    DEAD,
    DONE,
    FINISHED_STATES,
    LIVE_STATES,
    SUCCEEDED,
    MessageChart,
)
from ...domain.effects.model import Channel
from ...domain.orders.kinds import KINDS
from ...ports.storage import Key
from ...unit.messages import push_key
from ...unit.tables.effects import OUTBOX_LANE
from ..outside.pushing import attempt_key
from .batch import (
    AttemptRow,
    MessageRow,
    OrderBatch,
    OrderRow,
    ParcelRow,
    SendRow,
)
from .calls import check_calls
from .rows import found_under, parsed
from .scope import Scope

_SUPERSEDED = MessageChart.superseded.value
# What a message that cannot be read dies of; nothing is asked for then.
_UNREADABLE = "cannot be read"
_COUNTED = (
    "one_live_attempt",
    "done_means_delivered",
    "attempt_has_its_key",
    "delivered_in_order",
    "push_says_what_its_key_names",
    "superseded_means_told_anew",
)


def check_told(scope: Scope, batch: OrderBatch) -> None:
    """
    Check messages to shops, their attempts and calls, and that no push is missing.
    """
    dead: list[MessageRow] = []
    count = parcels_count = attempts_count = 0
    for order in batch.orders:
        rows = batch.messages.get(order.order_id, ())
        parcels = batch.parcels.get(order.order_id, ())
        if not rows and not parcels:
            continue
        count += len(rows)
        parcels_count += len(parcels)
        messages = [MessageRow._make(row) for row in rows]
        said: dict[str, Mapping[str, object]] = {}
        for message in messages:
            said[message.key] = payload = parsed(message.payload)
            _check_words(scope, order, message, payload)
            attempts = batch.attempts.get(message.message_id, ())
            attempts_count += len(attempts)
            sends = batch.sends.get(message.message_id, ())
            if not is_told_at_once(message, attempts, sends):
                check_tries(scope, message, attempts, sends)
            if message.state == DEAD:
                dead.append(message)
        if len(messages) > 1:
            _check_lane(scope, messages)
        _check_parcels(scope, order, parcels, said)
        if any(message.state == _SUPERSEDED for message in messages):
            _check_superseded(scope, messages, parcels)
    for invariant in _COUNTED:
        scope.findings.looked(invariant, count)
    for invariant in ("no_push_is_lost", "parcel_told_as_it_is"):
        scope.findings.looked(invariant, parcels_count)
    scope.findings.looked("attempt_is_its_sends", attempts_count)
    _check_dead(scope, dead)


def is_told_at_once(
    message: MessageRow, attempts: Sequence[Any], sends: Sequence[Any]
) -> bool:
    """
    Tell whether a message obviously was delivered by the one call of its one attempt.

    Args:
        attempts, sends: Rows of `AttemptRow` and `SendRow`.
    """
    if len(attempts) != 1 or len(sends) != 1 or message.state != DONE:
        return False
    _, number, key, state, calls, *_ = attempts[0]
    _, of, send, under, _, answer, _ = sends[0]
    return bool(
        state == answer == SUCCEEDED
        and calls == send == 1
        and of == number
        and under == key == attempt_key(message.key, number)
    )


def _check_words(
    scope: Scope,
    order: OrderRow,
    message: MessageRow,
    payload: Mapping[str, object],
) -> None:
    """
    Check that a push says what its key stands for, to the order's shop.
    """
    revision, store = payload["revision"], payload["store_id"]
    key = push_key(message.subject, message.lane, str(revision))
    connection = f"{scope.seller_id}/{order.store_id}"
    if (
        message.key != key
        or store != order.store_id
        or message.connection != connection
    ):
        scope.findings.found(
            "push_says_what_its_key_names",
            message.message_id,
            f"its key is {message.key!r}; it says {key!r}, to {message.connection!r}"
            f" and store {store!r} instead of {connection!r}",
            key=message.key,
            says=key,
            connection=message.connection,
            computed=connection,
        )


def check_tries(
    scope: Scope,
    message: MessageRow,
    attempts: Sequence[Any],
    sends: Sequence[Any],
) -> None:
    """
    Check what was tried of one message, and each call of it.

    Args:
        attempts, sends: Rows of `AttemptRow` and `SendRow`.
    """
    name, findings = message.message_id, scope.findings
    tried = [AttemptRow._make(attempt) for attempt in attempts]
    live = succeeded = 0
    for attempt in tried:
        live += attempt.state in LIVE_STATES
        succeeded += attempt.state == SUCCEEDED
        if attempt.key != attempt_key(message.key, attempt.number):
            findings.found(
                "attempt_has_its_key",
                name,
                f"attempt {attempt.number} was sent under {attempt.key}",
                number=attempt.number,
                stored=attempt.key,
                computed=attempt_key(message.key, attempt.number),
            )
    if live + succeeded > 1:
        words = f"{live} live and {succeeded} succeeded attempts"
        findings.found("one_live_attempt", name, words, live=live, succeeded=succeeded)
    if (message.state == DONE) != bool(succeeded):
        words = f"{message.state} with {succeeded} succeeded attempts"
        findings.found(
            "done_means_delivered",
            name,
            words,
            state=message.state,
            succeeded=succeeded,
        )
    check_calls(scope, name, tried, map(SendRow._make, sends))


def _check_lane(scope: Scope, messages: Sequence[MessageRow]) -> None:
    open_before = ""
    for message in messages:  # in the order of their positions
        if message.state == DONE and open_before:
            scope.findings.found(
                "delivered_in_order",
                message.message_id,
                "delivered before an earlier message of the same order",
                before=open_before,
            )
        if message.state not in FINISHED_STATES:
            open_before = message.message_id


def _check_superseded(
    scope: Scope, messages: Sequence[MessageRow], parcels: Sequence[Any]
) -> None:
    """
    Check that what is not told any more is told by a newer message.
    """
    for place, message in enumerate(messages):
        if message.state != _SUPERSEDED:
            continue
        newer = {later.subject for later in messages[place + 1 :]}
        own = [ParcelRow._make(p) for p in parcels]
        replaced = {p.replaced_by for p in own if p.parcel_id == message.subject}
        if message.subject not in newer and not replaced & newer:
            scope.findings.found(
                "superseded_means_told_anew",
                message.message_id,
                f"nothing newer is told of parcel {message.subject}",
                parcel=message.subject,
            )


def _check_parcels(
    scope: Scope,
    order: OrderRow,
    parcels: Sequence[Any],
    said: Mapping[str, Mapping[str, object]],
) -> None:
    kind = KINDS.get(order.kind)
    if kind is None or not kind.tells_shop:
        return
    for _, parcel_id, carrier, tracking_number, revision, _, replaced, *_ in parcels:
        key = push_key(parcel_id, order.order_id, revision)
        told = said.get(key)
        if told is None:
            if not replaced:
                scope.findings.found(
                    "no_push_is_lost",
                    parcel_id,
                    f"no message {key}",
                    key=key,
                    order=order.order_id,
                )
            continue
        number = f"{carrier} {tracking_number}"
        words = f"{told['carrier']} {told['tracking_number']}"
        if words != number:
            scope.findings.found(
                "parcel_told_as_it_is",
                parcel_id,
                f"the shop is told {words!r}, it is {number!r}",
                told=words,
                stored=number,
            )


def _check_dead(scope: Scope, dead: Sequence[MessageRow]) -> None:
    """
    Check that somebody was asked to hold the orders of what nobody will send.
    """
    owed = [m for m in dead if not m.error.startswith(_UNREADABLE)]
    if not owed:
        return
    lanes: list[Key] = [
        (scope.seller_id, Channel.JOB.value, lane)
        for lane in sorted({message.lane for message in owed})
    ]
    jobs = {job.key for job in found_under(scope.unit, OUTBOX_LANE, lanes, MessageRow)}
    scope.findings.looked("no_job_is_lost", len(owed))
    for message in owed:
        key = f"{message.message_id}:{message.epoch}"
        if key not in jobs:
            scope.findings.found(
                "no_job_is_lost",
                key,
                f"nobody is asked to hold order {message.lane} for a dead push",
                order=message.lane,
                message=message.message_id,
            )
