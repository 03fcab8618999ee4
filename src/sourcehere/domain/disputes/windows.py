"""
Which units a dispute may still be about: each parcel's units have their own window.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ..kernel.errors import Blocker
from ..kernel.values import frozen
from ..kernel.words import counted
from .policy import POLICY, DisputeReason


@frozen(kw_only=True)
class SentTogether:
    """
    Units whose window is one: those of a parcel, or of one count of a warehouse.

    Attributes:
        sent_at: Before that nobody could dispute them.

        counts_from: When they were delivered; when they were sent while nobody has said
            that they were.

        quantities: Item -> units.
    """

    sent_at: datetime
    counts_from: datetime
    quantities: Mapping[str, int]


@frozen(kw_only=True)
class Claim:
    """
    Units that an open dispute is about, or that one refunded.
    """

    reason: DisputeReason
    opened_at: datetime
    quantities: Mapping[str, int]


@frozen
class Claimable:
    """
    Units of one item that no dispute has, by whether their window is open.
    """

    in_window: int = 0
    out_of_window: int = 0


def claimable_units(
    sent: Iterable[SentTogether],
    claims: Iterable[Claim],
    *,
    reason: DisputeReason,
    at: datetime,
) -> dict[str, Claimable]:
    """
    Count for each item the units that may be disputed for *reason* at *at*, or not any
    more.

    A dispute names units, and not parcels. Those it took are the oldest whose window
    was open when it was opened, so that what may be disputed longest is left.
    """
    parcels = sorted(sent, key=lambda parcel: parcel.counts_from)
    left = [dict(parcel.quantities) for parcel in parcels]
    for claim in sorted(claims, key=lambda one: one.opened_at):
        for name, quantity in claim.quantities.items():
            _take(parcels, left, claim, name, quantity)
    found: dict[str, Claimable] = {}
    for parcel, units in zip(parcels, left, strict=True):
        is_open = _is_open(parcel, reason, at)
        for name, quantity in units.items():
            known = found.get(name, Claimable())
            found[name] = Claimable(
                known.in_window + (quantity if is_open else 0),
                known.out_of_window + (0 if is_open else quantity),
            )
    return found


def _take(
    parcels: Sequence[SentTogether],
    left: Sequence[dict[str, int]],
    claim: Claim,
    name: str,
    quantity: int,
) -> None:
    for only_open in (True, False):  # what left in spite of a dispute has no window
        for parcel, units in zip(parcels, left, strict=True):
            if only_open and not _is_open(parcel, claim.reason, claim.opened_at):
                continue
            taken = min(quantity, units.get(name, 0))
            if taken:
                units[name] -= taken
                quantity -= taken


def _is_open(parcel: SentTogether, reason: DisputeReason, at: datetime) -> bool:
    return parcel.sent_at <= at <= parcel.counts_from + POLICY[reason].window


def window_blockers(
    quantities: Mapping[str, int],
    claimable: Mapping[str, Claimable],
    reason: DisputeReason,
) -> tuple[Blocker, ...]:
    """
    Return the items of which more is disputed than is in its window, with how many are
    not.

    It is silent about units that nobody sent, or that another dispute has.
    """
    days = POLICY[reason].window.days
    found: list[Blocker] = []
    for name, quantity in quantities.items():
        units = claimable.get(name, Claimable())
        if not units.out_of_window or quantity <= units.in_window:
            continue
        words = (
            f"item {name}: {counted(quantity, 'unit')} asked, but the window of {days}"
            f" days has closed for {units.out_of_window} and is open for"
            f" {units.in_window}"
        )
        facts: dict[str, str | int] = {
            "item": name,
            "asked": quantity,
            "left": units.in_window,
            "closed": units.out_of_window,
            "days": days,
        }
        found.append(Blocker("window_closed", words, facts))
    return tuple(found)
