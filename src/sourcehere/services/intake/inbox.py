"""
What shops tell by themselves: received and kept at once, followed by whoever works.

A webhook is a hint: its orders are asked for, and what the shop answers is imported as
a page of it would be. So neither an old webhook nor a lost one does any harm.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import attrs

from ...domain.effects.inbox import InboxEvent
from ...domain.effects.machine import DEAD, DONE, WAITING, InboxChart
from ...domain.kernel.clock import to_micros
from ...domain.kernel.connections import DISCONNECTED
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.stores.errors import (
    StoreRestsError,
    WebhooksUnsupportedError,
)
from ...domain.stores.model import Store
from ...domain.stores.told import How
from ...doors.answers import Answerer
from ...doors.webhooks import (
    by_lower_names,
    check_webhook_size,
    checked_events,
)
from ...ports.storage import BusyError, Key, Row, picker
from ...ports.waiting import one_call
from ...ports.webhooks import SupportsWebhooks, WebhookEvent
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import INBOX, INBOX_BY_STATE
from ...unit.tables.stores import STORES
from ...unit.text.codecs import dumper
from ..base.asking import read_webhook
from ..base.commands import Given
from .following import Following
from .journal import Heard, keep_heard

_write_events = dumper(tuple[WebhookEvent, ...])
_AT_ONCE = 100


@frozen
class Receipt:
    """
    That a webhook is kept: say 200 to the shop. Told again, it is answered the same.

    Attributes:
        events: The ids of what it told; none of a ping.
    """

    events: tuple[str, ...]


@frozen
class InboxReport:
    """
    What became of what shops told.

    Attributes:
        done: Followed.

        postponed: To be tried again.

        dead: Nobody will try again by themselves.

        is_whole: Whether all that was due was tried.
    """

    done: int = 0
    postponed: int = 0
    dead: int = 0
    is_whole: bool = True


class Inbox(Following):
    """
    Receives what shops tell by themselves, and follows it.
    """

    def receive(
        self,
        seller_id: str,
        store_id: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Receipt:
        """
        Check and keep a webhook, and return at once: nobody is asked.

        Raises:
            WebhookTooLargeError: If it is larger than is taken; then it is not read.

            NotFoundError: If the seller has no such shop.

            StoreRestsError: If the shop is disconnected.

            WebhooksUnsupportedError: If its platform has none.

            SignatureError: If it is not signed by the shop, or was changed.

            ProtocolError: If its content makes no sense.
        """
        check_webhook_size(
            headers,
            body,
            bytes_max=self._settings.webhook_max,
            headers_max=self._settings.webhook_headers_max,
        )
        store = self.get(seller_id, store_id)
        if store.state == DISCONNECTED:
            raise StoreRestsError(store_id=store_id, state=store.state, why=store.why)
        told = Answerer(store.platform, store.store_id)
        platform = told.ask(lambda: self.platform_of(store))
        if not isinstance(platform, SupportsWebhooks):
            raise WebhooksUnsupportedError(store_id=store_id, platform=store.platform)
        named = by_lower_names(headers)
        events = read_webhook(
            told, lambda: checked_events(told, platform.verify(body, named))
        )
        fresh = self._units.seller(
            store.seller_id, lambda unit: self._keep(unit, store, events, body)
        )
        self._watch.count("intake.webhooks.received", 1)
        self._watch.count("intake.webhooks.known", len(events) - fresh)
        return Receipt(tuple(dict.fromkeys(event.event_id for event in events)))

    def _keep(
        self,
        unit: SellerUnit,
        store: Store,
        events: tuple[WebhookEvent, ...],
        body: bytes,
    ) -> int:
        rows = [
            InboxEvent(
                seller_id=store.seller_id,
                store_id=store.store_id,
                event_id=event.event_id,
                topic=event.topic.value,
                orders=tuple(dict.fromkeys(event.orders)),
                state=WAITING,
                attempts=0,
                next_at=unit.now,
                received_at=unit.now,
                changed_at=unit.now,
                traceparent=unit.traceparent,
            )
            for event in events
        ]
        fresh = unit.insert_new(INBOX, rows)
        if fresh:
            names = (name for event in fresh for name in event.orders)
            heard = Heard(
                how=How.WEBHOOK,
                asked=tuple(event.event_id for event in fresh),
                names=tuple(dict.fromkeys(names)),
                answer=lambda: _write_events(events),
                raw=body,
            )
            # As it is now: its days may have been changed since it was looked up.
            known = unit.need(STORES, store.store_id)
            keep_heard(unit, known, heard, self._settings)
        return len(fresh)

    def run(
        self, *, stop: Callable[[], bool] | None = None, command_id: str = ""
    ) -> InboxReport:
        """
        Follow all that is due; a shop that does not answer holds up no other.

        Any number of workers may do it. What somebody was following when the process
        died is followed again when its lease is over.

        Args:
            stop: Asked before each: whether to end here.
        """
        given = Given(command_id, "run_inbox", ())
        return self._once_over_for_platform(
            given,
            lambda: self._run(stop or (lambda: False)),
            InboxReport,
            is_whole=lambda report: report.is_whole,
        )

    def _run(self, stop: Callable[[], bool]) -> InboxReport:
        counts: Counter[str] = Counter()
        in_trouble: set[tuple[str, str]] = set()
        until, after = to_micros(self._ports.clock.now()), None
        while True:
            found = self._units.platform(
                partial(_due, until=until, after=after), read_only=True
            )
            counts[DEAD] += self._bury(found.broken)
            for event in found.events:
                if stop():
                    return _report(counts, is_whole=False)
                shop = (event.seller_id, event.store_id)
                if shop in in_trouble:
                    continue
                became = self._follow_or_leave(event)
                counts[became] += 1
                if became == WAITING:
                    in_trouble.add(shop)
            if found.after is None:
                return _report(counts)
            after = found.after

    def _bury(self, rows: Sequence[Row]) -> int:
        """
        End events whose rows nobody can read: they stop no other.
        """
        places = INBOX.table.position
        dead: list[Row] = []
        for row in rows:
            changed = list(row)
            changed[places["state"]] = InboxChart.after(WAITING, "die")
            changed[places["error"]] = "it cannot be read"
            dead.append(tuple(changed))
        if dead:
            self._units.platform(
                lambda unit: unit.session.replace(INBOX.table, dead, expected=rows)
            )
        return len(dead)

    def _follow_or_leave(self, event: InboxEvent) -> str:
        """
        Follow *event*; what somebody holds waits, and holds up no other.
        """
        with one_call():
            try:
                return self.follow(event)
            except BusyError:
                return WAITING

    def resend(
        self, seller_id: str, store_id: str, event_id: str, *, command_id: str = ""
    ) -> InboxEvent:
        """
        Let a dead one be followed again.

        Raises:
            NotFoundError: If there is no such event.

            TransitionRefusedError: If it is not dead.
        """

        def work(unit: SellerUnit) -> InboxEvent:
            known = unit.need(INBOX, store_id, event_id, lock=True)
            moved = self.moved(known, "resend", unit.now)
            again = attrs.evolve(moved, attempts=0, next_at=unit.now, error="")
            unit.put(INBOX, again)
            return again

        given = Given(command_id, "resend_event", (store_id, event_id))
        return self._once(SellerId(seller_id), given, work, InboxEvent)

    def discard(
        self, seller_id: str, store_id: str, event_id: str, *, command_id: str = ""
    ) -> InboxEvent:
        """
        Give up a dead one: nobody need follow it.

        Raises:
            NotFoundError: If there is no such event.

            TransitionRefusedError: If it is not dead.
        """

        def work(unit: SellerUnit) -> InboxEvent:
            known = unit.need(INBOX, store_id, event_id, lock=True)
            moved = self.moved(known, "discard", unit.now)
            given_up = attrs.evolve(moved, next_at=unit.now)  # forgotten a month later
            unit.put(INBOX, given_up)
            return given_up

        given = Given(command_id, "discard_event", (store_id, event_id))
        return self._once(SellerId(seller_id), given, work, InboxEvent)


def _report(counts: Mapping[str, int], *, is_whole: bool = True) -> InboxReport:
    return InboxReport(counts[DONE], counts[WAITING], counts[DEAD], is_whole)


@frozen
class _Due:
    """
    Events that are due.

    Attributes:
        broken: Rows of events that nobody can read.

        after: Where to go on; None if there are no more.
    """

    events: list[InboxEvent]
    broken: list[Row]
    after: Key | None


def _due(unit: PlatformUnit, *, until: int, after: Key | None) -> _Due:
    """
    Read events that are due, apart from the rows that nobody can read.
    """
    index = INBOX_BY_STATE.index
    rows = unit.session.page(
        index, (WAITING,), after=after, until=until, limit=_AT_ONCE, descending=False
    )
    last = picker(index.table, index.sort_columns)(rows[-1]) if rows else None
    read = [(row, _readable(row)) for row in rows]
    events = [event for _, event in read if event is not None]
    broken = [row for row, event in read if event is None]
    return _Due(events, broken, last if len(rows) == _AT_ONCE else None)


def _readable(row: Row) -> InboxEvent | None:
    try:
        return INBOX.from_row(row)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it stops no other
        return None
