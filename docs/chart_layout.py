"""
Where the states and moves of a chart stand on its picture.

The main road runs straight down: the states an order passes when all goes well. Every
other state is a column to the right of it, as tall as its moves need. A move between
columns is a horizontal arrow in a row of its own, so that no two labels ever meet; a
move between two states of the road that are no neighbours is a bow on the left.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import attrs

LETTER = 13
WIDE = 0.62 * LETTER  # the advance of a letter, at most
ROW = 30
BOX = 34
PAD = 12

Move = tuple[str, str, str]  # from, event, to


@attrs.frozen
class Box:
    """
    A state: where it is drawn.
    """

    state: str
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """
        The right edge.
        """
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """
        The lower edge.
        """
        return self.y + self.height


@attrs.frozen
class Arrow:
    """
    A move: the points of its line, and where its label stands.

    Attributes:
        words: The events, one per line of the label.

        anchor: Which end of the label is at its *x*: `start`, `middle` or `end`.
    """

    points: tuple[tuple[float, float], ...]
    words: tuple[str, ...]
    x: float
    y: float
    anchor: str
    is_road: bool


@attrs.frozen
class Layout:
    """
    A whole picture.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def width_of(words: Iterable[str]) -> float:
    """
    Return the width of the longest of *words*.
    """
    return max((len(word) for word in words), default=0) * WIDE


def lay_out(moves: Sequence[Move], road: Sequence[str], aside: Sequence[str]) -> Layout:
    """
    Place the states of *road* below each other, and those *aside* in columns.
    """
    place = dict.fromkeys(road, 0) | {s: n for n, s in enumerate(aside, start=1)}
    level = [m for m in moves if (place[m[0]] == 0) != (place[m[2]] == 0)]
    level += [m for m in moves if place[m[0]] and place[m[2]]]
    bows = [m for m in moves if not place[m[0]] and not place[m[2]]]
    steps = set(pairwise(road))
    down = [m for m in bows if (m[0], m[2]) in steps]
    bows = [m for m in bows if m not in down]
    return _Picture(road, aside, place, _in_rows(level, road, place), down, bows).draw()


def _in_rows(
    level: Sequence[Move], road: Sequence[str], place: Mapping[str, int]
) -> list[Move]:
    """
    Order the horizontal moves so that none runs through a state that it passes.

    Moves that touch the road follow it downwards. The best of the neighbouring orders
    is taken until none is better: a dozen moves need no cleverer search.
    """
    rows = sorted(level, key=lambda move: (_on_road(move, road), level.index(move)))
    best = _faults(rows, road, place)
    improved = True
    while best > 0 and improved:
        improved = False
        for tried in _neighbours(rows):
            faults = _faults(tried, road, place)
            if faults < best:
                rows, best, improved = tried, faults, True
                break
    assert best < 1, f"moves run through states: {rows}"
    return rows


def _neighbours(rows: list[Move]) -> Iterable[list[Move]]:
    for size in (1, 2, 3):
        for start in range(len(rows) - size + 1):
            block, rest = (
                rows[start : start + size],
                rows[:start] + rows[start + size :],
            )
            for target in range(len(rest) + 1):
                yield rest[:target] + block + rest[target:]


def _on_road(move: Move, road: Sequence[str]) -> int:
    return next((road.index(s) for s in (move[0], move[2]) if s in road), len(road))


def _faults(rows: list[Move], road: Sequence[str], place: Mapping[str, int]) -> float:
    """
    Count rows out of the road's order and states run through; tall columns cost little.
    """
    reach: dict[str, list[int]] = {}
    for number, (source, _, target) in enumerate(rows):
        for state in (source, target):
            reach.setdefault(state, []).append(number)
    faults = 0.0
    for number, (source, _, target) in enumerate(rows):
        low, high = sorted((place[source], place[target]))
        passed = (s for s, column in place.items() if low < column < high)
        faults += sum(min(reach[s]) < number < max(reach[s]) for s in passed)
    on_road = [_on_road(m, road) for m in rows if m[0] in road or m[2] in road]
    faults += sum(a > b for n, a in enumerate(on_road) for b in on_road[n:])
    spans = sum(max(r) - min(r) for s, r in reach.items() if place[s])
    return faults + spans / 1000


