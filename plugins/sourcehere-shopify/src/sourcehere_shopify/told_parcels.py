"""
Which fulfilments of an order are a parcel that Shopify was told of.

It keeps no key of ours. A fulfilment is a parcel's if it has its number and its units,
and is not another parcel's already: carriers give several boxes of one order one
number, and what has other units is another box.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sourcehere.ports.platforms import Fulfilment

from .fulfilment_orders import LINES_MAX
from .snapshots import LIVE, units_of


def told_of(order: Any, parcel: Fulfilment) -> list[Any]:
    """
    Return the fulfilments that are as a parcel says, all its units together, and not
    those whose carrier it puts right.
    """
    found = _of_parcel(_alike(order, parcel), wanted_of(parcel))
    earlier = parcel.replaces_reference.split()
    companies = {info["company"] for one in found for info in one["trackingInfo"]}
    is_right = parcel.carrier in companies or not any(x["id"] in earlier for x in found)
    return found if is_right else []


def begun_of(order: Any, parcel: Fulfilment) -> list[Any]:
    """
    Return the fulfilments by which a parcel was told in part only, as a crash leaves
    it: the order has too few units left for all of it, or a fulfilment has as many
    lines as Shopify takes at once.
    """
    wanted = wanted_of(parcel)
    parts = [one for one in _alike(order, parcel) if units_of(one) <= wanted]
    if wanted <= _units_left(order):  # what has its number and few lines is another box
        return [one for one in parts if len(units_of(one)) == LINES_MAX]
    return parts


def first_like(order: Any, parcel: Fulfilment) -> Any | None:
    """
    Return the oldest fulfilment with a parcel's number and units; None if none is.
    """
    wanted, alike = wanted_of(parcel), _alike(order, parcel)
    same = [one for one in alike if units_of(one) == wanted]
    return min(same, key=_age, default=None)


def _alike(order: Any, parcel: Fulfilment) -> list[Any]:
    """
    Return the fulfilments that count and have a parcel's number, and are not known to
    be another one.
    """
    others = {name for reference in parcel.beside for name in reference.split()}
    return [
        one
        for one in live(order)
        if one["id"] not in others
        and any(i["number"] == parcel.tracking_number for i in one["trackingInfo"])
    ]


def live(order: Any) -> list[Any]:
    """
    Return the fulfilments that count.
    """
    return [one for one in order["fulfillments"] if one["status"] == LIVE]


def reference_of(found: Sequence[Any]) -> str:
    """
    Return what a parcel of some fulfilments is called.
    """
    return " ".join(one["id"] for one in sorted(found, key=_age))


def units_in(fulfilments: Sequence[Any]) -> Counter[str]:
    """
    Return line -> units of fulfilments together.
    """
    total: Counter[str] = Counter()
    for one in fulfilments:
        total += units_of(one)
    return total


def wanted_of(parcel: Fulfilment) -> Counter[str]:
    """
    Return line -> units of a parcel, by Shopify's names of lines.
    """
    wanted: Counter[str] = Counter()
    for line in parcel.lines:
        wanted[f"gid://shopify/LineItem/{line.external_line_id}"] += line.quantity
    return wanted


def _of_parcel(found: Sequence[Any], wanted: Counter[str]) -> list[Any]:
    """
    Return those that have what is wanted: one that is exactly it, else all that have
    something of it, if they have all of it.
    """
    for one in sorted(found, key=_age):
        if units_of(one) == wanted:
            return [one]
    mine = [one for one in found if units_of(one).keys() & wanted.keys()]
    return mine if wanted <= units_in(mine) else []


def _units_left(order: Any) -> Counter[str]:
    left: Counter[str] = Counter()
    for one in order["fulfillmentOrders"]["nodes"]:
        for item in one["lineItems"]["nodes"]:
            left[item["lineItem"]["id"]] += item["remainingQuantity"]
    return left


def _age(fulfilment: Any) -> tuple[int, str]:
    name = fulfilment["id"].rpartition("/")[2]
    return len(name), name
