"""
The books of a gateway in a run: what really happened to the money of payers' cards.

Nothing fails here. What is told of it may be late, lost or wrong; these books are what
the library's ledger is held against in the end.
"""

from collections.abc import Iterator, Sequence

import attrs

from ...domain.kernel.money import Money
from ...ports.errors import DeclinedError
from ...ports.payments import Chargeback, PaymentOutcome, Payout, PayoutEntry
from .scheduler import Scheduler

GATEWAY = "simulated_gateway"
FEE = 30  # of each operation in a payout
SUCCEEDED = PaymentOutcome.SUCCEEDED
PENDING = PaymentOutcome.PENDING
DECLINED = PaymentOutcome.DECLINED


@attrs.define
class Operation:
    """
    One operation.

    Attributes:
        kind: `authorize`, `capture` or `refund`.

        amount: What was moved, or is going to be; less than was asked for, at times.

        source: The token that was charged first: each wish of a seller has its own.

        of: The operation that it captures or returns.

        step: When it was decided.

        shown_at: The step before which whoever looks it up does not find it.
    """

    gateway_id: str
    kind: str
    reference: str
    amount: Money
    source: str
    of: str = ""
    outcome: PaymentOutcome = SUCCEEDED
    step: int = 0
    shown_at: int = 0

    @property
    def moved(self) -> int:
        """
        What it moved, in minor units: below zero where money went back.
        """
        sign = {"capture": 1, "refund": -1}
        return sign.get(self.kind, 0) * self.amount.minor


def is_never_decided(one: Operation) -> bool:
    """
    Tell whether a payer will never decide.
    """
    return one.kind == "authorize" and one.source.startswith("never-")


