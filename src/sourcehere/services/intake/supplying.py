"""
What our orders supply of a shop's order, line by line, all parts together.
"""

from collections.abc import Collection, Mapping, Sequence

from ...domain.orders.ending import CancelReason
from ...domain.orders.lines import Line
from ...domain.orders.machine import CANCELLED, ENDED_STATES, UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.stores.demand import Supply, ToldLine, is_same_variant
from ...domain.stores.record import StoreOrderRecord

Key = tuple[str, str]  # the shop's id of the line, and its SKU as it is compared

# Ended before anything was paid, by us: what was not supplied is as good as refunded.
_TAKEN_OUT = frozenset({CancelReason.STORE, CancelReason.NOT_OURS})
_LET_GO = frozenset({CancelReason.SELLER, CancelReason.EXPIRED})


def key_of(line: Line) -> Key:
    """
    Return by what a line of ours and one of the shop's are known to be the same.
    """
    return (line.external_line_id, line.sku_key)


def ended_by_store(order: Order) -> bool:
    """
    Tell whether the whole part was taken out before it was paid here: the shop wants
    it no more, or the seller said that we supply none of it.
    """
    return order.state == CANCELLED and order.cancel_reason in _TAKEN_OUT


def expired(order: Order) -> bool:
    """
    Tell whether nobody paid the part in time.
    """
    return order.state == CANCELLED and order.cancel_reason == CancelReason.EXPIRED


def served_locally(order: Order) -> bool:
    """
    Tell whether the seller serves the part from their own place.
    """
    return order.state == CANCELLED and order.cancel_reason == CancelReason.LOCAL_STOCK


def is_let_go(parts: Sequence[Order]) -> bool:
    """
    Tell whether the seller cancelled all of *parts*, of which there are some.
    """
    return bool(parts) and all(
        order.state == CANCELLED and order.cancel_reason == CancelReason.SELLER
        for order in parts
    )


def counting(record: StoreOrderRecord, parts: Sequence[Order]) -> list[Order]:
    """
    List the parts whose lines count; not those that came back in another part.
    """
    return [
        order
        for order in parts
        if order.order_id not in record.replaced and not ended_by_store(order)
    ]


def supply_of(order: Order, line: Line) -> Supply:
    """
    Return what *order* supplies of its *line*.
    """
    if served_locally(order):
        return Supply(line.quantity, 0, line.quantity)  # sent, by the seller
    if order.state == CANCELLED and order.cancel_reason in _LET_GO:
        return Supply(line.quantity, line.quantity, 0)
    return Supply(
        line.quantity, order.units_taken_out(line), order.units_complete(line, {})
    )


def supplies_of(parts: Sequence[Order]) -> dict[Key, Supply]:
    """
    Return what *parts* supply of each line, together.
    """
    found: dict[Key, Supply] = {}
    for order in parts:
        for line in order.lines:
            key, supply = key_of(line), supply_of(order, line)
            found[key] = found[key] + supply if key in found else supply
    return found


def served_of(parts: Sequence[Order]) -> dict[Key, int]:
    """
    Return the units of each line that the seller serves from their own place.
    """
    own = supplies_of([order for order in parts if served_locally(order)])
    return {key: supply.sent for key, supply in own.items()}


def unsent_of(parts: Sequence[Order]) -> dict[Key, int]:
    """
    Return the units of each line that *parts* have still to send.
    """
    return {key: supply.unsent for key, supply in supplies_of(parts).items()}


def other_variants(
    lines: Mapping[Key, ToldLine], parts: Sequence[Order]
) -> dict[Key, str]:
    """
    Return what *parts* that are paid have still to send for lines that the shop has
    made ones of another variant since, unless a person let that stand.

    Returns:
        Line -> the shop's id of the variant that is sent.
    """
    found: dict[Key, str] = {}
    for order in going_on(parts):
        if order.state in UNPAID_STATES:
            continue  # it follows
        for line in order.lines:
            told = lines.get(key_of(line))
            if told is None or told.decided_variant == told.variant:
                continue
            if not is_same_variant(line, told) and supply_of(order, line).unsent:
                sent = line.external_variant_id or line.external_product_id
                found[told.key] = sent
    return found


def kept_lines(parts: Sequence[Order]) -> frozenset[Key]:
    """
    Return the lines that stay ours though the seller says that they are not: something
    of them is paid already, or was let go.
    """
    return frozenset(
        key_of(line)
        for order in parts
        if order.state not in UNPAID_STATES
        for line in order.lines
    )


def parts_with(parts: Sequence[Order], key: Key) -> list[Order]:
    """
    List the *parts* that have the line *key*.
    """
    return [o for o in parts if any(key_of(line) == key for line in o.lines)]


def unpaid(parts: Sequence[Order]) -> list[Order]:
    """
    List the *parts* that follow the shop, as nothing of them is paid here.
    """
    return [order for order in parts if order.state in UNPAID_STATES]


def going_on(parts: Sequence[Order]) -> list[Order]:
    """
    List the *parts* that have not ended.
    """
    return [order for order in parts if order.state not in ENDED_STATES]


def quantities_of(order: Order) -> dict[Key, int]:
    """
    Return the units of each line of *order*.
    """
    found: dict[Key, int] = {}
    for line in order.lines:
        found[key_of(line)] = found.get(key_of(line), 0) + line.quantity
    return found


def with_changes(
    quantities: Mapping[Key, int], changes: Mapping[Key, int]
) -> dict[Key, int]:
    """
    Return *quantities* with *changes* added, lines without units left out.
    """
    keys: Collection[Key] = dict.fromkeys([*quantities, *changes])
    found = {key: quantities.get(key, 0) + changes.get(key, 0) for key in keys}
    return {key: units for key, units in found.items() if units > 0}
