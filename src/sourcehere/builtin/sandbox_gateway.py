"""
The payment provider `sandbox`: a gateway that pretends, so that paying by card can be
tried at a shell before there is an account anywhere. It moves no money.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NoReturn

from ..domain.kernel.clock import Clock
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..plugins.files import OutsideFolderError, steps_below
from ..ports.errors import (
    ConfigError,
    ConfigProblem,
    DeclinedError,
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
from .sandbox_books import BookFile, Books, Entry

PROVIDER = "sandbox"
BEGINS = "tok_"
DECLINED = "tok_declined"
ASKS_PAYER = "tok_3ds"
PAYER_REFUSES = "tok_3ds_declined"
LOSES_ANSWER = "tok_lost"
TAKEN_BACK = "tok_chargeback"

_LATER = timedelta(seconds=30)


@frozen(kw_only=True)
class SandboxConfig:
    """
    Where a sandbox gateway keeps its books.

    Attributes:
        path: The file, below the host's folder. It is made; each line of it is what the
            gateway did.

        fee_minor: What it keeps of each capture in a payout, in minor units.
    """

    path: str = "sandbox-gateway.jsonl"
    fee_minor: int = 0


class SandboxGateway:
    """
    A gateway that takes every token that begins with `tok_`, and pretends.

    | token | what the card does |
    |---|---|
    | `tok_declined` | its bank says no |
    | `tok_3ds` | its payer has to agree, and has done so when it is looked up |
    | `tok_3ds_declined` | its payer refuses |
    | `tok_lost` | it is charged, and the answer is lost |
    | `tok_chargeback` | its bank takes back what was captured |

    The same key is the same payment for as long as there is the file.
    """

    key_ttl = timedelta(days=1)
    finds_by_reference = True

    def __init__(self, config: SandboxConfig, *, folder: str, clock: Clock) -> None:
        """
        Keep the books below *folder*; nothing is opened yet.

        Raises:
            ConfigError: If the path leads out of it, no folder was given, or the fee is
                below zero.
        """
        problems = tuple(_problems(config, folder))
        if problems:
            raise ConfigError(
                provider=f"payment provider {PROVIDER}", problems=problems
            )
        self._config, self._clock = config, clock
        self._file = BookFile(config.path, folder=folder)

    def check(self) -> None:
        """
        Read the books; make them if there are none.

        Raises:
            ProviderError: If that cannot be done.
        """
        with self._books():
            pass

    def authorize(
        self, amount: Money, source: str, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Reserve *amount*, unless the token says otherwise.

        Raises:
            ProviderError: If the card is declined, or the books cannot be kept.
        """

        def effect(books: Books) -> Entry:
            if not source.startswith(BEGINS):
                _refuse(f"no token of this gateway: they begin with {BEGINS}")
            if source.startswith(DECLINED):
                _refuse("the bank of the card says no")
            waits = source in (ASKS_PAYER, PAYER_REFUSES)
            outcome = PaymentOutcome.PENDING if waits else PaymentOutcome.SUCCEEDED
            return self._add(books, "authorize", asked, source=source, outcome=outcome)

        asked = _Asked(amount, (), reference, idempotency_key, source)
        return self._once("authorize", asked, effect)

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
        Take *amount* once; the rest of what was reserved is released.

        Raises:
            ProviderError: If nothing is reserved, or less; if the answer is lost, or
                the books cannot be kept.
        """

        def effect(books: Books) -> Entry:
            first = _first(books, "authorize", asked)
            if books.taken_of(first.name):
                _refuse(f"{first.name} was captured already")
            return self._add(books, "capture", asked, source=first.source)

        asked = _Asked(amount, (authorization_id,), reference, idempotency_key)
        return self._once("capture", asked, effect)

    def refund(
        self, capture_id: str, amount: Money, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Return *amount* of a capture.

        Raises:
            ProviderError: If there is not so much of it left, its bank took it back, or
                the books cannot be kept.
        """

        def effect(books: Books) -> Entry:
            first = _first(books, "capture", asked)
            if first.source == TAKEN_BACK:
                _refuse("the bank of the card took it back")
            return self._add(books, "refund", asked, source=first.source)

        asked = _Asked(amount, (capture_id,), reference, idempotency_key)
        return self._once("refund", asked, effect)

    def find(self, reference: str, /) -> PaymentRecord | None:
        """
        Look up what was called *reference*; a payer who was asked has decided by then.

        Raises:
            ProviderError: If the books cannot be kept.
        """
        with self._books() as books:
            named = (e for e in books.entries.values() if e.reference == reference)
            found = next(named, None)
            if found is None or not reference:
                return None
            if found.outcome == PaymentOutcome.PENDING.value:
                agrees = found.source != PAYER_REFUSES
                said = PaymentOutcome.SUCCEEDED if agrees else PaymentOutcome.DECLINED
                decided = Entry(
                    kind="decided",
                    at=self._now(),
                    of=(found.name,),
                    outcome=said.value,
                )
                books.add(decided)
            return _record(books.entries[found.name])

    def chargebacks(self, capture_id: str, /) -> Sequence[Chargeback]:
        """
        List what was taken back of a capture: all of what `tok_chargeback` paid.

        Raises:
            ProviderError: If the books cannot be kept.
        """
        with self._books() as books:
            found = books.entries.get(capture_id)
        if found is None or found.kind != "capture" or found.source != TAKEN_BACK:
            return ()
        return (
            Chargeback(
                gateway_id=_chargeback_of(found),
                amount=found.amount,
                taken_at=datetime.fromisoformat(found.at),
            ),
        )

    def payouts(self, since: datetime, /) -> Sequence[Payout]:
        """
        Pay out what was moved since somebody last asked, a sum for each currency, and
        list what was paid out at or after *since*, oldest first.

        Raises:
            ProviderError: If the books cannot be kept.
        """
        with self._books() as books:
            lines = [e for e in books.entries.values() if e.kind == "payout"]
            before = {name for line in lines for name in line.of}
            due: dict[str, list[str]] = {}
            for entry in books.moved():
                if entry.name not in before:
                    due.setdefault(entry.currency, []).append(entry.name)
            lines += [
                books.add(
                    Entry(kind="payout", at=self._now(), of=tuple(names), currency=code)
                )
                for code, names in due.items()
            ]
            made = [self._payout(books, line) for line in lines]
        return [one for one in made if one.paid_at >= since]

    def _payout(self, books: Books, line: Entry) -> Payout:
        entries: list[PayoutEntry] = []
        for name in line.of:
            entries += self._entries_of(books.entries[name])
        total = sum(entry.amount.minor - entry.fee.minor for entry in entries)
        return Payout(
            gateway_id=line.name,
            paid_at=datetime.fromisoformat(line.at),
            amount=Money(total, line.currency),
            entries=tuple(entries),
        )

    def _entries_of(self, moved: Entry) -> Iterator[PayoutEntry]:
        nothing = Money.zero(moved.currency)
        back = Money(-moved.minor, moved.currency)
        if moved.kind == "refund":
            yield PayoutEntry(gateway_id=moved.name, amount=back, fee=nothing)
            return
        fee = Money(self._config.fee_minor, moved.currency)
        yield PayoutEntry(gateway_id=moved.name, amount=moved.amount, fee=fee)
        if moved.source == TAKEN_BACK:
            name = _chargeback_of(moved)
            yield PayoutEntry(gateway_id=name, amount=back, fee=nothing)

    def _once(
        self, kind: str, asked: "_Asked", effect: Callable[[Books], Entry]
    ) -> PaymentRecord:
        with self._books() as books:
            same = (e for e in books.entries.values() if e.key == asked.key)
            known = next(same, None)
            if known is not None and _as_asked(known) != (kind, asked):
                _refuse("another payment has that key")
            made = effect(books) if known is None else known
        if known is None and kind == "capture" and made.source == LOSES_ANSWER:
            raise UnknownOutcomeError(provider=PROVIDER, detail="the answer is lost")
        return _record(made)

    def _add(
        self,
        books: Books,
        kind: str,
        asked: "_Asked",
        *,
        source: str,
        outcome: PaymentOutcome = PaymentOutcome.SUCCEEDED,
    ) -> Entry:
        return books.add(
            Entry(
                kind=kind,
                at=self._now(),
                reference=asked.reference,
                key=asked.key,
                source=source,
                of=asked.of,
                currency=asked.amount.currency,
                minor=asked.amount.minor,
                outcome=outcome.value,
            )
        )

    def _now(self) -> str:
        return self._clock.now().isoformat()

    @contextmanager
    def _books(self) -> Iterator[Books]:
        """
        Open the books; where that cannot be done nothing happened.
        """
        try:
            with self._file.open() as books:
                yield books
        except TimeoutError as error:
            raise ThrottledError(
                provider=PROVIDER, detail=self._words(error), retry_after=_LATER
            ) from error
        except OSError as error:
            raise UnauthorizedError(
                provider=PROVIDER, detail=self._words(error)
            ) from error

    def _words(self, error: OSError) -> str:
        return f"{self._config.path}: {error.strerror or error}"


