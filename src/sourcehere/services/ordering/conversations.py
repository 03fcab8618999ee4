"""
What sellers and staff say to each other, about what, and who has to answer.
"""

from collections.abc import Iterable
from typing import Any

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError, NotFoundError
from ...domain.kernel.ids import SellerId
from ...domain.talk.model import Conversation, Message, Subject, conversation_id
from ...ports.storage import Key
from ...unit.records import Records
from ...unit.seller_unit import SellerUnit
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.orders import ORDERS
from ...unit.tables.pairing import HELP_REQUESTS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ...unit.tables.talk import MESSAGES_OF
from ..base.commands import Given
from ..base.service import Service
from ..base.talking import write_message

_ROWS: dict[Subject, Records[Any]] = {
    Subject.ORDER: ORDERS,
    Subject.QUOTE: QUOTE_REQUESTS,
    Subject.HELP: HELP_REQUESTS,
    Subject.DISPUTE: DISPUTES,
}
_KINDS = {
    Subject.ORDER: "order",
    Subject.QUOTE: "quote request",
    Subject.HELP: "help request",
    Subject.DISPUTE: "dispute",
}


class Conversations(Service):
    """
    Writes and reads messages.
    """

    def say(
        self,
        seller_id: str,
        about: Subject,
        subject_id: str,
        text: str,
        *,
        by: Actor,
        attachments: Iterable[str] = (),
        command_id: str = "",
    ) -> str:
        """
        Write a message about a subject, whatever its state.

        Returns:
            The message's id.

        Raises:
            NotFoundError: If the seller has no such subject.

            CommandRefusedError: If *by* is neither the seller nor staff.

            InvalidInputError: If there is neither a text nor an attachment.
        """
        files = tuple(attachments)
        if not text.strip() and not files:
            raise InvalidInputError(
                field="text", value=text, expected="some text, or an attachment"
            )

        def work(unit: SellerUnit) -> str:
            _require_there(unit, about, subject_id)
            return write_message(
                unit, about, subject_id, text, by=by, attachments=files
            )

        given = Given(command_id, "say", (about.value, subject_id, text, files))
        return self._once(SellerId(seller_id), given, work, str)

    def settle(
        self,
        seller_id: str,
        about: Subject,
        subject_id: str,
        *,
        by: Actor,
        command_id: str = "",
    ) -> None:
        """
        Take a conversation out of those that wait, as staff, until somebody writes.

        Raises:
            NotFoundError: If nobody has said anything about it.

            CommandRefusedError: If *by* is not staff.
        """
        name = conversation_id(about, subject_id)
        self._once(
            SellerId(seller_id),
            Given(command_id, "settle", (about.value, subject_id)),
            lambda unit: unit.conversations.one(name).settle(by=by, at=unit.now),
            type(None),
        )

    def get(
        self, seller_id: str, about: Subject, subject_id: str
    ) -> Conversation | None:
        """
        Return the conversation about a subject; None before anybody said anything.

        Raises:
            NotFoundError: If the seller has no such subject.
        """

        def work(unit: SellerUnit) -> Conversation | None:
            _require_there(unit, about, subject_id)
            name = conversation_id(about, subject_id)
            return unit.conversations.find(name, lock=False)

        return self._read(SellerId(seller_id), work)

    def messages(
        self,
        seller_id: str,
        about: Subject,
        subject_id: str,
        *,
        after: Key | None = None,
        limit: int = 500,
    ) -> tuple[list[tuple[Key, Message]], bool]:
        """
        List the messages about a subject behind a key, oldest first, and tell whether
        there are more; personal data.

        Raises:
            NotFoundError: If the seller has no such subject.
        """

        def work(unit: SellerUnit) -> tuple[list[tuple[Key, Message]], bool]:
            _require_there(unit, about, subject_id)
            name = conversation_id(about, subject_id)
            return unit.slice(MESSAGES_OF, name, after=after, limit=limit)

        return self._read(SellerId(seller_id), work)


def _require_there(unit: SellerUnit, about: Subject, subject_id: str) -> None:
    if unit.get(_ROWS[about], subject_id) is None:
        raise NotFoundError(kind=_KINDS[about], id=subject_id)
