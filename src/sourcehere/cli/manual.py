"""
`sourcehere manual`.
"""

from cyclopts import App

from .. import Wanted
from ..domain.kernel.address import Address
from ..face.results import OrderState
from .addresses import AddressGiven, AddressWords, read_address
from .context import Context, Ctx
from .errors import UsageError
from .output import Result, label
from .reading import read_quantities
from .references import find_order, find_variants

app = App(name="manual")
_NOWHERE = AddressWords()


@app.command
def create(
    *item: str,
    ctx: Ctx,
    to: AddressGiven = _NOWHERE,
    number: str = "",
    from_stock: bool = False,
    place: bool = False,
) -> Result:
    """
    Draft a manual order: samples, bulk for a physical shop, local stock.

    Args:
        item: PLATFORM-SKU=UNITS, one per variant.

        number: What people call it.

        from_stock: Take the seller's cloud stock first.

        place: Place it at once: it waits for payment.
    """
    given = read_address(to)
    if "country" not in given:
        message = "say where it goes: --country GB at least, or --address-file FILE"
        raise UsageError(message)
    made = ctx.shop.drafts.manual(
        read_wanted(ctx, item),
        Address(**given),
        number=number,
        draws_on_stock=from_stock,
    )
    return created(ctx, made, place=place)


@app.command(name="place")
def place_order(order: str, /, *, ctx: Ctx) -> Result:
    """
    Place a draft: from now on it waits for payment.

    Args:
        order: Its id.
    """
    return placed(ctx, find_order(ctx, order))


def read_wanted(ctx: Context, items: tuple[str, ...]) -> list[Wanted]:
    """
    Read `PLATFORM-SKU=UNITS` words.

    Raises:
        UsageError: If a word is none.

        NotFoundError: If the catalogue has no such SKU.
    """
    units = read_quantities(items, "PLATFORM-SKU")
    known = find_variants(ctx, units)
    return [Wanted(known[name], quantity) for name, quantity in units.items()]


def created(ctx: Context, draft: OrderState, *, place: bool) -> Result:
    """
    Say that a draft is there, placing it if asked.
    """
    if place:
        return placed(ctx, draft.order_id)
    words = f"order {draft.order_id} is a draft until it is placed"
    return Result(draft, (words,))


def placed(ctx: Context, order_id: str) -> Result:
    """
    Place a draft.
    """
    order = ctx.shop.drafts.place(order_id)
    state = label(order.state)
    words = f"order {order_id} is {state}; `sourcehere orders pay` pays it"
    return Result(order, (words,))
