"""
`sourcehere disputes`.
"""

from typing import Annotated

from cyclopts import App

from ..domain.disputes.model import ROLES
from ..domain.disputes.policy import DisputeReason, Remedy
from ..domain.kernel.errors import Blocker
from ..domain.talk.model import Subject
from ..face.desks import SellerDesk
from ..face.lists import Page
from ..face.records.disputes import DisputeView
from .context import AS_NAMED, Context, Ctx
from .dispute_view import dispute_table, said_in_money, shown_dispute
from .explaining import explained
from .output import Result
from .pages import paged
from .reading import read_money, read_quantities
from .references import find_order

app = App(name="disputes")
Reason = Annotated[DisputeReason, AS_NAMED]


@app.command
def open(
    order: str,
    /,
    *item: str,
    ctx: Ctx,
    reason: Reason,
    ask: str = "",
    reship: bool = False,
    description: str = "",
    photo: str = "",
) -> Result:
    """
    Dispute units of a paid order; before shipping this also stops it.

    Args:
        order: Its id or number.

        item: ITEM=UNITS, as `orders show` names them; every unit that is not refunded
            if not given.

        reason: Why.

        ask: What the seller wants back; the most the policy gives if not given.

        reship: Want the units sent again, free of charge, and no money.

        description: Evidence in words.

        photo: Where the photo is.
    """
    order_id = find_order(ctx, order)
    evidence = {"description": description, "photo": photo}
    wanted = read_money(ask, ctx.currency) if ask else None
    with said_in_money(wanted):
        made = ctx.shop.disputes.open(
            order_id,
            reason=reason,
            quantities=(
                read_quantities(item, "ITEM") if item else _not_refunded(ctx, order_id)
            ),
            evidence={kind: text for kind, text in evidence.items() if text},
            asked=wanted,
            remedy=Remedy.RESHIP if reship else Remedy.REFUND,
        )
    return shown_dispute(ctx, made.dispute_id)


def _not_refunded(ctx: Context, order_id: str) -> dict[str, int]:
    items = ctx.shop.orders.get(order_id).items.values()
    left = {str(i.item_id): i.quantity - i.quantity_refunded for i in items}
    return {name: units for name, units in left.items() if units}


@app.command
def take(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Take a dispute on, as staff.

    Args:
        dispute: Its id.
    """
    ctx.shop_by_staff.disputes.take(dispute)
    return shown_dispute(ctx, dispute)


@app.command
def ask(dispute: str, text: str = "", /, *, ctx: Ctx) -> Result:
    """
    Ask the seller something, as staff.

    Args:
        dispute: Its id.

        text: What to ask.
    """
    ctx.shop_by_staff.disputes.ask(dispute, text=text)
    return shown_dispute(ctx, dispute)


@app.command
def answer(
    dispute: str, text: str = "", /, *, ctx: Ctx, attachment: str = ""
) -> Result:
    """
    Answer what staff asked, as the seller.

    Args:
        dispute: Its id.

        text: What to say.

        attachment: Where evidence is, such as a photo.
    """
    ctx.shop.disputes.answer(dispute, text=text, attachments=_files(attachment))
    return shown_dispute(ctx, dispute)


@app.command
def say(dispute: str, text: str, /, *, ctx: Ctx, attachment: str = "") -> Result:
    """
    Write a message in a dispute, as the seller unless --as says staff.

    Args:
        dispute: Its id.

        text: What to say.

        attachment: Where evidence is.
    """
    made = ctx.shop.conversations.say(
        Subject.DISPUTE, dispute, text, attachments=_files(attachment)
    )
    return Result(made, ("said",))


def _files(attachment: str) -> tuple[str, ...]:
    return (attachment,) if attachment else ()


@app.command
def offer(dispute: str, amount: str, /, *, ctx: Ctx) -> Result:
    """
    Offer a refund, as staff, up to what the policy gives.

    Args:
        dispute: Its id.

        amount: Such as 12.34.
    """
    wanted = read_money(amount, ctx.currency)
    with said_in_money(wanted):
        ctx.shop_by_staff.disputes.offer(dispute, wanted)
    return shown_dispute(ctx, dispute)


@app.command
def offer_reship(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Offer to send the units again, free of charge, as staff.

    Args:
        dispute: Its id.
    """
    ctx.shop_by_staff.disputes.offer_reship(dispute)
    return shown_dispute(ctx, dispute)


@app.command
def counter(
    dispute: str, text: str = "", /, *, ctx: Ctx, attachment: str = ""
) -> Result:
    """
    Refuse an offer and go on, as the seller.

    Args:
        dispute: Its id.

        text: What to say.

        attachment: Where evidence is, such as a photo.
    """
    ctx.shop.disputes.counter(dispute, text=text, attachments=_files(attachment))
    return shown_dispute(ctx, dispute)


@app.command
def accept(dispute: str, /, *, ctx: Ctx, seen: int | None = None) -> Result:
    """
    Accept the offer, as the seller: it is refunded at once, or sent again.

    Args:
        dispute: Its id.

        seen: The version that `disputes show` told; an offer made since is refused.
    """
    ctx.shop.disputes.accept(dispute, seen_version=seen)
    return shown_dispute(ctx, dispute)


@app.command
def grant(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Grant what was asked, as staff: it is refunded at once, or sent again.

    Args:
        dispute: Its id.
    """
    ctx.shop_by_staff.disputes.grant(dispute)
    return shown_dispute(ctx, dispute)


@app.command
def reject(dispute: str, text: str, /, *, ctx: Ctx) -> Result:
    """
    Refuse a dispute, as staff.

    Args:
        dispute: Its id.

        text: Why.
    """
    ctx.shop_by_staff.disputes.reject(dispute, reason=text)
    return shown_dispute(ctx, dispute)


@app.command
def withdraw(dispute: str, text: str = "", /, *, ctx: Ctx) -> Result:
    """
    Take a dispute back, as the seller.

    Args:
        dispute: Its id.

        text: Why.
    """
    ctx.shop.disputes.withdraw(dispute, reason=text)
    return shown_dispute(ctx, dispute)


@app.command(name="list")
def list_all(
    order: str = "", /, *, ctx: Ctx, after: str = "", limit: int = 50
) -> Result:
    """
    List the disputes of an order, or all of the seller, newest first.

    Args:
        order: Its id or number.

        after: Where the page before ended, as it said.

        limit: How many of all at most, up to 500.
    """
    if order:
        found = ctx.shop.disputes.of_order(find_order(ctx, order))
        page: Page[DisputeView] = Page(found, "")
    else:
        page = ctx.shop.disputes.list(newest_first=True, after=after, limit=limit)
    return paged(page, dispute_table(page.items))


@app.command
def show(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Show a dispute with what was said in it.

    Args:
        dispute: Its id.
    """
    return shown_dispute(ctx, dispute)


@app.command
def why_not(dispute: str, command: str, /, *, ctx: Ctx) -> Result:
    """
    Show every reason why a command cannot be done to a dispute now.

    Args:
        dispute: Its id.

        command: Such as take, offer or grant.
    """

    def ask(desk: SellerDesk, name: str) -> tuple[Blocker, ...]:
        return desk.disputes.why_not(dispute, name)

    return explained(ctx, dispute, command, ROLES, ask)
