"""
Sellers and their disputes: opened, argued about, accepted, withdrawn or left alone.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from ...domain.disputes.policy import POLICY, DisputeReason, Remedy
from ...domain.orders.tabs import Tab
from ...services.refunds.dispute_refunds import CancelAnswer, NewDispute, Settled
from .claims import KnownDispute
from .keepers import Keeper
from .people import Act
from .wrong import WrongError

_DISPUTABLE = (Tab.SHIPPED, Tab.FULFILLED, Tab.AWAITING_SHIPPING, Tab.ABNORMAL)


class Disputer(Keeper):
    """
    Somebody of a seller who disputes what came or did not, and answers what staff say.
    """

    def disputing_acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do with disputes.
        """
        has_some = bool(self.world.truth.claims.open_of(self.seller))
        return (
            (20, self._dispute),
            (2, self._cancel),
            (60 if has_some else 0, self._reply),
            (1, self._withdraw),
        )

    def _cancel(self) -> None:
        order = self.one(self.orders_at(Tab.AWAITING_SHIPPING))
        if order is None:
            return

        def answered(told: CancelAnswer) -> None:
            if told.dispute_id is not None:
                claims = self.world.truth.claims
                claims.has_opened(self.seller, told.dispute_id, order.order_id)

        self.command(
            "request_cancel",
            lambda app, command: app.disputes.request_cancel(
                self.seller, order.order_id, by=self.by, command_id=command
            ),
            answered,
        )

    def _dispute(self) -> None:
        order_id = self._some_order_to_dispute()
        if order_id is None:
            return
        order = self.app.orders.get(self.seller, order_id)
        reasons = [r for r, row in POLICY.items() if order.state in row.states]
        if not reasons:
            return
        reason: DisputeReason = self.one(reasons)
        new = NewDispute(
            order_id=order.order_id,
            reason=reason,
            quantities=self._some_units(order, reason),
            evidence={"description": self.one(("look", self.name)), "photo": "p"},
            asked_minor=self.number(0, 900) if self.chance(0.4) else None,
        )
        if self.chance(0.4):
            new = attrs.evolve(new, asked_minor=None, remedy=Remedy.RESHIP)
        self.command(
            "open_dispute",
            lambda app, command: app.disputes.open(
                self.seller, new, by=self.by, command_id=command
            ),
            lambda told: self.world.truth.claims.has_opened(
                self.seller, told, order.order_id
            ),
        )

    def _some_order_to_dispute(self) -> str | None:
        """
        Choose an order, half of the time one about which there is a dispute.
        """
        known = self.world.truth.claims.open_of(self.seller)
        if known and self.chance(0.5):
            disputed: KnownDispute = self.one(known)
            return disputed.order_id
        header = self.one(self.orders_at(self.one(_DISPUTABLE)))
        return None if header is None else header.order_id

    def _some_units(self, order: Any, reason: DisputeReason) -> dict[str, int]:
        """
        Choose units that may be where the reason says.
        """
        is_unsent = POLICY[reason].is_about_unsent
        there = {
            str(name): i.quantity_left if is_unsent else i.quantity - i.quantity_left
            for name, i in order.items.items()
        }
        names = [name for name, most in there.items() if most]
        chosen = names if self.chance(0.4) else [self.one(names or list(there))]
        return {name: self.number(1, max(there[name], 1)) for name in chosen}

    def _reply(self) -> None:
        known: KnownDispute | None = self.one(
            self.world.truth.claims.open_of(self.seller)
        )
        if known is None:
            return
        state = self.app.disputes.get(self.seller, known.dispute_id).state
        if state == "awaiting_seller":
            self._move(known, "answer")
        elif state == "offered":
            if self.chance(0.6):
                self._agree(known)
            else:
                self._move(known, "counter")

    def _withdraw(self) -> None:
        known = self.one(self.world.truth.claims.open_of(self.seller))
        if known is not None:
            self._move(known, "withdraw")

    def _agree(self, known: KnownDispute) -> None:
        def answered(told: Settled) -> None:
            most = max(known.offers, default=0)
            is_meant = known.may_reship or not told.reship_order_id
            if told.refunded_minor > most or not is_meant:
                words = f"dispute {known.dispute_id}: {told} of {known}"
                raise WrongError(words)
            self.world.truth.claims.has_ended(
                self.seller,
                known.dispute_id,
                told.state,
                told.refunded_minor,
                told.reship_order_id,
            )

        self.command(
            "accept_offer",
            lambda app, command: app.disputes.accept(
                self.seller, known.dispute_id, by=self.by, command_id=command
            ),
            answered,
        )

    def _move(self, known: KnownDispute, move: str) -> None:
        def answered(state: str) -> None:
            if move == "withdraw":
                claims = self.world.truth.claims
                claims.has_ended(self.seller, known.dispute_id, state)

        self.command(
            move,
            lambda app, command: app.disputes.move(
                self.seller,
                known.dispute_id,
                move,
                by=self.by,
                text="No.",
                command_id=command,
            ),
            answered,
        )
