"""
What shops tell by themselves, for a host that receives it, and for staff who look.
"""

from collections.abc import Callable, Mapping

from ..domain.effects.inbox import InboxEvent
from ..domain.effects.machine import InboxChart
from ..domain.kernel.checks import Prose
from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.ids import check_id
from ..services.intake.inbox import InboxReport, Receipt
from ..unit.tables.effects import INBOX_BY_STATE
from .lists import Page
from .scope import STAFF, SYSTEM, Desk, command, reading

_OPERATORS = STAFF | SYSTEM


class InboxDesk(Desk):
    """
    Follows what shops told by webhook.
    """

    @command(_OPERATORS, at_desk=True, outside=True)
    def run(
        self,
        *,
        stop: Callable[[], bool] | None = None,
        command_id: str = "",
    ) -> InboxReport:
        """
        Follow all that is due: what a webhook is about is asked for, and imported as a
        page of the shop would be. A shop that does not answer holds up no other.

        Args:
            stop: Asked before each: whether to end here.
        """
        return self._app.inbox.run(stop=stop, command_id=command_id)

    @reading(_OPERATORS)
    def list(
        self, *, state: str = "waiting", after: str = "", limit: int = 50
    ) -> Page[InboxEvent]:
        """
        List what shops told, due first.

        Args:
            state: `waiting`, `dead` (nobody will try again by themselves), `done` or
                `discarded` (both for a month).

        Raises:
            InvalidInputError: If there is no such state.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        names = InboxChart.state_names()
        if state not in names:
            raise InvalidInputError(
                field="state", value=state, expected=f"one of {', '.join(names)}"
            )
        return self._everybodys(
            INBOX_BY_STATE, state, convert=lambda e: e, after=after, limit=limit
        )

    @command(_OPERATORS, at_desk=True)
    def resend(
        self, seller_id: str, store_id: str, event_id: str, *, command_id: str = ""
    ) -> InboxEvent:
        """
        Let a dead one be followed again.

        Raises:
            NotFoundError: If there is no such event.

            TransitionRefusedError: If it is not dead.
        """
        return self._app.inbox.resend(
            seller_id, store_id, event_id, command_id=command_id
        )

    @command(_OPERATORS, at_desk=True)
    def discard(
        self, seller_id: str, store_id: str, event_id: str, *, command_id: str = ""
    ) -> InboxEvent:
        """
        Give up a dead one: nobody need follow it.

        Raises:
            NotFoundError: If there is no such event.

            TransitionRefusedError: If it is not dead.
        """
        return self._app.inbox.discard(
            seller_id, store_id, event_id, command_id=command_id
        )


class ReceivingDesk(InboxDesk):
    """
    Receives what shops tell by webhook, and follows it.
    """

    @command(SYSTEM, at_desk=True)
    def receive(
        self,
        seller_id: str,
        store_id: str,
        *,
        headers: Mapping[str, Prose],
        body: bytes,
    ) -> Receipt:
        """
        Check a webhook's signature, keep it, and return at once: nobody is asked. Any
        answer of this is the moment to say 200 to the shop.

        A second delivery of the same is answered the same and does nothing. Whose it is
        stands in the URL that the host gave to the platform.

        Args:
            headers: As they came, whatever the case of their names.

            body: As it came, to the byte: the signature is of it.

        Raises:
            WebhookTooLargeError: If it is larger than is taken; then it is not read.

            NotFoundError: If the seller has no such shop.

            StoreRestsError: If the shop is disconnected.

            WebhooksUnsupportedError: If its platform has none.

            SignatureError: If it is not signed by the shop, or was changed.

            ProtocolError: If its content makes no sense.
        """
        check_id("seller_id", seller_id)
        return self._app.inbox.receive(seller_id, store_id, headers=headers, body=body)
