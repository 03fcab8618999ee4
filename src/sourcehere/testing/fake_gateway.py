"""
A payment gateway in memory whose calls fail as they are told to.
"""

import hmac
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import attrs

from ..domain.kernel.money import Money
from ..ports.errors import (
    DeclinedError,
    ProtocolError,
    SignatureError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from ..ports.payments import (
    Chargeback,
    PaymentOutcome,
    PaymentRecord,
    Payout,
    PayoutEntry,
)
from .fake_shop import RETRY_AFTER, Fault

_NAME = "fake_gateway"
_SECRET = b"whsec"
_WITH_EFFECT = frozenset({Fault.LOST_AFTER, Fault.NONSENSE, Fault.EMPTY})
DECLINED_CARD = "tok_declined"
PENDING_CARD = "tok_3ds"


def _no_fault() -> None:
    """
    Let a call pass.
    """


def _no_steps(_step: str, /) -> None:
    """
    Do nothing.
    """


@attrs.define
class Operation:
    """
    One operation in the books of a gateway.

    Attributes:
        kind: `authorize`, `capture` or `refund`.

        of: The operation that it captures or returns.
    """

    gateway_id: str
    kind: str
    reference: str
    amount: Money
    source: str = ""
    of: str = ""
    outcome: PaymentOutcome = PaymentOutcome.SUCCEEDED
    released: bool = False


@attrs.define
class FakeGateway:
    """
    A gateway that honours keys and finds by reference. It takes every token but
    `tok_declined`; with `tok_3ds` the payer has to decide first (`decide`).

    Attributes:
        faults: Taken from the front, one per call that moves money; None lets it pass.

        next_fault: Asked at each call, also to look up, where `faults` say nothing.

        when_asked: Called with the kind of a call once it had its effect: before its
            answer is on its way.

        answer_instead: What it answers in place of a record that makes sense.

        told_instead: The amount that it tells, in place of the one that it moved.

        tokens: Those that it knows; every one if not given.

        refuses_refunds: Whether it declines every refund.

        books: Its operations, by its own name of them.

        keys: The key of each call that moves money, in order.

        looks: The references that it was asked to find, in order.

        fee: What it keeps of each operation in a payout.
    """

    key_ttl: timedelta = timedelta(days=1)
    finds_by_reference: bool = True
    faults: list[Fault | None] = attrs.field(factory=list)
    next_fault: Callable[[], Fault | None] = _no_fault
    when_asked: Callable[[str], None] = _no_steps
    answer_instead: object = None
    told_instead: Money | None = None
    tokens: set[str] | None = None
    refuses_refunds: bool = False
    books: dict[str, Operation] = attrs.field(factory=dict)
    keys: list[str] = attrs.field(factory=list)
    looks: list[str] = attrs.field(factory=list)
    taken_back: dict[str, list[Chargeback]] = attrs.field(factory=dict)
    paid_out: list[Payout] = attrs.field(factory=list)
    fee: int = 0
    _answers: dict[str, tuple[object, str]] = attrs.field(factory=dict)
    _lock: threading.Lock = attrs.field(
        factory=threading.Lock, init=False, repr=False, eq=False
    )

    def authorize(
        self, amount: Money, source: str, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Reserve an amount.

        Raises:
            ProviderError: As `faults` say, or the card.
        """

        def effect() -> Operation:
            if self.tokens is not None and source not in self.tokens:
                raise DeclinedError(provider=_NAME, detail="no such token")
            if source.startswith(DECLINED_CARD):
                raise DeclinedError(provider=_NAME, detail="insufficient funds")
            made = self._new("authorize", reference, amount, source=source)
            if source.startswith(PENDING_CARD):
                made.outcome = PaymentOutcome.PENDING
            return made

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
            ProviderError: As `faults` say, or if there is not so much.
        """

        def effect() -> Operation:
            first = self._first(authorization_id, "authorize", amount)
            first.released = True
            return self._new(
                "capture", reference, amount, of=authorization_id, source=first.source
            )

        asked = ("capture", amount, authorization_id, reference)
        return self._once(asked, idempotency_key, effect)

    def refund(
        self, capture_id: str, amount: Money, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Return an amount.

        Raises:
            ProviderError: As `faults` say, or if there is not so much.
        """

        def effect() -> Operation:
            if self.refuses_refunds:
                raise DeclinedError(provider=_NAME, detail="the card is closed")
            first = self._first(capture_id, "capture", amount)
            return self._new(
                "refund", reference, amount, of=capture_id, source=first.source
            )

        asked = ("refund", amount, capture_id, reference)
        return self._once(asked, idempotency_key, effect)

    def find(self, reference: str, /) -> PaymentRecord | None:
        """
        Look into its books.

        Raises:
            ProviderError: As `next_fault` says.
        """
        self.looks.append(reference)
        fault = self.next_fault()
        if fault is not None:
            raise _error_of(fault)
        found = [o for o in self.books.values() if o.reference == reference]
        return self._record(found[0]) if found else None

    def chargebacks(self, capture_id: str, /) -> Sequence[Chargeback]:
        """
        List what was told to be taken back.

        Raises:
            ProviderError: As `next_fault` says.
        """
        fault = self.next_fault()
        if fault is not None:
            raise _error_of(fault)
        return tuple(self.taken_back.get(capture_id, ()))

    def payouts(self, since: datetime, /) -> Sequence[Payout]:
        """
        List what `pay_out` sent.
        """
        return tuple(p for p in self.paid_out if p.paid_at >= since)

    def verify_payment(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Check what `webhook` signed.

        Raises:
            SignatureError: If it is not signed, or was changed.
        """
        if headers.get("x-signature") != _signature(body):
            raise SignatureError(provider=_NAME, detail="it is not signed")
        return body.decode().split()

    # The back door.

    def webhook(self, *references: str) -> tuple[dict[str, str], bytes]:
        """
        Return the headers and the body by which it tells of payments.
        """
        body = " ".join(references).encode()
        return {"X-Signature": _signature(body)}, body

    def decide(self, reference: str = "", *, accepts: bool = True) -> None:
        """
        Let payers decide what waits for them: all of it, or what has a reference.
        """
        ends = PaymentOutcome.SUCCEEDED if accepts else PaymentOutcome.DECLINED
        for one in self.books.values():
            is_meant = reference in ("", one.reference)
            if is_meant and one.outcome is PaymentOutcome.PENDING:
                one.outcome = ends

    def take_back(
        self, capture_id: str, amount: Money, *, name: str = "cb1", at: datetime
    ) -> None:
        """
        Let the payer's bank take an amount of a capture back; nothing gives it back.
        """
        others = [
            one for one in self.taken_back.get(capture_id, ()) if one.gateway_id != name
        ]
        made = Chargeback(gateway_id=name, amount=amount, taken_at=at)
        self.taken_back[capture_id] = [*others, made]

    def pay_out(self, at: datetime, *, left_out: Iterable[str] = ()) -> Payout | None:
        """
        Send what was moved since the last payout in one sum, but for some operations.
        """
        before = {e.gateway_id for p in self.paid_out for e in p.entries}
        done = [
            one
            for one in self.books.values()
            if one.kind != "authorize"
            and one.gateway_id not in before
            and one.gateway_id not in left_out
        ]
        if not done:
            return None
        entries = tuple(_entry(one, self.fee) for one in done)
        currency = done[0].amount.currency
        total = sum(e.amount.minor - e.fee.minor for e in entries)
        made = Payout(
            gateway_id=f"po{len(self.paid_out) + 1}",
            paid_at=at.astimezone(UTC),
            amount=Money(total, currency),
            entries=entries,
        )
        self.paid_out.append(made)
        return made

    def charged(self, currency: str) -> int:
        """
        Return what it took from all cards, less what it returned, in minor units.
        """
        sign = {"capture": 1, "refund": -1}
        return sum(
            sign.get(one.kind, 0) * one.amount.minor
            for one in self.books.values()
            if one.amount.currency == currency
        )

    def _first(self, name: str, kind: str, amount: Money) -> Operation:
        first = self.books.get(name)
        is_there = first is not None and first.kind == kind and not first.released
        if first is None or not is_there:
            raise DeclinedError(provider=_NAME, detail="no such thing")
        if first.outcome is not PaymentOutcome.SUCCEEDED:
            raise DeclinedError(provider=_NAME, detail="its payer has not agreed")
        gone = sum(o.amount.minor for o in self.books.values() if o.of == name)
        currency = first.amount.currency
        if amount.currency != currency or amount.minor > first.amount.minor - gone:
            raise DeclinedError(provider=_NAME, detail="more than there is")
        return first

    def _new(
        self, kind: str, reference: str, amount: Money, *, source: str, of: str = ""
    ) -> Operation:
        name = f"{kind[:2]}_{len(self.books) + 1}"
        made = Operation(name, kind, reference, amount, source, of)
        self.books[name] = made
        return made

    def _once(
        self, asked: tuple[object, ...], key: str, effect: Callable[[], Operation]
    ) -> PaymentRecord:
        self.keys.append(key)
        fault = self.faults.pop(0) if self.faults else self.next_fault()
        if fault is not None and fault not in _WITH_EFFECT:
            raise _error_of(fault)
        with self._lock:
            made = self._done(asked, key, effect)
        self.when_asked(str(asked[0]))
        if fault is not None:
            raise _error_of(fault)
        if self.answer_instead is not None:
            return self.answer_instead  # type: ignore[return-value]  # it may be anything
        return self._record(made)

    def _done(
        self, asked: tuple[object, ...], key: str, effect: Callable[[], Operation]
    ) -> Operation:
        before, name = self._answers.get(key, (asked, ""))
        if before != asked:
            raise DeclinedError(provider=_NAME, detail="another payment has that key")
        if name and self.key_ttl:
            return self.books[name]
        made = effect()
        self._answers[key] = (asked, made.gateway_id)
        return made

    def _record(self, one: Operation) -> PaymentRecord:
        is_pending = one.outcome is PaymentOutcome.PENDING
        url = f"https://bank.example/{one.gateway_id}" if is_pending else ""
        is_no = one.outcome is PaymentOutcome.DECLINED
        amount = Money.zero(one.amount.currency) if is_no else one.amount
        return PaymentRecord(
            reference=one.reference,
            gateway_id=one.gateway_id,
            outcome=one.outcome,
            amount=amount if self.told_instead is None else self.told_instead,
            redirect_url=url,
        )


def _entry(one: Operation, fee: int) -> PayoutEntry:
    minor = one.amount.minor if one.kind == "capture" else -one.amount.minor
    currency = one.amount.currency
    return PayoutEntry(
        gateway_id=one.gateway_id,
        amount=Money(minor, currency),
        fee=Money(fee, currency),
    )


def _signature(body: bytes) -> str:
    return hmac.new(_SECRET, body, "sha256").hexdigest()


def _error_of(fault: Fault) -> Exception:
    match fault:
        case Fault.DECLINED:
            return DeclinedError(provider=_NAME, detail="the bank declines")
        case Fault.THROTTLED:
            return ThrottledError(
                provider=_NAME, detail="slowly", retry_after=RETRY_AFTER
            )
        case Fault.UNAUTHORIZED:
            return UnauthorizedError(provider=_NAME, detail="who are you")
        case Fault.NONSENSE | Fault.EMPTY:
            return ProtocolError(provider=_NAME, detail="not JSON")
    return UnknownOutcomeError(provider=_NAME, detail="the line broke")
