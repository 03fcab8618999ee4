"""
One transaction of one seller: aggregates, records, stock and money.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from ..domain.contacts.model import ContactVersion
from ..domain.disputes.model import Dispute
from ..domain.effects.model import Channel, MessageKind
from ..domain.kernel.address import Address
from ..domain.kernel.clock import Clock
from ..domain.kernel.ids import SellerId, new_id
from ..domain.pairing.model import Connection
from ..domain.quotes.model import QuoteRequest
from ..domain.sellers.model import Seller
from ..domain.talk.model import Conversation
from ..domain.wallet.model import Account, Wallet, transaction
from ..ports.hooks import NO_HOOKS, Hooks
from ..ports.storage import Session
from .base import CausedBy, Unit, untraced
from .commit.buyers import follow_buyers
from .commit.helping import Calls, ask_for_calls, end_help
from .commit.stock import StockBook
from .commit.subscribers import messages_about
from .commit.tabs import tab_deltas, wants_folding
from .commit.vetoes import ask_plugins
from .commit.wallet import WalletBook
from .messages import new_message
from .reading import Asked
from .records import Records
from .streams import ContactKey, HasStream, Orders, Streams
from .tables.contacts import CONTACTS
from .tables.disputes import DISPUTES
from .tables.effects import OUTBOX
from .tables.orders import TAB_DELTAS
from .tables.pairing import CONNECTIONS
from .tables.quotes import QUOTE_REQUESTS
from .tables.sellers import SELLERS
from .tables.talk import CONVERSATIONS

A = TypeVar("A", bound=HasStream)
# In this order, for everybody, are aggregates written.
_AFTER_ORDERS = ("connection", "quote_request", "dispute", "conversation")


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
        read_only: bool = False,
        caused_by: CausedBy = untraced,
    ) -> None:
        super().__init__(
            session,
            owner=(seller_id,),
            now=clock.now(),
            read_only=read_only,
            caused_by=caused_by,
        )
        self._hooks = hooks
        self.seller_id = seller_id
        self.command_id = ""
        self.orders = Orders(session, seller_id)
        self._others: dict[str, Streams[Any]] = {}  # few units have any
        self._money = WalletBook(self)
        self.stock = StockBook(self, seller_id)
        self._seller: Seller | None = None
        self._seller_asked: Asked[Seller] = Asked(list)
        self._contacts: dict[ContactKey, Address] = {}
        self._calls = Calls()

    @property
    def connections(self) -> Streams[Connection]:
        """
        The connections of SKUs.
        """
        return self._streams("connection", CONNECTIONS)

    @property
    def quotes(self) -> Streams[QuoteRequest]:
        """
        The requests for quotes.
        """
        return self._streams("quote_request", QUOTE_REQUESTS)

    @property
    def disputes(self) -> Streams[Dispute]:
        """
        The disputes.
        """
        return self._streams("dispute", DISPUTES)

    @property
    def conversations(self) -> Streams[Conversation]:
        """
        The conversations.
        """
        return self._streams("conversation", CONVERSATIONS)

    def _streams(self, stream: str, records: Records[A]) -> Streams[A]:
        found = self._others.get(stream)
        if found is None:
            found = Streams(self.session, self.seller_id, stream, records)
            self._others[stream] = found
        return found

    @property
    def seller(self) -> Seller:
        """
        The seller.

        Raises:
            NotFoundError: If nobody of that id joined.
        """
        if self._seller is None:
            # Forgotten then: it refers to this unit, which would live on in a circle.
            asked, self._seller_asked = self._seller_asked, Asked(list)
            self._seller = next(iter(asked.all()), None)
        if self._seller is None:
            self._seller = self.need(SELLERS)
        return self._seller

    def ask_for_seller(self) -> None:
        """
        Begin to read the seller, who will be needed.
        """
        if self._seller is None:
            self._seller_asked = self.ask_for(SELLERS, [()])

    def ask_for_calls(self, order_ids: Iterable[str]) -> None:
        """
        Begin to read the calls for help about orders, which end as these are paid.
        """
        self._calls = ask_for_calls(self, order_ids)

    def book(
        self,
        amounts: Sequence[tuple[Account, int]],
        *,
        currency: str,
        purpose: str,
        reference: str,
    ) -> None:
        """
        Book a transaction, now; the wallet changes once, at the end, never below zero.

        Args:
            amounts: What each account gets; they sum to zero.
        """
        made = transaction(
            amounts,
            seller_id=self.seller_id,
            transaction_id=new_id(),
            currency=currency,
            purpose=purpose,
            reference=reference,
            at=self.now,
        )
        self._money.post(made)

    def locked_wallet(self) -> Wallet:
        """
        Return the wallet, locked, as it was before this work; it is asked for last.

        Raises:
            NotFoundError: If nobody of that id joined.
        """
        return self._money.locked()

    def available(self) -> int:
        """
        Return what can be spent once this work is done so far; it locks the wallet, so
        it is asked for last.
        """
        return self._money.available()

    def write_contact(self, made: ContactVersion) -> None:
        """
        Write a new contact, or a new version of one, at the end of the work.
        """
        self._contacts[made.contact_id, made.version] = made.address
        self.insert(CONTACTS, made)

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
        connection: str = "",
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
            connection=connection,
            traceparent=self.traceparent,
        )
        self.insert(OUTBOX, message)

    def flush(self) -> None:
        """
        Write everything, in the one lock order.

        Raises:
            ConflictError: If somebody changed the same thing first.

            InsufficientFundsError: If the wallet would fall below zero.

            SellerDebtError: If it would because a debt is settled first.
        """
        if self._hooks.checks_transitions:
            ask_plugins(self._hooks, self.orders)
        self._count_tabs()
        calls, self._calls = self._calls, Calls()  # as with the seller
        end_help(self, self.orders, calls)
        follow_buyers(self.session, self.seller_id, self.orders, self._contacts)
        others = [self._others[name] for name in _AFTER_ORDERS if name in self._others]
        for aggregates in (self.orders, *others):
            stored = aggregates.flush(now=self.now, command_id=self.command_id)
            for subscriber in self._hooks.subscribers:
                owed = messages_about(
                    subscriber,
                    stored,
                    seller_id=self.seller_id,
                    now=self.now,
                    traceparent=self.traceparent,
                )
                self.insert(OUTBOX, *owed)
        super().flush()
        self._money.flush()

    def _count_tabs(self) -> None:
        deltas = tab_deltas(self.seller_id, self.orders)
        self.insert(TAB_DELTAS, *deltas)
        if wants_folding(deltas):
            self.tell(
                Channel.JOB,
                MessageKind.FOLD_TABS,
                lane="tabs",
                position=0,
                subject="",
                key=deltas[0].delta_id,
                payload={},
            )
