"""
How many units of an order were refunded, and how many of them it does not count any
more.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

_FAILED = "Failed"  # of a refund
# Refunds that one click makes follow each other so closely; each may wait for a bank.
_AT_ONCE = timedelta(minutes=1)


def time_of(text: str) -> datetime:
    """
    Read a time; Vendure writes them in UTC.
    """
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def units_of(told: dict[str, Any]) -> Counter[str]:
    """
    Return line -> units of a fulfilment or a refund.
    """
    units: Counter[str] = Counter()
    for line in told["lines"]:
        units[str(line["orderLineId"])] += int(line["quantity"])
    return units


@attrs.define
class _Operation:
    """
    Units that were given back in one go, out of one payment or several.
    """

    units: Counter[str]
    last: datetime
    payments: set[int]


def refunded_of(told: dict[str, Any]) -> Counter[str]:
    """
    Return line -> units that were refunded, cancelled or not.

    Where units are paid back out of several payments, Vendure makes a refund of each,
    and every one of them names all the units: those count once.
    """
    total: Counter[str] = Counter()
    known: list[_Operation] = []
    for at, payment, units in sorted(_refunds(told), key=lambda one: one[:2]):
        for one in known:
            is_soon = at - one.last <= _AT_ONCE
            if is_soon and units == one.units and payment not in one.payments:
                one.last = at
                one.payments.add(payment)
                break
        else:
            known.append(_Operation(units, at, {payment}))
            total += units
    return total


def _refunds(told: dict[str, Any]) -> Iterator[tuple[datetime, int, Counter[str]]]:
    for place, payment in enumerate(told["payments"] or ()):
        for refund in payment["refunds"]:
            units = units_of(refund)
            if units and refund["state"] != _FAILED:
                yield time_of(refund["createdAt"]), place, units


def cancelled_of(history: dict[str, Any]) -> Counter[str]:
    """
    Return line -> units that were cancelled, as an order's history tells.
    """
    units: Counter[str] = Counter()
    for entry in history["items"]:
        units += units_of({"lines": entry["data"].get("lines") or ()})
    return units