@attrs.define
class _Picture:
    """
    A layout in the making: rows first, then bows, then columns, then arrows.
    """

    road: Sequence[str]
    aside: Sequence[str]
    place: Mapping[str, int]
    rows: list[Move]
    down: list[Move]
    bows: list[Move]
    boxes: dict[str, Box] = attrs.field(factory=dict)
    _row_y: list[float] = attrs.field(factory=list)
    _bowed: list[Arrow] = attrs.field(factory=list)

    def draw(self) -> Layout:
        """
        Return the finished layout.
        """
        ends = self._rows_down()
        left = self._bow_lanes(ends)
        self._columns(left, ends)
        arrows = [self._level(n, move) for n, move in enumerate(self.rows)]
        arrows += [self._down(a, b) for a, b in pairwise(self.road)]
        arrows += self._bowed
        right = max(box.right for box in self.boxes.values())
        bottom = max(box.bottom for box in self.boxes.values())
        boxes = tuple(self.boxes.values())
        return Layout(right + PAD, bottom + PAD, boxes, tuple(a for a in arrows if a))

    def _rows_down(self) -> dict[str, tuple[float, float]]:
        """
        Fix how far down the page each row, and each state of the road, is.
        """
        spans: dict[str, tuple[float, float]] = {}
        y, todo = float(PAD), list(self.rows)
        for number, state in enumerate(self.road):
            top = y
            # Moves between columns only come wherever they stand in the order.
            last = max(
                (n for n, m in enumerate(todo) if state in (m[0], m[2])), default=-1
            )
            inner = 0.0
            for _ in range(last + 1):
                y += ROW
                self._row_y.append(y - ROW / 2 + 6)
                todo.pop(0)
                inner = y
            least = BOX + 18 * max(0, self._bows_at(state) - 1)
            y = max(inner + 8, top + least)
            spans[state] = (top, y)
            follows = self.road[number + 1] if number + 1 < len(self.road) else ""
            events = [m for m in self.down if m[0] == state and m[2] == follows]
            y += 22 + 16 * max(1, len(events))
        for _ in todo:
            self._row_y.append(y)
            y += ROW
        return spans

    def _bows_at(self, state: str) -> int:
        return sum((m[0] == state) + (m[2] == state) for m in self.bows)

    def _bow_lanes(self, spans: Mapping[str, tuple[float, float]]) -> float:
        """
        Return the width that bows need; lanes are filled from the road outwards.
        """
        used = dict.fromkeys(self.road, 0)

        def port(state: str) -> float:
            top, bottom = spans[state]
            used[state] += 1
            return top + (bottom - top) * used[state] / (self._bows_at(state) + 1)

        def reach(move: Move) -> int:
            return abs(self.road.index(move[0]) - self.road.index(move[2]))

        ports = {
            move: (port(move[0]), port(move[2]))
            for move in sorted(self.bows, key=lambda move: -reach(move))
        }
        lanes: list[list[Move]] = []
        for move in sorted(self.bows, key=reach):
            low, high = sorted(ports[move])
            for lane in lanes:
                if all(
                    max(ports[o]) + 8 < low or min(ports[o]) > high + 8 for o in lane
                ):
                    lane.append(move)
                    break
            else:
                lanes.append([move])
        offset = 0.0
        for lane in lanes:
            offset += 14
            labels = [self._bow(move, ports[move], offset) for move in lane]
            offset += max(labels)
        return offset

    def _bow(self, move: Move, ports: tuple[float, float], offset: float) -> float:
        """
        Add a bow *offset* left of the road; return the width its label takes there.

        The label stands on the line that leaves its state, if there is room for it.
        """
        source, event, _ = move
        start, end = ports
        points = ((0.0, start), (-offset, start), (-offset, end), (0.0, end))
        wide = width_of([event])
        if wide + 2 * PAD < offset and self._bows_at(source) == 1:
            on_line = Arrow(points, (event,), -offset / 2, start - 9, "middle", False)
            self._bowed.append(on_line)
            return 0
        beside = Arrow(points, (event,), -offset - 6, (start + end) / 2, "end", False)
        self._bowed.append(beside)
        return wide + 6

    def _columns(self, left: float, spans: Mapping[str, tuple[float, float]]) -> None:
        """
        Place the boxes; the gaps between them are as wide as the labels in them.
        """
        x = PAD + left
        width = width_of(_words(s) for s in self.road) + 2 * PAD
        for state, (top, bottom) in spans.items():
            self.boxes[state] = Box(state, x, top, width, bottom - top)
        shift = x
        self._bowed[:] = [
            attrs.evolve(
                a, points=tuple((px + shift, py) for px, py in a.points), x=a.x + shift
            )
            for a in self._bowed
        ]
        x += width
        for column, state in enumerate(self.aside, start=1):
            x += width_of(self._labels_in(column - 1)) + 28
            found = [
                y
                for y, m in zip(self._row_y, self.rows, strict=True)
                if state in (m[0], m[2])
            ]
            top, bottom = min(found) - BOX / 2, max(found) + BOX / 2
            wide = width_of([_words(state)]) + 2 * PAD
            self.boxes[state] = Box(state, x, top, wide, bottom - top)
            x += wide

    def _labels_in(self, gap: int) -> list[str]:
        """
        List the labels in the gap right of column *gap*: a label is beside its source.
        """
        return [
            event
            for source, event, target in self.rows
            if self._gap_of(source, target) == gap
        ]

    def _gap_of(self, source: str, target: str) -> int:
        start, end = self.place[source], self.place[target]
        return start if end > start else start - 1

    def _level(self, number: int, move: Move) -> Arrow:
        source, event, target = move
        y, a, b = self._row_y[number], self.boxes[source], self.boxes[target]
        rightwards = self.place[target] > self.place[source]
        start, end = (a.right, b.x) if rightwards else (a.x, b.right)
        gap = width_of(self._labels_in(self._gap_of(source, target))) + 28
        middle = start + gap / 2 - 2 if rightwards else start - gap / 2 + 2
        return Arrow(((start, y), (end, y)), (event,), middle, y - 9, "middle", False)

    def _down(self, state: str, follows: str) -> Arrow | None:
        words = tuple(m[1] for m in self.down if (m[0], m[2]) == (state, follows))
        if not words:
            return None
        a, b = self.boxes[state], self.boxes[follows]
        x = a.x + a.width / 2
        y = (a.bottom + b.y) / 2 - 2
        return Arrow(((x, a.bottom), (x, b.y)), words, x + 9, y, "start", True)


def _words(state: str) -> str:
    return state.replace("_", " ").capitalize()
