"""
What events do to the lines of an order: write them, pair them, let them go.
"""

from collections.abc import Collection, Iterable

import attrs

from ..kernel.ids import ConnectionId, ItemId
from .lines import Item, Line, LinePairing, NewLine, item_id
from .model import OrderData


def write_lines(order: OrderData, lines: Iterable[NewLine]) -> None:
    """
    Let *order* have *lines*, and no other.
    """
    order.lines = []
    order.items = {}
    for number, new in enumerate(lines, start=1):
        line = Line(
            line=number,
            external_line_id=new.external_line_id,
            sku=new.sku,
            title=new.title,
            quantity=new.quantity,
            sold_minor=new.sold_minor,
            sold_currency=new.sold_currency,
            connection_id=new.connection_id,
            connection_version=new.connection_version,
            is_paired=False,
            is_set_apart=new.is_set_apart,
            external_variant_id=new.external_variant_id,
            external_product_id=new.external_product_id,
        )
        order.lines.append(line)
        if new.items:
            pair(order, line, new)


def pair(order: OrderData, line: Line, pairing: NewLine | LinePairing) -> None:
    """
    Let *line* have the items of *pairing*.
    """
    line.is_paired = True
    line.is_set_apart = False
    line.connection_id = pairing.connection_id
    line.connection_version = pairing.connection_version
    for number, new in enumerate(pairing.items, start=1):
        name = item_id(line.line, number)
        order.items[name] = Item(
            item_id=name,
            line=line.line,
            variant_id=new.variant_id,
            quantity=new.quantity,
        )


def unpair(order: OrderData, number: int) -> None:
    """
    Let the line *number* have no items; a connection may pair it again.
    """
    line = order.lines[number - 1]
    line.is_paired = False
    line.is_set_apart = False
    line.connection_id = ConnectionId("")
    line.connection_version = 0
    for item in order.items_of(number):
        del order.items[item.item_id]


def keep_lines(order: OrderData, *, gone: Collection[int]) -> None:
    """
    Let the lines *gone* go, with their items; the others are numbered anew, from 1.
    """
    kept = [line for line in order.lines if line.line not in gone]
    items: dict[ItemId, Item] = {}
    for number, line in enumerate(kept, start=1):
        for place, item in enumerate(order.items_of(line.line), start=1):
            name = item_id(number, place)
            items[name] = attrs.evolve(item, item_id=name, line=number)
        line.line = number
    order.lines = kept
    order.items = items
