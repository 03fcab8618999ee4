"""
Draw every status chart from its class: a picture, its source, and its table.

    python docs/draw_charts.py           # write docs/charts/
    python docs/draw_charts.py --check   # fail when a drawing is stale
"""

import sys
from pathlib import Path

import mermaidx

from sourcehere.domain.disputes.machine import DisputeChart
from sourcehere.domain.effects.machine import AttemptChart, MessageChart
from sourcehere.domain.kernel.machine import StateTable
from sourcehere.domain.orders.kinds import KINDS
from sourcehere.domain.quotes.machine import QuoteRequestChart
from sourcehere.domain.wallet.machine import CheckoutChart, RefundChart

FOLDER = Path(__file__).parent / "charts"
CHARTS: dict[str, type[StateTable]] = {
    **{kind.label.lower().replace(" ", "-"): kind.chart for kind in KINDS.values()},
    "quote-request": QuoteRequestChart,
    "dispute": DisputeChart,
    "refund": RefundChart,
    "checkout": CheckoutChart,
    "message": MessageChart,
    "attempt": AttemptChart,
}


def drawings() -> dict[str, str]:
    """
    Give every file of `docs/charts/` as it should be.
    """
    files = {f"{name}.md": _page(name, chart) for name, chart in CHARTS.items()}
    for name, chart in CHARTS.items():
        files[f"{name}.svg"] = str(mermaidx.render(chart.drawing()).svg()) + "\n"
    return files


def _page(name: str, chart: type[StateTable]) -> str:
    title = name.replace("-", " ").capitalize()
    table = chart.drawing("md").strip()
    picture = chart.drawing().strip()
    return (
        f"# {title}\n\nGenerated from `{chart.__module__}.{chart.__name__}` by"
        f" `docs/draw_charts.py`.\n\n![{title}]({name}.svg)\n\n{table}\n\n"
        f"As mermaid:\n\n```mermaid\n{picture}\n```\n"
    )


def main() -> int:
    """
    Write the drawings, or name the stale ones.
    """
    files = drawings()
    stale = [
        name
        for name, text in files.items()
        if not (FOLDER / name).is_file()
        or (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        for name in stale:
            print(f"stale: docs/charts/{name}; run python docs/draw_charts.py")
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(files[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
