"""
Why an order stands still: typed reasons, what each one blocks, and who has to act.
"""

import enum
import re
from datetime import datetime, timedelta

from ..kernel.actor import Role
from ..kernel.ids import HoldId
from ..kernel.values import frozen


class HoldReason(enum.StrEnum):
    """
    Why an order is held. A hold blocks commands, never facts.
    """

    STORE_UNPAID = "store_unpaid"  # the shop's customer has not paid
    STORE_CHANGED = "store_changed"  # the shop edited an order that is paid here
    STORE_CANCELLED = "store_cancelled"  # the shop cancelled an order paid here
    STORE_DATA = "store_data"  # some of what the shop told is in doubt
    ADDRESS = "address"  # staff cannot address the parcel; a new address ends it
    DISPUTE = "dispute"  # the seller disputes it before it left
    OVER_RECEIPT = "over_receipt"  # the warehouse counted more than was sent
    STAFF = "staff"  # staff stopped it
    PARCEL_LOST = "parcel_lost"  # the carrier cannot find a parcel
    PARCEL_RETURNED = "parcel_returned"  # a parcel goes back to the sender
    DELIVERY_FAILED = "delivery_failed"  # the carrier came in vain
    CUSTOMS = "customs"  # customs keep a parcel
    AWAITING_PICKUP = "awaiting_pickup"  # a parcel is kept for the customer to fetch
    PARCEL_DAMAGED = "parcel_damaged"  # the carrier says so
    NOT_CARRIED = "not_carried"  # the carrier does not carry a parcel
    PARCEL_STALLED = "parcel_stalled"  # nobody has heard of a parcel for too long
    SHOP_NOT_TOLD = "shop_not_told"  # the shop did not take a parcel's number
    SHIP_LATE = "ship_late"  # it did not leave by when that was promised
    RECEIVE_LATE = "receive_late"  # the warehouse did not count it by then
    OUT_OF_STOCK = "out_of_stock"  # units that are paid cannot be bought


@frozen(kw_only=True)
class HoldRow:
    """
    What a reason does to an order.

    Attributes:
        blocks: Commands that are refused meanwhile. A hold that blocks something makes
            the order Abnormal.

        who: Whose turn it is.

        within: How long they have, where nobody says otherwise; what happens then says
            the reason's row in `deadlines.py`.

        then: Whose turn it is when that time is over and the hold stays.

        todo, then_todo: What whoever's turn it is can do about it; where something else
            can be done to some orders, `holds_advice.py` says what.
    """

    blocks: frozenset[str]
    who: Role
    todo: str
    within: timedelta = timedelta(0)
    then: Role | None = None
    then_todo: str = ""


_SELLER, _STAFF, _CARRIER = Role.SELLER, Role.STAFF, Role.CARRIER
# Silence means that a parcel arrived. It means nothing while somebody knows better, or
# while the shop's customer was never told that there is a parcel.
_SILENCE = frozenset({"deliver_by_timer"})
_DAY = timedelta(days=1)
_HAVE_DISPUTED = (
    "have the seller dispute it as not received, grant that, and release the hold"
)

