"""
Conversations, and their messages, which are personal data.
"""

from ...domain.talk.model import Conversation, Message
from ..records import Records

CONVERSATIONS: Records[Conversation] = Records(
    "conversation",
    Conversation,
    key=["seller_id", "conversation_id"],
    skip=["pending"],
    derived=[("waits_for", str)],
    version="version",
)
CONVERSATIONS_OF = CONVERSATIONS.way(
    "of_seller", equal=["seller_id"], order=["last_at", "conversation_id"]
)
CONVERSATIONS_WAITING = CONVERSATIONS.way(
    "waiting", equal=["waits_for"], order=["last_at", "conversation_id"]
)
MESSAGES = Records(
    "message", Message, key=["seller_id", "conversation_id", "message_id"]
)
MESSAGES_OF = MESSAGES.way(
    "of_conversation", equal=["seller_id", "conversation_id"], order=["message_id"]
)

RECORDS = (CONVERSATIONS, MESSAGES)
