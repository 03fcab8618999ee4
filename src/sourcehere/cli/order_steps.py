"""
The small steps of an order: method, address, holds, notes, cancelling.
"""

from functools import partial
from typing import Literal

import attrs

from ..domain.kernel.words import counted
from ..domain.orders.holds import HoldReason
from .addresses import AddressGiven, AddressWords, address_table, read_address
from .context import Ctx, states_of
from .errors import UsageError
from .many import for_each
from .output import Result
from .reading import read_money, read_until
from .references import find_order

_NOTHING = AddressWords()


def ship_method(*order: str, ctx: Ctx, method: str) -> Result:
    """
    Choose the shipping method that the next checkout prices.

    Args:
        order: Ids or numbers.

        method: Its code, as `freight quote` lists it; "" for the cheapest.
    """
    do = partial(ctx.shop.orders.choose_shipping, method=method)
    return states_of(for_each(ctx, order, do))


def address(
    order: str, /, *, ctx: Ctx, to: AddressGiven = _NOTHING, supplement: str = ""
) -> Result:
    """
    Show where an order goes, or send it elsewhere; personal data.

    Args:
        order: Its id or number.

        supplement: The most that the freight of a paid order may cost more to there.
    """
    orders, order_id = ctx.shop.orders, find_order(ctx, order)
    given = read_address(to)
    if supplement and not given:
        message = "--supplement is for another address: say where it goes"
        raise UsageError(message)
    if given:
        known = orders.address(order_id)
        money = read_money(supplement, ctx.currency) if supplement else None
        moved = attrs.evolve(known, **given)
        orders.correct_address(order_id, moved, supplement=money)
    found = orders.address(order_id)
    return Result(found, (address_table(found),))


def erase_buyer(order: str, /, *, ctx: Ctx) -> Result:
    """
    Forget who an order that is over went to: address, words about it, and what the
    shop said that names it. The order and its money stay.

    Args:
        order: Its id or number.
    """
    done = ctx.shop.orders.erase_buyer(find_order(ctx, order))
    words = (
        f"forgotten: {counted(done.addresses, 'version')} of the address,"
        f" {counted(done.texts, 'text')}, {counted(done.answers, 'answer')} of the shop"
    )
    return Result(done, (words,))


def hold(
    order: str,
    detail: str,
    /,
    *,
    ctx: Ctx,
    reason: Literal["staff", "address", "out_of_stock"] = "staff",
    until: str = "",
) -> Result:
    """
    Stop an order, as staff.

    Args:
        order: Its id or number.

        detail: Why, without personal data.

        reason: `address` where the parcel cannot be addressed: that hold ends by itself
            when another address is given; `out_of_stock` where units cannot be bought:
            it ends when everything has left or is refunded.

        until: When a hold of staff ends by itself: a time, UTC without a zone, or a
            day, which lasts until its end in the platform's zone.
    """
    desk, order_id = ctx.shop_by_staff, find_order(ctx, order)
    made = desk.orders.hold(
        order_id,
        detail=detail,
        reason=HoldReason(reason),
        until=read_until(until, ctx.sh.zone) if until else None,
    )
    return Result(made, (f"held; release it with hold {made.hold_id}",))


def release(order: str, hold: str = "", /, *, ctx: Ctx) -> Result:
    """
    Let an order go on, as staff.

    Args:
        order: Its id or number.

        hold: The hold's id; the only one if not given.
    """
    orders, order_id = ctx.shop_by_staff.orders, find_order(ctx, order)
    held = orders.get(order_id).holds
    name = hold or (held[0].hold_id if len(held) == 1 else "")
    orders.release_hold(order_id, name)
    left = orders.get(order_id).holds
    words = f"hold {name} is released; {len(left)} are left"
    return Result({"order_id": order_id, "holds": left}, (words,))


def note(order: str, text: str, /, *, ctx: Ctx, for_staff: bool = False) -> Result:
    """
    Write something about an order.

    Args:
        order: Its id or number.

        text: What to keep.

        for_staff: Hide it from the seller; written as staff unless --as says otherwise.
    """
    desk = ctx.shop_by_staff if for_staff else ctx.shop
    made = desk.orders.note(find_order(ctx, order), text, for_staff=for_staff)
    return Result(made, ("noted",))


def cancel(*order: str, ctx: Ctx) -> Result:
    """
    End orders before they are paid.

    Args:
        order: Ids or numbers.
    """
    return states_of(for_each(ctx, order, ctx.shop.orders.cancel))