HOLDS: dict[HoldReason, HoldRow] = {
    HoldReason.STORE_UNPAID: HoldRow(
        blocks=frozenset({"pay", "serve_from_local_stock", "accept", "ship"}),
        who=_SELLER,
        todo="wait until the shop says that its customer has paid, or cancel the order",
    ),
    HoldReason.STORE_CHANGED: HoldRow(
        blocks=frozenset({"accept", "ship"}),
        who=_SELLER,
        within=7 * _DAY,
        then=_STAFF,
        todo="take over what the shop added, or ask staff to refund what it does not"
        " want any more, or to send what was paid",
        then_todo="ask the seller, then refund what the shop does not want any more,"
        " which ends the hold, or release it to send what was paid",
    ),
    HoldReason.STORE_CANCELLED: HoldRow(
        blocks=frozenset({"pay", "serve_from_local_stock", "accept", "ship"}),
        who=_STAFF,
        todo="refund what has not left, or release the hold to send it all the same",
    ),
    HoldReason.STORE_DATA: HoldRow(
        blocks=frozenset({"pay", "serve_from_local_stock"}),
        who=_SELLER,
        todo="mend it in the shop, or confirm the order as it is; the hold's detail"
        " says what was wrong, and the store's problems which records were rejected",
    ),
    HoldReason.ADDRESS: HoldRow(
        blocks=frozenset({"pay", "accept", "ship"}),
        who=_SELLER,
        within=7 * _DAY,
        then=_STAFF,
        todo="correct the address, which ends the hold",
        then_todo="ask the seller again, or refund the order",
    ),
    HoldReason.DISPUTE: HoldRow(
        blocks=frozenset({"accept", "ship", "dispatch"}),
        who=_STAFF,
        todo="take the dispute and decide it, which ends the hold",
    ),
    HoldReason.OVER_RECEIPT: HoldRow(
        blocks=frozenset({"write_off_rest", "give_up"}),
        who=_STAFF,
        todo="let the warehouse count again, then release the hold",
    ),
    HoldReason.STAFF: HoldRow(
        blocks=frozenset(
            {"pay", "serve_from_local_stock", "accept", "ship", "dispatch"}
        ),
        who=_STAFF,
        todo="release the hold when its reason is gone",
    ),
    # The carrier searches. What it has not found by then, staff replace, or the seller
    # disputes: what has left is refunded by a dispute only.
    HoldReason.PARCEL_LOST: HoldRow(
        blocks=_SILENCE,
        who=_CARRIER,
        within=14 * _DAY,
        then=_STAFF,
        todo="wait: the carrier searches for it",
        then_todo=f"replace the parcel, or {_HAVE_DISPUTED}",
    ),
    # The seller says where it shall go now. Staff decide without them otherwise.
    HoldReason.PARCEL_RETURNED: HoldRow(
        blocks=_SILENCE,
        who=_SELLER,
        within=14 * _DAY,
        then=_STAFF,
        todo="say where it shall go now, or dispute it as not received",
        then_todo="replace the parcel by one that goes out again, take its units into"
        f" stock, or {_HAVE_DISPUTED}",
    ),
    # The seller asks their customer to be at home or to fetch it. Carriers keep a
    # parcel for about a week; staff ask for it to be kept longer, or sent back.
    HoldReason.DELIVERY_FAILED: HoldRow(
        blocks=_SILENCE,
        who=_SELLER,
        within=7 * _DAY,
        then=_STAFF,
        todo="ask the customer to be at home, or to fetch it",
        then_todo="ask the carrier to keep it longer, or to send it back",
    ),
    # The seller asks their customer for papers or duties; staff ask the carrier.
    HoldReason.CUSTOMS: HoldRow(
        blocks=_SILENCE,
        who=_SELLER,
        within=14 * _DAY,
        then=_STAFF,
        todo="ask the customer for papers or duties",
        then_todo="ask the carrier what customs want",
    ),
    # Carriers keep a parcel for one to two weeks, then send it back.
    HoldReason.AWAITING_PICKUP: HoldRow(
        blocks=_SILENCE,
        who=_SELLER,
        within=7 * _DAY,
        then=_STAFF,
        todo="ask the customer to fetch it",
        then_todo="ask the carrier to keep it longer, or to send it back",
    ),
    # The carrier may bring it all the same; the customer then says what it is worth.
    HoldReason.PARCEL_DAMAGED: HoldRow(
        blocks=_SILENCE,
        who=_STAFF,
        within=7 * _DAY,
        then=_SELLER,
        todo="ask the carrier what is left of it, then replace the parcel, or have the"
        " seller dispute what is worth nothing, and release the hold",
        then_todo="ask the customer what has come, and dispute what is worth nothing",
    ),
    HoldReason.NOT_CARRIED: HoldRow(
        blocks=_SILENCE,
        who=_STAFF,
        within=3 * _DAY,
        then=_SELLER,
        todo=f"replace the parcel by one with another number, or {_HAVE_DISPUTED}",
        then_todo="ask staff when it leaves, or dispute it as not received",
    ),
    # Staff ask the carrier. If that brings no news either, the hold ends: a carrier
    # that tells nothing must not keep orders open for ever, and the timer runs again.
    HoldReason.PARCEL_STALLED: HoldRow(
        blocks=_SILENCE,
        who=_STAFF,
        within=20 * _DAY,
        todo="ask the carrier where it is",
    ),
    # Staff send it again. What the shop does not take even so, the seller writes into
    # the shop by hand.
    HoldReason.SHOP_NOT_TOLD: HoldRow(
        blocks=_SILENCE,
        who=_STAFF,
        within=3 * _DAY,
        then=_SELLER,
        todo="send the message to the shop again",
        then_todo="write the number into the shop by hand; staff then discard the"
        " message",
    ),
    # Nothing is stopped by being late: it leaves as soon as it can. The seller need not
    # wait, and cancels what has not left or disputes it.
    HoldReason.SHIP_LATE: HoldRow(
        blocks=frozenset(),
        who=_STAFF,
        todo="send what is left, or refund it; the seller may cancel it",
    ),
    HoldReason.RECEIVE_LATE: HoldRow(
        blocks=frozenset(),
        who=_STAFF,
        todo="ask the warehouse what came, then count it or write off what never came",
    ),
    # What else is in the order leaves all the same, and what was promised is late all
    # the same. Whoever bought it says whether they wait.
    HoldReason.OUT_OF_STOCK: HoldRow(
        blocks=_SILENCE,
        who=_SELLER,
        within=7 * _DAY,
        then=_STAFF,
        todo="wait until it can be bought again, or dispute its units as not wanted",
        then_todo="refund its units, or agree with the seller to wait",
    ),
}

