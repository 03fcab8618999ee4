"""
Looking at disputes: one, all, and what can be done.
"""

from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import DisputeReason, Remedy
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker
from ...domain.kernel.ids import SellerId
from ...unit.seller_unit import SellerUnit
from ...unit.tables.disputes import DISPUTES, DISPUTES_OF
from ..base.service import Service
from .cloud_refunds import bound_blockers
from .dispute_refunds import NewDispute, is_received, may_be_on_its_way
from .opening import of_all_unsent, opening_blockers
from .reshipping import reship_blockers


class DisputeReading(Service):
    """
    Reads disputes.
    """

    def get(self, seller_id: str, dispute_id: str) -> Dispute:
        """
        Return a dispute.

        Raises:
            NotFoundError: If there is none.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: unit.disputes.one(dispute_id, lock=False),
        )

    def allowed(self, seller_id: str, dispute_id: str, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do to a dispute now.
        """

        def work(unit: SellerUnit) -> tuple[str, ...]:
            dispute = unit.disputes.one(dispute_id, lock=False)
            return tuple(
                command
                for command in dispute.allowed(by=by)
                if not _ending_blockers(unit, dispute, command)
            )

        return self._read(SellerId(seller_id), work)

    def why_not(
        self, seller_id: str, dispute_id: str, command: str, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* now; empty if it can.

        Raises:
            UnknownCommandError: If no dispute has such a command.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            dispute = unit.disputes.one(dispute_id, lock=False)
            found = dispute.blockers(command, by=by)
            return found or _ending_blockers(unit, dispute, command)

        return self._read(SellerId(seller_id), work)

    def why_not_open(
        self, seller_id: str, new: NewDispute, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot dispute these units now; empty if it can.

        Among them are the units whose window has closed.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            order = unit.orders.one(new.order_id, lock=False)
            return opening_blockers(unit, order, new, by=by, lock=False)

        return self._read(SellerId(seller_id), work)

    def why_not_cancelled(
        self, seller_id: str, order_id: str, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Return why *by* cannot dispute all that has not left of an order which the
        warehouse has accepted; empty if it can, or need not.

        Raises:
            NotFoundError: If there is no such order.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            order = unit.orders.one(order_id, lock=False)
            if order.accepted_at is None:
                return ()
            new = of_all_unsent(order)
            return opening_blockers(unit, order, new, by=by, lock=False)

        return self._read(SellerId(seller_id), work)

    def all(self, seller_id: str) -> tuple[Dispute, ...]:
        """
        List all disputes of a seller, oldest first.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.each_of(DISPUTES, unit.seller_id)),
        )

    def of_order(self, seller_id: str, order_id: str) -> tuple[Dispute, ...]:
        """
        List the disputes of an order, oldest first.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.find(DISPUTES_OF, [(order_id,)])),
        )


def _ending_blockers(
    unit: SellerUnit, dispute: Dispute, command: str
) -> tuple[Blocker, ...]:
    """
    Return why *command* cannot have the units sent again, or refunded where a cloud
    warehouse has them; empty if it does neither.
    """
    is_end = command in ("accept", "grant")
    if not is_end and command != "offer_reship":
        return ()
    order = unit.orders.one(dispute.order_id, lock=False)
    reason = DisputeReason(dispute.reason)
    if not is_end or dispute.remedy_of(command) == Remedy.RESHIP:
        return reship_blockers(unit, order, reason)
    if not is_received(order):
        return ()
    units = {one.item_id: one.quantity for one in dispute.units}
    return bound_blockers(unit, order, units, is_lost=may_be_on_its_way(reason))
