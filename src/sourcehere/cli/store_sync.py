"""
Reading shops.
"""

from collections.abc import Iterator

import attrs

from ..domain.kernel.words import counted
from ..face.records.reports import SyncReport
from .context import Ctx, reported
from .errors import UsageError, failures
from .output import Result, table
from .store_missing import missing_orders, words_of_missing


def sync(*store: str, ctx: Ctx, whole: bool = False) -> Result:
    """
    Bring our orders in step with the shops'; again, it changes only what changed.

    A shop that cannot answer is named, and the others are synced all the same. Open
    orders that a shop's file does not have are told; you are asked what that means.

    Args:
        store: Which shop; all of the seller's if not given.

        whole: The files have all orders: unpaid ones that are missing are held.
    """
    report = ctx.shop.stores.sync_many(store or None)
    if not report.done and not report.failed:
        message = "there is no store yet; `sourcehere stores connect` adds one"
        raise UsageError(message)
    shown = table(
        list(report.done.items()),
        {
            "store": lambda r: r[0],
            "orders": lambda r: r[1].orders,
            "lines": lambda r: r[1].lines,
            "units": lambda r: r[1].units,
            "changed": lambda r: r[1].changed,
            "unchanged": lambda r: r[1].unchanged,
            "charges": lambda r: r[1].charges,
            "rejected": lambda r: r[1].rejected,
        },
    )
    made = reported(report, shown)
    said = [words for name, one in report.done.items() for words in _also(name, one)]
    unread = [name for name, one in report.done.items() if _is_all_refused(one)]
    words = (
        f"{name}: nothing could be read; `sourcehere stores problems {name}` says why"
        for name in unread
    )
    missing = missing_orders(ctx, list(report.done), is_whole=whole)
    said += words_of_missing(missing)
    return attrs.evolve(
        made,
        data={
            "done": report.done,
            "failed": failures(report.failed),
            "missing": missing,
        },
        shown=(*made.shown, *said),
        problems=(*made.problems, *words),
        exit_code=made.exit_code or int(bool(unread)),
    )


def _is_all_refused(one: SyncReport) -> bool:
    taken = one.orders + one.changed + one.unchanged + one.older + one.nothing_wanted
    return bool(one.rejected) and not taken


def _also(name: str, report: SyncReport) -> Iterator[str]:
    if report.nothing_wanted:
        orders = counted(report.nothing_wanted, "order")
        yield f"{name}: {orders} of which nothing is to be sent by us"
    if report.older:
        yield f"{name}: {counted(report.older, 'order')} told as before a later change"
    if report.stopped:
        word = report.stopped.replace("_", " ")
        yield f"{name}: not read to its end ({word}); the next sync goes on from there"
