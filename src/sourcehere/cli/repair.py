"""
`sourcehere repair`.
"""

from collections.abc import Sequence

from cyclopts import App

from ..domain.kernel.words import counted
from ..face.records.repairs import Repair, RepairPlan
from .context import Context, Ctx
from .errors import NotAgreedError, UsageError
from .output import Result, Table, cell, show, table, tell_progress, when
from .pages import USUAL, paged

app = App(name="repair")
_REASON = "sourcehere repair --do"


@app.default
def run(
    *, ctx: Ctx, do: bool = False, yes: bool = False, reason: str = _REASON
) -> Result:
    """
    Plan what can be mended of what the audit names, of one seller or of all.

    Nothing is written unless you say `--do`. The exit code is 1 when the audit names
    something, or still does afterwards.

    Args:
        do: Do it, after asking; then audit again.

        yes: Do it without asking.

        reason: Why; it is kept with each row. No personal data.
    """
    desk = ctx.staff.repair
    seller_id = ctx.seller_id if ctx.said.seller else ""
    plan = desk.plan(seller_id=seller_id, progress=tell_progress)
    if not do:
        return Result(plan, tuple(_planned(plan)), exit_code=int(plan.found > 0))
    if plan.is_empty:
        data = {"plan": plan, "repairs": (), "violations": plan.left}
        return Result(data, tuple(_planned(plan)), exit_code=int(plan.found > 0))
    if not ctx.said.as_json:
        for number, block in enumerate(_planned(plan)):
            show(block, is_first=number == 0)
    _agree(ctx, plan, yes=yes)
    done = desk.do(plan, reason=reason)
    left = ctx.platform.audit.run(
        seller_id=seller_id, replay=True, progress=tell_progress
    ).violations
    still = table(
        left,
        {
            "invariant": lambda v: v.invariant,
            "seller": lambda v: v.seller_id,
            "about": lambda v: v.subject,
            "what": lambda v: v.words,
        },
        title="Still violated",
    )
    shown = (
        _shown(done.repairs, "Repaired"),
        still if left else "everything is as it must be",
    )
    data = {"plan": plan, "repairs": done.repairs, "violations": left}
    return Result(data, shown, exit_code=int(bool(left)))


def _planned(plan: RepairPlan) -> Sequence[Table | str]:
    if not plan.found:
        return ["everything is as it must be; there is nothing to repair"]
    changes = table(
        plan.changes,
        {
            "invariant": lambda c: c.invariant,
            "seller": lambda c: c.seller_id,
            "table": lambda c: c.table_name,
            "key": lambda c: "/".join(c.row_key),
            "from": lambda c: _columns(c.before),
            "to": lambda c: _columns(c.after),
        },
        title="Would be written",
    )
    left = table(
        plan.left,
        {
            "invariant": lambda f: f.invariant,
            "seller": lambda f: f.seller_id,
            "about": lambda f: f.subject,
            "what": lambda f: f.words,
            "what to do": lambda f: f.advice,
        },
        title="For a person",
    )
    shown: list[Table | str] = [block for block in (changes, left) if block.rows]
    if not plan.is_whole:
        shown.append("not everything was tried yet: do this, then make another plan")
    return shown


def _columns(values: dict[str, object]) -> str:
    return cell(values) if values else "no row"


def _shown(repairs: Sequence[Repair], title: str = "") -> Table:
    return table(
        repairs,
        {
            "number": lambda r: r.number,
            "seller": lambda r: r.seller_id,
            "when": lambda r: when(r.repaired_at),
            "who": lambda r: r.actor,
            "invariant": lambda r: r.invariant,
            "table": lambda r: r.table_name,
            "key": lambda r: "/".join(r.row_key),
            "from": lambda r: _columns(r.before),
            "to": lambda r: _columns(r.after),
            "why": lambda r: r.reason,
        },
        title=title,
    )


def _agree(ctx: Context, plan: RepairPlan, *, yes: bool) -> None:
    if yes:
        return
    agreed = ctx.agrees(f"Write {counted(len(plan.changes), 'row')}?")
    if agreed is None:
        message = "nobody is at a terminal to agree; repeat with --yes"
        raise UsageError(message)
    if not agreed:
        raise NotAgreedError(done="written")


@app.command(name="list")
def list_(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List what was repaired: when, by whom, why, and what was there before.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff.repair.list(
        seller_id=ctx.seller_id if ctx.said.seller else "", after=after, limit=limit
    )
    return paged(page, _shown(page.items))
