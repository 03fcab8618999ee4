"""
`sourcehere stores push-stock`.
"""

from .context import Ctx
from .output import Result, table


def push_stock(store: str, /, *, ctx: Ctx, dry_run: bool = False) -> Result:
    """
    Tell a shop how many units of each connected variant there are: in the cloud
    warehouse and at the seller's own place, less what is sold. `stores sync` first.

    Args:
        store: Which shop.

        dry_run: Only show what it would be told.
    """
    report = ctx.shop.stores.push_stock(store, dry_run=dry_run)
    shown = table(
        report.variants,
        {
            "sku": lambda v: v.sku,
            "variant": lambda v: v.external_variant_id,
            "units": lambda v: v.quantity,
            "error": lambda v: v.error,
        },
    )
    done = len(report.variants) - len(report.failed)
    verb = "would be told" if dry_run else "told"
    words = (
        f"{done} {verb}, {len(report.failed)} not told,"
        f" {report.not_connected} not connected"
    )
    return Result(report, (shown, words), exit_code=1 if report.failed else 0)
