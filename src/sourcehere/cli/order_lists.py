"""
Finding, listing and counting orders, and looking at one.
"""

from typing import Annotated

from cyclopts import Parameter

from ..domain.kernel.actor import Actor, Role
from ..domain.orders.kinds import KINDS, OrderKind
from ..domain.orders.rules import COMMANDS, RULES
from ..domain.orders.tabs import Tab
from ..face.desks import SellerDesk
from .context import AS_NAMED, Context, Ctx
from .errors import UsageError
from .order_view import details, order_table
from .output import Result, label, table
from .pages import paged
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
    desk = ctx.shop
    if store:
        desk.stores.get(store)
    page = desk.orders.list(
        tab=tab, store_id=store, kind=kind, after=after, limit=limit
    )
    return paged(page, order_table(page.items))


def counts(*, ctx: Ctx, store: str = "", kind: Kind | None = None) -> Result:
    """
    Count the orders of every tab; its cost does not grow with the orders.

    Args:
        store: Of one shop.

        kind: Of one kind.
    """
    found = ctx.shop.orders.counts(store_id=store, kind=kind)
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
    Show every reason why a command cannot be done to an order now.

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
    desk = _desk_of(ctx, name)
    by = desk.actor
    order_id = find_order(ctx, order)
    found = desk.orders.why_not(order_id, name)
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


def _desk_of(ctx: Context, command: str) -> SellerDesk:
    """
    Return the desk of whoever usually gives *command*.
    """
    roles = RULES[command].roles
    if not ctx.said.by and not roles & {Role.SELLER, Role.STAFF}:
        return ctx.shop_of(Actor(min(roles)))
    return ctx.shop_for(Role.SELLER if Role.SELLER in roles else Role.STAFF)
