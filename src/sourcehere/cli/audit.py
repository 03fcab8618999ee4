"""
`sourcehere audit`.
"""

from .context import Ctx
from .output import Result, table


def run(*, ctx: Ctx) -> Result:
    """
    Check every invariant on the stored data, of one seller or of all.

    The exit code is 1 when something is not as it must be.
    """
    report = ctx.sh.audit.run(seller_id=ctx.seller_id if ctx.said.seller else "")
    checked = table(
        list(report.checked.items()),
        {"invariant": lambda c: c[0], "checked": lambda c: c[1]},
    )
    violated = table(
        report.violations,
        {
            "invariant": lambda v: v.invariant,
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
