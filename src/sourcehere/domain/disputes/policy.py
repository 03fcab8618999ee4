"""
What can be disputed, when, with what evidence, and for how much: a table.
"""

import enum
from datetime import datetime, timedelta

from ..kernel.errors import Blocker
from ..kernel.values import frozen


class DisputeReason(enum.StrEnum):
    """
    Why a seller disputes.
    """

    CANCEL = "cancel"  # not wanted any more, before it left
    NOT_RECEIVED = "not_received"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    QUALITY = "quality"
    SHORT = "short"  # fewer units than were paid


class CountedFrom(enum.StrEnum):
    """
    What the window of a reason counts from.
    """

    # When the order entered its state: units that have not left have nothing else.
    STATE = "state"
    # When each unit's parcel was delivered, or sent while nobody has said that it was;
    # of a cloud-warehouse order, when the warehouse counted it.
    PARCEL = "parcel"


class Remedy(enum.StrEnum):
    """
    How a dispute can end in the seller's favour.
    """

    REFUND = "refund"
    RESHIP = "reship"  # the units are sent again, free of charge


@frozen
class PolicyRow:
    """
    What holds for one reason.

    Attributes:
        states: Order states in which it may be opened.

        window: How long it may be opened.

        counted_from: What that counts from.

        evidence: What the seller must give: `description`, `photo`.

        remedies: How it can end.

        goods_points, freight_points: Most that may be refunded, in hundredths of a
            percent of what was paid.

        is_about_unsent: Whether it is about units that have not left, or about units
            that have.
    """

    states: frozenset[str]
    window: timedelta
    evidence: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    goods_points: int
    freight_points: int
    is_about_unsent: bool = False
    counted_from: CountedFrom = CountedFrom.PARCEL


_REFUND = (Remedy.REFUND,)
_EITHER = (Remedy.REFUND, Remedy.RESHIP)
_BEFORE = frozenset({"awaiting_shipping", "partially_shipped"})
_AFTER = frozenset({"partially_shipped", "shipped", "receiving", "fulfilled"})
ALL, NONE = 10_000, 0

POLICY: dict[DisputeReason, PolicyRow] = {
    DisputeReason.CANCEL: PolicyRow(
        _BEFORE,
        timedelta(days=365),
        (),
        _REFUND,
        ALL,
        ALL,
        is_about_unsent=True,
        counted_from=CountedFrom.STATE,
    ),
    DisputeReason.NOT_RECEIVED: PolicyRow(
        _AFTER, timedelta(days=90), ("description",), _EITHER, ALL, ALL
    ),
    DisputeReason.DAMAGED: PolicyRow(
        _AFTER, timedelta(days=30), ("description", "photo"), _EITHER, ALL, NONE
    ),
    DisputeReason.WRONG_ITEM: PolicyRow(
        _AFTER, timedelta(days=30), ("description", "photo"), _EITHER, ALL, ALL
    ),
    DisputeReason.QUALITY: PolicyRow(
        _AFTER, timedelta(days=30), ("description", "photo"), _EITHER, 5_000, NONE
    ),
    DisputeReason.SHORT: PolicyRow(
        _AFTER, timedelta(days=30), ("description",), _EITHER, ALL, NONE
    ),
}

EVIDENCE_KINDS = frozenset(kind for row in POLICY.values() for kind in row.evidence)


def remedy_blockers(reason: DisputeReason, remedy: Remedy) -> tuple[Blocker, ...]:
    """
    Return why a dispute for *reason* cannot end with *remedy*; empty if it can.
    """
    remedies = POLICY[reason].remedies
    if remedy in remedies:
        return ()
    words = f"{reason} ends with a {' or a '.join(remedies)}, and not with a {remedy}"
    facts: dict[str, str | int] = {"reason": reason.value, "remedy": remedy.value}
    return (Blocker("remedy_not_allowed", words, facts),)


def policy_blockers(
    reason: DisputeReason,
    *,
    remedy: Remedy,
    state: str,
    entered_at: datetime,
    at: datetime,
    evidence: frozenset[str],
) -> tuple[Blocker, ...]:
    """
    Return every rule of the table that a dispute for *reason* would break.

    Windows of parcels are not among them: `windows.window_blockers` has those.
    """
    row = POLICY[reason]
    found = [*remedy_blockers(reason, remedy)]
    if state not in row.states:
        needs = ", ".join(sorted(row.states))
        words = f"{reason} is for orders that are {needs}, not {state}"
        found.append(Blocker("reason_not_for_state", words, {"state": state}))
    elif row.counted_from is CountedFrom.STATE and at > entered_at + row.window:
        days = row.window.days
        words = f"the window of {days} days has closed"
        found.append(Blocker("window_closed", words, {"days": days}))
    for kind in row.evidence:
        if kind not in evidence:
            words = f"{reason} needs a {kind}"
            found.append(Blocker("evidence_missing", words, {"evidence": kind}))
    return tuple(found)
