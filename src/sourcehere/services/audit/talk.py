"""
Conversations are about what is there, and keep every message that was written.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from ...domain.talk.model import Subject
from ...ports.storage import Key
from ...unit.records import Records
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.orders import ORDERS
from ...unit.tables.pairing import HELP_REQUESTS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ...unit.tables.talk import CONVERSATIONS, MESSAGES
from ..base.batches import batches
from .joining import aligned
from .rows import each_row, missing
from .scope import Scope
from .streams import store_version

_KEPT = "conversation_keeps_its_messages"
_THERE = "conversation_has_its_subject"
_SUBJECTS: dict[str, Records[Any]] = {
    Subject.ORDER.value: ORDERS,
    Subject.QUOTE.value: QUOTE_REQUESTS,
    Subject.HELP.value: HELP_REQUESTS,
    Subject.DISPUTE.value: DISPUTES,
}


class ConversationRow(NamedTuple):
    """
    What is looked at of a conversation.
    """

    conversation_id: str
    version: int
    about: str
    subject_id: str
    messages: int


class MessageRow(NamedTuple):
    """
    What is looked at of a message: nothing personal.
    """

    conversation_id: str
    message_id: str


def check_conversations(scope: Scope) -> None:
    """
    Hold conversations against their messages, and against what they are about.
    """
    for batch in batches(_with_messages(scope)):
        scope.findings.looked(_THERE, len(batch))
        for about, records in _SUBJECTS.items():
            named = [row for row in batch if row.about == about]
            if named:
                _check_subjects(scope, records, named)


def _with_messages(scope: Scope) -> Iterator[ConversationRow]:
    """
    Go through the conversations, each held against its messages on the way.
    """
    name_of = attrgetter("conversation_id")
    rows = each_row(scope.unit, CONVERSATIONS, scope.seller_id, ConversationRow)
    said = each_row(scope.unit, MESSAGES, scope.seller_id, MessageRow)
    for name, (found, messages) in aligned((rows, name_of), (said, name_of)):
        stored = sum(row.messages for row in found)
        scope.findings.equal(_KEPT, name, stored=stored, computed=len(messages))
        for row in found:
            store_version(scope, "conversation", name, row.version)
            yield row


def _check_subjects(
    scope: Scope, records: Records[Any], rows: Sequence[ConversationRow]
) -> None:
    keys: set[Key] = {(scope.seller_id, row.subject_id) for row in rows}
    gone = missing(scope.unit, records, keys)
    for row in rows if gone else ():
        if (scope.seller_id, row.subject_id) in gone:
            scope.findings.found(
                _THERE,
                row.conversation_id,
                f"there is no {row.about} {row.subject_id}",
                subject=row.subject_id,
            )
