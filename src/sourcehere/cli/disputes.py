"""
`sourcehere disputes`.
"""

from typing import Annotated

from cyclopts import App

from ..domain.disputes.model import ROLES
from ..domain.disputes.policy import DisputeReason
from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.errors import Blocker
from ..domain.orders.tabs import Tab
from ..services.refunds.dispute_refunds import NewDispute
from .context import AS_NAMED, Context, Ctx
from .dispute_view import dispute_table, said_in_money, shown_dispute
from .explaining import explained
from .output import Result
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

        description: Evidence in words.

        photo: Where the photo is.
    """
    order_id = find_order(ctx, order)
    evidence = {"description": description, "photo": photo}
    wanted = read_money(ask, ctx.currency) if ask else None
    new = NewDispute(
        order_id=order_id,
        reason=reason,
        quantities=(
            read_quantities(item, "ITEM") if item else _not_refunded(ctx, order_id)
        ),
        evidence={kind: text for kind, text in evidence.items() if text},
        asked_minor=None if wanted is None else wanted.minor,
    )
    with said_in_money(wanted):
        made = ctx.sh.disputes.open(ctx.seller_id, new, by=ctx.by(Role.SELLER))
    return shown_dispute(ctx, made)


def _not_refunded(ctx: Context, order_id: str) -> dict[str, int]:
    items = ctx.sh.orders.get(ctx.seller_id, order_id).items.values()
    left = {str(i.item_id): i.quantity - i.quantity_refunded for i in items}
    return {name: units for name, units in left.items() if units}


@app.command
def take(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Take a dispute on, as staff.

    Args:
        dispute: Its id.
    """
    return _move(ctx, dispute, "take", Role.STAFF)


@app.command
def ask(dispute: str, text: str = "", /, *, ctx: Ctx) -> Result:
    """
    Ask the seller something, as staff.

    Args:
        dispute: Its id.

        text: What to ask.
    """
    return _move(ctx, dispute, "ask", Role.STAFF, text)


@app.command
def answer(dispute: str, text: str = "", /, *, ctx: Ctx) -> Result:
    """
    Answer what staff asked, as the seller.

    Args:
        dispute: Its id.

        text: What to say.
    """
    return _move(ctx, dispute, "answer", Role.SELLER, text)


@app.command
def say(dispute: str, text: str, /, *, ctx: Ctx, attachment: str = "") -> Result:
    """
    Write a message in a dispute, as the seller unless --as says staff.

    Args:
        dispute: Its id.

        text: What to say.

        attachment: Where evidence is.
    """
    made = ctx.sh.disputes.say(
        ctx.seller_id, dispute, text, by=ctx.by(Role.SELLER), attachment=attachment
    )
    return Result({"dispute_id": dispute, "message_id": made}, ("said",))


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
        ctx.sh.disputes.offer(
            ctx.seller_id, dispute, wanted.minor, by=ctx.by(Role.STAFF)
        )
    return shown_dispute(ctx, dispute)


@app.command
def counter(dispute: str, text: str = "", /, *, ctx: Ctx) -> Result:
    """
    Refuse an offer and go on, as the seller.

    Args:
        dispute: Its id.

        text: What to say.
    """
    return _move(ctx, dispute, "counter", Role.SELLER, text)


@app.command
def accept(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Accept the offer, as the seller: it is refunded at once.

    Args:
        dispute: Its id.
    """
    ctx.sh.disputes.accept(ctx.seller_id, dispute, by=ctx.by(Role.SELLER))
    return shown_dispute(ctx, dispute)


@app.command
def grant(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Grant what was asked, as staff: it is refunded at once.

    Args:
        dispute: Its id.
    """
    ctx.sh.disputes.grant(ctx.seller_id, dispute, by=ctx.by(Role.STAFF))
    return shown_dispute(ctx, dispute)


@app.command
def reject(dispute: str, text: str = "", /, *, ctx: Ctx) -> Result:
    """
    Refuse a dispute, as staff.

    Args:
        dispute: Its id.

        text: Why.
    """
    return _move(ctx, dispute, "reject", Role.STAFF, text)


@app.command
def withdraw(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Take a dispute back, as the seller.

    Args:
        dispute: Its id.
    """
    return _move(ctx, dispute, "withdraw", Role.SELLER)


@app.command(name="list")
def list_all(order: str = "", /, *, ctx: Ctx, limit: int = 50) -> Result:
    """
    List the disputes of an order, or of the newest orders in the tab Refunds.

    Args:
        order: Its id or number.

        limit: How many orders to look at, at most 500.
    """
    if order:
        names = [find_order(ctx, order)]
    else:
        page = ctx.sh.orders.page(ctx.seller_id, tab=Tab.REFUNDS, limit=limit)
        names = [str(o.order_id) for o in page.orders]
    found = [d for n in names for d in ctx.sh.disputes.of_order(ctx.seller_id, n)]
    return Result(found, (dispute_table(found),))


@app.command
def show(dispute: str, /, *, ctx: Ctx) -> Result:
    """
    Show a dispute with what was said in it.

    Args:
        dispute: Its id.
    """
    return shown_dispute(ctx, dispute)


def _move(
    ctx: Context, dispute: str, command: str, usual: Role, text: str = ""
) -> Result:
    by = ctx.by(usual)
    ctx.sh.disputes.move(ctx.seller_id, dispute, command, by=by)
    if text:
        ctx.sh.disputes.say(ctx.seller_id, dispute, text, by=by)
    return shown_dispute(ctx, dispute)


@app.command
def why_not(dispute: str, command: str, /, *, ctx: Ctx) -> Result:
    """
    Give every reason why a command cannot be done to a dispute now.

    Args:
        dispute: Its id.

        command: Such as take, offer or grant.
    """

    def ask(name: str, by: Actor) -> tuple[Blocker, ...]:
        return ctx.sh.disputes.why_not(ctx.seller_id, dispute, name, by=by)

    return explained(ctx, dispute, command, ROLES, ask)
