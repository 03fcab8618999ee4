"""
Conversations, as they are shown.
"""

from datetime import datetime

from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.talk.model import Conversation, Subject


@frozen(kw_only=True)
class ConversationView:
    """
    What sellers and staff say about one thing.

    Attributes:
        subject_id: The id of that order, quote request, call for help or dispute.

        messages: How many there are.

        last_by: `seller` or `staff`, whoever wrote last.

        waits_for: Who has to answer; empty once staff settled it.
    """

    seller_id: SellerId
    about: Subject
    subject_id: str
    messages: int
    last_by: str
    last_at: datetime
    waits_for: str


def conversation_of(conversation: Conversation) -> ConversationView:
    """
    Return what may be shown of *conversation*.
    """
    return ConversationView(
        seller_id=conversation.seller_id,
        about=Subject(conversation.about),
        subject_id=conversation.subject_id,
        messages=conversation.messages,
        last_by=conversation.last_by,
        last_at=conversation.last_at,
        waits_for=conversation.waits_for,
    )
