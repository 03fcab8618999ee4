"""
Conversations: one about each quote request, call for help, order and dispute.

Events name messages only; their texts are personal data, and kept apart.
"""

import enum
from collections.abc import Iterable
from datetime import datetime
from typing import Self

import attrs

from ..kernel.actor import Actor, Role
from ..kernel.clock import NEVER
from ..kernel.errors import (
    Blocker,
    CommandRefusedError,
    require_known,
    wrong_role,
)
from ..kernel.events import Event, named
from ..kernel.ids import ConversationId, SellerId
from ..kernel.values import frozen


class Subject(enum.StrEnum):
    """
    What a conversation is about.
    """

    ORDER = "order"
    QUOTE = "quote"  # a quote request
    HELP = "help"  # a call for pairing help
    DISPUTE = "dispute"


def conversation_id(about: Subject, subject_id: str) -> ConversationId:
    """
    Return the id of the one conversation about a subject.
    """
    return ConversationId(f"{about}.{subject_id}")


@frozen(kw_only=True)
class Message:
    """
    What somebody wrote; personal data.

    Attributes:
        attachments: References to files that the host application keeps.

        evidence: The kind of evidence that it gives in a dispute, such as `photo`;
            empty for every other message.
    """

    seller_id: SellerId
    conversation_id: ConversationId
    message_id: str
    by: Actor
    text: str
    attachments: tuple[str, ...]
    evidence: str
    written_at: datetime


@named("conversation.said")
@frozen(kw_only=True)
class MessageSaid(Event):
    """
    Somebody wrote a message; what it says is not among the facts.

    Attributes:
        about: One of `Subject`.

        subject_id: The id of that order, quote request, call for help or dispute.
    """

    about: str
    subject_id: str
    message_id: str


@named("conversation.settled")
@frozen(kw_only=True)
class ConversationSettled(Event):
    """
    Staff saw that the last message needs no answer.
    """


ROLES: dict[str, frozenset[Role]] = {
    "say": frozenset({Role.SELLER, Role.STAFF}),
    "settle": frozenset({Role.STAFF}),
}


@attrs.define(kw_only=True)
class Conversation:
    """
    What sellers and staff say about one thing.

    Attributes:
        messages: How many there are.

        last_by: The role of who wrote last.

        is_settled: Whether what was written last needs no answer.
    """

    seller_id: SellerId
    conversation_id: ConversationId
    version: int = 0
    about: str = ""
    subject_id: str = ""
    messages: int = 0
    last_by: str = ""
    last_at: datetime = NEVER
    is_settled: bool = False
    pending: list[Event] = attrs.field(factory=list, repr=False, eq=False)

    @classmethod
    def replay(
        cls, seller_id: SellerId, name: ConversationId, events: Iterable[Event]
    ) -> Self:
        """
        Return the conversation that *events* make.
        """
        conversation = cls(seller_id=seller_id, conversation_id=name)
        for event in events:
            conversation._apply(event)
        return conversation

    @property
    def waits_for(self) -> str:
        """
        Who has to answer: `staff` or `seller`; empty once it is settled.
        """
        if self.is_settled or not self.last_by:
            return ""
        return (Role.STAFF if self.last_by == Role.SELLER else Role.SELLER).value

    def blockers(self, command: str, *, by: Actor) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* now; empty if it can.
        """
        require_known(command, ROLES)
        if by.role in ROLES[command]:
            return ()
        return (wrong_role(command, by, roles=ROLES[command]),)

    def say(self, said: MessageSaid) -> None:
        """
        Take in a message.

        Raises:
            CommandRefusedError: If it is neither the seller's nor the staff's.
        """
        self._require("say", by=said.by)
        self._record(said)

    def settle(self, *, by: Actor, at: datetime) -> None:
        """
        Let the last message be the last word, as staff, until somebody writes again.

        Raises:
            CommandRefusedError: If *by* is not staff.
        """
        self._require("settle", by=by)
        if not self.is_settled:
            self._record(ConversationSettled(by=by, occurred_at=at))

    def _require(self, command: str, *, by: Actor) -> None:
        found = self.blockers(command, by=by)
        if found:
            raise CommandRefusedError(
                kind="conversation",
                id=self.conversation_id,
                command=command,
                blockers=found,
            )

    def _record(self, event: Event) -> None:
        self._apply(event)
        self.pending.append(event)

    def _apply(self, event: Event) -> None:
        match event:
            case MessageSaid():
                self.about, self.subject_id = event.about, event.subject_id
                self.last_by, self.last_at = event.by.role.value, event.occurred_at
                self.is_settled = False
                self.messages += 1
            case ConversationSettled():
                self.is_settled = True
        self.version += 1
