"""
`sourcehere warehouses`.
"""

from cyclopts import App

from ..domain.kernel.money import Money
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
    serves: tuple[str, ...] = (),
    priority: int | None = None,
    handling: tuple[str, ...] = (),
    no_handling: bool = False,
) -> Result:
    """
    Add a cloud warehouse, as staff, or change what is said of it: what is not said
    stays as it is.

    Args:
        warehouse: The id to name it by.

        country: Where it stands, such as CN.

        name: What people read; of a new one the id if not given.

        serves: A country it delivers to; said again for more; * for all, as of a new
            one if not given.

        priority: Smaller is asked first; 1 of a new one if not given.

        handling: Fee per unit that leaves from stock, such as "0.05 GBP"; said again
            for another currency. All fees from now on.

        no_handling: There is no fee any more.
    """
    if handling and no_handling:
        message = "say one of --handling and --no-handling"
        raise UsageError(message)
    fees = [_fee(text) for text in handling]
    made = ctx.staff.warehouses.add(
        warehouse,
        name=name,
        country=country,
        serves=serves or None,
        priority=priority,
        handling=fees if fees or no_handling else None,
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
