"""
`sourcehere demo`.
"""

import shlex
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cyclopts import Parameter

from ..demo import Options, Report, open_for_demo, sample_path
from ..demo import run as tell
from ..domain.kernel.money import Money
from ..domain.kernel.words import counted
from .context import Ctx
from .errors import UsageError
from .output import Result, Table, facts, label, table

DEMO_URL = "sqlite:///sourcehere-demo.db"


def run(
    *,
    ctx: Ctx,
    chunk: int = 200,
    out: Path | None = None,
    shop: Annotated[Path | None, Parameter(name="--file")] = None,
) -> Result:
    """
    Tell a real shop's story: sync, pair, quote, stock, pay, ship, deliver, dispute.

    Its database is sqlite:///sourcehere-demo.db unless --db names another; cut off
    anywhere, the demo carries on where it was.

    Args:
        chunk: Orders in one commit.

        out: Where the shop's fulfilments are written; beside the database if not given.

        shop: The shop's orders, as a file with the columns InvoiceNo, StockCode,
            Description, Quantity, InvoiceDate, UnitPrice (in pounds), CustomerID and
            Country; a packaged sample if not given.
    """
    if chunk < 1:
        message = f"--chunk {chunk}: say at least 1"
        raise UsageError(message)
    path = (sample_path() if shop is None else shop).resolve()
    if not path.is_file():
        why = "it is no file, but a folder or a pipe: it is read more than once"
        message = f"{path}: {why if path.exists() else 'there is no such file'}"
        raise UsageError(message)
    url = ctx.said.db or DEMO_URL
    target = (_beside(url) if out is None else out).resolve()
    sourcehere, clock = open_for_demo(url, chunk=chunk)
    with sourcehere:
        report = tell(sourcehere, clock, Options(path, target, chunk))
        named = sourcehere.storage.url  # without any password
    data = {**report.as_json(), "db": named, "fulfilments": str(target)}
    words = shlex.quote(named)
    next_ = _next(words, has_password=bool(urlsplit(url).password))
    shown, problems = _shown(report, target, next_), _problems(report, words)
    return Result(data, shown, problems, exit_code=_code(report))


def _beside(url: str) -> Path:
    scheme, _, place = url.partition(":///")
    if scheme == "sqlite" and place and place != ":memory:":
        path = Path(place.partition("?")[0])
        return path.with_name(f"{path.stem}-fulfilments.csv")
    return Path("sourcehere-demo-fulfilments.csv")


def _code(report: Report) -> int:
    return 0 if report.audit.is_clean and not _untold(report) else 1


def _untold(report: Report) -> int:
    return report.parcels - report.trackings_pushed


def _problems(report: Report, url: str) -> tuple[str, ...]:
    """
    Say what the shop was not told, and what to do.
    """
    if not _untold(report):
        return ()
    untold = f"{_untold(report)} of {counted(report.parcels, 'parcel')}"
    command = f"`sourcehere --db {url} relay dead`"
    return (f"the shop is not told of {untold}; {command} says why",)


def _shown(report: Report, target: Path, next_: str) -> tuple[Table | str, ...]:
    steps = table(
        report.steps,
        {
            "step": lambda s: s.name,
            "orders": lambda s: s.orders,
            "seconds": lambda s: f"{s.wall_s:.1f}",
        },
        title="What was done",
    )
    tabs = facts(
        {label(tab): str(count) for tab, count in report.by_tab.items()},
        title="Orders by tab",
    )
    return (steps, facts(_numbers(report, target), "What is stored"), tabs, next_)


def _numbers(report: Report, target: Path) -> dict[str, object]:
    return {
        "orders imported": str(report.orders_imported),
        "lines, units": f"{report.lines_imported}, {report.units_imported}",
        "records rejected": report.rejected,
        "store charges": str(report.store_charges),
        "captured": Money(report.captured_minor, report.currency),
        "refunded": Money(report.refunded_minor, report.currency),
        "wallet": Money(report.wallet_available_minor, report.currency),
        "units from cloud stock": str(report.units_from_cloud),
        "units sourced directly": str(report.units_direct),
        "parcels": str(report.parcels),
        "trackings pushed": f"{report.trackings_pushed}, to {target}",
        "disputes": str(report.disputes),
        "events": str(report.events),
        "audit": "clean" if report.audit.is_clean else report.audit.violations,
    }


def _next(url: str, *, has_password: bool) -> str:
    if url.startswith("memory:"):
        return f"Nothing is kept of {url}: without --db, it is kept to look around in."
    lines = (
        "orders list --limit 5",
        "orders counts",
        "orders list --tab refunds --limit 5",
        "orders show ORDER",
        "cloud stock",
        "wallet ledger --limit 8",
        "disputes list",
        "audit",
    )
    begin = (
        "Try next, with the password, which is not shown"
        if has_password
        else "Try next"
    )
    return "\n".join([f"{begin}:", *(f"  sourcehere --db {url} {x}" for x in lines)])
