"""
Which one: typed ids, time-ordered so that tables grow at their end.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NewType

from .errors import InvalidInputError

SellerId = NewType("SellerId", str)
StoreId = NewType("StoreId", str)
OrderId = NewType("OrderId", str)
ItemId = NewType("ItemId", str)
ContactId = NewType("ContactId", str)
ProductId = NewType("ProductId", str)
VariantId = NewType("VariantId", str)
ConnectionId = NewType("ConnectionId", str)
QuoteRequestId = NewType("QuoteRequestId", str)
WarehouseId = NewType("WarehouseId", str)
LotId = NewType("LotId", str)
CheckoutId = NewType("CheckoutId", str)
ParcelId = NewType("ParcelId", str)
LabelId = NewType("LabelId", str)
DisputeId = NewType("DisputeId", str)
ConversationId = NewType("ConversationId", str)
RefundId = NewType("RefundId", str)
PaymentAttemptId = NewType("PaymentAttemptId", str)
HoldId = NewType("HoldId", str)
MessageId = NewType("MessageId", str)
CommandId = NewType("CommandId", str)

_COUNTER_BITS = 12
_VARIANT = {f"{digit:x}": f"{8 | digit & 3:x}" for digit in range(16)}


class _Generator:
    """
    UUIDv7 (RFC 9562 section 5.7), strictly increasing within a process.

    The 12 bits after the milliseconds count ids of one millisecond; when they run
    out, or the wall clock steps back, the next millisecond is borrowed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> str:
        now = (time.time_ns() // 1_000_000) << _COUNTER_BITS
        with self._lock:
            self._last = tick = max(now, self._last + 1)
        tail = secrets.token_bytes(8).hex()
        head = f"{tick >> _COUNTER_BITS:012x}"
        # The variant's two bits come first in its digit: 8, 9, a or b.
        variant = _VARIANT[tail[0]]
        return (
            f"{head[:8]}-{head[8:]}-7{tick & 0xFFF:03x}-{variant}{tail[1:4]}-{tail[4:]}"
        )


_maker: ContextVar[Callable[[], str]] = ContextVar(
    "maker_of_ids", default=_Generator().next
)


def new_id() -> str:
    """
    Make an id greater than every id this process made before.
    """
    return _maker.get()()


@contextmanager
def ids_made_by(make: Callable[[], str]) -> Iterator[None]:
    """
    Let *make* make the ids of what is done inside, in this thread: for runs that are to
    be the same again. Each has to be greater than all before it.
    """
    token = _maker.set(make)
    try:
        yield
    finally:
        _maker.reset(token)


_CHOSEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
NAME_MAX = 200


def check_id(field: str, value: str) -> None:
    """
    Accept an id that a person or a host chose, such as `lantern-shop`.

    It may stand in a URL, a file name and a log line: at most 64 letters of a to z,
    digits, and `.`, `_`, `:`, `-`; the first is a letter or a digit.

    Raises:
        InvalidInputError: If it is something else; it names *field*.
    """
    if not isinstance(value, str) or not _CHOSEN.fullmatch(value):
        expected = (
            "an id: 1 to 64 of a-z, A-Z, 0-9 and . _ : -, a letter or digit first"
        )
        raise InvalidInputError(field=field, value=value, expected=expected)


def check_name(field: str, value: str) -> None:
    """
    Accept a name that people read, in any script: one line that is not empty.

    Raises:
        InvalidInputError: If it is empty, longer than 200 characters, or not printable.
    """
    if (
        not isinstance(value, str)
        or not value.strip()
        or len(value) > NAME_MAX
        or not value.isprintable()
    ):
        expected = f"a name: one line of 1 to {NAME_MAX} characters"
        raise InvalidInputError(field=field, value=value, expected=expected)
