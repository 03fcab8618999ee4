"""
What happened to a seller's money month by month, as it is put into the books.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import attrs

from ..kernel.clock import day_at
from ..kernel.ids import SellerId
from ..kernel.values import frozen
from .model import Account, LedgerEntry
from .owing import OF_WALLET
from .purposes import (
    OF_CHARGEBACKS,
    OF_GOODWILL,
    OF_ORDERS,
    OF_WITHDRAWALS,
    PAID_OUT,
    TOP_UP_LOWERED,
)

_MIDDLE = timedelta(days=31)  # from a first day into the next month
_PAID = {
    Account.GOODS: "goods",
    Account.FREIGHT: "freight",
    Account.HANDLING: "handling",
}
# Where a purpose is counted, and the sign by which it is told.
_PLACES: dict[str, tuple[str, int]] = {
    "refund": ("refunded", -1),
    "top_up": ("topped_up", -1),
    TOP_UP_LOWERED: ("topped_up", -1),
    PAID_OUT: ("withdrawn", 1),
    **dict.fromkeys(OF_WITHDRAWALS, ("withdrawn", 1)),
    **dict.fromkeys(OF_CHARGEBACKS, ("taken_back", 1)),
    **dict.fromkeys(OF_GOODWILL, ("goodwill", -1)),
}


@frozen(kw_only=True)
class MonthSums:
    """
    One month of a wallet, in minor units: what was there, what came, what went.

    Attributes:
        opening, closing: What the platform owed the seller: what is available and what
            is held, less what the seller owes.

        goods, freight, handling: Paid for orders.

        refunded: Came back of these.

        topped_up: Arrived, less what was corrected.

        goodwill: Given by the platform, less what it took back.

        withdrawn: Went back to its source, or out by a bank transfer.

        taken_back: By payers' banks, less what these gave back.

        adjusted: What repairs took back; below zero where the seller has less by it.
    """

    seller_id: SellerId
    month: date
    currency: str
    opening: int = 0
    topped_up: int = 0
    goods: int = 0
    freight: int = 0
    handling: int = 0
    refunded: int = 0
    goodwill: int = 0
    withdrawn: int = 0
    taken_back: int = 0
    adjusted: int = 0
    closing: int = 0

    @property
    def change(self) -> int:
        """
        By how much there is more at its end than at its beginning.
        """
        came = self.topped_up + self.refunded + self.goodwill + self.adjusted
        paid = self.goods + self.freight + self.handling
        return came - paid - self.withdrawn - self.taken_back


def first_of(day: date) -> date:
    """
    Return the first day of the month of *day*.
    """
    return day.replace(day=1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """
    List the months from that of *first* to that of *last*, by their first days.
    """
    months, month = [], first_of(first)
    while month <= last:
        months.append(month)
        month = first_of(month + _MIDDLE)
    return tuple(months)


def sums_of(
    entries: Iterable[LedgerEntry],
    months: Sequence[date],
    *,
    now: MonthSums,
    zone: str,
) -> tuple[MonthSums, ...]:
    """
    Sum *entries* by *months*, the oldest first; of other months nothing is told.

    Args:
        entries: All that were booked since the first of *months* began.

        now: Whose months they are, and as `closing` what is in the wallet by now.

        zone: Where months begin and end.
    """
    found: dict[date, Counter[str]] = {month: Counter() for month in months}
    closing = now.closing
    for entry in entries:
        month = first_of(day_at(entry.booked_at, zone))
        if month in found:
            _count(entry, found[month])
        elif month > months[-1] and entry.account in OF_WALLET:
            closing -= entry.amount_minor
    made = []
    for month in reversed(months):
        made.append(_month_of(now, month, found[month], closing=closing))
        closing = made[-1].opening
    return tuple(reversed(made))


def _month_of(
    now: MonthSums, month: date, sums: Counter[str], *, closing: int
) -> MonthSums:
    made = attrs.evolve(
        now,
        month=month,
        topped_up=sums["topped_up"],
        goods=sums["goods"],
        freight=sums["freight"],
        handling=sums["handling"],
        refunded=sums["refunded"],
        goodwill=sums["goodwill"],
        withdrawn=sums["withdrawn"],
        taken_back=sums["taken_back"],
        adjusted=sums["adjusted"],
        closing=closing,
    )
    return attrs.evolve(made, opening=closing - made.change)


def _count(entry: LedgerEntry, sums: Counter[str]) -> None:
    """
    Count an entry where it belongs; the wallet's own side of a transaction is what the
    other sides make of it.
    """
    if entry.account in OF_WALLET:
        return
    name, minor = _place(entry)
    sums[name] += minor


def _place(entry: LedgerEntry) -> tuple[str, int]:
    account, minor = entry.account, entry.amount_minor
    if entry.purpose in OF_ORDERS and account in _PAID:
        return _PAID[Account(account)], minor
    name, sign = _PLACES.get(entry.purpose, ("adjusted", -1))
    return name, sign * minor
