"""
The platform's mediators: they look at disputes, ask, offer money or to send the units
again, grant and reject; and they give goodwill.
"""

from collections.abc import Sequence

from ...domain.disputes.model import Dispute
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.money import Money
from ...domain.wallet.goodwill import GoodwillReason
from ...services.refunds.dispute_refunds import Settled
from .people import Act, Person
from .world import World


class Mediator(Person):
    """
    Somebody of staff who decides disputes, beside another who does.
    """

    likely = 0.4

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, f"mediator{place}")
        self.by = Actor(Role.STAFF, self.name)

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (3, self._wait),
            (6, self._take),
            (2, self._ask),
            (6, self._offer),
            (3, self._offer_reship),
            (5, self._grant),
            (1, self._reject),
            (1, self._give),
            (1, self._take_back),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _some_dispute(self, move: str) -> Dispute | None:
        """
        Choose one to which they can do something, as far as they see.
        """
        found = self.app.queues.disputes_to_review(limit=20)
        able = [dispute for dispute in found if not dispute.blockers(move, by=self.by)]
        if able and self.chance(0.8):
            chosen: Dispute = self.one(able)
            return chosen
        seller = self.one(self.world.sellers)  # who may be slow to answer
        known = self.one(self.world.truth.claims.open_of(seller))
        return (
            None if known is None else self.app.disputes.get(seller, known.dispute_id)
        )

    def _take(self) -> None:
        self._move("take")

    def _ask(self) -> None:
        self._move("ask", "Where is it?")

    def _reject(self) -> None:
        self._move("reject", "It is packed.")

    def _move(self, move: str, text: str = "") -> None:
        dispute = self._some_dispute(move)
        if dispute is None:
            return
        seller, name = dispute.seller_id, dispute.dispute_id

        def answered(state: str) -> None:
            if move == "reject":
                self.world.truth.claims.has_ended(seller, name, state)

        self.command(
            f"{move}_dispute",
            lambda app, command: app.disputes.move(
                seller, name, move, by=self.by, text=text, command_id=command
            ),
            answered,
        )

    def _give(self) -> None:
        """
        Credit a seller beside refunds, sometimes for an order.
        """
        seller, reference = self.one(self.world.sellers), self.new_name()
        amount = Money(self.number(1, 20_00), "USD")
        orders = self.app.orders.page(seller, limit=5).orders
        order = self.one(orders) if self.chance(0.7) else None

        def answered(_: object) -> None:
            self.world.truth.given[seller, reference] = amount.minor

        self.command(
            "give_goodwill",
            lambda app, command: app.wallets.give_goodwill(
                seller,
                amount,
                reference=reference,
                reason=GoodwillReason.LATE,
                order_id="" if order is None else order.order_id,
                by=self.by,
                command_id=command,
            ),
            answered,
            under=reference,
        )

    def _take_back(self) -> None:
        given = self.world.truth.given
        place = self.one(sorted(given))
        if place is None:
            return

        def answered(_: object) -> None:
            given.pop(place, None)  # two of them may have the same thought

        self.command(
            "take_back_goodwill",
            lambda app, command: app.wallets.take_back_goodwill(
                *place, by=self.by, command_id=command
            ),
            answered,
        )

    def _offer(self) -> None:
        dispute = self._some_dispute("offer")
        if dispute is None:
            return
        seller, name = dispute.seller_id, dispute.dispute_id
        amount = self.number(0, dispute.asked_minor)
        self.world.truth.claims.named(seller, name).offers.append(amount)
        self.command(
            "offer",
            lambda app, command: app.disputes.offer(
                seller, name, amount, by=self.by, command_id=command
            ),
        )

    def _offer_reship(self) -> None:
        dispute = self._some_dispute("offer_reship")
        if dispute is None:
            return
        seller, name = dispute.seller_id, dispute.dispute_id
        self.world.truth.claims.named(seller, name).may_reship = True
        self.command(
            "offer_reship",
            lambda app, command: app.disputes.offer_reship(
                seller, name, by=self.by, command_id=command
            ),
        )

    def _grant(self) -> None:
        dispute = self._some_dispute("grant")
        if dispute is None:
            return
        seller, name = dispute.seller_id, dispute.dispute_id

        def answered(told: Settled) -> None:
            claims = self.world.truth.claims
            again = told.reship_order_id
            claims.has_ended(seller, name, told.state, told.refunded_minor, again)

        self.command(
            "grant",
            lambda app, command: app.disputes.grant(
                seller, name, by=self.by, command_id=command
            ),
            answered,
        )
