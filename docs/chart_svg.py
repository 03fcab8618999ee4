"""
Write a chart's layout as SVG, readable on a light and on a dark page.
"""

from chart_layout import LETTER, Arrow, Box, Layout

LINE, ROAD, INK, END, STATE = "#5a6672", "#0b6e4f", "#17212b", "#f6dcd8", "#e6eef5"
HEIGHT = 16  # of a line of a label


def svg_of(
    layout: Layout, *, title: str, road: frozenset[str], ends: frozenset[str]
) -> str:
    """
    Return the picture: states as boxes, moves as arrows, the main road in green.
    """
    size = f"0 0 {layout.width:.0f} {layout.height:.0f}"
    top = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width:.0f}"'
        f' viewBox="{size}" role="img" style="max-width:100%;height:auto"'
        f' font-size="{LETTER}">'
    )
    parts = [
        top,
        f"<title>{title}</title>",
        f"<defs>{_head('line', LINE)}{_head('road', ROAD)}</defs>",
        f'<rect width="{layout.width:.0f}" height="{layout.height:.0f}" fill="#fff"/>',
    ]
    parts += [_line(arrow) for arrow in layout.arrows]
    parts += [
        _box(box, on_road=box.state in road, end=box.state in ends)
        for box in layout.boxes
    ]
    parts += [_label(arrow) for arrow in layout.arrows]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _head(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        f' markerHeight="8" orient="auto" markerUnits="userSpaceOnUse">'
        f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
    )


def _line(arrow: Arrow) -> str:
    points = " ".join(f"{x:.0f},{y:.0f}" for x, y in arrow.points)
    colour, width, head = (ROAD, 2.4, "road") if arrow.is_road else (LINE, 1.2, "line")
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}"'
        f' stroke-width="{width}" marker-end="url(#{head})"/>'
    )


def _box(box: Box, *, on_road: bool, end: bool) -> str:
    fill, edge = (END if end and not on_road else STATE), (ROAD if on_road else LINE)
    words = box.state.replace("_", " ").capitalize()
    x, y = box.x + box.width / 2, box.y + box.height / 2
    return (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}"'
        f' height="{box.height:.0f}" rx="6" fill="{fill}" stroke="{edge}"'
        f' stroke-width="{2 if on_road else 1.2}"/>'
        f'<text class="state" x="{x:.1f}" y="{y:.1f}" text-anchor="middle"'
        f' dy="0.35em" fill="{INK}" font-weight="bold"'
        f' font-family="sans-serif">{words}</text>'
    )


def _label(arrow: Arrow) -> str:
    first = arrow.y - HEIGHT * (len(arrow.words) - 1) / 2
    return "\n".join(
        f'<text class="event" x="{arrow.x:.1f}" y="{first + n * HEIGHT:.1f}"'
        f' text-anchor="{arrow.anchor}" dy="0.35em" fill="{INK}"'
        f' font-family="monospace">{word}</text>'
        for n, word in enumerate(arrow.words)
    )
