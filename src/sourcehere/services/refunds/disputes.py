"""
"Depute": the seller disputes units of an order; staff review, refund or reject.
"""

from collections.abc import Iterable
from datetime import datetime

from ...domain.disputes.events import DisputedUnits, DisputeSubmitted
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import EVIDENCE_KINDS, POLICY, Remedy
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import DisputeId, HoldId, ItemId, SellerId, new_id
from ...domain.kernel.seen import require_seen
from ...domain.orders.order import Order
from ...domain.talk.model import Subject
from ...unit.seller_unit import SellerUnit
from ..base.commands import Given
from ..base.promising import promised, promises_to
from ..base.talking import write_message
from ..intake.differing import follow_refund
from ..intake.parting import lock_records
from .dispute_loading import asks_most, load_dispute, most_of, order_of_dispute
from .dispute_reading import DisputeReading
from .dispute_refunds import (
    CancelAnswer,
    NewDispute,
    Settled,
    most_refundable,
    pay_dispute,
)
from .opening import of_all_unsent, require_disputable
from .reshipping import require_reshippable, reship
from .settling import end_and_refund


class Disputes(DisputeReading):
    """
    Opens, discusses and ends disputes.
    """

    def open(
        self, seller_id: str, new: NewDispute, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Dispute units of a paid order.

        What is not wanted any more is about units that have not left, and stops the
        order; every other reason is about units that have.

        Returns:
            The dispute's id.

        Raises:
            CommandRefusedError: If the policy or the order's state forbids it, units
                are refunded or disputed already, or are not where the reason says.

            InvalidInputError: If more is asked than the policy gives.
        """

        def work(unit: SellerUnit) -> str:
            return self._open(unit, unit.orders.one(new.order_id), new, by=by)

        request = (
            new.order_id,
            new.reason.value,
            sorted(new.quantities.items()),
            sorted(new.evidence.items()),
            new.asked_minor,
            *([] if new.remedy is Remedy.REFUND else [new.remedy.value]),
        )
        given = Given(command_id, "open_dispute", request)
        return self._once(SellerId(seller_id), given, work, str)

    def _open(
        self,
        unit: SellerUnit,
        order: Order,
        new: NewDispute,
        *,
        by: Actor,
        command: str = "open_dispute",
    ) -> DisputeId:
        require_disputable(unit, order, new, by=by, command=command)
        most = 0
        if new.remedy is Remedy.REFUND:
            most = most_refundable(unit, order, new)
        asked = most if new.asked_minor is None else new.asked_minor
        if not 0 <= asked <= most:
            raise InvalidInputError(
                field="asked_minor",
                value=asked,
                expected=f"0 to {most}",
            )
        dispute_id = DisputeId(new_id())
        dispute = unit.disputes.add(
            dispute_id, Dispute(seller_id=unit.seller_id, dispute_id=dispute_id)
        )
        dispute.submit(
            DisputeSubmitted(
                state="",
                order_id=order.order_id,
                reason=new.reason.value,
                units=tuple(DisputedUnits(n, q) for n, q in new.quantities.items()),
                asked_minor=asked,
                currency=order.currency,
                evidence=tuple(sorted(EVIDENCE_KINDS & new.evidence.keys())),
                asks_most=new.asked_minor is None,
                remedy=new.remedy.value,
                promised_by=self._review_by(unit),
                by=by,
                occurred_at=unit.now,
            )
        )
        order.open_dispute(
            dispute_id,
            {ItemId(n): q for n, q in new.quantities.items()},
            is_about_unsent=POLICY[new.reason].is_about_unsent,
            hold_id=HoldId(new_id()),
            by=by,
            at=unit.now,
        )
        for kind, text in sorted(new.evidence.items()):
            write_message(unit, Subject.DISPUTE, dispute_id, text, evidence=kind, by=by)
        return dispute_id

    def _review_by(self, unit: SellerUnit) -> datetime:
        return promised(unit, promises_to(unit, self._settings).dispute_days)

    def request_cancel(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> CancelAnswer:
        """
        Ask to cancel a paid order: done and refunded at once while the warehouse has
        not accepted it, else a dispute that stops it.

        Raises:
            CommandRefusedError: If something has left, or a dispute is open; or it was
                asked before and rejected, so that a dispute has to say more.
        """

        def work(unit: SellerUnit) -> CancelAnswer:
            records = lock_records(unit, [order_id])
            order = unit.orders.one(order_id)
            order.require("request_cancel", by=by)
            if order.accepted_at is None:
                end_and_refund(unit, order, command="request_cancel", by=by)
                follow_refund(unit, order, records, by=by)
                return CancelAnswer(order.state, None)
            new, command = of_all_unsent(order), "request_cancel"
            dispute_id = self._open(unit, order, new, by=by, command=command)
            return CancelAnswer(order.state, dispute_id)

        given = Given(command_id, "request_cancel", order_id)
        return self._once(SellerId(seller_id), given, work, CancelAnswer)

    def move(
        self,
        seller_id: str,
        dispute_id: str,
        command: str,
        *,
        by: Actor,
        text: str = "",
        attachments: Iterable[str] = (),
        command_id: str = "",
    ) -> str:
        """
        Take, ask, answer, counter, reject, withdraw or expire a dispute.

        Args:
            text: What is said with it, in the dispute's conversation: who rejects says
                why.

            attachments: References to files that go with it.

        Returns:
            The dispute's state.

        Raises:
            CommandRefusedError: If *command* cannot be done now by *by*.

            InvalidInputError: If *command* is another, or it rejects without a word.
        """
        files = tuple(attachments)
        moves = ("take", "ask", "answer", "counter", "reject", "withdraw", "expire")
        if command not in moves:
            raise InvalidInputError(
                field="command", value=command, expected=", ".join(moves)
            )

        def work(unit: SellerUnit) -> str:
            order, dispute = load_dispute(unit, dispute_id)
            dispute.require(command, by=by)
            if command == "reject" and not text.strip():
                expected = "why, in words"
                raise InvalidInputError(field="text", value=text, expected=expected)
            message_id = ""
            if text.strip() or files:
                message_id = write_message(
                    unit, Subject.DISPUTE, dispute_id, text, by=by, attachments=files
                )
            dispute.move(
                command,
                by=by,
                at=unit.now,
                answer_by=unit.now + self._settings.answer_within,
                promised_by=self._review_by(unit),
                message_id=message_id,
            )
            if not dispute.is_open:
                order.close_dispute(
                    dispute.dispute_id, dispute.state, by=by, at=unit.now
                )
            return dispute.state

        return self._once(
            SellerId(seller_id),
            Given(command_id, "move_dispute", (dispute_id, command, text, *files)),
            work,
            str,
        )

    def offer(
        self,
        seller_id: str,
        dispute_id: str,
        amount_minor: int,
        *,
        by: Actor,
        command_id: str = "",
    ) -> None:
        """
        Offer a refund, as staff, up to what the policy gives.

        Raises:
            CommandRefusedError: If it is not under review.

            InvalidInputError: If the amount is beyond the policy.
        """

        def work(unit: SellerUnit) -> None:
            order, dispute = load_dispute(unit, dispute_id)
            dispute.require("offer", by=by)
            most = most_of(unit, order, dispute)
            if not 0 <= amount_minor <= most:
                raise InvalidInputError(
                    field="amount_minor",
                    value=amount_minor,
                    expected=f"0 to {most}",
                )
            answer_by = unit.now + self._settings.answer_within
            dispute.offer(amount_minor, by=by, at=unit.now, answer_by=answer_by)

        self._once(
            SellerId(seller_id),
            Given(command_id, "offer_in_dispute", (dispute_id, amount_minor)),
            work,
            type(None),
        )

    def offer_reship(
        self, seller_id: str, dispute_id: str, *, by: Actor, command_id: str = ""
    ) -> None:
        """
        Offer to send the units again, free of charge, as staff.

        Raises:
            CommandRefusedError: If it is not under review, or the units cannot be sent
                again.
        """

        def work(unit: SellerUnit) -> None:
            order, dispute = load_dispute(unit, dispute_id)
            dispute.require("offer_reship", by=by)
            require_reshippable(unit, order, dispute, "offer_reship")
            answer_by = unit.now + self._settings.answer_within
            dispute.offer_reship(by=by, at=unit.now, answer_by=answer_by)

        self._once(
            SellerId(seller_id),
            Given(command_id, "offer_reship_in_dispute", dispute_id),
            work,
            type(None),
        )

    def accept(
        self,
        seller_id: str,
        dispute_id: str,
        *,
        by: Actor,
        seen_version: int | None = None,
        command_id: str = "",
    ) -> Settled:
        """
        Accept the offer, as the seller: it is refunded in the same commit, or the order
        made that sends the units again.

        Args:
            seen_version: The dispute's version as the seller saw it.

        Raises:
            CommandRefusedError: If nothing is offered, or another offer was made since
                the seller saw it.
        """
        return self._resolve(
            seller_id, dispute_id, "accept", command_id, by=by, seen=seen_version
        )

    def grant(
        self, seller_id: str, dispute_id: str, *, by: Actor, command_id: str = ""
    ) -> Settled:
        """
        Grant what was asked, as staff: it is refunded in the same commit, or the order
        made that sends the units again.

        A dispute that asks for the most the policy gives gets what that is now, and not
        what it was when the dispute was opened.

        Raises:
            CommandRefusedError: If it is not under review.
        """
        return self._resolve(seller_id, dispute_id, "grant", command_id, by=by)

    def _resolve(
        self,
        seller_id: str,
        dispute_id: str,
        command: str,
        command_id: str,
        *,
        by: Actor,
        seen: int | None = None,
    ) -> Settled:
        def work(unit: SellerUnit) -> Settled:
            order_id = order_of_dispute(unit, dispute_id)
            records = lock_records(unit, [order_id])
            order, dispute = unit.orders.one(order_id), unit.disputes.one(dispute_id)
            dispute.require(command, by=by)
            require_seen(
                kind="dispute",
                id=dispute_id,
                command=command,
                seen=seen,
                terms=dispute.terms_version,
            )
            if dispute.remedy_of(command) == Remedy.RESHIP:
                return self._reship(unit, order, dispute, command, by=by)
            # Other units may have been refunded since the amount was agreed.
            amount = dispute.resolve(
                command,
                by=by,
                at=unit.now,
                most=most_of(unit, order, dispute),
                asks_most=asks_most(unit, dispute),
            )
            order.close_dispute(dispute.dispute_id, dispute.state, by=by, at=unit.now)
            paid = pay_dispute(unit, order, dispute, amount, by=by)
            follow_refund(unit, order, records, by=by)
            return Settled(dispute.state, paid, dispute.currency)

        asked = dispute_id if seen is None else (dispute_id, seen)
        given = Given(command_id, f"{command}_dispute", asked)
        return self._once(SellerId(seller_id), given, work, Settled)

    def _reship(
        self,
        unit: SellerUnit,
        order: Order,
        dispute: Dispute,
        command: str,
        *,
        by: Actor,
    ) -> Settled:
        require_reshippable(unit, order, dispute, command)
        made = reship(unit, order, dispute, self._settings, by=by)
        dispute.reship(command, made, by=by, at=unit.now)
        order.close_dispute(dispute.dispute_id, "reship", by=by, at=unit.now)
        return Settled(dispute.state, 0, dispute.currency, made)
