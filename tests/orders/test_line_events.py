"""
Lines are compared with what is stored only after the events that may touch them.
"""

import attrs
import pytest

from sourcehere.domain.kernel.events import Event
from sourcehere.domain.orders import events
from sourcehere.domain.orders.fold import LINE_EVENTS, apply
from sourcehere.domain.orders.lines import Item, Line
from sourcehere.domain.orders.order import Order
from sourcehere.testing.samples import sample

ITEM = sample(str)  # what a sampled event calls an item
EVENTS = [
    cls
    for cls in vars(events).values()
    if isinstance(cls, type) and issubclass(cls, Event) and cls is not Event
]


@pytest.mark.parametrize("cls", [c for c in EVENTS if c not in LINE_EVENTS])
def test_other_events_leave_lines_alone(cls):
    """
    Every event that is not listed leaves the lines as they were.
    """
    line = sample(Line)
    order = Order(seller_id="s", order_id="o", kind="store", lines=[line])
    order.items[ITEM] = attrs.evolve(sample(Item), item_id=ITEM, line=1)
    before = [attrs.evolve(line)]

    apply(order, sample(cls))

    assert before == order.lines
    assert line is order.lines[0]
    assert 1 == order.version
