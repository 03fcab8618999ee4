"""
`sourcehere quotes`.
"""

from cyclopts import App

from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.errors import Blocker
from ..domain.quotes.model import ROLES
from .context import Context, Ctx
from .explaining import explained
from .output import Result, facts, table
from .quote_terms import Said, price_list, read_terms, terms_table
from .references import find_order

app = App(name="quotes")


@app.command
def ask(order: str, line: int, /, *, ctx: Ctx, link: str = "") -> Result:
    """
    Ask staff to find a source for a line that is not connected.

    Args:
        order: Its id or number.

        line: Which line, from 1.

        link: Where the product was seen.
    """
    made = ctx.sh.quotes.ask(
        ctx.seller_id, find_order(ctx, order), line, by=ctx.by(Role.SELLER), link=link
    )
    return Result({"request_id": made}, (f"staff are asked; quote request {made}",))


@app.command
def answer(
    request: str,
    /,
    *,
    ctx: Ctx,
    terms: Said,
) -> Result:
    """
    Quote, as staff: a platform variant at a price.

    Args:
        request: The quote request's id.
    """
    ctx.sh.quotes.answer(
        ctx.seller_id,
        request,
        **read_terms(ctx, terms),
        by=ctx.by(Role.STAFF),
    )
    return _one(ctx, request)


@app.command
def offer(
    store: str,
    shop_sku: str,
    /,
    *,
    ctx: Ctx,
    terms: Said,
    title: str = "",
) -> Result:
    """
    Quote unasked, as staff, for a variant of a shop: say after a chat.

    Args:
        store: Which shop.

        shop_sku: The shop's SKU.

        title: What the shop calls it.
    """
    made = ctx.sh.quotes.offer(
        ctx.seller_id,
        store,
        shop_sku,
        **read_terms(ctx, terms),
        by=ctx.by(Role.STAFF),
        title=title,
    )
    return _one(ctx, made)


@app.command
def revise(
    request: str,
    /,
    *,
    ctx: Ctx,
    terms: Said,
) -> Result:
    """
    Quote anew, as staff.

    Args:
        request: The quote request's id.
    """
    ctx.sh.quotes.revise(
        ctx.seller_id,
        request,
        **read_terms(ctx, terms),
        by=ctx.by(Role.STAFF),
    )
    return _one(ctx, request)


@app.command
def view(request: str, /, *, ctx: Ctx) -> Result:
    """
    Look at a quote; that the seller looked is kept.

    Args:
        request: The quote request's id.
    """
    found = ctx.sh.quotes.view(ctx.seller_id, request, by=ctx.by(Role.SELLER))
    return Result(found, (terms_table(ctx, found),))


@app.command
def accept(request: str, /, *, ctx: Ctx) -> Result:
    """
    Accept a quote: it connects the product at the quoted price.

    Args:
        request: The quote request's id.
    """
    made = ctx.sh.quotes.accept(ctx.seller_id, request, by=ctx.by(Role.SELLER))
    words = (
        f"connection {made} is there; `sourcehere relay run` tries the orders that"
        " wait for it"
    )
    return Result({"request_id": request, "connection_id": made}, (words,))


@app.command
def decline(request: str, /, *, ctx: Ctx, reason: str = "") -> Result:
    """
    Refuse a quote, as the seller.

    Args:
        request: The quote request's id.

        reason: Why.
    """
    return _end(ctx, request, "decline", Role.SELLER, reason)


@app.command
def withdraw(request: str, /, *, ctx: Ctx, reason: str = "") -> Result:
    """
    Take a request back, as the seller.

    Args:
        request: The quote request's id.

        reason: Why.
    """
    return _end(ctx, request, "withdraw", Role.SELLER, reason)


@app.command
def give_up(request: str, /, *, ctx: Ctx, reason: str = "") -> Result:
    """
    Say that no source was found, as staff.

    Args:
        request: The quote request's id.

        reason: Why.
    """
    return _end(ctx, request, "give_up", Role.STAFF, reason)


@app.command
def why_not(request: str, command: str, /, *, ctx: Ctx) -> Result:
    """
    Give every reason why a command cannot be done to a request now.

    Args:
        request: The quote request's id.

        command: Such as answer, accept or withdraw.
    """

    def ask(name: str, by: Actor) -> tuple[Blocker, ...]:
        return ctx.sh.quotes.why_not(ctx.seller_id, request, name, by=by)

    return explained(ctx, request, command, ROLES, ask)


@app.command(name="list")
def list_all(*, ctx: Ctx) -> Result:
    """
    List the seller's quote requests, oldest first.
    """
    found = ctx.sh.quotes.all(ctx.seller_id)
    shown = table(
        found,
        {
            "request": lambda q: q.request_id,
            "state": lambda q: q.state,
            "store": lambda q: q.store_id,
            "sku": lambda q: q.sku,
            "title": lambda q: q.title,
            "units": lambda q: q.quantity,
            "price": lambda q: price_list(q.quote),
            "valid until": lambda q: q.quote and q.quote.valid_until,
        },
    )
    return Result(found, (shown,))


def _end(ctx: Context, request: str, command: str, usual: Role, reason: str) -> Result:
    state = ctx.sh.quotes.end(
        ctx.seller_id, request, command, by=ctx.by(usual), reason=reason
    )
    data = {"request_id": request, "state": state}
    return Result(data, (f"quote request {request} is {state}",))


def _one(ctx: Context, request_id: str) -> Result:
    found = ctx.sh.quotes.get(ctx.seller_id, request_id)
    assert found.quote is not None
    about = facts({"request": request_id, "state": found.state, "for": found.sku})
    return Result(found, (about, terms_table(ctx, found.quote)))
