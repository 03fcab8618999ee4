"""
`sourcehere manual`.
"""

from cyclopts import App

from ..domain.kernel.actor import Role
from ..domain.kernel.address import Address
from ..services.ordering.drafts import Wanted
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
    Write down a manual order: samples, bulk for a physical shop, own stock.

    Args:
        item: PLATFORM-SKU=UNITS, one per variant.

        number: What people call it.

        from_stock: Take the seller's cloud stock first.

        place: Mean it at once: it waits for payment.
    """
    given = read_address(to)
    if "country" not in given:
        message = "say where it goes: --country GB at least, or --address-file FILE"
        raise UsageError(message)
    made = ctx.sh.drafts.create_manual(
        ctx.seller_id,
        read_wanted(ctx, item),
        Address(**given),
        by=ctx.by(Role.SELLER),
        number=number,
        draws_on_stock=from_stock,
    )
    return created(ctx, made, place=place)


@app.command(name="place")
def place_order(order: str, /, *, ctx: Ctx) -> Result:
    """
    Mean a draft: from now on it waits for payment.

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


def created(ctx: Context, order_id: str, *, place: bool) -> Result:
    """
    Say that a draft is there, placing it if asked.
    """
    if place:
        return placed(ctx, order_id)
    data = {"order_id": order_id, "state": "draft"}
    return Result(data, (f"order {order_id} is a draft until it is placed",))


def placed(ctx: Context, order_id: str) -> Result:
    """
    Place a draft.
    """
    state = ctx.sh.drafts.place(ctx.seller_id, order_id, by=ctx.by(Role.SELLER))
    data = {"order_id": order_id, "state": state}
    words = f"order {order_id} is {label(state)}; `sourcehere orders pay` pays it"
    return Result(data, (words,))