BLOCKED_BY: dict[str, frozenset[str]] = {r: row.blocks for r, row in HOLDS.items()}


# What people find; every other reason follows from a fact.
FOUND_BY_STAFF = frozenset(
    {HoldReason.STAFF, HoldReason.ADDRESS, HoldReason.OUT_OF_STOCK}
)

_ABOUT_GOING_ON = FOUND_BY_STAFF | {
    HoldReason.STORE_UNPAID,
    HoldReason.STORE_CANCELLED,
    HoldReason.STORE_DATA,
}
_REJECTED = "rejected"


def ended_by(cancel_reason: str) -> frozenset[str]:
    """
    Return the reasons for which nobody has to act any more once an order is cancelled.

    What the shop wants otherwise ends only where the platform rejects all of it: it may
    be more, which another part supplies.
    """
    if cancel_reason.partition(":")[0] == _REJECTED:
        return _ABOUT_GOING_ON | {HoldReason.STORE_CHANGED}
    return _ABOUT_GOING_ON


# What an order is held for, as `STORE_CHANGED`, that is paid and that the shop sends
# elsewhere now.
ADDRESS_CHANGED = "address changed in the shop"
# How the words of each line end of which it wants fewer (`services.intake.differing`).
_FEWER = re.compile(r": the shop wants \d+ fewer$")

_ABOUT_LEAVING = frozenset(
    {HoldReason.STORE_UNPAID, HoldReason.STORE_CANCELLED, HoldReason.ADDRESS}
)

# The platform did not keep a promise; ends with what was promised.
LATE = frozenset({HoldReason.SHIP_LATE, HoldReason.RECEIVE_LATE})

# What is the matter with a parcel; another word of the carrier ends it.
PARCEL_TROUBLES = frozenset(
    {
        HoldReason.PARCEL_LOST,
        HoldReason.PARCEL_RETURNED,
        HoldReason.DELIVERY_FAILED,
        HoldReason.CUSTOMS,
        HoldReason.AWAITING_PICKUP,
        HoldReason.PARCEL_DAMAGED,
        HoldReason.NOT_CARRIED,
        HoldReason.PARCEL_STALLED,
    }
)
# While one of these is open, silence does not mean that everything arrived.
SPEAKS_AGAINST_SILENCE = PARCEL_TROUBLES | {HoldReason.SHOP_NOT_TOLD}


@frozen
class Hold:
    """
    One open hold.

    Attributes:
        detail: Facts in words of ours; no personal data. What people typed is kept
            apart, and joins it in a view.

        deadline: When something happens by itself while it is open; what, says the row
            of its reason in `deadlines.py`.

        parcel_id: The parcel that is the matter; empty if it is the order.

        who: Whose turn it is: `seller`, `staff` or `carrier`.
    """

    hold_id: HoldId
    reason: str
    detail: str
    placed_at: datetime
    deadline: datetime | None = None
    parcel_id: str = ""
    who: str = ""

    @property
    def is_blocking(self) -> bool:
        """
        Whether it stops anything; a blocking hold makes the order Abnormal.
        """
        return bool(BLOCKED_BY[self.reason])


def who_acts(hold: Hold) -> str:
    """
    Return whose turn it is: who the hold says, else who its reason says.
    """
    return hold.who or str(HOLDS[HoldReason(hold.reason)].who)


@frozen
class HoldView(Hold):
    """
    One open hold, as it is shown.

    Attributes:
        what_to_do: What whoever's turn it is can do about it.
    """

    what_to_do: str = ""


def is_about_address(hold: Hold) -> bool:
    """
    Tell whether *hold* is for an address that the shop changed, and for no line.
    """
    return hold.reason == HoldReason.STORE_CHANGED and hold.detail == ADDRESS_CHANGED


def is_about_fewer(hold: Hold) -> bool:
    """
    Tell whether *hold* is for lines of which the shop wants fewer, and for none of
    which it wants more.
    """
    return hold.reason == HoldReason.STORE_CHANGED and all(
        _FEWER.search(words) for words in hold.detail.split("; ")
    )


def is_about_leaving(hold: Hold) -> bool:
    """
    Tell whether *hold* keeps the order from leaving only, so that it means nothing once
    nothing is left that could.
    """
    return hold.reason in _ABOUT_LEAVING or is_about_address(hold)
