"""
`sourcehere states`.
"""

from enum import StrEnum
from importlib.util import find_spec
from typing import Annotated

from ..domain.disputes.machine import DisputeChart
from ..domain.effects.machine import AttemptChart, InboxChart, MessageChart
from ..domain.kernel.machine import StateTable
from ..domain.orders.kinds import KINDS
from ..domain.quotes.machine import QuoteRequestChart
from ..domain.wallet.machine import CheckoutChart, RefundChart
from .context import AS_NAMED
from .errors import UsageError
from .output import Result

CHARTS: dict[str, type[StateTable]] = {
    **{kind.word: kind.chart for kind in KINDS.values()},
    "quote": QuoteRequestChart,
    "dispute": DisputeChart,
    "refund": RefundChart,
    "checkout": CheckoutChart,
    "message": MessageChart,
    "inbox": InboxChart,
    "attempt": AttemptChart,
}


class Form(StrEnum):
    """
    How a chart is drawn.
    """

    TERMINAL = "terminal"
    MERMAID = "mermaid"
    MD = "md"
    SVG = "svg"


def run(
    kind: str = "store",
    /,
    *,
    format: Annotated[Form | None, AS_NAMED] = None,
) -> Result:
    """
    Draw a status chart from the class that is stepped through.

    Args:
        kind: store, manual, cloud, quote, dispute, refund, checkout, message, inbox,
            attempt.

        format: terminal, mermaid, md (a table) or svg; the first and last need the
            package mermaidx. Where it is not installed, a table is what is drawn
            unless something else is said.
    """
    chart = CHARTS.get(kind)
    if chart is None:
        msg = f"no chart is called {kind!r}; there are {', '.join(CHARTS)}"
        raise UsageError(msg)
    moves = [
        {"from": state, "event": event, "to": to}
        for (state, event), to in chart.table.items()
    ]
    usual = Form.TERMINAL if find_spec("mermaidx") else Form.MD
    return Result({"kind": kind, "moves": moves}, (_drawn(chart, format or usual),))


def _drawn(chart: type[StateTable], form: Form) -> str:
    if form in (Form.MERMAID, Form.MD):
        return chart.drawing(form.value).strip()
    try:
        import mermaidx  # noqa: PLC0415 - optional, and slow to load
    except ImportError as error:
        msg = (
            f"--format {form} needs the package mermaidx: pip install mermaidx;"
            " --format md and mermaid need none"
        )
        raise UsageError(msg) from error
    if form is Form.SVG:
        return str(mermaidx.render(chart.drawing()).svg())
    return str(mermaidx.render_ascii(chart.drawing())).strip()
