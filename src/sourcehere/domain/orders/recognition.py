"""
From a shop's order to one that can be paid: pairing, ignoring, cancelling.
"""

from collections.abc import Sequence
from datetime import datetime

import attrs

from ..kernel.actor import Actor
from ..kernel.errors import Blocker, CommandRefusedError, InvalidInputError
from ..kernel.evolving import evolved
from ..kernel.ids import OrderId
from . import events as e
from .guards import Ask
from .holds import HoldReason
from .lines import LinePairing, NewLine
from .machine import AWAITING_PAYMENT, ENDED_STATES, UNPAID_STATES, UNRECOGNIZED
from .recorded import RecordedOrder


class RecognizingOrder(RecordedOrder):
    """
    What happens to an order before it is paid.
    """

    __slots__ = ()

    def import_from_store(self, facts: e.OrderImported, *, pay_by: datetime) -> None:
        """
        Write down a shop's order; its state follows from whether it is paired.
        """
        is_paired = all(line.items for line in facts.lines)
        state = self.after("import_paired" if is_paired else "import_unpaired")
        self.record(evolved(facts, state=state, pay_by=pay_by if is_paired else None))

    def create(self, facts: e.OrderCreated) -> None:
        """
        Write down a manual or cloud-warehouse order as a draft.
        """
        self.record(attrs.evolve(facts, state=self.after("create")))

    def place(self, *, by: Actor, at: datetime, pay_by: datetime) -> None:
        """
        Mean it: from now on it waits for payment.

        Raises:
            CommandRefusedError: If it is no draft, or *by* is not the seller.
        """
        self.require("place", by=by)
        state = self.after("place")
        self.record(e.OrderPlaced(state=state, pay_by=pay_by, by=by, occurred_at=at))

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
        return self._recognize(by=by, at=at, pay_by=pay_by)

    def connect_sku(
        self, pairing: LinePairing, *, by: Actor, at: datetime, pay_by: datetime
    ) -> bool:
        """
        Pair one line of this order only, whatever connections say.

        Returns:
            Whether the order is recognized by it.

        Raises:
            CommandRefusedError: If the order does not wait for pairing.

            InvalidInputError: If there is no such line, or the pairing is empty.
        """
        self.require("connect_sku", by=by)
        if not 1 <= pairing.line <= len(self.lines):
            raise InvalidInputError(
                field="line", value=pairing.line, expected=f"1 to {len(self.lines)}"
            )
        if not pairing.items or any(item.quantity <= 0 for item in pairing.items):
            raise InvalidInputError(
                field="items", value=pairing.items, expected="positive quantities"
            )
        self.record(e.LinesPaired(pairings=(pairing,), by=by, occurred_at=at))
        return self._recognize(by=by, at=at, pay_by=pay_by)

    def _recognize(self, *, by: Actor, at: datetime, pay_by: datetime) -> bool:
        if not self.is_fully_paired:
            return False
        state = self.after("recognize")
        self.record(
            e.OrderRecognized(state=state, pay_by=pay_by, by=by, occurred_at=at)
        )
        return True

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
        Go on with the paired lines; the others leave to be an order of their own.

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

    def begin_part(self, facts: e.OrderPartedOff) -> None:
        """
        Write down lines that left another part; they wait for pairing.
        """
        self.record(attrs.evolve(facts, state=self.after("import_unpaired")))

    def unrecognize(
        self, lines: Sequence[int], *, reason: str, by: Actor, at: datetime
    ) -> bool:
        """
        Follow the loss of a connection or variant; a paid order keeps what it has.

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
        if self.state == UNRECOGNIZED and not lost:
            self._recognize(by=by, at=at, pay_by=pay_by)
        return unpaired

    def ignore(self, *, by: Actor, at: datetime) -> None:
        """
        Set it aside: the seller supplies it elsewhere.

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

    def cancel(self, *, by: Actor, at: datetime) -> None:
        """
        End it before it is paid.

        Raises:
            CommandRefusedError: If it is paid, ended, or *by* is not the seller.
        """
        self.require("cancel", by=by)
        self._cancel("cancel", "seller", by=by, at=at)

    def cancel_by_store(self, *, by: Actor, at: datetime) -> bool:
        """
        Follow the shop's cancellation where nothing is paid; a fact, never refused.

        Returns:
            Whether the order ended by it.
        """
        if not self.can("cancel"):
            return False
        self._cancel("cancel", "store", by=by, at=at)
        return True

    def expire(self, *, by: Actor, at: datetime) -> None:
        """
        End an order nobody paid in time.

        Raises:
            CommandRefusedError: If it is not due, or does not wait for payment.
        """
        self.require("expire", by=by, ask=Ask(at=at))
        self._cancel("expire", "expired", by=by, at=at)

    def _cancel(self, event: str, reason: str, *, by: Actor, at: datetime) -> None:
        self.record(
            e.OrderCancelled(
                state=self.after(event), reason=reason, by=by, occurred_at=at
            )
        )

    def choose_shipping(self, method: str, *, by: Actor, at: datetime) -> None:
        """
        Pick the shipping method a checkout will price; the same again is nothing.

        Raises:
            CommandRefusedError: If it is paid already.
        """
        self.require("choose_shipping", by=by)
        if method != self.method:
            self.record(e.ShippingChosen(method=method, by=by, occurred_at=at))

    def correct_address(
        self, *, version: int, country: str, by: Actor, at: datetime
    ) -> None:
        """
        Send it elsewhere: the contact has a newer *version*.

        Once paid, only within the country: freight is charged for that country.

        Raises:
            CommandRefusedError: If a parcel has left, or the country of a paid order
                would change.
        """
        self.require("correct_address", by=by)
        if self.is_paid and country != self.country:
            words = f"freight was paid for {self.country}; cancel and order again"
            facts = {"paid_for": self.country, "asked": country}
            raise CommandRefusedError(
                kind="order",
                id=self.order_id,
                command="correct_address",
                blockers=[Blocker("other_country", words, facts)],
            )
        self._send_to(version, country, by=by, at=at)

    def follow_address(
        self, *, version: int, country: str, by: Actor, at: datetime
    ) -> bool:
        """
        Take over the shop's new address while nothing is paid; a fact, never refused.

        Returns:
            Whether it was taken over, or does not matter any more.
        """
        if self.state in ENDED_STATES:
            return True
        if self.is_paid:
            return False
        self._send_to(version, country, by=by, at=at)
        return True

    def _send_to(self, version: int, country: str, *, by: Actor, at: datetime) -> None:
        self.record(
            e.AddressCorrected(
                contact_version=version, country=country, by=by, occurred_at=at
            )
        )
        self.release_holds_for(HoldReason.ADDRESS, by=by, at=at)

    def follow_store_lines(
        self, lines: Sequence[NewLine], *, by: Actor, at: datetime
    ) -> None:
        """
        Take over what the shop changed in an order that is not paid here.

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
