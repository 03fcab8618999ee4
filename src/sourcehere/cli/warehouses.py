"""
`sourcehere warehouses`.
"""

from cyclopts import App

from ..domain.kernel.money import Money
from ..domain.warehouse.model import EVERYWHERE
from .context import Ctx
from .errors import UsageError
from .output import Result, table
from .pages import USUAL, paged
from .reading import read_money

app = App(name="warehouses")


@app.command
def add(
    warehouse: str,
    /,
    *,
    ctx: Ctx,
    country: str,
    name: str = "",
    serves: tuple[str, ...] = (EVERYWHERE,),
    priority: int = 1,
    handling: tuple[str, ...] = (),
) -> Result:
    """
    Add a cloud warehouse, as staff, or change what is said of it.

    Args:
        warehouse: The id to name it by.

        country: Where it stands, such as CN.

        name: What people read; the id if not given.

        serves: A country it delivers to; said again for more; * for all.

        priority: Smaller is asked first.

        handling: Fee per unit that leaves from stock, such as "0.05 GBP"; said again
            for another currency.
    """
    made = ctx.staff.warehouses.add(
        warehouse,
        name=name or warehouse,
        country=country,
        serves=serves,
        priority=priority,
        handling=[_fee(text) for text in handling],
    )
    return Result(made, (f"warehouse {made.warehouse_id} is there",))


@app.command(name="list")
def list_all(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List all cloud warehouses.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.desk.warehouses.list(after=after, limit=limit)
    shown = table(
        page.items,
        {
            "warehouse": lambda w: w.warehouse_id,
            "name": lambda w: w.name,
            "country": lambda w: w.country,
            "serves": lambda w: w.serves,
            "priority": lambda w: w.priority,
            "handling": lambda w: w.handling,
        },
    )
    return paged(page, shown)


def _fee(text: str) -> Money:
    amount, _, currency = text.strip().partition(" ")
    if not currency:
        message = f"--handling {text}: say the currency too, such as '0.05 GBP'"
        raise UsageError(message)
    return read_money(amount, currency.strip())
