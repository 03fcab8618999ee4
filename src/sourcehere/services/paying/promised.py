"""
Freight that salesmen promised: what a checkout charges for the lines it is for.
"""

from collections.abc import Sequence
from datetime import datetime

import attrs

from ...domain.freight.codes import meant_by
from ...domain.freight.model import FreightOption, FreightRequest
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...domain.pairing.model import ConnectedSku
from ...domain.pairing.quoted import QuotedFreight
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
    order: Order, matches: Sequence[ConnectedSku | None], at: datetime
) -> Promise | None:
    """
    Add up what was promised for the lines of *order*, by the method of the first that
    has a promise; None if none has.

    Args:
        matches: What pairs each line.
    """
    promised: dict[int, QuotedFreight] = {}
    for line, match in zip(order.lines, matches, strict=True):
        price = None if match is None else match.rule.price
        if (
            match is None
            or price is None
            or price.freight is None
            or match.connection_id != line.connection_id
            or price.currency != order.currency
            or at > price.valid_until
            or price.freight.country not in ("", order.country)
            # It was promised for what the rule itself supplies.
            or match.rule.destination_for(order.country) is not None
        ):
            continue
        promised[line.line] = price.freight
    if not promised:
        return None
    method = next(iter(promised.values())).method
    lines = {number: f for number, f in promised.items() if f.method == method}
    minor = sum(f.minor(order.line_of(number).quantity) for number, f in lines.items())
    return Promise(method, minor, frozenset(lines))


def ask_with_promise(
    desk: FreightDesk, request: FreightRequest, promise: Promise | None
) -> Quotes:
    """
    Ask all connections, and put what was promised in place of what they want for it.

    Lines without a promise are priced as a consignment of their own. Where a carrier
    does not take these alone, its price for everything stays. What was promised is for
    everything, so that no parcel has a price of its own.
    """
    quotes = desk.ask(request)
    if promise is None:
        return quotes
    meant = meant_by(promise.method, quotes.methods)
    options = [
        _promised(desk, option, promise)
        if (option.connection, option.method) in meant
        else option
        for option in quotes.answer.options
    ]
    options.sort(key=lambda o: (o.price.minor, o.method, o.connection))
    answer = attrs.evolve(quotes.answer, options=tuple(options))
    return attrs.evolve(quotes, answer=answer)


def _promised(
    desk: FreightDesk, option: FreightOption, promise: Promise
) -> FreightOption:
    price = Money(promise.minor, option.price.currency)
    if promise.rest is None:
        return attrs.evolve(option, price=price, parcels=())
    key = (option.connection, option.method)
    for other in desk.ask(promise.rest).answer.options:
        if (other.connection, other.method) == key:
            return attrs.evolve(option, price=price + other.price, parcels=())
    return option
