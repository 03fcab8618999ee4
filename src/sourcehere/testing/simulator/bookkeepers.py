"""
The platform's bookkeepers: they find out what gateways do not say, and compare what was
paid out with what is booked.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ...app import App
from ...domain.effects.payment_stages import PaymentDecision, PaymentStage
from ...domain.effects.payments import PaymentAttempt, attempt_of
from ...domain.kernel.actor import Actor, Role
from ...services.gateways.deciding import Seen
from ...unit.tables.payments import PAYMENTS
from ..factories import NOON
from ..rows import dump
from .books import PENDING, SUCCEEDED
from .card_checks import unlike_books
from .people import Act, Person
from .world import World
from .wrong import WrongError

_SINCE = NOON - timedelta(days=1)
Found = tuple[PaymentDecision, Seen | None]


class Bookkeeper(Person):
    """
    Somebody who looks at gateways, beside another who does.
    """

    likely = 0.2

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, f"bookkeeper{place}")
        self.by = Actor(Role.STAFF, self.name)

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (8, self._wait),
            (12, self._find_out),
            (3, self._compare_payouts),
            (3, self._compare_books),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _find_out(self) -> None:
        attempts = self.app.payments.open()
        stuck = [one for one in attempts if one.stage is PaymentStage.MANUAL]
        attempt = self.one(stuck or attempts[:4])
        if attempt is None:
            return
        found = seen_of(self.world, attempt)
        if found is None or (found[1] is None and not stuck):
            return
        self.command(
            "resolve_payment",
            lambda app, command: say_what_was_seen(
                app, attempt, found, by=self.by, command_id=command
            ),
        )

    def _compare_payouts(self) -> None:
        gateway = self.one(list(self.world.gateways))
        for attempt in unbooked(self.world, self.app, gateway):
            self.app.payments.ask_now(attempt.seller_id, attempt.attempt_id)

    def _compare_books(self) -> None:
        """
        Hold what is booked now against what happened.

        Raises:
            WrongError: If something else did.
        """
        rows = dump(self.world.storage, [PAYMENTS.table])[PAYMENTS.table.name]
        wrong = list(unlike_books(self.world, map(PAYMENTS.from_row, rows)))
        if wrong:
            raise WrongError("; ".join(wrong[:4]))


def seen_of(world: World, attempt: PaymentAttempt) -> Found | None:
    """
    Return what a person sees at a gateway of an attempt; None while it is undecided.
    """
    one = world.gateways[attempt.connection].books.named(attempt.reference)
    if one is None or one.outcome not in (PENDING, SUCCEEDED):
        return PaymentDecision.DID_NOT_HAPPEN, None
    if one.outcome is PENDING:
        return None
    return PaymentDecision.HAPPENED, Seen(amount=one.amount, gateway_id=one.gateway_id)


def say_what_was_seen(
    app: App, attempt: PaymentAttempt, found: Found, *, by: Actor, command_id: str = ""
) -> str:
    """
    End an attempt by what a person has found out; return which it was.
    """
    decision, seen = found
    ended = app.payments.resolve(
        attempt.seller_id,
        attempt.attempt_id,
        decision,
        seen=seen,
        reference=attempt.reference,
        by=by,
        command_id=command_id,
    )
    return ended.attempt_id


def unbooked(world: World, app: App, gateway: str) -> Iterator[PaymentAttempt]:
    """
    Return the attempts of what is in payouts and not booked as it is there.
    """
    report = app.gateways.reconcile(gateway, since=_SINCE, usual=timedelta(0))
    books = world.gateways[gateway].books
    for entry in (*report.missing_here, *report.other_amounts):
        one = books.capture_of(entry.gateway_id)
        attempt = one and app.payments.named(attempt_of(one.reference))
        if attempt:
            yield attempt