@frozen
class _Asked:
    """
    What was asked for: the same key has to say the same.
    """

    amount: Money
    of: tuple[str, ...]
    reference: str
    key: str
    source: str = ""


def _as_asked(known: Entry) -> tuple[str, _Asked]:
    source = known.source if known.kind == "authorize" else ""
    asked = _Asked(known.amount, known.of, known.reference, known.key, source)
    return known.kind, asked


def _first(books: Books, kind: str, asked: _Asked) -> Entry:
    """
    Return what is captured or returned, which has so much left.
    """
    (name,) = asked.of
    first = books.entries.get(name)
    if first is None or first.kind != kind:
        _refuse(f"there is no {name}")
    if first.outcome != PaymentOutcome.SUCCEEDED.value:
        _refuse(f"the payer of {name} has not agreed")
    left = first.minor - books.taken_of(name)
    if asked.amount.currency != first.currency or asked.amount.minor > left:
        _refuse(f"of {name} there is only {Money(left, first.currency)}")
    return first


def _record(entry: Entry) -> PaymentRecord:
    outcome = PaymentOutcome(entry.outcome)
    is_pending = outcome is PaymentOutcome.PENDING
    return PaymentRecord(
        reference=entry.reference,
        gateway_id=entry.name,
        outcome=outcome,
        amount=entry.amount,
        redirect_url=f"https://sandbox.invalid/{entry.name}" if is_pending else "",
    )


def _chargeback_of(capture: Entry) -> str:
    return f"cb_of_{capture.name}"


def _refuse(detail: str) -> NoReturn:
    raise DeclinedError(provider=PROVIDER, detail=detail)


def _problems(config: SandboxConfig, folder: str) -> Iterator[ConfigProblem]:
    if config.fee_minor < 0:
        yield ConfigProblem("fee_minor", "is below zero")
    if not folder:
        yield ConfigProblem("path", "the host gave no folder for files")
        return
    try:
        steps_below(folder, config.path)
    except OutsideFolderError:
        yield ConfigProblem("path", "leads out of the folder for files")
