"""
What is owed: nobody keeps a message for long, none waits for ever, and each is about
something that is there.
"""

from datetime import timedelta

from ...domain.effects.machine import SENDING, WAITING, MessageChart
from ...domain.effects.model import Channel, MessageKind
from ...unit.tables.effects import OUTBOX
from .rows import each_plain
from .scope import Scope

# A lease lasts minutes, and is taken back by the next round of any worker: one that
# ended a week ago was forgotten.
_FORGOTTEN_AFTER = timedelta(days=7)
# A shop may ask for a day's patience at most.
_LONGEST_WAIT = timedelta(days=31)
_FOLD = MessageKind.FOLD_TABS.value
_STORE = Channel.STORE.value
_STATES = frozenset(MessageChart.state_names())


_OWED = ("message_id", "channel", "kind", "state", "next_at", "lease_until")


def longest_wait(scope: Scope) -> timedelta:
    """
    Return how long a message may wait for its next try.
    """
    settings = scope.settings
    doublings = min(settings.deliveries_max, 20)
    return max(settings.retry_after * (2 << doublings), _LONGEST_WAIT)


def check_outbox(scope: Scope) -> None:
    """
    Check the leases and waits of every message, and that it is in a state there is.
    """
    findings, now = scope.findings, scope.now
    soonest = now - _micros(_FORGOTTEN_AFTER)
    latest = now + _micros(scope.settings.lease * 10 + timedelta(days=1))
    until = now + _micros(longest_wait(scope))
    count = pushes = 0
    for name, channel, kind, state, next_at, lease_until, _ in each_plain(
        scope.unit, OUTBOX, scope.seller_id, _OWED
    ):
        # Which commit asks for a fold is chance: they are looked at, and not counted.
        count += kind != _FOLD
        pushes += channel == _STORE
        if state == SENDING and not soonest <= lease_until <= latest:
            findings.found(
                "lease_is_short",
                name,
                f"it is being sent until {lease_until}, now is {now}",
                lease_until=lease_until,
                now=now,
            )
        elif state == WAITING and next_at > until:
            findings.found(
                "waiting_is_short",
                name,
                f"it waits until {next_at}, now is {now}",
                next_at=next_at,
                now=now,
            )
        elif state not in _STATES:
            findings.found(
                "state_is_known", name, f"no message is {state!r}", state=state
            )
    scope.pushes_count = pushes
    findings.looked("lease_is_short", count)
    findings.looked("waiting_is_short", count)


def _micros(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
