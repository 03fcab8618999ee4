"""
A seller's unit of work, the platform's, and what runs them.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import attrs

from ..domain.disputes.model import Dispute
from ..domain.effects.model import NO_LEASE, Channel, MessageKind, OutboxMessage
from ..domain.kernel.clock import Clock, from_micros
from ..domain.kernel.errors import Blocker, CommandRefusedError, ConflictError
from ..domain.kernel.events import Event
from ..domain.kernel.ids import MessageId, SellerId, new_id
from ..domain.kernel.money import Money
from ..domain.orders.order import Order
from ..domain.orders.rules import command_of
from ..domain.orders.tabs import Tab
from ..domain.pairing.model import Connection
from ..domain.quotes.model import QuoteRequest
from ..domain.sellers.model import Seller
from ..domain.wallet.model import InsufficientFundsError, LedgerEntry, wallet_change
from ..ports.hooks import NO_HOOKS, Hooks, Transition
from ..ports.storage import Row, Session, Storage
from .base import Unit
from .records import Records
from .streams import Orders, Streams
from .tables.disputes import DISPUTES
from .tables.effects import OUTBOX
from .tables.orders import TAB_DELTAS, TabDelta
from .tables.pairing import CONNECTIONS
from .tables.quotes import QUOTE_REQUESTS
from .tables.sellers import SELLERS
from .tables.wallet import LEDGER, WALLETS

T = TypeVar("T")

# One commit in so many asks for the tab deltas to be folded.
FOLD_EVERY = 64
# A race is lost to somebody who won it, so a few tries are plenty.
TRIES = 5


def new_message(
    seller_id: SellerId,
    channel: str,
    kind: MessageKind,
    *,
    lane: str,
    position: int,
    subject: str,
    key: str,
    payload: dict[str, object],
    now: datetime,
) -> OutboxMessage:
    """
    Give a message that is due *now*.
    """
    return OutboxMessage(
        seller_id=seller_id,
        message_id=MessageId(new_id()),
        channel=channel,
        lane=lane,
        position=position,
        kind=kind.value,
        subject=subject,
        key=key,
        payload=payload,
        state="waiting",
        attempts=0,
        next_at=now,
        epoch=0,
        worker="",
        lease_until=from_micros(NO_LEASE),
        error="",
        written_at=now,
    )


class SellerUnit(Unit):
    """
    One transaction of one seller: aggregates, records, the wallet; flushed at the end.
    """

    def __init__(
        self,
        session: Session,
        seller_id: SellerId,
        *,
        clock: Clock,
        hooks: Hooks = NO_HOOKS,
    ) -> None:
        super().__init__(session, owner=(seller_id,), now=clock.now())
        self._hooks = hooks
        self.seller_id = seller_id
        self.command_id = ""
        self.orders = Orders(session, seller_id)
        self.connections: Streams[Connection] = Streams(
            session, seller_id, "connection", CONNECTIONS
        )
        self.quotes: Streams[QuoteRequest] = Streams(
            session, seller_id, "quote_request", QUOTE_REQUESTS
        )
        self.disputes: Streams[Dispute] = Streams(
            session, seller_id, "dispute", DISPUTES
        )
        self._wallet: dict[str, int] = {}
        self._seller: Seller | None = None

    @property
    def seller(self) -> Seller:
        """
        The seller.

        Raises:
            NotFoundError: If nobody of that id joined.
        """
        if self._seller is None:
            self._seller = self.need(SELLERS)
        return self._seller

    def post(self, entries: Iterable[LedgerEntry]) -> None:
        """
        Book a transaction; the wallet changes once, at the end, never below zero.
        """
        booked = tuple(entries)
        self.insert(LEDGER, *booked)
        for name, change in wallet_change(booked).items():
            self._wallet[name] = self._wallet.get(name, 0) + change

    def tell(
        self,
        channel: Channel,
        kind: MessageKind,
        *,
        lane: str,
        position: int,
        subject: str,
        key: str,
        payload: dict[str, object],
    ) -> None:
        """
        Owe the outside a message, written with the facts that cause it.
        """
        message = new_message(
            self.seller_id,
            channel.value,
            kind,
            lane=lane,
            position=position,
            subject=subject,
            key=key,
            payload=payload,
            now=self.now,
        )
        self.insert(OUTBOX, message)

    def flush(self) -> None:
        """
        Write everything, in the one lock order.

        Raises:
            ConflictError: If somebody changed the same thing first.

            InsufficientFundsError: If the wallet would fall below zero.
        """
        if self._hooks.checks_transitions:
            self._ask_plugins()
        self._count_tabs()
        for aggregates in (self.orders, self.connections, self.quotes, self.disputes):
            stored = aggregates.flush(now=self.now, command_id=self.command_id)
            for subscriber in self._hooks.subscribers:
                self._owe_events(subscriber, stored)
        super().flush()
        changes = {name: change for name, change in self._wallet.items() if change}
        self._wallet.clear()
        if changes and self.session.add(WALLETS.table, [((self.seller_id,), changes)]):
            self._refuse_spending(-changes.get("available", 0))

    def _ask_plugins(self) -> None:
        """
        Let plugins veto what commands are about to do to orders.

        Raises:
            CommandRefusedError: With every veto, each naming its plugin.
        """
        for name, order in self.orders.changed():
            before = self.orders.states_before.get(name, "new")
            for event in order.pending:
                after = getattr(event, "state", before)
                command = command_of(event)
                if command:
                    self._ask_about(order, command, before, after, event)
                before = after

    def _ask_about(
        self, order: Order, command: str, before: str, after: str, event: Event
    ) -> None:
        found = self._hooks.vetoes(
            Transition(
                seller_id=self.seller_id,
                order_id=order.order_id,
                kind=order.kind,
                command=command,
                state_before=before,
                state_after=after,
                by=event.by,
                at=event.occurred_at,
            )
        )
        if found:
            raise CommandRefusedError(
                kind="order",
                id=order.order_id,
                command=command,
                blockers=[
                    Blocker(
                        "vetoed",
                        f"the plugin {one.plugin} objects: {one.veto.words}",
                        {"plugin": one.plugin, "code": one.veto.code},
                    )
                    for one in found
                ],
            )

    def _owe_events(self, subscriber: str, stored: Sequence[Row]) -> None:
        for row in stored:
            _, stream_id, sequence, stream, name = row[:5]
            message = new_message(
                self.seller_id,
                f"{Channel.PLUGIN}:{subscriber}",
                MessageKind.TELL_PLUGIN,
                lane=str(stream_id),
                position=int(str(sequence)),
                subject=subscriber,
                key=f"{stream_id}:{sequence}:{subscriber}",
                payload={"stream": stream, "name": name},
                now=self.now,
            )
            self.insert(OUTBOX, message)

    def _refuse_spending(self, needed: int) -> None:
        wallet = self.need(WALLETS)
        raise InsufficientFundsError(
            available=Money(wallet.available, wallet.currency),
            needed=Money(needed, wallet.currency),
        )

    def _count_tabs(self) -> None:
        deltas: dict[tuple[str, str, str], int] = {}
        for name, order in self.orders.changed():
            before = self.orders.tabs_before.get(name)
            now = (order.tab, order.in_refunds)
            if before == now:
                continue
            self.orders.tabs_before[name] = now
            for tab, change in _tab_changes(before, now):
                place = (order.kind, order.store_id, tab)
                deltas[place] = deltas.get(place, 0) + change
        if not any(deltas.values()):
            return
        delta_id = new_id()
        self.insert(
            TAB_DELTAS,
            *(
                TabDelta(
                    seller_id=self.seller_id,
                    delta_id=delta_id,
                    kind=kind,
                    store_id=store_id,
                    tab=tab,
                    delta=change,
                )
                for (kind, store_id, tab), change in deltas.items()
                if change
            ),
        )
        if int(delta_id[-4:], 16) % FOLD_EVERY == 0:
            self.tell(
                Channel.JOB,
                MessageKind.FOLD_TABS,
                lane="tabs",
                position=0,
                subject="",
                key=delta_id,
                payload={},
            )


def _tab_changes(
    before: tuple[str, bool] | None, now: tuple[str, bool]
) -> Iterable[tuple[str, int]]:
    if before is None:
        yield Tab.ALL.value, 1
    else:
        yield before[0], -1
        if before[1]:
            yield Tab.REFUNDS.value, -1
    yield now[0], 1
    if now[1]:
        yield Tab.REFUNDS.value, 1


class PlatformUnit(Unit):
    """
    One transaction of the platform: its own tables to write, everybody's to read.
    """

    def __init__(self, session: Session, *, clock: Clock) -> None:
        super().__init__(session, owner=(), now=clock.now())

    def insert(self, records: Records[T], *made: T) -> None:
        """
        Write new records of the platform.
        """
        assert not records.is_sellers, "the platform scope writes platform tables only"
        super().insert(records, *made)

    def ask(self, kind: MessageKind, *, subject: str) -> None:
        """
        Owe a job that goes through all sellers, written with the facts that cause it.
        """
        message = new_message(
            SellerId(""),
            Channel.JOB.value,
            kind,
            lane=subject,
            position=0,
            subject=subject,
            key=subject,
            payload={},
            now=self.now,
        )
        super().insert(OUTBOX, message)


@attrs.frozen
class Units:
    """
    Runs work in transactions, flushes it, and commits.
    """

    storage: Storage
    clock: Clock
    hooks: Hooks = NO_HOOKS

    def seller(
        self,
        seller_id: SellerId,
        work: Callable[[SellerUnit], T],
        *,
        read_only: bool = False,
    ) -> T:
        """
        Run *work* for one seller; it runs again, afresh, after a lost race.

        Raises:
            ConflictError: If the race was lost several times over.
        """

        def transact(session: Session) -> T:
            unit = SellerUnit(session, seller_id, clock=self.clock, hooks=self.hooks)
            result = work(unit)
            if not read_only:
                unit.flush()
            return result

        for _ in range(TRIES - 1):
            try:
                return self.storage.transact(transact, read_only=read_only)
            except ConflictError:
                continue
        return self.storage.transact(transact, read_only=read_only)

    def platform(
        self, work: Callable[[PlatformUnit], T], *, read_only: bool = False
    ) -> T:
        """
        Run *work* for the platform.
        """

        def transact(session: Session) -> T:
            unit = PlatformUnit(session, clock=self.clock)
            result = work(unit)
            if not read_only:
                unit.flush()
            return result

        return self.storage.transact(transact, read_only=read_only)
