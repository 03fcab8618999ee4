"""
Where an order goes, and how it travels.
"""

from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.errors import Blocker, CommandRefusedError
from . import events as e
from .guarded import GuardedOrder
from .holds import HoldReason, is_about_address
from .machine import (
    ENDED_STATES,
)


class Destination(GuardedOrder):
    """
    The way and the address are chosen and corrected.
    """

    __slots__ = ()

    def choose_shipping(self, method: str, *, by: Actor, at: datetime) -> None:
        """
        Choose the shipping method that the next checkout prices. Choosing the same
        method again changes nothing.

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
        Send the order to another address: the contact has a newer *version*.

        Once paid, only within the country: freight is charged for that country.

        Raises:
            CommandRefusedError: If a parcel has left, or the country of a paid order
                would change.
        """
        self.require("correct_address", by=by)
        if self.is_paid and country != self.country:
            words = (
                f"its freight was paid for {self.country}: have it cancelled, and draft"
                f" an order by hand to {country}"
            )
            if self.is_reship:
                words = f"what is sent again goes to {self.country}, as it was paid for"
            facts = {"paid_for": self.country, "asked": country}
            raise CommandRefusedError(
                kind="order",
                id=self.order_id,
                command="correct_address",
                blockers=[Blocker("other_country", words, facts)],
            )
        self._send_to(version, country, by=by, at=at)

    def supplement_freight(self, minor: int, *, by: Actor, at: datetime) -> None:
        """
        Record that *minor* more is captured for the freight to where the order goes
        now; part of a correction, never refused. The caller captures it in the same
        commit.
        """
        assert self.is_paid
        assert minor > 0
        self.record(e.FreightSupplemented(freight_minor=minor, by=by, occurred_at=at))

    def follow_address(
        self, *, version: int, country: str, by: Actor, at: datetime
    ) -> bool:
        """
        Adopt the shop's new address while nothing is paid; a fact, never refused.

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
        self.follow_address_back(by=by, at=at)

    def follow_address_back(self, *, by: Actor, at: datetime) -> None:
        """
        Let the order go that is held because the shop sends it elsewhere, now that it
        goes where somebody decided; a consequence, never refused.
        """
        for hold in self.holds:
            if is_about_address(hold):
                self.release_hold_of_store(hold.hold_id, by=by, at=at)

    def erase_buyer(self, *, by: Actor, at: datetime) -> None:
        """
        Record that who it went to is forgotten.

        Raises:
            CommandRefusedError: If it is not over, or a dispute is open.
        """
        self.require("erase_buyer", by=by)
        self.record(e.BuyerErased(by=by, occurred_at=at))
