"""
Finding, listing and counting orders, and looking at one.
"""

from typing import Annotated

from cyclopts import Parameter

from ..domain.kernel.actor import Actor, Role
from ..domain.orders.kinds import KINDS, OrderKind
from ..domain.orders.rules import COMMANDS, RULES
from ..domain.orders.tabs import Tab
from .context import AS_NAMED, Context, Ctx
from .errors import UsageError
from .order_view import details, order_table
from .output import Result, Table, label, table
from .references import find_order


def _word_of_kind(name: str) -> str:
    """
    Return the word of the kind called *name*; other names, such as `kind`, stay.
    """
    member = OrderKind.__members__.get(name)
    return name if member is None else KINDS[member].word


Kind = Annotated[OrderKind, Parameter(name_transform=_word_of_kind)]
InTab = Annotated[Tab, AS_NAMED]
# What the shell calls otherwise than the core.
_COMMANDS = {
    "address": "correct_address",
    "dispute": "open_dispute",
    "hold": "place_hold",
    "process_paired": "process_paired_lines",
    "release": "release_hold",
    "ship_method": "choose_shipping",
    "short_ship": "short_ship_rest",
    "write_off": "write_off_rest",
}


def list_page(
    *,
    ctx: Ctx,
    tab: InTab = Tab.ALL,
    store: str = "",
    kind: Kind | None = None,
    after: str = "",
    limit: int = 20,
) -> Result:
    """
    List orders of a tab, newest first.

    Args:
        tab: Which tab; `orders counts` lists them.

        store: Of one shop.

        kind: Of one kind.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    if store:
        ctx.sh.stores.get(ctx.seller_id, store)
    page = ctx.sh.orders.page(
        ctx.seller_id,
        tab=tab,
        store_id=store,
        kind=kind or "",
        after=after,
        limit=limit,
    )
    shown: list[Table | str] = [order_table(page.orders)]
    if page.after:
        shown.append(f"more with --after {page.after}")
    data = {"orders": page.orders, "after": page.after}
    return Result(data, tuple(shown))


def counts(*, ctx: Ctx, store: str = "", kind: Kind | None = None) -> Result:
    """
    Count the orders of every tab; its cost does not grow with the orders.

    Args:
        store: Of one shop.

        kind: Of one kind.
    """
    found = ctx.sh.orders.counts(ctx.seller_id, store_id=store, kind=kind or "")
    shown = table(
        list(found.items()),
        {
            "tab": lambda c: label(c[0]),
            "--tab": lambda c: c[0].value,
            "orders": lambda c: c[1],
        },
    )
    return Result({tab.value: count for tab, count in found.items()}, (shown,))


def show(order: str, /, *, ctx: Ctx) -> Result:
    """
    Show an order: lines, parcels, money, what can be done now, and its story.

    Args:
        order: Its id, the shop's number, or STORE/NUMBER.
    """
    return details(ctx, find_order(ctx, order))


def why_not(order: str, command: str, /, *, ctx: Ctx) -> Result:
    """
    Give every reason why a command cannot be done to an order now.

    Args:
        order: Its id or number.

        command: Such as pay, ship or open-dispute.
    """
    name = command.replace("-", "_")
    name = _COMMANDS.get(name, name)
    if name not in COMMANDS:
        listed = ", ".join(sorted(c.replace("_", "-") for c in COMMANDS))
        message = f"there is no command {command!r}; there is {listed}"
        raise UsageError(message)
    by = _who_may(ctx, name)
    order_id = find_order(ctx, order)
    found = ctx.sh.orders.why_not(ctx.seller_id, order_id, name, by=by)
    data = {
        "order_id": order_id,
        "command": name,
        "by": by.role,
        "blockers": found,
    }
    if not found:
        return Result(
            data, (f"nothing stands against it: {by.role} can {command} now",)
        )
    shown = table(found, {"code": lambda b: b.code, "why not": lambda b: b.words})
    return Result(data, (shown,))


def _who_may(ctx: Context, command: str) -> Actor:
    roles = RULES[command].roles
    if not ctx.said.by and not roles & {Role.SELLER, Role.STAFF}:
        return Actor(next(iter(sorted(roles))))
    return ctx.by(Role.SELLER if Role.SELLER in roles else Role.STAFF)
