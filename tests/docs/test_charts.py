"""
The charts' pictures can be read at the width of a page.
"""

import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "charts"
PICTURES = sorted(FOLDER.glob("*.svg"))
PAGE = 800  # pixels
SVG = "{http://www.w3.org/2000/svg}"
ADVANCE = {"event": 0.62, "state": 0.66}  # of a letter, in letter sizes; at most


def opened(path):
    """
    Parse a picture.
    """
    return ET.fromstring(path.read_text("utf-8"))


def letter(picture):
    """
    Return the size of a picture's letters, in its own units.
    """
    sizes = [picture.get("font-size"), *(t.get("font-size") for t in texts(picture))]
    return min(float(size) for size in sizes if size)


def texts(picture):
    """
    List the labels.
    """
    return list(picture.iter(f"{SVG}text"))


def box_of(text, size):
    """
    Return the left, top, right and bottom of a label.
    """
    width = len(text.text) * size * ADVANCE[text.get("class")]
    x, y = float(text.get("x")), float(text.get("y"))
    left = x - {"start": 0, "middle": width / 2, "end": width}[text.get("text-anchor")]
    return (left, y - size / 2, left + width, y + size / 2)


def rectangle(rect):
    """
    Return the left, top, right and bottom of a state.
    """
    x, y, wide, high = (float(rect.get(n)) for n in ("x", "y", "width", "height"))
    return (x, y, x + wide, y + high)


def meet(one, other):
    """
    Tell whether two boxes overlap.
    """
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
class TestPictures:
    def test_letters_are_legible_at_page_width(self, path):
        """
        On a page 800 pixels wide no letter is smaller than 11 pixels.
        """
        picture = opened(path)
        shown = min(1, PAGE / float(picture.get("width")))

        assert letter(picture) * shown >= 11

    def test_no_two_labels_overlap(self, path):
        """
        Every label stands by itself, inside the picture.
        """
        picture = opened(path)
        size, width = letter(picture), float(picture.get("width"))
        boxes = [(t.text, box_of(t, size)) for t in texts(picture)]

        pairs = itertools.combinations(boxes, 2)
        assert [] == [(a, b) for (a, one), (b, two) in pairs if meet(one, two)]
        assert [] == [n for n, box in boxes if box[0] < 0 or box[2] > width]

    def test_no_event_stands_on_a_state(self, path):
        """
        The name of a move is beside the states, never over one.
        """
        picture = opened(path)
        size = letter(picture)
        states = [rectangle(r) for r in picture.iter(f"{SVG}rect") if r.get("rx")]
        events = [t for t in texts(picture) if t.get("class") == "event"]

        assert [] == [
            event.text
            for event in events
            if any(meet(box_of(event, size), state) for state in states)
        ]

    def test_every_move_of_the_table_is_drawn(self, path):
        """
        The picture has as many states and moves as the page's own mermaid source.
        """
        picture = opened(path)
        page = path.with_suffix(".md").read_text("utf-8")
        drawn = sorted(t.text for t in texts(picture) if t.get("class") == "event")

        assert sorted(re.findall(r" --> \w+ : (\w+)", page)) == drawn
        states = [t for t in texts(picture) if t.get("class") == "state"]
        assert len(re.findall(r'^    state "', page, re.MULTILINE)) == len(states)


def test_every_chart_has_a_picture():
    """
    Nine pages, nine pictures.
    """
    pages = {path.stem for path in FOLDER.glob("*.md")}

    assert pages == {path.stem for path in PICTURES}
    assert len(pages) == 10
