"""
Writing a message into the one conversation about a subject.
"""

from collections.abc import Iterable

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import new_id
from ...domain.talk.model import (
    Conversation,
    Message,
    MessageSaid,
    Subject,
    conversation_id,
)
from ...unit.seller_unit import SellerUnit
from ...unit.tables.talk import MESSAGES


def write_message(
    unit: SellerUnit,
    about: Subject,
    subject_id: str,
    text: str,
    *,
    by: Actor,
    attachments: Iterable[str] = (),
    evidence: str = "",
) -> str:
    """
    Say something about a subject that is there; the first message begins the
    conversation.

    Returns:
        The message's id.

    Raises:
        CommandRefusedError: If *by* is neither the seller nor staff.
    """
    name, message_id = conversation_id(about, subject_id), new_id()
    conversation = unit.conversations.find(name)
    if conversation is None:
        made = Conversation(seller_id=unit.seller_id, conversation_id=name)
        conversation = unit.conversations.add(name, made)
    conversation.say(
        MessageSaid(
            about=about.value,
            subject_id=subject_id,
            message_id=message_id,
            by=by,
            occurred_at=unit.now,
        )
    )
    unit.insert(
        MESSAGES,
        Message(
            seller_id=unit.seller_id,
            conversation_id=name,
            message_id=message_id,
            by=by,
            text=text,
            attachments=tuple(attachments),
            evidence=evidence,
            written_at=unit.now,
        ),
    )
    return message_id
