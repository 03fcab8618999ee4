"""
Draw every status chart from its class: a picture, its source, and its table.

    python docs/draw_charts.py           # write docs/charts/
    python docs/draw_charts.py --check   # fail when a drawing is stale
"""

import sys
from pathlib import Path

import attrs
from chart_layout import lay_out
from chart_svg import svg_of

from sourcehere.domain.disputes.machine import DisputeChart
from sourcehere.domain.effects.machine import AttemptChart, InboxChart, MessageChart
from sourcehere.domain.kernel.machine import StateTable
from sourcehere.domain.orders.kinds import KINDS
from sourcehere.domain.quotes.machine import QuoteRequestChart
from sourcehere.domain.wallet.machine import CheckoutChart, RefundChart

FOLDER = Path(__file__).parent / "charts"


@attrs.frozen
class Drawn:
    """
    A chart, and how it is drawn.

    Attributes:
        road: The states that are passed when all goes well, from first to last.

        aside: The others, as columns from left to right.
    """

    chart: type[StateTable]
    road: str
    aside: str


def _order(kind: str, road: str, aside: str) -> tuple[str, Drawn]:
    name = KINDS[kind].label.lower().replace(" ", "-")
    return name, Drawn(KINDS[kind].chart, road, aside)


_SENT = "awaiting_shipping partially_shipped shipped fulfilled"
CHARTS = dict(
    [
        _order(
            "store",
            f"new awaiting_payment {_SENT}",
            "unrecognized ignored cancelled",
        ),
        _order("manual", f"new draft awaiting_payment {_SENT}", "cancelled"),
        _order(
            "cloud_warehouse",
            "new draft awaiting_payment awaiting_shipping shipped receiving fulfilled",
            "cancelled",
        ),
    ]
) | {
    "quote-request": Drawn(
        QuoteRequestChart,
        "new open quoted accepted",
        "unavailable declined expired withdrawn",
    ),
    "dispute": Drawn(
        DisputeChart,
        "new open under_review offered resolved",
        "awaiting_seller rejected expired withdrawn",
    ),
    "refund": Drawn(RefundChart, "decided pending succeeded", "failed"),
    "checkout": Drawn(CheckoutChart, "open paid", "expired"),
    "message": Drawn(MessageChart, "waiting sending done", "dead superseded discarded"),
    "inbox": Drawn(InboxChart, "waiting done", "dead discarded"),
    "attempt": Drawn(
        AttemptChart, "planned sending succeeded", "unknown absent manual declined"
    ),
}


def drawings() -> dict[str, str]:
    """
    Return every file of `docs/charts/` as it should be.
    """
    files = {f"{name}.md": _page(name, drawn.chart) for name, drawn in CHARTS.items()}
    for name, drawn in CHARTS.items():
        files[f"{name}.svg"] = _picture(name, drawn)
    return files


def _picture(name: str, drawn: Drawn) -> str:
    road, aside = drawn.road.split(), drawn.aside.split()
    states = set(drawn.chart.state_names())
    assert {*road, *aside} == states, f"{name}: {states} are to be drawn"
    moves = [(a, event, b) for (a, event), b in drawn.chart.table.items()]
    return svg_of(
        lay_out(moves, road, aside),
        title=name.replace("-", " ").capitalize(),
        road=frozenset(road),
        ends=drawn.chart.ending_states(),
    )


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
