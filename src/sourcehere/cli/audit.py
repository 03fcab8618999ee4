"""
`sourcehere audit`.
"""

from .context import Ctx
from .output import Result, table, tell_progress


def run(*, ctx: Ctx, replay: bool = False) -> Result:
    """
    Hold all stored rows against each other, of one seller or of all.

    The exit code is 1 when something is not as it must be.

    Args:
        replay: Also make every order, quote request, dispute and connection anew of its
            events, and compare it with its rows; it takes several times as long.
    """
    report = ctx.platform.audit.run(
        seller_id=ctx.seller_id if ctx.said.seller else "",
        replay=replay,
        progress=tell_progress,
    )
    checked = table(
        list(report.checked.items()),
        {"invariant": lambda c: c[0], "checked": lambda c: c[1]},
    )
    violated = table(
        report.violations,
        {
            "invariant": lambda v: v.invariant,
            "seller": lambda v: v.seller_id,
            "about": lambda v: v.subject,
            "what": lambda v: v.words,
        },
        title="Violated",
    )
    data = {
        "is_clean": report.is_clean,
        "checked": report.checked,
        "violations": report.violations,
    }
    if report.is_clean:
        return Result(data, (checked, "everything is as it must be"))
    return Result(data, (checked, violated), exit_code=1)
