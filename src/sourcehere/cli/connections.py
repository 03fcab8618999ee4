"""
`sourcehere connections`.
"""

from collections.abc import Sequence
from pathlib import Path

from cyclopts import App

from ..domain.kernel.errors import Blocker
from ..domain.kernel.words import counted
from ..domain.pairing.model import ROLES
from ..face.desks import SellerDesk
from ..face.lists import Page
from . import not_ours, suggestions
from .context import Ctx, reported
from .errors import UsageError
from .explaining import explained
from .output import Result, table
from .pages import USUAL, paged
from .queues import help_wanted as queue_of_help
from .references import find_order, skus_of
from .rules import TRY_WAITING, read_rules, rule_text, variants_in

app = App(name="connections")


@app.command
def add(
    store: str,
    /,
    *rule: str,
    ctx: Ctx,
    listing: str = "",
    method: str = "",
    method_to: Sequence[str] = (),
    file: Path | None = None,
) -> Result:
    """
    Connect a product of a shop, variant by variant.

    Args:
        store: Which shop.

        rule: SHOP-SKU=PLATFORM-SKU, one per variant; a bundle is
            SHOP-SKU=PLATFORM-SKU*2+PLATFORM-SKU; by quantity it is
            SHOP-SKU=PACK,10+:CARTON/10, a carton for every ten units; with /10+ the
            units beyond a multiple of ten are as the rule says; PACK~SPARE is the
            spare one while the pack cannot be bought. The shop's own
            id goes instead of its SKU: variant:ID=PLATFORM-SKU, or product:ID for all
            variants of a product.

        listing: The shop's key of its product; the first SKU if not given.

        method: The shipping method; the cheapest at each checkout if not given.

        method_to: COUNTRY=METHOD where another is wanted; may be given again.

        file: A JSON file with the rules instead, {"SHOP-SKU": {"PLATFORM-SKU": 2}};
            a value may be a text as `RULE` is.
    """
    made = ctx.shop.connections.connect(
        store,
        read_rules(ctx, rule, file),
        listing=listing,
        method=method,
        methods=_methods(method_to),
    )
    words = f"connection {made.connection_id} is there; {TRY_WAITING}"
    return Result(made, (words,))


def _methods(texts: Sequence[str]) -> dict[str, str]:
    methods: dict[str, str] = {}
    for text in texts:
        country, separator, code = text.partition("=")
        if not separator or country in methods:
            message = f"{text!r}: write COUNTRY=METHOD, each country once"
            raise UsageError(message)
        methods[country] = code
    return methods


app.command(suggestions.suggest)
app.command(suggestions.coverage)
app.command(not_ours.products)
app.command(not_ours.mark_not_ours)
app.command(not_ours.unmark_not_ours)
app.command(not_ours.not_ours)


@app.command
def copy(store: str, to_store: str, /, *, ctx: Ctx) -> Result:
    """
    Connect in a second shop what is connected in the first, by SKU.

    Args:
        store: The shop that is connected.

        to_store: The shop to connect.
    """
    report = ctx.shop.connections.copy(store, to_store)
    shown = table(
        list(report.done.items()),
        {"connection": lambda d: d[0], "its copy": lambda d: d[1].connection_id},
    )
    return reported(report, shown)


@app.command(name="list")
def list_all(
    *,
    ctx: Ctx,
    store: str = "",
    all: bool = False,
    after: str = "",
    limit: int = USUAL,
) -> Result:
    """
    List the connections.

    Args:
        store: Of one shop.

        all: Those that were removed too.

        after: Where the page before ended, as it said.

        limit: How many to look at, removed ones too; at most 500.
    """
    page = ctx.shop.connections.list(store_id=store, after=after, limit=limit)
    found = tuple(c for c in page if c.state == "active" or all)
    known = skus_of(ctx, [n for c in found for r in c.rules for n in variants_in(r)])
    shown = table(
        found,
        {
            "connection": lambda c: c.connection_id,
            "store": lambda c: c.store_id,
            "listing": lambda c: c.listing,
            "method": lambda c: [
                c.method,
                *(f"{country}={code}" for country, code in c.methods.items()),
            ],
            "rules": lambda c: [rule_text(rule, known) for rule in c.rules],
            "active": lambda c: c.state == "active",
        },
    )
    return paged(Page(found, page.next), shown)


