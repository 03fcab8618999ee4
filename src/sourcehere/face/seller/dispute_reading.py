"""
Looking at disputes: one, all of them, and what can be done.
"""

from collections.abc import Mapping

from ...domain.disputes.policy import DisputeReason, Remedy
from ...domain.kernel.checks import Prose
from ...domain.kernel.errors import Blocker
from ...services.refunds.dispute_refunds import NewDispute
from ...unit.tables.disputes import DISPUTES_OF_SELLER
from ..lists import Page
from ..records.disputes import DisputeView, dispute_of
from ..scope import Desk, reading


class DisputesReadingDesk(Desk):
    """
    Shows disputes, and tells what may be disputed.
    """

    @reading()
    def get(self, dispute_id: str) -> DisputeView:
        """
        Return one dispute.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return dispute_of(self._app.disputes.get(self._seller_id, dispute_id))

    @reading()
    def list(
        self, *, newest_first: bool = False, after: str = "", limit: int = 50
    ) -> Page[DisputeView]:
        """
        List all disputes, however they ended, oldest first.

        Args:
            newest_first: Begin with the one that was opened last instead.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(
            DISPUTES_OF_SELLER,
            convert=dispute_of,
            after=after,
            limit=limit,
            descending=newest_first,
        )

    @reading()
    def of_order(self, order_id: str) -> tuple[DisputeView, ...]:
        """
        List the disputes of an order, oldest first.
        """
        found = self._app.disputes.of_order(self._seller_id, order_id)
        return tuple(dispute_of(dispute) for dispute in found)

    @reading()
    def allowed(self, dispute_id: str) -> tuple[str, ...]:
        """
        List the commands that can be done to a dispute now.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.disputes.allowed(self._seller_id, dispute_id, by=self._by)

    @reading()
    def why_not(self, dispute_id: str, command: str) -> tuple[Blocker, ...]:
        """
        Return every reason why *command* cannot be done now; empty if it can.

        Raises:
            UnknownCommandError: If no dispute has such a command.
        """
        return self._app.disputes.why_not(
            self._seller_id, dispute_id, command, by=self._by
        )

    @reading()
    def why_not_open(
        self,
        order_id: str,
        *,
        reason: DisputeReason,
        quantities: Mapping[str, int],
        evidence: Mapping[str, Prose] | None = None,
        remedy: Remedy = Remedy.REFUND,
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why units of an order cannot be disputed now.

        An empty answer means that they can. Each parcel's units have a window of their
        own; the reason `window_closed` says of how many units it has closed.

        Args:
            quantities: Item id -> units.

            evidence: Kind of evidence (`description`, `photo`) -> text or reference.

            remedy: How the seller wants it to end.

        Raises:
            NotFoundError: If the seller has no such order.
        """
        new = NewDispute(
            order_id=order_id,
            reason=reason,
            quantities=quantities,
            evidence=evidence or {},
            remedy=remedy,
        )
        return self._app.disputes.why_not_open(self._seller_id, new, by=self._by)