@attrs.define
class Books:
    """
    What a gateway did.

    Attributes:
        operations: By its own name of them.

        taken_back: Capture -> what banks took back of it, as it is now.

        told: The references of which webhooks tell, in the order in which it happened.

        wrong: What it was asked for and never should have been.
    """

    scheduler: Scheduler
    operations: dict[str, Operation] = attrs.field(factory=dict)
    taken_back: dict[str, list[Chargeback]] = attrs.field(factory=dict)
    told: list[str] = attrs.field(factory=list)
    payouts: list[Payout] = attrs.field(factory=list)
    wrong: list[str] = attrs.field(factory=list)
    _unpaid: list[tuple[str, Money]] = attrs.field(factory=list)
    _moved: dict[str, int] = attrs.field(factory=dict)
    _chargebacks: int = 0

    def authorize(
        self, reference: str, amount: Money, source: str, outcome: PaymentOutcome
    ) -> Operation:
        """
        Reserve money of a card.
        """
        for one in self.operations.values():
            if one.source == source and one.kind == "authorize":
                self.wrong.append(f"{source} is charged as {reference} once more")
        return self._new("authorize", reference, amount, source, outcome)

    def capture(
        self,
        reference: str,
        amount: Money,
        authorization_id: str,
        outcome: PaymentOutcome,
    ) -> Operation:
        """
        Take what is reserved.

        Raises:
            DeclinedError: If it is not, or was taken before.
        """
        first = self._first(authorization_id, "authorize")
        if amount.minor > first.amount.minor or self._of(first):
            raise DeclinedError(provider=GATEWAY, detail="more than there is")
        return self._new(
            "capture", reference, amount, first.source, outcome, of=first.gateway_id
        )

    def refund(
        self, reference: str, amount: Money, capture_id: str, outcome: PaymentOutcome
    ) -> Operation:
        """
        Return what was taken.

        Raises:
            DeclinedError: If there is not so much left.
        """
        first = self._first(capture_id, "capture")
        if amount.minor > self.left_of(first):
            raise DeclinedError(provider=GATEWAY, detail="more than there is")
        return self._new(
            "refund", reference, amount, first.source, outcome, of=capture_id
        )

    def decide(self, one: Operation, outcome: PaymentOutcome) -> None:
        """
        Let what waits be decided; or what went back not arrive.
        """
        before, one.outcome = one.outcome, outcome
        one.step = self.scheduler.steps
        if outcome is SUCCEEDED:
            self._move(one.gateway_id, one.source, one.moved, one.amount.currency)
        elif before is SUCCEEDED:
            self._move(one.gateway_id, one.source, -one.moved, one.amount.currency)
        self.told.append(one.reference)

    def take_back(self, one: Operation, minor: int) -> None:
        """
        Let the payer's bank take something of a capture back.
        """
        self._chargebacks += 1
        taken = Chargeback(
            gateway_id=f"cb{self._chargebacks}",
            amount=Money(minor, one.amount.currency),
            taken_at=self.scheduler.clock.now(),
        )
        self.taken_back.setdefault(one.gateway_id, []).append(taken)
        self._move(taken.gateway_id, one.source, -minor, one.amount.currency)
        self.told.append(one.reference)

    def give_back(self, one: Operation) -> None:
        """
        Let the bank decide for the platform: what it took of a capture last is back.
        """
        *others, last = self.taken_back[one.gateway_id]
        if not last.amount.minor:
            return
        self._move(last.gateway_id, one.source, last.amount.minor, last.amount.currency)
        nothing = attrs.evolve(last, amount=Money.zero(last.amount.currency))
        self.taken_back[one.gateway_id] = [*others, nothing]
        self.told.append(one.reference)

    def pay_out(self) -> None:
        """
        Send what was moved since the last time to the platform's bank account.
        """
        entries = tuple(
            PayoutEntry(gateway_id=name, amount=amount, fee=Money(FEE, amount.currency))
            for name, amount in self._unpaid
        )
        if not entries:
            return
        self._unpaid.clear()
        total = sum(entry.amount.minor - entry.fee.minor for entry in entries)
        made = Payout(
            gateway_id=f"po{len(self.payouts) + 1}",
            paid_at=self.scheduler.clock.now(),
            amount=Money(total, entries[0].amount.currency),
            entries=entries,
        )
        self.payouts.append(made)

    def named(self, reference: str) -> Operation | None:
        """
        Return the operation of a reference of ours.
        """
        found = (o for o in self.operations.values() if o.reference == reference)
        return next(found, None)

    def captures(self) -> Iterator[Operation]:
        """
        List what was taken from cards.
        """
        for one in self.operations.values():
            if one.kind == "capture" and one.outcome is SUCCEEDED:
                yield one

    def returned(self) -> list[Operation]:
        """
        List what went back to cards.
        """
        gone = [o for o in self.operations.values() if o.kind == "refund"]
        return [one for one in gone if one.outcome is SUCCEEDED]

    def undecided(self) -> list[Operation]:
        """
        List what is to be decided; some payers never do.
        """
        return [one for one in self.waiting() if not is_never_decided(one)]

    def waiting(self) -> list[Operation]:
        """
        List what waits for a payer, or a bank.
        """
        return [o for o in self.operations.values() if o.outcome is PENDING]

    def capture_of(self, gateway_id: str) -> Operation | None:
        """
        Return the operation to ask about, by the name in a payout: of a chargeback the
        capture.
        """
        for capture_id, taken in self.taken_back.items():
            if any(one.gateway_id == gateway_id for one in taken):
                return self.operations[capture_id]
        return self.operations.get(gateway_id)

    def left_of(self, capture: Operation) -> int:
        """
        Return what neither went back nor is on its way, nor was taken back.
        """
        gone = sum(one.amount.minor for one in self._of(capture))
        taken = self.taken_back.get(capture.gateway_id, ())
        return capture.amount.minor - gone - sum(t.amount.minor for t in taken)

    def charged_at(self, source: str) -> int:
        """
        Return the step at which a card was charged; zero where it was not.
        """
        return max(
            (one.step for one in self.captures() if one.source == source), default=0
        )

    def moved_of(self, source: str) -> int:
        """
        Return what was moved of one token, less what went back or was taken back.
        """
        return self._moved.get(source, 0)

    def _first(self, name: str, kind: str) -> Operation:
        first = self.operations.get(name)
        if first is None or first.kind != kind or first.outcome is not SUCCEEDED:
            raise DeclinedError(provider=GATEWAY, detail="no such thing")
        return first

    def _of(self, first: Operation) -> Sequence[Operation]:
        return [
            one
            for one in self.operations.values()
            if one.of == first.gateway_id and one.outcome is not DECLINED
        ]

    def _new(
        self,
        kind: str,
        reference: str,
        amount: Money,
        source: str,
        outcome: PaymentOutcome,
        *,
        of: str = "",
    ) -> Operation:
        if self.named(reference) is not None:
            self.wrong.append(f"{reference} is asked for once more")
        name = f"{kind[:2]}_{len(self.operations) + 1}"
        made = Operation(name, kind, reference, amount, source, of, outcome)
        made.step = self.scheduler.steps
        self.operations[name] = made
        if outcome is SUCCEEDED:
            self._move(name, source, made.moved, amount.currency)
        self.told.append(reference)
        return made

    def _move(self, name: str, source: str, minor: int, currency: str) -> None:
        if minor:
            self._unpaid.append((name, Money(minor, currency)))
            self._moved[source] = self._moved.get(source, 0) + minor
