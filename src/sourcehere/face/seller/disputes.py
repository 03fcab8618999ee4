"""
Disputes ("Depute" in the product): after-sales requests, and how they end.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ...domain.disputes.policy import DisputeReason, Remedy
from ...domain.kernel.checks import Link, Prose
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import DisputeId, OrderId
from ...domain.kernel.money import Money
from ...services.refunds.dispute_refunds import NewDispute, Settled
from ..results import CancelAsked, DisputeSettled, DisputeState
from ..scope import SELLER, STAFF, SYSTEM, command
from .dispute_reading import DisputesReadingDesk


class DisputesDesk(DisputesReadingDesk):
    """
    Opens and ends disputes; what is said in them is in `conversations`.
    """

    @command(SELLER)
    def open(
        self,
        order_id: str,
        *,
        reason: DisputeReason,
        quantities: Mapping[str, int],
        evidence: Mapping[str, Prose] | None = None,
        asked: Money | None = None,
        remedy: Remedy = Remedy.REFUND,
        command_id: str = "",
    ) -> DisputeState:
        """
        Dispute units of a paid order.

        What is not wanted any more is about units that have not left, and stops the
        order; every other reason is about units that have.

        Args:
            quantities: Item id -> units.

            evidence: Kind of evidence (`description`, `photo`) -> text or reference.

            asked: What the seller wants back; the most the policy gives if not given.

            remedy: How the seller wants it to end: with a refund, or with the units
                sent again, free of charge (`Remedy.RESHIP`).

        Raises:
            CommandRefusedError: If the policy or the order's state forbids it, units
                are refunded or disputed already, or cannot be sent again.

            InvalidInputError: If more is asked than the policy gives, or money where
                the units are to be sent again.
        """
        new = NewDispute(
            order_id=order_id,
            reason=reason,
            quantities=quantities,
            evidence=evidence or {},
            asked_minor=None if asked is None else self._minor(asked),
            remedy=remedy,
        )
        with _in_money("asked", asked):
            made = self._app.disputes.open(
                self._seller_id, new, by=self._by, command_id=command_id
            )
        return DisputeState(DisputeId(made), "open")

    @command(SELLER)
    def request_cancel(self, order_id: str, *, command_id: str = "") -> CancelAsked:
        """
        Ask to cancel a paid order: done and refunded at once while the warehouse has
        not accepted it, else a dispute that stops it.

        Raises:
            CommandRefusedError: If something has left, or a dispute is open; or it was
                asked before and rejected, so that a dispute (`open`) has to say more.
        """
        answer = self._app.disputes.request_cancel(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return CancelAsked(OrderId(order_id), answer.state, answer.dispute_id)

    @command(STAFF)
    def take(self, dispute_id: str, *, command_id: str = "") -> DisputeState:
        """
        Take a dispute up, as staff.

        Raises:
            CommandRefusedError: If somebody took it, or it has ended.
        """
        return self._move(dispute_id, "take", command_id)

    @command(STAFF)
    def ask(
        self, dispute_id: str, *, text: Prose = "", command_id: str = ""
    ) -> DisputeState:
        """
        Wait for the seller's answer, as staff.

        Args:
            text: What to ask, in the dispute's conversation.

        Raises:
            CommandRefusedError: If it is not under review.
        """
        return self._move(dispute_id, "ask", command_id, text)

    @command(SELLER)
    def answer(
        self,
        dispute_id: str,
        *,
        text: Prose = "",
        attachments: Sequence[Link] = (),
        command_id: str = "",
    ) -> DisputeState:
        """
        Return a dispute to staff, as the seller, who has answered their question.

        Args:
            text: The answer, in the dispute's conversation.

            attachments: References to files that the host application keeps, such as
                photos.

        Raises:
            CommandRefusedError: If nobody waits for an answer.
        """
        return self._move(dispute_id, "answer", command_id, text, attachments)

    @command(SELLER)
    def counter(
        self,
        dispute_id: str,
        *,
        text: Prose = "",
        attachments: Sequence[Link] = (),
        command_id: str = "",
    ) -> DisputeState:
        """
        Refuse what staff offered, and let them look again, as the seller.

        Args:
            text: Why, in the dispute's conversation.

            attachments: References to files that the host application keeps.

        Raises:
            CommandRefusedError: If nothing is offered.
        """
        return self._move(dispute_id, "counter", command_id, text, attachments)

    @command(STAFF)
    def reject(
        self, dispute_id: str, *, reason: Prose, command_id: str = ""
    ) -> DisputeState:
        """
        End a dispute without a refund, as staff.

        Args:
            reason: Why, in the dispute's conversation.

        Raises:
            CommandRefusedError: If it is not under review, or has ended.

            InvalidInputError: If *reason* has no words.
        """
        return self._move(dispute_id, "reject", command_id, reason)

    @command(SELLER)
    def withdraw(
        self, dispute_id: str, *, reason: Prose = "", command_id: str = ""
    ) -> DisputeState:
        """
        Take a dispute back, as the seller.

        Args:
            reason: Why, in the dispute's conversation.

        Raises:
            CommandRefusedError: If it has ended.
        """
        return self._move(dispute_id, "withdraw", command_id, reason)

    @command(SYSTEM)
    def expire(self, dispute_id: str, *, command_id: str = "") -> DisputeState:
        """
        End a dispute that the seller did not answer in time; the clocks do it by
        themselves.

        Raises:
            CommandRefusedError: If there is time left.
        """
        return self._move(dispute_id, "expire", command_id)

    @command(STAFF)
    def offer(
        self, dispute_id: str, amount: Money, *, command_id: str = ""
    ) -> DisputeState:
        """
        Offer a refund, as staff, up to what the policy gives.

        Raises:
            CommandRefusedError: If it is not under review.

            InvalidInputError: If the amount is beyond the policy.
        """
        with _in_money("amount", amount):
            self._app.disputes.offer(
                self._seller_id,
                dispute_id,
                self._minor(amount),
                by=self._by,
                command_id=command_id,
            )
        return DisputeState(DisputeId(dispute_id), "offered")

    @command(STAFF)
    def offer_reship(self, dispute_id: str, *, command_id: str = "") -> DisputeState:
        """
        Offer to send the units again, free of charge, as staff.

        Raises:
            CommandRefusedError: If it is not under review, or the units cannot be sent
                again: the policy does not have it for the reason, they go to a cloud
                warehouse, or their buyer was forgotten.
        """
        self._app.disputes.offer_reship(
            self._seller_id, dispute_id, by=self._by, command_id=command_id
        )
        return DisputeState(DisputeId(dispute_id), "offered")

    @command(SELLER)
    def accept(
        self,
        dispute_id: str,
        *,
        seen_version: int | None = None,
        command_id: str = "",
    ) -> DisputeSettled:
        """
        Accept the offer, as the seller; it is refunded in the same commit, or the order
        is made that sends the units again.

        Args:
            seen_version: The dispute's `version` as the seller saw it; an offer that
                was made since is refused. None accepts whatever is offered now.

        Raises:
            CommandRefusedError: If nothing is offered, or another offer was made since
                the seller saw it.
        """
        settled = self._app.disputes.accept(
            self._seller_id,
            dispute_id,
            by=self._by,
            seen_version=seen_version,
            command_id=command_id,
        )
        return _settled(dispute_id, settled)

    @command(STAFF)
    def grant(self, dispute_id: str, *, command_id: str = "") -> DisputeSettled:
        """
        Grant what was asked, as staff; it is refunded in the same commit, or the order
        is made that sends the units again.

        Raises:
            CommandRefusedError: If it is not under review, or the units that are to be
                sent again cannot be any more.
        """
        settled = self._app.disputes.grant(
            self._seller_id, dispute_id, by=self._by, command_id=command_id
        )
        return _settled(dispute_id, settled)

    def _move(
        self,
        dispute_id: str,
        command: str,
        command_id: str,
        text: str = "",
        attachments: Sequence[str] = (),
    ) -> DisputeState:
        state = self._app.disputes.move(
            self._seller_id,
            dispute_id,
            command,
            by=self._by,
            text=text,
            attachments=attachments,
            command_id=command_id,
        )
        return DisputeState(DisputeId(dispute_id), state)

    def _minor(self, amount: Money) -> int:
        currency = self._app.sellers.get(self._seller_id).currency
        return (Money.zero(currency) + amount).minor


def _settled(dispute_id: str, settled: Settled) -> DisputeSettled:
    refunded = Money(settled.refunded_minor, settled.currency)
    return DisputeSettled(
        DisputeId(dispute_id),
        settled.state,
        refunded,
        OrderId(settled.reship_order_id),
    )


@contextmanager
def _in_money(field: str, amount: Money | None) -> Iterator[None]:
    """
    Say what the policy gives in money, since money was given.

    Raises:
        InvalidInputError: If the policy gives another amount only.
    """
    try:
        yield
    except InvalidInputError as error:
        if amount is None or error.field != f"{field}_minor":
            raise
        bounds = (Money(int(n), amount.currency) for n in error.expected.split(" to "))
        expected = " to ".join(str(bound) for bound in bounds)
        raise InvalidInputError(
            field=field, value=str(amount), expected=expected
        ) from error
