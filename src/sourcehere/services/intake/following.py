"""
Following one thing that a shop told by itself: asking it, and taking in the answer.
"""

from datetime import datetime, timedelta

import attrs

from ...domain.contacts.model import ERASED
from ...domain.effects.circuits import LONGEST_REST
from ...domain.effects.inbox import InboxEvent
from ...domain.effects.machine import DEAD, DONE, WAITING, InboxChart
from ...domain.kernel.checks import NOT_SHOWN
from ...domain.kernel.connections import DISCONNECTED
from ...domain.kernel.errors import CounterpartyError
from ...domain.stores.errors import StoreRestsError
from ...domain.stores.model import Store
from ...doors.answers import Answerer, words_of
from ...doors.failures import checked_failure
from ...ports.errors import (
    DeclinedError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
)
from ...ports.platforms import StorePlatform
from ...ports.providers import SupportsCheck
from ...ports.storage import BusyError
from ...ports.webhooks import Topic
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import INBOX
from ...unit.tables.stores import STORES
from ..base.asking import ask_outside, check_credentials
from ..base.forgotten import is_of_forgotten
from ..base.tracing import Step
from .fetching import Answers, Fetching, ask_each
from .journal import days_of

_APP_REMOVED = "the app was removed at the shop"
_DIED = "whoever followed it died, again and again"


