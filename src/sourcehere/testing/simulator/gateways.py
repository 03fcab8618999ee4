"""
Gateways of a run: they move money, and say so late, twice, wrongly, or not at all.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...plugins import hookimpl
from ...plugins.hookspecs import PaymentProviderInfo
from ...ports.errors import DeclinedError, TimedOutError
from ...ports.payments import (
    Chargeback,
    PaymentOutcome,
    PaymentProvider,
    PaymentRecord,
    Payout,
)
from ...ports.providers import Context, ProviderInfo
from .books import DECLINED, GATEWAY, PENDING, SUCCEEDED, Books, Operation
from .lines import GatewayFaults, Line
from .scheduler import Scheduler

_LATE_MAX = 300  # steps
_HIDDEN_MAX = 900
Effect = Callable[[], Operation]


@attrs.define(eq=False)
class SimulatedGateway:
    """
    A gateway whose calls take time, during which others go on.

    A token says what its payer does: `no-` declines, `later-` and `never-` have to
    decide first, every other one agrees at once.

    Attributes:
        key_ttl: For how long the same key is the same payment; zero for never.

        finds_by_reference: What it says of `find`.

        books: What really happened.
    """

    line: Line
    key_ttl: timedelta
    finds_by_reference: bool
    books: Books
    _keys: dict[str, tuple[object, datetime]] = attrs.field(factory=dict)
    _answers: dict[str, str] = attrs.field(factory=dict)
    _asked: dict[str, Money] = attrs.field(factory=dict)
    _late: list[tuple[int, Effect]] = attrs.field(factory=list)

    def authorize(
        self, amount: Money, source: str, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Reserve an amount.

        Raises:
            ProviderError: As the faults say, or the payer.
        """

        def effect() -> Operation:
            if source.startswith("no-"):
                raise DeclinedError(provider=GATEWAY, detail="insufficient funds")
            waits = source.startswith(("later-", "never-"))
            outcome = PENDING if waits else SUCCEEDED
            return self.books.authorize(reference, self._some(amount), source, outcome)

        self._asked[reference] = amount
        asked = ("authorize", amount, source, reference)
        return self._once(asked, idempotency_key, effect)

    def capture(
        self,
        authorization_id: str,
        amount: Money,
        /,
        *,
        reference: str,
        idempotency_key: str,
    ) -> PaymentRecord:
        """
        Take an amount.

        Raises:
            ProviderError: As the faults say, or if there is not so much.
        """

        def effect() -> Operation:
            some, outcome = self._some(amount), self._waiting()
            return self.books.capture(reference, some, authorization_id, outcome)

        self._asked[reference] = amount
        asked = ("capture", amount, authorization_id, reference)
        return self._once(asked, idempotency_key, effect)

    def refund(
        self, capture_id: str, amount: Money, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Return an amount.

        Raises:
            ProviderError: As the faults say, or if there is not so much.
        """

        def effect() -> Operation:
            outcome = self._waiting()
            return self.books.refund(reference, amount, capture_id, outcome)

        self._asked[reference] = amount
        asked = ("refund", amount, capture_id, reference)
        return self._once(asked, idempotency_key, effect)

    def find(self, reference: str, /) -> PaymentRecord | None:
        """
        Look into the books: what happened just now may not be found.

        Raises:
            ProviderError: As the faults say.
        """
        self.line.ask()
        found = self.books.named(reference)
        self.line.scheduler.step()
        if found is None or found.shown_at > self.line.scheduler.steps:
            return None
        return self._told(found)

    def chargebacks(self, capture_id: str, /) -> Sequence[Chargeback]:
        """
        List what banks took back; the answer takes time.

        Raises:
            ProviderError: As the faults say.
        """
        self.line.ask()
        found = tuple(self.books.taken_back.get(capture_id, ()))
        self.line.scheduler.step()
        return found

    def payouts(self, since: datetime, /) -> Sequence[Payout]:
        """
        List what was paid out.

        Raises:
            ProviderError: As the faults say.
        """
        self.line.ask()
        return tuple(p for p in self.books.payouts if p.paid_at >= since)

    def verify_payment(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Return what a webhook tells of.
        """
        del headers  # nobody forges anything here: another test does
        references: list[str] = json.loads(body)
        return references

    def webhook(self, place: int) -> bytes:
        """
        Return the body of a webhook; told again, it is the same.
        """
        return json.dumps([self.books.told[place]]).encode()

    def fail_no_more(self) -> None:
        """
        Do at once what it is asked for, and show all that it did.
        """
        self.line.faults = GatewayFaults()
        while self._late:
            _even_if_refused(self._late.pop(0)[1])
        for one in self.books.operations.values():
            one.shown_at = 0

    def go_on(self) -> None:
        """
        Let happen what was asked for a while ago, and got no answer.
        """
        now = self.line.scheduler.steps
        for late in [one for one in self._late if one[0] <= now]:
            self._late.remove(late)
            _even_if_refused(late[1])

    def _once(
        self, asked: tuple[object, ...], key: str, effect: Effect
    ) -> PaymentRecord:
        """
        Do something, unless its key was honoured before.
        """
        line, faults = self.line, self.line.faults
        at = line.scheduler.clock.now()  # time may leap before it is done
        line.begin()
        self.go_on()
        if line.draws(faults.declined) and key not in self._keys:
            raise DeclinedError(provider=GATEWAY, detail="the bank declines")
        before, since = self._keys.setdefault(key, (asked, at))
        if before != asked:
            self.books.wrong.append(f"{key} is used for something else")
            raise DeclinedError(provider=GATEWAY, detail="another payment has that key")
        is_honoured = bool(self.key_ttl) and at < since + self.key_ttl

        def done() -> Operation:
            return self._done(key, effect, is_honoured=is_honoured)

        if line.draws(faults.lost / 3):
            self._late.append((line.scheduler.steps + line.number(_LATE_MAX), done))
            raise TimedOutError(provider=GATEWAY, within=timedelta(seconds=30))
        line.fail(lambda: _even_if_refused(done))
        made = done()
        self.line.scheduler.step()
        return self._told(made, asked_for=True)

    def _done(self, key: str, effect: Effect, *, is_honoured: bool) -> Operation:
        known, line = self._answers.get(key), self.line
        if known is not None and is_honoured:
            return self._known(known)
        try:
            made = effect()
        except DeclinedError as error:
            self._answers[key] = f"!{error.detail}"
            raise
        self._answers[key] = made.gateway_id
        if line.draws(line.faults.hidden):
            made.shown_at = line.scheduler.steps + line.number(_HIDDEN_MAX)
        return made

    def _known(self, answer: str) -> Operation:
        if answer.startswith("!"):
            raise DeclinedError(provider=GATEWAY, detail=answer[1:])
        return self.books.operations[answer]

    def _some(self, amount: Money) -> Money:
        if self.line.draws(self.line.faults.less) and amount.minor > 1:
            return Money(1 + self.line.number(amount.minor - 1), amount.currency)
        return amount

    def _waiting(self) -> PaymentOutcome:
        return PENDING if self.line.draws(self.line.faults.waits) else SUCCEEDED

    def _told(self, one: Operation, *, asked_for: bool = False) -> PaymentRecord:
        """
        Say what became of an operation, or something that is not so.
        """
        line, amount = self.line, one.amount
        if one.outcome is SUCCEEDED and line.draws(line.faults.wrong):
            # Of less than was asked for nobody could tell that it is not so.
            most = self._asked[one.reference].minor
            wrong = [
                Money(most + 1 + line.number(9_00), amount.currency),
                Money(amount.minor, "EUR"),
                Money.zero(amount.currency),
            ]
            amount = wrong[line.number(len(wrong))]
        if one.outcome is DECLINED:
            if asked_for and line.draws(1 / 2):
                raise DeclinedError(provider=GATEWAY, detail="the bank declines")
            amount = Money.zero(amount.currency)
        is_pending = one.outcome is PENDING
        return PaymentRecord(
            reference=one.reference,
            gateway_id=one.gateway_id,
            outcome=one.outcome,
            amount=amount,
            redirect_url=f"https://bank.example/{one.gateway_id}" if is_pending else "",
        )


def _even_if_refused(effect: Effect) -> None:
    """
    Let something happen whose answer nobody hears.
    """
    try:
        effect()
    except DeclinedError:
        return


@frozen
class SimulatedGatewayConfig:
    """
    What a connection to a simulated gateway says.
    """

    gateway: str


class SimulatedGateways:
    """
    A plugin that offers the gateways of a run: `cards` honours keys and finds what it
    did; `bank` honours none; `slips` honours keys for an hour, and does not vouch for
    what it does not find.
    """

    def __init__(self, scheduler: Scheduler, faults: GatewayFaults) -> None:
        kinds = {
            "cards": (timedelta(days=1), True),
            "bank": (timedelta(0), True),
            "slips": (timedelta(hours=1), False),
        }
        self.gateways = {
            name: SimulatedGateway(
                Line(scheduler, faults), ttl, finds, Books(scheduler)
            )
            for name, (ttl, finds) in kinds.items()
        }

    @hookimpl
    def sourcehere_payment_providers(self) -> list[PaymentProviderInfo]:
        """
        Offer them.
        """
        return [ProviderInfo(GATEWAY, SimulatedGatewayConfig, self._make)]

    def _make(self, config: SimulatedGatewayConfig, _: Context) -> PaymentProvider:
        return self.gateways[config.gateway]
