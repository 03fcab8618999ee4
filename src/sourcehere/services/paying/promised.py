"""
Freight that salesmen promised: what a checkout charges for the lines it is for.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from ...domain.freight.codes import MethodKey, meant_by
from ...domain.freight.model import FreightOption, FreightRequest
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.orders.lines import Line
from ...domain.orders.order import Order
from ...domain.pairing.model import ConnectedSku
from ...domain.pairing.quoted import QuotedFreight, QuotedPrice
from .carriers import FreightDesk, Quotes


@frozen
class Promise:
    """
    What was promised for some lines of an order, all by one method.

    Attributes:
        rest: What freight is asked for the other lines; None where there are none.
    """

    method: str
    minor: int
    lines: frozenset[int]
    rest: FreightRequest | None = None


def promise_for(
    order: Order,
    matches: Sequence[ConnectedSku | None],
    agreed: Mapping[str, Sequence[QuotedPrice]],
    at: datetime,
) -> Promise | None:
    """
    Add up what was promised for the lines of *order*, by the method of the first that
    has a promise; None if none has.

    Args:
        matches: What pairs each line.

        agreed: What was quoted for every order with a variant.
    """
    promised: dict[int, _Promised] = {}
    for line, match in zip(order.lines, matches, strict=True):
        is_priced = match is not None and match.rule.price is not None
        if not is_priced and not agreed:
            continue  # nearly every line
        found = _by_rule(order, line, match, at) or _for_all(order, line, agreed, at)
        if found is not None:
            promised[line.line] = found
    if not promised:
        return None
    method = next(iter(promised.values())).method
    lines = {number: p.minor for number, p in promised.items() if p.method == method}
    return Promise(method, sum(lines.values()), frozenset(lines))


@frozen
class _Promised:
    method: str
    minor: int


def _by_rule(
    order: Order, line: Line, match: ConnectedSku | None, at: datetime
) -> _Promised | None:
    """
    Return what was promised for the store units of a line with what connects it.
    """
    price = None if match is None else match.rule.price
    freight = None if price is None else _holding(price, order, at)
    if (
        match is None
        or freight is None
        or match.connection_id != line.connection_id
        # It was promised for what the rule itself supplies, not for a backup.
        or match.rule.destination_for(order.country) is not None
        or any(
            item.variant_id != match.priced_variant
            for item in order.items_of(line.line)
        )
    ):
        return None
    return _Promised(freight.method, freight.minor(line.quantity))


def _for_all(
    order: Order,
    line: Line,
    agreed: Mapping[str, Sequence[QuotedPrice]],
    at: datetime,
) -> _Promised | None:
    """
    Return the least that was promised for every order with the variant of a line; none
    for lines that need several.
    """
    items = order.items_of(line.line) if agreed else ()
    if len(items) != 1:
        return None
    (item,) = items
    found = [
        _Promised(freight.method, freight.minor(item.quantity))
        for price in agreed.get(item.variant_id, ())
        if (freight := _holding(price, order, at)) is not None
    ]
    return min(found, key=lambda one: one.minor, default=None)


def _holding(price: QuotedPrice, order: Order, at: datetime) -> QuotedFreight | None:
    """
    Return the freight that was promised with a price, if it holds for *order*.
    """
    freight = price.freight
    if (
        freight is None
        or price.currency != order.currency
        or at > price.valid_until
        or freight.country not in ("", order.country)
    ):
        return None
    return freight


def with_promise(quotes: Quotes, desk: FreightDesk, promise: Promise | None) -> Quotes:
    """
    Put what was promised in place of what carriers want for it.

    Lines without a promise are priced as a consignment of their own. Where a carrier
    does not take these alone, its price for everything stays. What was promised is for
    everything, so that parcels have no price of their own; those of a split order share
    it as they would have cost.
    """
    if promise is None:
        return quotes
    meant = meant_by(promise.method, quotes.methods)
    options: list[FreightOption] = []
    kept: set[MethodKey] = set()
    for option in quotes.answer.options:
        key = (option.connection, option.method)
        made = _promised(desk, option, promise) if key in meant else None
        options.append(made or option)
        if made is not None:
            kept.add(key)
    options.sort(key=lambda o: (o.price.minor, o.method, o.connection))
    answer = attrs.evolve(quotes.answer, options=tuple(options))
    return attrs.evolve(quotes, answer=answer, promised=frozenset(kept))


def _promised(
    desk: FreightDesk, option: FreightOption, promise: Promise
) -> FreightOption | None:
    price = Money(promise.minor, option.price.currency)
    if promise.rest is None:
        return _at(option, price)
    key = (option.connection, option.method)
    for other in desk.ask(promise.rest).answer.options:
        if (other.connection, other.method) == key:
            return _at(option, price + other.price)
    return None


def _at(option: FreightOption, price: Money) -> FreightOption:
    is_split = any(parcel.method for parcel in option.parcels)
    if not is_split:
        return attrs.evolve(option, price=price, parcels=())
    weights = [parcel.freight_minor for parcel in option.parcels]
    shares = price.split(weights if any(weights) else [1] * len(weights))
    parcels = [
        attrs.evolve(parcel, freight_minor=share.minor)
        for parcel, share in zip(option.parcels, shares, strict=True)
    ]
    return attrs.evolve(option, price=price, parcels=tuple(parcels))
