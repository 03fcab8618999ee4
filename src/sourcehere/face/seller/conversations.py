"""
Conversations: what sellers and staff write about an order, a quote request, a call for
help or a dispute.
"""

from collections.abc import Sequence

from ...domain.kernel.checks import Link, Prose
from ...domain.talk.model import Message, Subject, conversation_id
from ...unit.tables.talk import CONVERSATIONS_OF, MESSAGES_OF
from ..lists import Cursor, Page, check_limit, paged
from ..records.conversations import ConversationView, conversation_of
from ..results import ConversationDone, MessageWritten
from ..scope import PEOPLE, STAFF, Desk, command, reading


class ConversationsDesk(Desk):
    """
    Writes messages, and shows what was written.
    """

    @reading()
    def list(self, *, after: str = "", limit: int = 50) -> Page[ConversationView]:
        """
        List the seller's conversations, the one with the newest message first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(
            CONVERSATIONS_OF,
            convert=conversation_of,
            after=after,
            limit=limit,
            descending=True,
        )

    @reading()
    def messages(
        self, about: Subject, subject_id: str, *, after: str = "", limit: int = 50
    ) -> Page[Message]:
        """
        List what was written about a subject, oldest first; personal data.

        Raises:
            NotFoundError: If the seller has no such subject.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        check_limit(limit)
        name = conversation_id(about, subject_id)
        return paged(
            lambda key: self._app.conversations.messages(
                self._seller_id, about, subject_id, after=key, limit=limit
            ),
            lambda message: message,
            Cursor((type(self).__name__, self._seller_id, name), MESSAGES_OF.index),
            after=after,
        )

    @command(PEOPLE)
    def say(
        self,
        about: Subject,
        subject_id: str,
        text: Prose,
        *,
        attachments: Sequence[Link] = (),
        command_id: str = "",
    ) -> MessageWritten:
        """
        Write a message about a subject, whatever its state. Plugins hear that there is
        one, and who wrote it.

        Args:
            attachments: References to files that the host application keeps.

        Raises:
            NotFoundError: If the seller has no such subject.

            InvalidInputError: If there is neither a text nor an attachment.
        """
        made = self._app.conversations.say(
            self._seller_id,
            about,
            subject_id,
            text,
            by=self._by,
            attachments=attachments,
            command_id=command_id,
        )
        return MessageWritten(about, subject_id, made)

    @command(STAFF)
    def settle(
        self, about: Subject, subject_id: str, *, command_id: str = ""
    ) -> ConversationDone:
        """
        Say, as staff, that the last message needs no answer: the conversation waits for
        nobody until somebody writes again.

        Raises:
            NotFoundError: If nobody has said anything about it.
        """
        self._app.conversations.settle(
            self._seller_id, about, subject_id, by=self._by, command_id=command_id
        )
        return ConversationDone(about, subject_id)
