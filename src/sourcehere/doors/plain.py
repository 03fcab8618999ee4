"""
A shop's order as what it is made of, whatever classes a plugin made it of.

What is of a class of its own may say something else the second time it is asked, or
raise, and the text of an enum's member is not what the member is. So it is read once.
"""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any

import attrs

from ..domain.kernel.address import Address
from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.money import Money
from ..domain.stores.model import SnapshotLine, StoreOrderSnapshot
from .answers import Answerer

_KNOWN = frozenset({str, int, bool, type(None), datetime, Money, Address, tuple})
_RECORDS = (StoreOrderSnapshot, SnapshotLine, Address)


def _fields_of(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(field.name for field in attrs.fields(kind)))


_of_order = _fields_of(StoreOrderSnapshot)
_of_line = _fields_of(SnapshotLine)
_of_address = _fields_of(Address)


def plain_order(told: Answerer, order: StoreOrderSnapshot) -> StoreOrderSnapshot:
    """
    Return *order* made of plain values, each read once; itself, which is usual, where
    it is. What is of another kind altogether stays as it is.

    Raises:
        ProtocolError: If its country is none.
    """
    if type(order) is StoreOrderSnapshot and _is_plain(order):
        return order
    try:
        return StoreOrderSnapshot(*map(_plain, _of_order(order)))
    except InvalidInputError as error:
        told.refuse(error.field, error.value, error.expected)


def _is_plain(order: StoreOrderSnapshot) -> bool:
    """
    Tell whether every value of an order is of the very class that it should be of.
    """
    if type(order.address) is not Address or type(order.lines) is not tuple:
        return False
    kinds = {*map(type, _of_order(order)), *map(type, _of_address(order.address))}
    for line in order.lines:
        if type(line) is not SnapshotLine:
            return False
        kinds.update(map(type, _of_line(line)))
    return kinds <= _KNOWN and _KNOWN.issuperset(map(type, order.doubts))


def _plain(value: Any) -> Any:
    for kind in _RECORDS:
        if isinstance(value, kind):
            return kind(*map(_plain, _fields_of(kind)(value)))
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__int__(value)
    if isinstance(value, datetime):
        return datetime.combine(datetime.date(value), datetime.timetz(value))
    return value
