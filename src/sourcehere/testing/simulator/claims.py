"""
What people were told of disputes.
"""

import attrs

from .wrong import WrongError


@attrs.define
class KnownDispute:
    """
    A dispute, as somebody met it.

    Attributes:
        order_id: What it is about, as its seller wrote it; empty until they are told
            that it is open.

        offers: What staff meant to offer, in minor units, be it done or not.

        may_reship: Whether staff meant to offer that the units are sent again.

        end: The state in which somebody was told that it has ended.

        refunded: What they were told to be refunded.

        again: The order that they were told to send the units again; empty for none.
    """

    seller: str
    dispute_id: str
    order_id: str = ""
    offers: list[int] = attrs.field(factory=list)
    may_reship: bool = False
    end: str = ""
    refunded: int = 0
    again: str = ""


@attrs.define
class Claims:
    """
    What must be so of disputes.

    Attributes:
        known: Dispute -> what is known of it.
    """

    known: dict[str, KnownDispute] = attrs.field(factory=dict)

    def named(self, seller: str, dispute_id: str) -> KnownDispute:
        """
        Return what is known of a dispute, if only its name.
        """
        made = KnownDispute(seller, dispute_id)
        return self.known.setdefault(dispute_id, made)

    def has_opened(self, seller: str, dispute_id: str, order_id: str) -> None:
        """
        Keep that a seller opened a dispute.

        Raises:
            WrongError: If it is one that was opened before.
        """
        known = self.named(seller, dispute_id)
        if known.order_id:
            told = f"dispute {dispute_id} is the answer to two commands"
            raise WrongError(told)
        known.order_id = order_id

    def has_ended(
        self,
        seller: str,
        dispute_id: str,
        end: str,
        refunded: int = 0,
        again: str = "",
    ) -> None:
        """
        Keep how a dispute ended.

        Raises:
            WrongError: If it ended before.
        """
        known = self.named(seller, dispute_id)
        if known.end:
            told = f"dispute {dispute_id} is {end}, and was {known.end}"
            raise WrongError(told)
        known.end, known.refunded, known.again = end, refunded, again

    def open_of(self, seller: str) -> list[KnownDispute]:
        """
        List the newest disputes that a seller opened and nobody was told the end of.
        """
        mine = [d for d in self.known.values() if d.seller == seller and d.order_id]
        return [d for d in mine[-12:] if not d.end]
