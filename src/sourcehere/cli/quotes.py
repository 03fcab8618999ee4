"""
`sourcehere quotes`.
"""

from cyclopts import App

from ..domain.kernel.errors import Blocker
from ..domain.quotes.model import ROLES
from ..domain.talk.model import Subject
from ..face.desks import SellerDesk
from ..face.results import QuoteState
from .context import Context, Ctx
from .conversations import all_said, said_table
from .explaining import explained
from .output import Result, facts, prices, table
from .pages import USUAL, paged
from .quote_terms import Said, Wish, read_terms, read_wish, terms_table
from .references import find_order
from .rules import TRY_WAITING

app = App(name="quotes")


@app.command
def ask(order: str, line: int, /, *, ctx: Ctx, wish: Wish | None = None) -> Result:
    """
    Ask staff to find a source for a line that is not connected.

    Args:
        order: Its id or number.

        line: Which line, from 1.
    """
    wanted = read_wish(ctx, wish)
    return _asked(ctx.shop.quotes.ask(find_order(ctx, order), line, **wanted))


@app.command
def ask_for(
    title: str = "",
    /,
    *,
    ctx: Ctx,
    store: str = "",
    sku: str = "",
    wish: Wish | None = None,
) -> Result:
    """
    Ask staff for a source and a price before anybody orders.

    Args:
        title: What it is called.

        store: The shop that sells it.

        sku: The shop's SKU.
    """
    wanted = read_wish(ctx, wish)
    return _asked(ctx.shop.quotes.ask_for(title, store_id=store, sku=sku, **wanted))


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
    ctx.shop_by_staff.quotes.answer(request, **read_terms(ctx, terms))
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
    made = ctx.shop_by_staff.quotes.offer(
        store, shop_sku, **read_terms(ctx, terms), title=title
    )
    return _one(ctx, made.request_id)


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
    ctx.shop_by_staff.quotes.revise(request, **read_terms(ctx, terms))
    return _one(ctx, request)


@app.command
def view(request: str, /, *, ctx: Ctx) -> Result:
    """
    Look at a quote; that the seller looked is kept.

    Args:
        request: The quote request's id.
    """
    found = ctx.shop.quotes.view(request)
    return Result(found, (terms_table(ctx, found),))


@app.command
def accept(
    request: str,
    /,
    *,
    ctx: Ctx,
    store: str = "",
    sku: str = "",
    seen: int | None = None,
) -> Result:
    """
    Accept a quote: it connects the product at the quoted price.

    Args:
        request: The quote request's id.

        store: Connect a variant of this shop, where it was asked without one.

        sku: The shop's SKU of it.

        seen: The version that `quotes show` told; a quote revised since is refused.
    """
    made = ctx.shop.quotes.accept(request, store_id=store, sku=sku, seen_version=seen)
    if made.connection_id is None:
        return Result(made, ("agreed: the price is for every order with the variant",))
    words = f"connection {made.connection_id} is there; {TRY_WAITING}"
    return Result(made, (words,))


@app.command
def decline(request: str, /, *, ctx: Ctx, reason: str = "") -> Result:
    """
    Refuse a quote, as the seller.

    Args:
        request: The quote request's id.

        reason: Why.
    """
    return _ended(ctx.shop.quotes.decline(request, reason=reason))


@app.command
def withdraw(request: str, /, *, ctx: Ctx, reason: str = "") -> Result:
    """
    Take a request back, as the seller.

    Args:
        request: The quote request's id.

        reason: Why.
    """
    return _ended(ctx.shop.quotes.withdraw(request, reason=reason))


@app.command
def give_up(request: str, /, *, ctx: Ctx, reason: str = "") -> Result:
    """
    Say that no source was found, as staff.

    Args:
        request: The quote request's id.

        reason: Why.
    """
    return _ended(ctx.shop_by_staff.quotes.give_up(request, reason=reason))


@app.command
def why_not(request: str, command: str, /, *, ctx: Ctx) -> Result:
    """
    Show every reason why a command cannot be done to a request now.

    Args:
        request: The quote request's id.

        command: Such as answer, accept or withdraw.
    """

    def ask(desk: SellerDesk, name: str) -> tuple[Blocker, ...]:
        return desk.quotes.why_not(request, name)

    return explained(ctx, request, command, ROLES, ask)


@app.command(name="list")
def list_all(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List the seller's quote requests, oldest first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.quotes.list(after=after, limit=limit)
    shown = table(
        page.items,
        {
            "request": lambda q: q.request_id,
            "state": lambda q: q.state,
            "store": lambda q: q.store_id,
            "sku": lambda q: q.sku,
            "title": lambda q: q.title,
            "units": lambda q: q.quantity,
            "price": lambda q: q.quote and prices(q.quote.prices),
            "valid until": lambda q: q.quote and q.quote.valid_until,
            "reason": lambda q: q.reason,
        },
    )
    return paged(page, shown)


@app.command
def show(request: str, /, *, ctx: Ctx) -> Result:
    """
    Show a request with what was answered, and what was said about it.

    Args:
        request: The quote request's id.
    """
    desk = ctx.shop
    found = desk.quotes.get(request)
    said = all_said(desk, Subject.QUOTE, request)
    about = facts(
        {
            "request": request,
            "version": str(found.version),
            "state": found.state,
            "store": found.store_id,
            "sku": found.sku,
            "title": found.title,
            "units": str(found.quantity),
            "prices for": [str(quantity) for quantity in found.quantities],
            "target": found.target,
            "link": found.link,
            "pictures": found.pictures,
            "reason": found.reason,
        }
    )
    blocks = [about]
    if found.quote is not None:
        blocks.append(terms_table(ctx, found.quote))
    if said:
        blocks.append(said_table(said, title="Said"))
    return Result({"request": found, "messages": said}, tuple(blocks))


def _asked(now: QuoteState) -> Result:
    return Result(now, (f"staff are asked; quote request {now.request_id}",))


def _ended(now: QuoteState) -> Result:
    return Result(now, (f"quote request {now.request_id} is {now.state}",))


def _one(ctx: Context, request_id: str) -> Result:
    found = ctx.shop_by_staff.quotes.get(request_id)
    assert found.quote is not None
    about = facts({"request": request_id, "state": found.state, "for": found.sku})
    return Result(found, (about, terms_table(ctx, found.quote)))
