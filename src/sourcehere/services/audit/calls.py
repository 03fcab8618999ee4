"""
Calls on record: every one belongs to an attempt, and every answer to a call.

A worker that died has told nobody of its call, and one that slept past its lease told
only that it called, and what it heard. So what has to be there is the call by which an
attempt ended. Attempts that changed last before the first call on record ended before
calls were kept.
"""

from collections.abc import Iterable, Sequence

from ...domain.effects.machine import SUCCEEDED, AttemptChart
from ...unit.tables.effects import SENDS
from .batch import AttemptRow, SendRow
from .rows import each_row
from .scope import Scope

_ENDED = frozenset({SUCCEEDED, AttemptChart.declined.value})
_NEVER = 2**63
_FIRST_SENDS = 500


def check_calls(
    scope: Scope,
    message_id: str,
    attempts: Sequence[AttemptRow],
    sends: Iterable[SendRow],
) -> None:
    """
    Check the calls that sent one message against its attempts.
    """
    calls = {(send.number, send.send): send for send in sends}
    for attempt in attempts:
        own = [calls.pop(place) for place in list(calls) if place[0] == attempt.number]
        wrong = _wrong(scope, attempt, own)
        if wrong:
            scope.findings.found(
                "attempt_is_its_sends",
                f"{message_id}/{attempt.number}",
                wrong,
                message=message_id,
                number=attempt.number,
                state=attempt.state,
                sends=attempt.sends,
            )
    for number, send in sorted(calls):
        scope.findings.found(
            "attempt_is_its_sends",
            f"{message_id}/{number}",
            f"call {send} of no attempt",
            message=message_id,
            number=number,
            send=send,
        )


def _wrong(scope: Scope, attempt: AttemptRow, calls: Sequence[SendRow]) -> str:
    """
    Say what is wrong with the calls of an attempt; empty where nothing is.
    """
    last = None
    for call in calls:
        if not 0 < call.send <= attempt.sends:
            return f"call {call.send} of {attempt.sends}"
        if call.key != attempt.key:
            return f"call {call.send} was sent under {call.key}"
        if call.send == attempt.sends:
            last = call
    if attempt.state not in _ENDED:
        return ""
    if last is None:
        is_old = attempt.changed_at < _first_sent(scope)
        return "" if is_old else f"call {attempt.sends} is not on record"
    if last.state != attempt.state:
        return f"it is {attempt.state}, its last call {last.state}"
    return ""


def _first_sent(scope: Scope) -> int:
    """
    Return when the first calls on record were made, as near as matters.
    """
    if scope.first_sent is None:
        first = _NEVER
        sends = each_row(scope.unit, SENDS, scope.seller_id, SendRow)
        for send, _ in zip(sends, range(_FIRST_SENDS), strict=False):
            first = min(first, send.sent_at)
        scope.first_sent = first
    return scope.first_sent
