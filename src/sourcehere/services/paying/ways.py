"""
How an order travels: what freight is asked for it, and which of the answers is taken.
"""

from collections.abc import Iterable, Mapping
from typing import NoReturn

from ...domain.freight.choosing import CHEAPEST, ShippingRule
from ...domain.freight.codes import (
    SEPARATOR,
    MethodKey,
    full_code,
    meant_by,
    shortest_code,
)
from ...domain.freight.errors import AmbiguousMethodError
from ...domain.freight.model import (
    LeftOut,
)
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.parcels import PlannedParcel
from ...domain.kernel.values import light
from ...domain.orders.order import Order
from ...domain.wallet.model import OrderPlan
from .carriers import Failure, Quotes, unavailable


@light
class Way:
    """
    How an order travels, and what that costs.

    Attributes:
        method, connection: As `OrderPlan` has them.

        parcels: Several, each with its price; empty where it travels in one.

        is_promised: Whether it costs what was promised.
    """

    method: str
    connection: str
    freight_minor: int
    days_min: int
    days_max: int
    chargeable_grams: int
    parcels: tuple[PlannedParcel, ...] = ()
    is_promised: bool = False


NO_WAY = Way("", "", 0, 0, 0, 0)  # nothing goes to a customer


def way_agreed(plan: OrderPlan) -> Way:
    """
    Return how an order travels as it was agreed at checkout.
    """
    return Way(
        method=plan.method,
        connection=plan.connection,
        freight_minor=plan.freight_minor,
        days_min=plan.days_min,
        days_max=plan.days_max,
        chargeable_grams=plan.chargeable_grams,
        parcels=plan.contents.parcels,
    )


def is_agreed(wanted: str, plan: OrderPlan) -> bool:
    """
    Tell whether *wanted* is the method of *plan*: its short or its full code, or empty
    for any.
    """
    short = plan.method.removeprefix(f"{plan.connection}{SEPARATOR}")
    return wanted in ("", plan.method, short, full_code(plan.connection, short))


def choose_way(
    order: Order, wanted: str, quotes: Quotes, rule: ShippingRule = CHEAPEST
) -> Way:
    """
    Pick the method that is wanted, else the one that *rule* takes.

    Args:
        wanted: The method's short or full code; empty for any.

    Raises:
        AmbiguousMethodError: If several connections have methods of that code by now.

        FreightUnavailableError: If it cannot go that way because a connection does not
            answer; if any way would do, only where none is left.

        CommandRefusedError: If it cannot go that way, or no way at all; the words say
            why each method is left out.
    """
    options = quotes.answer.options
    if not wanted and options:
        taken = rule.pick(options)
        code = taken.method
        if not quotes.is_of_one:
            key = (taken.connection, taken.method)
            code = shortest_code(key, quotes.methods)
    else:
        meant = meant_by(wanted, quotes.methods)
        if len(meant) > 1:
            codes = [full_code(*key) for key in meant]
            raise AmbiguousMethodError(
                method=wanted, codes=codes, order_id=order.order_id
            )
        found = [o for o in options if (o.connection, o.method) in meant]
        if not found:
            _refuse(order, wanted, quotes)
        taken, code = found[0], wanted
    return Way(
        method=code,
        connection=taken.connection,
        freight_minor=taken.price.minor,
        days_min=taken.days_min,
        days_max=taken.days_max,
        chargeable_grams=taken.chargeable_grams,
        parcels=taken.parcels,
        is_promised=(taken.connection, taken.method) in quotes.promised,
    )


def _refuse(order: Order, wanted: str, quotes: Quotes) -> NoReturn:
    """
    Say why there is no way: somebody does not answer, or nobody goes there.
    """
    failed = _needed_of(quotes, wanted)
    if failed:
        raise unavailable(failed, method=wanted, order_id=order.order_id)
    methods = quotes.methods
    meant = meant_by(wanted, methods)
    why = "; ".join(
        f"{_shown(out, methods)}: {out.words}"
        for out in quotes.answer.left_out
        if not wanted or (out.connection, out.method) in meant
    )
    what = f"{wanted} cannot be used" if wanted else "no method can be used"
    nobody = f"no provider offers {'it' if wanted else 'one'}"
    words = f"{what}: {why or nobody}"
    raise CommandRefusedError(
        kind="order",
        id=order.order_id,
        command="pay",
        blockers=[Blocker("no_freight_option", words)],
    )


def _needed_of(quotes: Quotes, wanted: str) -> Mapping[str, Failure]:
    """
    Return the connections that did not answer and may have had the method.
    """
    if not wanted:
        return quotes.failed
    meant = meant_by(wanted, quotes.methods)
    if meant:
        return {n: f for n, f in quotes.failed.items() if n == meant[0][0]}
    listing = {connection for connection, _ in quotes.listed}
    is_full = SEPARATOR in wanted
    return {
        name: failure
        for name, failure in quotes.failed.items()
        if name not in listing
        and (not is_full or wanted.startswith(f"{name}{SEPARATOR}"))
    }


def _shown(out: LeftOut, methods: Iterable[MethodKey]) -> str:
    if not out.method:
        return out.connection
    return shortest_code((out.connection, out.method), methods)