class Following(Fetching):
    """
    Follows what is in the inbox, one thing at a time.
    """

    def follow(self, event: InboxEvent) -> str:
        """
        Follow *event*, and return the state that it is left in; empty where somebody
        else has it.

        Raises:
            CounterpartyError: If the database is away.
        """
        taken = self._take(event)
        if taken is None or taken.state != WAITING:
            return "" if taken is None else taken.state
        doing = self._watch.begin(lambda: [_step(taken)])
        try:
            doing.run(lambda: self._follow(taken))
        except Exception as error:  # what one event meets stops no other
            doing.end([error])
            # Others may hold the shop: that is of this event alone, too.
            is_told = isinstance(error, (ProviderError, BusyError))
            if isinstance(error, CounterpartyError) and not is_told:
                raise
            return self._end_badly(taken, error)
        doing.end([None])
        return DONE

    def moved(self, event: InboxEvent, move: str, now: datetime) -> InboxEvent:
        """
        Return *event* after a move of its chart.

        Raises:
            TransitionRefusedError: If the chart has no such move.
        """
        state = InboxChart.after(event.state, move)
        return attrs.evolve(event, state=state, changed_at=now)

    def _take(self, event: InboxEvent) -> InboxEvent | None:
        """
        Move an event's next time ahead, so that nobody else begins it meanwhile; None
        where somebody did, and dead where it was begun too often.
        """

        def work(unit: SellerUnit) -> InboxEvent | None:
            known = unit.get(INBOX, event.store_id, event.event_id, lock=True)
            if known is None or known.state != WAITING or known.next_at > unit.now:
                return None
            if known.attempts >= self._settings.deliveries_max:
                taken = self.moved(known, "die", unit.now)
                taken = attrs.evolve(taken, error=known.error or _DIED)
            else:
                next_at = unit.now + self._settings.lease
                taken = attrs.evolve(
                    known, attempts=known.attempts + 1, next_at=next_at
                )
            unit.put(INBOX, taken)
            return taken

        return self._units.seller(event.seller_id, work)

    def _follow(self, event: InboxEvent) -> None:
        store, platform = self.active(event.seller_id, event.store_id)
        told = self.answerer(store)
        if event.topic == Topic.APP_REMOVED:
            self._follow_removal(store, platform, told)
        elif event.orders:
            self._follow_orders(event, store, platform, told)
            return  # done in the commit that took the answer in
        elif event.topic != Topic.OTHER:
            self._read_soon(store)
        self._units.seller(event.seller_id, lambda unit: self._finish(unit, event))

    def _follow_orders(
        self,
        event: InboxEvent,
        store: Store,
        platform: StorePlatform,
        told: Answerer,
    ) -> None:
        while True:
            try:
                answers = self._ask(platform, told, event.orders)
            except UnauthorizedError as error:
                self.pause_unauthorized(store, error)
                raise
            taken = self.take_in(
                store, answers, also=lambda unit: self._finish(unit, event)
            )
            if taken is not None:
                return
            # It told something else meanwhile, maybe newer.
            store, platform = self.active(event.seller_id, event.store_id)

    def _ask(
        self, platform: StorePlatform, told: Answerer, names: tuple[str, ...]
    ) -> Answers:
        call = (told, lambda: ask_each(platform, told, names))
        within = self.time_for(names)
        (outcome,) = ask_outside(self._watch, "inbox.ask", [call], within=within)
        if isinstance(outcome, Exception):
            raise checked_failure(told, outcome)
        if len(outcome.unknown) == len(names):  # nothing was told at all
            raise checked_failure(told, outcome.unknown[names[-1]])
        return outcome

    def _follow_removal(
        self, store: Store, platform: StorePlatform, told: Answerer
    ) -> None:
        """
        Pause a shop whose app was removed, unless its credentials are good: then it was
        installed again meanwhile.
        """
        if not isinstance(platform, SupportsCheck):
            self.move(store.seller_id, store.store_id, "pause", why=_APP_REMOVED)
            return
        try:
            within = self._settings.push_within
            check_credentials(platform, told, self._ports, within=within)
        except UnauthorizedError as error:
            self.pause_unauthorized(store, error)
        except ProviderError as error:
            raise checked_failure(told, error) from error

    def _read_soon(self, store: Store) -> None:
        def work(unit: SellerUnit) -> None:
            known = unit.need(STORES, store.store_id, lock=True)
            unit.put(STORES, attrs.evolve(known, pull_at=unit.now))

        self._units.seller(store.seller_id, work)

    def _finish(self, unit: SellerUnit, event: InboxEvent) -> None:
        known = self._still(unit, event)
        if known is not None:
            done = self.moved(known, "finish", unit.now)
            unit.put(INBOX, attrs.evolve(done, next_at=unit.now, error=""))

    def _still(self, unit: SellerUnit, event: InboxEvent) -> InboxEvent | None:
        """
        Lock an event; None where somebody else took it since.
        """
        known = unit.get(INBOX, event.store_id, event.event_id, lock=True)
        if known is None or known.state != WAITING:
            return None
        # The count goes back where a try did not count; a lease never does.
        taken = (known.attempts, known.next_at)
        return known if taken == (event.attempts, event.next_at) else None

    def _end_badly(self, event: InboxEvent, error: Exception) -> str:
        """
        Keep why an event could not be followed, and return what became of it.
        """
        rest, counts = self._rest(event, error)

        def work(unit: SellerUnit) -> None:
            known = self._still(unit, event)
            if known is None:
                return
            words = self._words(unit, event, error)
            if rest is None:
                dead = self.moved(known, "die", unit.now)
                unit.put(INBOX, attrs.evolve(dead, error=words))
                return
            again = self.moved(known, "retry", unit.now)
            attempts = known.attempts if counts else known.attempts - 1
            next_at = unit.now + rest
            unit.put(
                INBOX,
                attrs.evolve(again, attempts=attempts, next_at=next_at, error=words),
            )

        self._units.seller(event.seller_id, work)
        if rest is not None:
            return WAITING
        self._watch.count("intake.webhooks.dead", 1)
        shop = f"{event.seller_id}/{event.store_id}"
        self._watch.log("intake").warning(
            "a webhook is dead: store=%s event=%s error=%s",
            shop,
            event.event_id,
            type(error).__name__,
        )
        return DEAD

    def _words(self, unit: SellerUnit, event: InboxEvent, error: Exception) -> str:
        """
        Return why an event could not be followed: in the shop's words for as long as
        what it told is kept, by which they are found when a buyer is forgotten.
        """
        if not event.orders:
            return words_of(error)
        if is_of_forgotten(unit, event):
            return ERASED
        days = days_of(unit.need(STORES, event.store_id), self._settings)
        is_kept = unit.now < event.received_at + timedelta(days=days)
        return words_of(error) if is_kept else f"{type(error).__name__}: {NOT_SHOWN}"

    def _rest(
        self, event: InboxEvent, error: Exception
    ) -> tuple[timedelta | None, bool]:
        """
        Return when an event is tried again, None for never, and whether this was a try.
        """
        if isinstance(error, ThrottledError):
            return error.retry_after, False
        if isinstance(error, BusyError):
            return self._settings.retry_after, False
        if isinstance(error, UnauthorizedError):
            return LONGEST_REST, False
        if isinstance(error, StoreRestsError):
            is_over = error.state == DISCONNECTED
            return (None, True) if is_over else (LONGEST_REST, False)
        is_last = event.attempts >= self._settings.deliveries_max
        if isinstance(error, DeclinedError) or is_last:
            return None, True
        doubled = self._settings.retry_after * (1 << (event.attempts - 1))
        return min(doubled, LONGEST_REST), True


def _step(event: InboxEvent) -> Step:
    """
    Return *event* as whoever traces is told of it: under the request that told it.
    """
    about: dict[str, str | int] = {
        "connection": f"{event.seller_id}/{event.store_id}",
        "topic": event.topic,
        "attempt": event.attempts,
    }
    return Step(
        name="inbox.follow", parent=event.traceparent, about=about, is_call=False
    )
