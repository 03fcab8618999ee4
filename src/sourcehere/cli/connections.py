"""
`sourcehere connections`.
"""

from pathlib import Path

from cyclopts import App

from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.errors import Blocker
from ..domain.pairing.model import ROLES
from ..services.pairing.connections import NewConnection
from . import suggestions
from .context import Ctx
from .explaining import explained
from .output import Result, counted, table
from .queues import help_wanted as queue_of_help
from .references import find_order, skus_of
from .rules import TRY_WAITING, read_rules, rule_text

app = App(name="connections")


@app.command
def add(
    store: str,
    /,
    *rule: str,
    ctx: Ctx,
    listing: str = "",
    method: str = "",
    file: Path | None = None,
) -> Result:
    """
    Connect a product of a shop, variant by variant.

    Args:
        store: Which shop.

        rule: SHOP-SKU=PLATFORM-SKU, one per variant; a bundle is
            SHOP-SKU=PLATFORM-SKU*2+PLATFORM-SKU; by quantity it is
            SHOP-SKU=PACK,10+:CARTON/10, a carton for every ten units.

        listing: The shop's key of its product; the first SKU if not given.

        method: The shipping method; the cheapest at each checkout if not given.

        file: A JSON file with the rules instead, {"SHOP-SKU": {"PLATFORM-SKU": 2}};
            a value may be a text as in *rule*.
    """
    rules = read_rules(ctx, rule, file)
    new = NewConnection(
        store_id=store, listing=listing or rules[0].sku, rules=rules, method=method
    )
    made = ctx.sh.pairing.connect(ctx.seller_id, new, by=ctx.by(Role.SELLER))
    return Result(
        {"connection_id": made}, (f"connection {made} is there; {TRY_WAITING}",)
    )


app.command(suggestions.suggest)
app.command(suggestions.coverage)


@app.command(name="list")
def list_all(*, ctx: Ctx, store: str = "", all: bool = False) -> Result:
    """
    List the connections.

    Args:
        store: Of one shop.

        all: Those that were removed too.
    """
    every = ctx.sh.pairing.connections(ctx.seller_id, store_id=store)
    found = [c for c in every if c.is_active or all]
    known = skus_of(
        ctx, [name for c in found for r in c.rules for name in r.variant_ids]
    )
    shown = table(
        found,
        {
            "connection": lambda c: c.connection_id,
            "store": lambda c: c.store_id,
            "listing": lambda c: c.listing,
            "method": lambda c: c.method,
            "rules": lambda c: [rule_text(rule, known) for rule in c.rules],
            "active": lambda c: c.is_active,
        },
    )
    return Result(found, (shown,))


@app.command
def change(
    connection: str,
    /,
    *rule: str,
    ctx: Ctx,
    method: str | None = None,
    file: Path | None = None,
) -> Result:
    """
    Pair otherwise from now on; orders that are paid keep what they have.

    Args:
        connection: Its id.

        rule: All its rules from now on; those it has if none is given.

        method: The shipping method from now on; the one it has if not given.

        file: A JSON file with the rules instead.
    """
    known = ctx.sh.pairing.get(ctx.seller_id, connection)
    rules = read_rules(ctx, rule, file) if rule or file else known.rules
    ctx.sh.pairing.change(
        ctx.seller_id,
        connection,
        rules=rules,
        method=known.method if method is None else method,
        by=ctx.by(Role.SELLER),
    )
    words = f"connection {connection} is changed; {TRY_WAITING}"
    return Result({"connection_id": connection}, (words,))


@app.command
def why_not(connection: str, command: str, /, *, ctx: Ctx) -> Result:
    """
    Give every reason why a command cannot be done to a connection now.

    Args:
        connection: Its id.

        command: Such as `remove`.
    """

    def ask(name: str, by: Actor) -> tuple[Blocker, ...]:
        return ctx.sh.pairing.why_not(ctx.seller_id, connection, name, by=by)

    return explained(ctx, connection, command, ROLES, ask)


@app.command
def remove(connection: str, /, *, ctx: Ctx) -> Result:
    """
    Stop pairing; orders that await payment by it wait for pairing again.

    Args:
        connection: Its id.
    """
    by = ctx.by(Role.SELLER)
    back = ctx.sh.pairing.remove(ctx.seller_id, connection, by=by)
    data = {"connection_id": connection, "orders_unrecognized": back}
    orders = counted(back, "order")
    words = f"connection {connection} is gone; {orders} back in Unrecognized"
    return Result(data, (words,))


@app.command
def ask_help(order: str, line: int, /, *, ctx: Ctx) -> Result:
    """
    Ask staff to pair a line whose options do not match.

    Args:
        order: Its id or number.

        line: Which line, from 1.
    """
    made = ctx.sh.pairing.ask_for_help(
        ctx.seller_id, find_order(ctx, order), line, by=ctx.by(Role.SELLER)
    )
    return Result({"help_id": made}, (f"staff are asked; help request {made}",))


@app.command
def finish_help(help_request: str, /, *, ctx: Ctx) -> Result:
    """
    Close a call for help, as staff, once the line is connected.

    Args:
        help_request: Its id.
    """
    ctx.sh.pairing.finish_help(ctx.seller_id, help_request, by=ctx.by(Role.STAFF))
    data = {"help_id": help_request, "state": "done"}
    return Result(data, (f"help request {help_request} is done",))


@app.command
def help_wanted(*, ctx: Ctx, limit: int = 50) -> Result:
    """
    List the open calls for pairing help, of all sellers.

    Args:
        limit: How many.
    """
    return queue_of_help(ctx=ctx, limit=limit)
