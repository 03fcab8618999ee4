"""
One transition with its event, against a guarded dict step that makes an event object.

    python benchmarks/transition.py
"""

from datetime import UTC, datetime

import attrs
from harness import compare

from sourcehere import Actor, Role
from sourcehere.domain.orders.order import Order

COUNT = 200_000
NOW = datetime(2026, 1, 5, tzinfo=UTC)
SELLER = Actor(Role.SELLER, "s")


@attrs.frozen
class Moved:
    """
    The floor's event.
    """

    name: str
    state: str
    by: Actor
    at: datetime


TABLE = {("unrecognized", "ignore"): "ignored", ("ignored", "restore"): "unrecognized"}
ROLES = {"ignore": {Role.SELLER}, "restore": {Role.SELLER}}


def floor_step(order, name, by, at):
    """
    Check role and state, make an event, change the dict.
    """
    if by.role not in ROLES[name]:
        raise PermissionError(name)
    state = TABLE.get((order["state"], name))
    if state is None:
        raise ValueError(name)
    event = Moved(name, state, by, at)
    order["events"].append(event)
    order["state"] = state
    order["version"] += 1


def ours(_turn):
    """
    Ignore and restore one of our orders.
    """
    order = Order(seller_id="s", order_id="o", kind="store", state="unrecognized")

    def run():
        for _ in range(COUNT // 2):
            order.ignore(by=SELLER, at=NOW)
            order.restore(by=SELLER, at=NOW)

    return run


def floor(_turn):
    """
    The same on a dict.
    """
    order = {"state": "unrecognized", "version": 0, "events": []}

    def run():
        for _ in range(COUNT // 2):
            floor_step(order, "ignore", SELLER, NOW)
            floor_step(order, "restore", SELLER, NOW)

    return run


if __name__ == "__main__":
    compare("one transition with its event", ours, floor, count=COUNT, at_most=2)
