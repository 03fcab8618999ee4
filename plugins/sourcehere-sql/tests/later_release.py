"""
The tables as a later release could declare them: orders with a field of every kind.
"""

import enum
from datetime import UTC, datetime

import attrs

from sourcehere.domain.kernel.actor import Actor, Role
from sourcehere.domain.orders.order import Order
from sourcehere.unit.records import Records
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.orders import ORDERS


class Paper(enum.StrEnum):
    """
    What a gift is wrapped in.
    """

    PLAIN = "plain"
    RED = "red"


@attrs.frozen(kw_only=True)
class Ribbon:
    """
    What a gift is tied with.
    """

    colour: str
    knots: int = 1


@attrs.define(kw_only=True, eq=False)
class Gift(Order):
    """
    An order as a later release could have it: a field of every kind.
    """

    gift_message: str = ""
    greeting: str = 'It\'s 100% "yours", dear: \\o/'
    sender: str
    pieces: int = 3
    is_wrapped: bool = True
    paper: Paper = Paper.RED
    wrapped_by: Actor = Actor(Role.STAFF, "ann")
    open_at: datetime = datetime(2031, 12, 24, 18, 0, 0, 7, UTC)
    opened_at: datetime | None = None
    ribbons: tuple[Ribbon, ...] = (Ribbon(colour="gold"),)
    tags: tuple[str, ...] = attrs.field(factory=tuple)
    extra: Ribbon | None = None

    @property
    def label(self):
        """
        A text that follows from other columns.
        """
        return f"{self.number}/{self.state}/{self.sender}"

    @property
    def is_small(self):
        """
        A number that follows from other columns.
        """
        return self.pieces < 5 and self.number == "#1"

    @property
    def remind_at(self):
        """
        A time that follows from other columns.
        """
        return self.open_at.replace(microsecond=0)

    @property
    def summary(self):
        """
        A document that follows from other columns.
        """
        return (Ribbon(colour=self.number, knots=self.pieces),)


DERIVED = [
    ("label", str),
    ("is_small", bool),
    ("remind_at", datetime),
    ("summary", tuple[Ribbon, ...]),
]


def gifts():
    """
    Declare the table of orders as that release would.
    """
    made = Records(
        "orders",
        Gift,
        key=["seller_id", "order_id"],
        skip=["lines", "items", "pending"],
        derived=[*ORDERS.derived.items(), *DERIVED],
        version="version",
        checks=ORDERS.table.checks,
    )
    like(ORDERS.table, made.table)
    made.way("by_label", equal=["seller_id", "label"], order=["order_id"])
    return made


def like(table, made):
    """
    Add the indexes of *table* to *made*.
    """
    for index in table.indexes.values():
        name = index.name.removeprefix(f"{table.name}_")
        made.index(
            name,
            equal=index.equal,
            order=index.order,
            unique=index.unique,
            found_if=index.found_if,
        )


def instead(*tables):
    """
    List all tables, some of them as they are declared here.
    """
    ours = {table.name: table for table in tables}
    return tuple(ours.get(table.name, table) for table in TABLES)
