"""
`sourcehere warehouses`.
"""

from cyclopts import App

from ..domain.kernel.actor import Role
from ..domain.warehouse.model import EVERYWHERE
from .context import Ctx
from .errors import UsageError
from .output import Result, money, table
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
    made = ctx.sh.cloud.add_warehouse(
        warehouse,
        name=name or warehouse,
        country=country,
        by=ctx.by(Role.STAFF),
        serves=serves,
        priority=priority,
        handling_minor=dict(_fee(text) for text in handling),
    )
    return Result(made, (f"warehouse {made.warehouse_id} is there",))


@app.command(name="list")
def list_all(*, ctx: Ctx) -> Result:
    """
    List all cloud warehouses.
    """
    found = ctx.sh.cloud.warehouses()
    shown = table(
        found,
        {
            "warehouse": lambda w: w.warehouse_id,
            "name": lambda w: w.name,
            "country": lambda w: w.country,
            "serves": lambda w: w.serves,
            "priority": lambda w: w.priority,
            "handling": lambda w: [money(m, c) for c, m in w.handling_minor.items()],
        },
    )
    return Result(found, (shown,))


def _fee(text: str) -> tuple[str, int]:
    amount, _, currency = text.strip().partition(" ")
    if not currency:
        message = f"--handling {text}: say the currency too, such as '0.05 GBP'"
        raise UsageError(message)
    return currency.strip(), read_money(amount, currency.strip()).minor
