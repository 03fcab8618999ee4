"""
`sourcehere gateways`.
"""

from collections.abc import Sequence
from pathlib import Path

from cyclopts import App

from ..domain.kernel.words import counted
from ..face.records.payments import PaidOut, PayoutReport
from .context import Ctx
from .output import Result, Table, facts, table
from .pages import USUAL, paged
from .reading import read_instant
from .saying import Secrets, Values, configured, configured_anew
from .trying import found_well, why_unused

app = App(name="gateways")
_DIFFERS = 3  # the exit code where both say something else


@app.command
def connect(
    name: str,
    /,
    *,
    ctx: Ctx,
    provider: str,
    config: Path | None = None,
    values: Values = None,
    secrets: Secrets = None,
    unchecked: bool = False,
    allow_plain: bool = False,
) -> Result:
    """
    Configure a payment gateway for the whole platform, as staff.

    Args:
        name: The name to keep it under; `gateways change` changes a known one.

        provider: What serves it; `sourcehere plugins` lists them.

        config: A JSON file with the provider's configuration.

        values: A field of it: FIELD=VALUE where it is a text, FIELD:=VALUE where it is
            a number, a list, true or false; `sourcehere plugins show` lists them.

        secrets: A secret field, FIELD=VARIABLE: the environment variable that holds it.

        unchecked: Keep it without letting it try its credentials.

        allow_plain: Keep secrets that stand in the file as they are.
    """
    made = ctx.staff.gateways.connect(
        name,
        provider=provider,
        config=configured(config, values, secrets) or {},
        check=not unchecked,
        allow_plain=allow_plain,
    )
    return Result(made, (f"gateway {name} is there",))


@app.command
def change(
    name: str,
    /,
    *,
    ctx: Ctx,
    config: Path | None = None,
    values: Values = None,
    secrets: Secrets = None,
    unchecked: bool = False,
    allow_plain: bool = False,
) -> Result:
    """
    Change a gateway's configuration, as staff.

    Args:
        name: Which gateway.

        config: A JSON file with the whole configuration from now on.

        values: A field of it: FIELD=VALUE where it is a text, FIELD:=VALUE where it is
            a number, a list, true or false; `sourcehere plugins show` lists them.

        secrets: A secret field, FIELD=VARIABLE: the environment variable that holds it.

        unchecked: Do not try the new credentials.

        allow_plain: Keep secrets that stand in the file as they are.
    """
    made = ctx.staff.gateways.change(
        name,
        config=configured_anew(config, values, secrets),
        check=not unchecked,
        allow_plain=allow_plain,
    )
    return Result(made, (f"gateway {name} is changed",))


@app.command
def pause(name: str, why: str = "", /, *, ctx: Ctx) -> Result:
    """
    Let nothing new begin at a gateway, as staff.

    Args:
        name: Which gateway.

        why: For people who would have used it.
    """
    made = ctx.staff.gateways.pause(name, why=why)
    return Result(made, (f"gateway {name} is paused",))


@app.command
def resume(name: str, /, *, ctx: Ctx) -> Result:
    """
    Use a paused gateway again, as staff.

    Args:
        name: Which gateway.
    """
    made = ctx.staff.gateways.resume(name)
    return Result(made, (f"gateway {name} is active",))


@app.command
def disconnect(name: str, why: str = "", /, *, ctx: Ctx) -> Result:
    """
    End a gateway's connection, as staff; what it was asked for is still followed.

    Args:
        name: Which gateway.

        why: For people who look for it.
    """
    made = ctx.staff.gateways.disconnect(name, why=why)
    return Result(made, (f"gateway {name} is disconnected",))


@app.command
def check(name: str, /, *, ctx: Ctx) -> Result:
    """
    Let a gateway try its credentials now, as staff, if it can.

    Args:
        name: Which gateway.
    """
    is_tried = ctx.staff.gateways.check(name)
    told = {"name": name, "is_tried": is_tried}
    return Result(told, (f"gateway {name} {found_well(is_tried=is_tried)}",))


@app.command(name="list")
def list_all(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List the payment gateways, as staff.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff.gateways.list(after=after, limit=limit)
    columns = {
        "name": lambda g: g.name,
        "provider": lambda g: g.provider,
        "state": lambda g: g.state,
        "why": why_unused,
    }
    return paged(page, table(page.items, columns))


@app.command
def reconcile(name: str, /, *, ctx: Ctx, since: str) -> Result:
    """
    Compare a gateway's payouts with the ledger, as staff; ends with 3 where they
    differ. Nothing is changed.

    Args:
        name: Which gateway.

        since: From when on, as ISO 8601 has it, such as 2030-12-01.
    """
    report = ctx.staff.gateways.reconcile(name, since=read_instant(since, ctx.sh.zone))
    shown: list[Table | str] = [_totals(report)]
    if report.missing_here:
        shown.append(_paid_out("Paid out, and not booked", report.missing_here))
    if report.other_amounts:
        shown.append(_paid_out("Booked with another amount", report.other_amounts))
    if report.missing_there:
        shown.append(
            table(
                report.missing_there,
                {
                    "attempt": lambda m: m.attempt_id,
                    "gateway's": lambda m: m.gateway_id,
                    "amount": lambda m: m.amount,
                    "booked": lambda m: m.booked_at,
                },
                title="Booked, and not paid out",
            )
        )
    code = 0 if report.is_clean else _DIFFERS
    return Result(report, tuple(shown), exit_code=code)


def _totals(report: PayoutReport) -> Table:
    fees = ", ".join(str(fee) for fee in report.fees)
    return facts(
        {
            "payouts": counted(report.payouts, "payout"),
            "entries": report.entries,
            "fees": fees,
            "sums that differ": ", ".join(report.unequal),
        }
    )


def _paid_out(title: str, found: Sequence[PaidOut]) -> Table:
    return table(
        found,
        {
            "payout": lambda p: p.payout_id,
            "gateway's": lambda p: p.gateway_id,
            "amount": lambda p: p.amount,
            "booked": lambda p: p.booked,
            "attempt": lambda p: p.attempt_id,
        },
        title=title,
    )