@app.command
def change(
    connection: str,
    /,
    *rule: str,
    ctx: Ctx,
    method: str | None = None,
    method_to: Sequence[str] | None = None,
    file: Path | None = None,
) -> Result:
    """
    Pair otherwise from now on; orders that are paid keep what they have.

    Args:
        connection: Its id.

        rule: All its rules from now on; those it has if none is given.

        method: The shipping method from now on; the one it has if not given.

        method_to: COUNTRY=METHOD, all of them from now on; those it has if none is
            given, and none with an empty text.

        file: A JSON file with the rules instead.
    """
    desk = ctx.shop.connections
    desk.get(connection)  # one that is not there is said before its rules are read
    rules = read_rules(ctx, rule, file) if rule or file else None
    methods = None if method_to is None else _methods([t for t in method_to if t])
    desk.change(connection, rules, method=method, methods=methods)
    words = f"connection {connection} is changed; {TRY_WAITING}"
    return Result({"connection_id": connection}, (words,))


@app.command
def why_not(connection: str, command: str, /, *, ctx: Ctx) -> Result:
    """
    Show every reason why a command cannot be done to a connection now.

    Args:
        connection: Its id.

        command: Such as `remove`.
    """

    def ask(desk: SellerDesk, name: str) -> tuple[Blocker, ...]:
        return desk.connections.why_not(connection, name)

    return explained(ctx, connection, command, ROLES, ask)


@app.command
def history(connection: str, /, *, ctx: Ctx) -> Result:
    """
    Show what a connection was, version by version, and who changed it.

    Args:
        connection: Its id.
    """
    found = ctx.shop.connections.history(connection)
    shown = table(
        found,
        {
            "version": lambda s: s.version,
            "at": lambda s: s.at,
            "by": lambda s: s.by,
            "what": lambda s: list(s.words),
        },
    )
    return Result(found, (shown,))


@app.command
def explain(order: str, line: int, /, *, ctx: Ctx) -> Result:
    """
    Show which rule decided about a line of an order, and why the others did not.

    Args:
        order: Its id or number.

        line: Which line, from 1.
    """
    found = ctx.shop.connections.explain(find_order(ctx, order), line)
    skus = skus_of(ctx, [i.variant_id for v in found.verdicts for i in v.items])
    shown = table(
        found.verdicts,
        {
            "rule": lambda v: v.rule,
            "connection": lambda v: v.connection_id,
            "version": lambda v: v.version or "",
            "decides": lambda v: v.decides,
            "units": lambda v: [f"{skus[i.variant_id]}={i.quantity}" for i in v.items],
            "why": lambda v: v.words,
        },
    )
    return Result(found, (shown,))


@app.command
def remove(connection: str, /, *, ctx: Ctx) -> Result:
    """
    Stop pairing; orders that await payment by it wait for pairing again.

    Args:
        connection: Its id.
    """
    ended = ctx.shop.connections.remove(connection)
    orders = counted(ended.orders_waiting, "order")
    words = f"connection {connection} is gone; {orders} back in Unrecognized"
    return Result(ended, (words,))


@app.command
def ask_help(order: str, line: int, text: str, /, *, ctx: Ctx) -> Result:
    """
    Ask staff to pair a line whose options do not match.

    Args:
        order: Its id or number.

        line: Which line, from 1.

        text: What does not match.
    """
    made = ctx.shop.connections.ask_for_help(find_order(ctx, order), line, text)
    return Result(made, (f"staff are asked; help request {made.help_id}",))


@app.command
def finish_help(help_request: str, text: str = "", /, *, ctx: Ctx) -> Result:
    """
    Close a call for help, as staff; it ends by itself when its line is paired.

    Args:
        help_request: Its id.

        text: What to say with it.
    """
    ctx.shop_by_staff.connections.finish_help(help_request, text=text)
    data = {"help_id": help_request, "state": "done"}
    return Result(data, (f"help request {help_request} is done",))


@app.command
def help_wanted(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the open calls for pairing help, of all sellers.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    return queue_of_help(ctx=ctx, after=after, limit=limit)
