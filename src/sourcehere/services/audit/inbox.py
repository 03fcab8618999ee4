"""
What shops told: events that are followed soon, sayings that are kept for a while, and
shops that are read again, each of a shop that is there.
"""

from datetime import timedelta
from typing import NamedTuple

from ...domain.effects.machine import InboxChart
from ...domain.kernel.connections import ACTIVE
from ...domain.stores.told import TOLD_DAYS_MAX
from ...unit.tables.effects import INBOX
from ...unit.tables.stores import STORES, TOLD
from .outbox import longest_wait
from .rows import each_row, parsed
from .scope import Scope

_WAITING: str = InboxChart.waiting.value
_STATES = frozenset(InboxChart.state_names())
# The longest that anybody is let keep what shops said, and a week to forget it in.
_LONGEST_KEPT = timedelta(days=TOLD_DAYS_MAX + 7)
_READ_AFTER = timedelta(days=366)


class EventRow(NamedTuple):
    """
    What is looked at of an event that a shop told.
    """

    store_id: str
    event_id: str
    orders: str
    state: str
    next_at: int


class ToldRow(NamedTuple):
    """
    What is looked at of what a shop said.
    """

    store_id: str
    told_id: str
    forget_at: int


class ShopRow(NamedTuple):
    """
    What is looked at of a shop.
    """

    store_id: str
    state: str
    pull_every_s: int
    pull_at: int


def check_inbox(scope: Scope) -> None:
    """
    Check what came in from the shops of a seller.
    """
    shops = _shops(scope)
    _check_events(scope, shops)
    _check_sayings(scope, shops)


def _shops(scope: Scope) -> frozenset[str]:
    names: set[str] = set()
    latest = scope.now + _micros(_READ_AFTER)
    for shop in each_row(scope.unit, STORES, scope.seller_id, ShopRow):
        names.add(shop.store_id)
        is_read = shop.state == ACTIVE and shop.pull_every_s > 0
        if is_read and shop.pull_at > latest:
            scope.findings.found(
                "waiting_is_short",
                shop.store_id,
                f"it is read at {shop.pull_at}, now is {scope.now}",
                pull_at=shop.pull_at,
                now=scope.now,
            )
    return frozenset(names)


def _check_events(scope: Scope, shops: frozenset[str]) -> None:
    findings, count = scope.findings, 0
    until = scope.now + _micros(longest_wait(scope))
    for event in each_row(scope.unit, INBOX, scope.seller_id, EventRow):
        count += 1
        name = f"{event.store_id}/{event.event_id}"
        _require_shop(scope, shops, event.store_id, name)
        if event.state not in _STATES:
            words = f"no event is {event.state!r}"
            findings.found("state_is_known", name, words, state=event.state)
        elif event.state == _WAITING and event.next_at > until:
            findings.found(
                "waiting_is_short",
                name,
                f"it waits until {event.next_at}, now is {scope.now}",
                next_at=event.next_at,
                now=scope.now,
            )
        if not isinstance(parsed(event.orders), list):
            words = f"its orders are {event.orders!r}"
            findings.found("stored_can_be_read", name, words, orders=event.orders)
    findings.looked("waiting_is_short", count)


def _check_sayings(scope: Scope, shops: frozenset[str]) -> None:
    until = scope.now + _micros(_LONGEST_KEPT)
    for said in each_row(scope.unit, TOLD, scope.seller_id, ToldRow):
        name = f"{said.store_id}/{said.told_id}"
        _require_shop(scope, shops, said.store_id, name)
        if said.forget_at > until:
            scope.findings.found(
                "told_is_forgotten",
                name,
                f"it is kept until {said.forget_at}, now is {scope.now}",
                forget_at=said.forget_at,
                now=scope.now,
            )


def _require_shop(
    scope: Scope, shops: frozenset[str], store_id: str, name: str
) -> None:
    if store_id not in shops:
        words = f"its shop {store_id} is not there"
        scope.findings.found("its_store_is_there", name, words, store=store_id)


def _micros(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
