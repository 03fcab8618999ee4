"""
What happened to a seller's money, one transaction after the other.
"""

from collections.abc import Iterable
from datetime import date

from ..kernel.clock import day_at
from ..kernel.ids import OrderId
from ..kernel.values import frozen
from .model import LedgerEntry
from .owing import OF_WALLET


@frozen(kw_only=True)
class Change:
    """
    A transaction that changed what the platform owes a seller, in minor units.

    Attributes:
        entry: One of its entries.

        minor: What came; below zero, what went.

        balance: What was owed after it.

        order_id: The order that it is about; empty where it is about none.
    """

    entry: LedgerEntry
    minor: int
    balance: int
    order_id: OrderId = OrderId("")


@frozen(kw_only=True)
class Statement:
    """
    Some days of a wallet, in minor units.

    Attributes:
        opening, closing: What the platform owed the seller: what is available and what
            is held, less what the seller owes.

        changes: The oldest first.
    """

    currency: str
    opening: int
    changes: tuple[Change, ...]
    closing: int


def statement_of(
    entries: Iterable[LedgerEntry],
    first: date,
    last: date,
    *,
    owed: int,
    currency: str,
    zone: str,
) -> Statement:
    """
    Tell what *entries* changed from *first* to *last*.

    Args:
        entries: All that were booked since *first* began, in any order.

        owed: What the platform owes by now.

        zone: Where days begin and end.
    """
    sums: dict[str, int] = {}
    of: dict[str, LedgerEntry] = {}
    for entry in entries:
        day = day_at(entry.booked_at, zone)
        if entry.account not in OF_WALLET or day < first:
            continue
        if day > last:
            owed -= entry.amount_minor
            continue
        name = entry.transaction_id
        of[name] = entry
        sums[name] = sums.get(name, 0) + entry.amount_minor
    balance, changes = owed, list[Change]()
    booked = sorted(of.values(), key=lambda e: (e.booked_at, e.transaction_id))
    for entry in reversed(booked):
        minor = sums[entry.transaction_id]
        if minor:
            changes.append(Change(entry=entry, minor=minor, balance=balance))
        balance -= minor
    return Statement(
        currency=currency, opening=balance, changes=tuple(changes[::-1]), closing=owed
    )
