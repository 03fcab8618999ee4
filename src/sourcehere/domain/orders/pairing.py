"""
How the lines of a shop's order get platform variants, and lose them again.
"""

from collections.abc import Sequence
from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.errors import InvalidInputError
from ..kernel.ids import OrderId
from . import events as e
from .guarded import GuardedOrder
from .holds import HoldReason
from .lines import Line, LinePairing, NewLine
from .machine import (
    AWAITING_PAYMENT,
    UNPAID_STATES,
    UNRECOGNIZED,
)


class Pairing(GuardedOrder):
    """
    Lines are paired, follow their connections and the shop, or are set aside.
    """

    __slots__ = ()

    def pair_lines(
        self,
        pairings: Sequence[LinePairing],
        *,
        by: Actor,
        at: datetime,
        pay_by: datetime,
    ) -> bool:
        """
        Follow connections: pair lines, and recognize the order once all are paired.

        A consequence of a connection, so it is never refused: lines that are paired
        already, or an order that no longer waits, are left alone.

        Returns:
            Whether the order is recognized by it.
        """
        if self.state != UNRECOGNIZED:
            return False
        wanted = tuple(p for p in pairings if not self.lines[p.line - 1].is_paired)
        if wanted:
            self.record(e.LinesPaired(pairings=wanted, by=by, occurred_at=at))
        return self.recognize_if_paired(by=by, at=at, pay_by=pay_by)

    def connect_sku(
        self, pairing: LinePairing, *, by: Actor, at: datetime, pay_by: datetime
    ) -> bool:
        """
        Pair one line of this order only, whatever connections say; one that is paired
        already is paired anew.

        Returns:
            Whether the order is recognized by it.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            InvalidInputError: If there is no such line, or the pairing is empty.
        """
        self.require("connect_sku", by=by)
        self.line_of(pairing.line)
        if not pairing.items or any(item.quantity <= 0 for item in pairing.items):
            raise InvalidInputError(
                field="items", value=pairing.items, expected="positive quantities"
            )
        self.record(e.LinesPaired(pairings=(pairing,), by=by, occurred_at=at))
        return self.recognize_if_paired(by=by, at=at, pay_by=pay_by)

    def disconnect_line(self, number: int, *, by: Actor, at: datetime) -> None:
        """
        Take away what a line is paired with, for this order alone: it waits for a SKU
        connection, and no connection pairs it.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            InvalidInputError: If there is no such line, or it is not paired.
        """
        self.require("disconnect_line", by=by)
        if not self.line_of(number).is_paired:
            raise InvalidInputError(
                field="line", value=number, expected="a line that is paired"
            )
        if self.can("unrecognize"):
            self.unrecognize([number], reason="disconnected", by=by, at=at)
        self.record(e.LineSetApart(line=number, by=by, occurred_at=at))

    def follow_connection(
        self,
        number: int,
        pairing: LinePairing | None,
        *,
        by: Actor,
        at: datetime,
        pay_by: datetime,
    ) -> bool:
        """
        Let a line that went its own way follow its connection again.

        Args:
            pairing: What its connection pairs it with; None where nothing does, so that
                it waits for pairing.

        Returns:
            Whether the order is recognized by it.

        Raises:
            CommandRefusedError: If the order is paid, or has ended, or all its lines
                follow.

            InvalidInputError: If there is no such line, or it follows already.
        """
        self.require("follow_connection", by=by)
        if not self.line_of(number).is_on_its_own:
            raise InvalidInputError(
                field="line",
                value=number,
                expected="a line that is connected, or set apart, for this order alone",
            )
        if pairing is None:
            self.unrecognize([number], reason="connection_followed", by=by, at=at)
            return False
        self.record(e.LinesPaired(pairings=(pairing,), by=by, occurred_at=at))
        return self.recognize_if_paired(by=by, at=at, pay_by=pay_by)

    def line_of(self, number: int) -> Line:
        """
        Return the line *number*, counted from 1.

        Raises:
            InvalidInputError: If there is none.
        """
        if not 1 <= number <= len(self.lines):
            raise InvalidInputError(
                field="line", value=number, expected=f"1 to {len(self.lines)}"
            )
        return self.lines[number - 1]

    def process_paired_lines(
        self,
        rest_id: OrderId,
        *,
        part: int,
        by: Actor,
        at: datetime,
        pay_by: datetime,
    ) -> e.OrderPartedOff:
        """
        Keep the paired lines in the order; the others become an order of their own.

        Returns:
            What begins the other part, to be given to its `begin_part`.

        Raises:
            CommandRefusedError: If the order does not wait for pairing, or its lines
                are all paired, or none is.
        """
        self.require("process_paired_lines", by=by)
        waiting = [line for line in self.lines if not line.is_paired]
        self.record(
            e.LinesParted(
                state=self.after("recognize"),
                pay_by=pay_by,
                lines=tuple(line.line for line in waiting),
                rest_id=rest_id,
                by=by,
                occurred_at=at,
            )
        )
        return e.OrderPartedOff(
            state="",
            store_id=self.store_id,
            external_id=self.external_id,
            part=part,
            number=self.number,
            currency=self.currency,
            contact_id=self.contact_id,
            contact_version=self.contact_version,
            country=self.country,
            method=self.method,
            placed_at=self.placed_at,
            lines=tuple(line.as_new() for line in waiting),
            origin_id=self.order_id,
            by=by,
            occurred_at=at,
        )

    def unrecognize(
        self, lines: Sequence[int], *, reason: str, by: Actor, at: datetime
    ) -> bool:
        """
        Unpair lines whose connection or variant is gone; a paid order keeps what it
        has.

        Returns:
            Whether it waits for pairing by it, and did not before.
        """
        if not lines:
            return False
        if self.state in ("unrecognized", "ignored"):
            self.record(
                e.LinesUnpaired(
                    lines=tuple(lines), reason=reason, by=by, occurred_at=at
                )
            )
        if not self.can("unrecognize"):
            return False
        self.record(
            e.OrderUnrecognized(
                state=self.after("unrecognize"),
                lines=tuple(lines),
                reason=reason,
                by=by,
                occurred_at=at,
            )
        )
        return True

    def follow_connections(
        self,
        pairings: Sequence[LinePairing],
        lost: Sequence[int],
        *,
        by: Actor,
        at: datetime,
        pay_by: datetime,
    ) -> bool:
        """
        Follow connections that changed or ended: pair lines anew, let *lost* ones go.

        A consequence, never refused. An order that can be paid still can be, by its
        time; one that is ignored stays so, and a paid one keeps what it has.

        Returns:
            Whether it waits for pairing by it, and did not before.
        """
        if self.state not in UNPAID_STATES:
            return False
        if pairings:
            event = e.LinesPaired(pairings=tuple(pairings), by=by, occurred_at=at)
            self.record(event)
        unpaired = self.unrecognize(lost, reason="connection_removed", by=by, at=at)
        if not lost:
            self.recognize_if_paired(by=by, at=at, pay_by=pay_by)
        return unpaired

    def ignore(self, *, by: Actor, at: datetime) -> None:
        """
        Set the order aside: the seller supplies it elsewhere.

        Raises:
            CommandRefusedError: If it does not wait for pairing.
        """
        self.require("ignore", by=by)
        self.record(e.OrderIgnored(state=self.after("ignore"), by=by, occurred_at=at))

    def restore(self, *, by: Actor, at: datetime) -> None:
        """
        Take an ignored order up again.

        Raises:
            CommandRefusedError: If it is not ignored.
        """
        self.require("restore", by=by)
        self.record(e.OrderRestored(state=self.after("restore"), by=by, occurred_at=at))

    def follow_payment_at_store(
        self, *, by: Actor, at: datetime, pay_by: datetime
    ) -> None:
        """
        Let it be paid, now that the shop's customer has paid; a fact, never refused.

        The time to pay it begins now: until now it could not be paid.
        """
        waited = any(hold.reason == HoldReason.STORE_UNPAID for hold in self.holds)
        self.release_holds_for(HoldReason.STORE_UNPAID, by=by, at=at)
        if waited and self.state == AWAITING_PAYMENT:
            self.record(e.PayByMoved(pay_by=pay_by, by=by, occurred_at=at))

    def take_over(self, *, by: Actor) -> None:
        """
        Make sure that what the shop wants more of may be taken over.

        Raises:
            CommandRefusedError: If the shop changed nothing that somebody has to decide
                about.
        """
        self.require("take_over", by=by)

    def follow_store_lines(
        self, lines: Sequence[NewLine], *, by: Actor, at: datetime
    ) -> None:
        """
        Adopt what the shop changed in an order that is not paid here.

        The pairing of the new lines decides afresh whether it can be paid.
        """
        assert self.state in UNPAID_STATES
        is_paired = all(line.items for line in lines)
        if self.state == AWAITING_PAYMENT and not is_paired:
            self.unrecognize(
                [line.line for line in self.lines],
                reason="store_changed",
                by=by,
                at=at,
            )
        self.record(e.StoreLinesChanged(lines=tuple(lines), by=by, occurred_at=at))
