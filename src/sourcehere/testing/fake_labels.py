"""
A carrier in memory that sells labels, and whose calls fail as they are told to.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import attrs

from ..domain.kernel.money import Money
from ..ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from ..ports.labels import PDF, LabelFile, LabelRequest, SoldLabel
from .fake_carrier import FakeCarrier
from .fake_shop import RETRY_AFTER, Fault

T = TypeVar("T")
_NAME = "fake_carrier"
_WITH_EFFECT = frozenset({Fault.LOST_AFTER, Fault.NONSENSE, Fault.EMPTY})


def _no_fault() -> None:
    """
    Let a call pass.
    """


def _no_steps(_step: str, /) -> None:
    """
    Do nothing.
    """


@attrs.define
class LabelCarrier(FakeCarrier):
    """
    A carrier that sells labels, and honours keys.

    Attributes:
        faults: Taken from the front, one per call to buy or to void; None lets it pass.

        key_ttl: For how long it says that it honours a key.

        price: What each label costs.

        sold: Key -> the label that it sold with it: its books.

        used: References of labels that it takes back no more.

        void: References of labels that it took back.

        keys: The key of each call to buy, in order.

        requests: What it was asked to sell, in order.

        forgotten: The references of labels whose files are gone.

        voided: The key of each call to void, in order.

        sold_instead: What it answers in place of a label that makes sense.

        file_answer: What it sends in place of a file that makes sense.

        next_fault: Asked at each call, also for a file, where `faults` say nothing.

        when_asked: Called with `buy` or `void` once a call had its effect: before its
            answer is on its way.
    """

    faults: list[Fault | None] = attrs.field(factory=list)
    key_ttl: timedelta = timedelta(days=1)
    price: Money = Money(412, "EUR")
    sold: dict[str, SoldLabel] = attrs.field(factory=dict)
    used: set[str] = attrs.field(factory=set)
    void: set[str] = attrs.field(factory=set)
    forgotten: set[str] = attrs.field(factory=set)
    keys: list[str] = attrs.field(factory=list)
    requests: list[LabelRequest] = attrs.field(factory=list)
    voided: list[str] = attrs.field(factory=list)
    sold_instead: object = None
    file_answer: object = None
    next_fault: Callable[[], Fault | None] = _no_fault
    when_asked: Callable[[str], None] = _no_steps
    _lock: threading.Lock = attrs.field(
        factory=threading.Lock, init=False, repr=False, eq=False
    )

    @property
    def paid(self) -> list[str]:
        """
        The references of labels that it takes money for.
        """
        return [s.reference for s in self.sold.values() if s.reference not in self.void]

    def label_key_ttl(self) -> timedelta:
        """
        Say what was told.
        """
        return self.key_ttl

    def buy_label(self, request: LabelRequest, /, *, idempotency_key: str) -> SoldLabel:
        """
        Sell a label, the same for the same key.

        Raises:
            ProviderError: As `faults` say.
        """
        self.keys.append(idempotency_key)
        self.requests.append(request)
        made = self._met("buy", lambda: self._sell(idempotency_key))
        return made if self.sold_instead is None else self.sold_instead  # type: ignore[return-value]  # it may be anything

    def _sell(self, key: str) -> SoldLabel:
        with self._lock:
            return self._sold_under(key)

    def _sold_under(self, key: str) -> SoldLabel:
        number = len(self.sold) + 1
        made = SoldLabel(
            reference=f"L{number}",
            carrier="Fake Post",
            tracking_number=f"FP{number:06}",
            price=self.price,
        )
        if not self.key_ttl and key in self.sold:
            key = f"{key}#{number}"  # it honours no key: it is another one
        return self.sold.setdefault(key, made)

    def void_label(self, reference: str, /, *, idempotency_key: str) -> None:
        """
        Take a label back; again, it is void still.

        Raises:
            ProviderError: As `faults` say, and if there is none.
        """
        self.voided.append(idempotency_key)
        if reference not in {label.reference for label in self.sold.values()}:
            raise DeclinedError(provider=_NAME, detail="no such label")
        if reference in self.used:
            raise DeclinedError(provider=_NAME, detail="it was handed in")
        self._met("void", lambda: self.void.add(reference))

    def label_file(self, reference: str, /) -> LabelFile:
        """
        Return what was told, or a PDF with its reference.
        """
        if isinstance(self.file_answer, Exception):
            raise self.file_answer
        if self.file_answer is not None:
            return self.file_answer  # type: ignore[return-value]  # it may be anything
        if reference not in {label.reference for label in self.sold.values()}:
            raise DeclinedError(provider=_NAME, detail="no such label")
        if reference in self.forgotten:
            raise DeclinedError(provider=_NAME, detail="it is not kept")
        fault = self.next_fault()
        if fault is not None:
            raise _error_of(fault)
        return LabelFile(f"%PDF-1.4 {reference}".encode(), PDF)

    def forget_label(self, reference: str, /) -> None:
        """
        Keep no file of a label any more.

        Raises:
            ProviderError: As `next_fault` says.
        """
        fault = self.next_fault()
        if fault is not None:
            raise _error_of(fault)
        self.forgotten.add(reference)

    def _met(self, call: str, effect: Callable[[], T]) -> T:
        fault = self.faults.pop(0) if self.faults else self.next_fault()
        if fault is None or fault in _WITH_EFFECT:
            answer = effect()
            self.when_asked(call)
            if fault is None:
                return answer
        raise _error_of(fault)


class FindingLabelCarrier(LabelCarrier):
    """
    The same, for a carrier that can be searched by key.
    """

    def find_label(self, idempotency_key: str, /) -> SoldLabel | None:
        """
        Look into its books.
        """
        fault = self.next_fault()
        if fault is not None:
            raise _error_of(fault)
        return self.sold.get(idempotency_key)


def _error_of(fault: Fault) -> Exception:
    match fault:
        case Fault.DECLINED:
            return DeclinedError(provider=_NAME, detail="no such street")
        case Fault.THROTTLED:
            return ThrottledError(
                provider=_NAME, detail="slowly", retry_after=RETRY_AFTER
            )
        case Fault.UNAUTHORIZED:
            return UnauthorizedError(provider=_NAME, detail="who are you")
        case Fault.NONSENSE | Fault.EMPTY:
            return ProtocolError(provider=_NAME, detail="not JSON")
    return UnknownOutcomeError(provider=_NAME, detail="the line broke")
