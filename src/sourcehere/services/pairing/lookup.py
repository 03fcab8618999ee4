"""
How arriving lines find their items: the connected SKUs of a store.
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import StoreId, VariantId
from ...domain.orders.lines import Line, LinePairing, NewItem
from ...domain.orders.order import Order
from ...domain.pairing.model import BackedUpSku, ConnectedSku
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.pairing import CONNECTED_SKUS, NOT_OURS_OF
from ...unit.tables.warehouse import LOTS_OF_VARIANT

Connected = dict[tuple[str, str], ConnectedSku]


def connected_skus(
    unit: SellerUnit, wanted: Iterable[tuple[StoreId, str]]
) -> Connected:
    """
    Find what pairs (store, key of a line), in one read; in two more what of it cannot
    be bought now, where something has backups.
    """
    return ask_for_connected_skus(unit, wanted)()


def ask_for_connected_skus(
    unit: SellerUnit, wanted: Iterable[tuple[StoreId, str]]
) -> Callable[[], Connected]:
    """
    Begin to find what pairs (store, key of a line); calling what is returned does the
    rest of `connected_skus`.
    """
    asked = unit.ask_for_shared(CONNECTED_SKUS, sorted(set(wanted)))

    def find() -> Connected:
        found = asked.all()
        connected: Connected = {(c.store_id, c.sku_key): c for c in found}
        backed_up = [c for c in found if c.rule.has_backups]
        return connected | with_backups(unit, backed_up) if backed_up else connected

    return find


def with_backups(unit: SellerUnit, found: Sequence[ConnectedSku]) -> Connected:
    """
    Return *found* with what cannot be bought now, in whose place backups come.

    What is out of stock at the supplier is not short as far as the seller has units of
    it in the cloud warehouse.
    """
    names = sorted({name for c in found for name in c.rule.variant_ids})
    short: dict[VariantId, int | None] = dict.fromkeys(names)
    owned: dict[VariantId, int] = {}
    for variant in unit.shared(VARIANTS, [(name,) for name in names]):
        if variant.is_sold and variant.is_in_stock:
            del short[variant.variant_id]
        elif variant.is_sold:
            owned[variant.variant_id] = 0
    for lot in unit.find(LOTS_OF_VARIANT, [(n,) for n in owned]) if owned else ():
        owned[lot.variant_id] += lot.available
    short.update(owned)
    return {
        (c.store_id, c.sku_key): BackedUpSku(
            **attrs.asdict(c, recurse=False), short=short
        )
        for c in found
    }


def deciding(
    connected: Connected, store_id: StoreId, keys: Iterable[str]
) -> ConnectedSku | None:
    """
    Return what decides about a line with *keys*, the most exact first; None for
    nothing.
    """
    for key in keys:
        match = connected.get((store_id, key))
        if match is not None:
            return match
    return None


def names_not_ours(unit: SellerUnit, store_id: StoreId) -> frozenset[str]:
    """
    Return the keys of what a shop sells and nobody here supplies; mostly a few.
    """
    return ask_for_names_not_ours(unit, store_id)()


def ask_for_names_not_ours(
    unit: SellerUnit, store_id: StoreId
) -> Callable[[], frozenset[str]]:
    """
    Begin to read the keys of what a shop sells and nobody here supplies.
    """
    asked = unit.ask_for_each(NOT_OURS_OF, store_id)
    return lambda: frozenset(one.sku_key for one in asked.all())


def is_left_out(
    connected: Connected,
    not_ours: AbstractSet[str],
    store_id: StoreId,
    keys: Iterable[str],
) -> bool:
    """
    Tell whether a line with *keys* is not ours: the most exact that is known of it
    decides.
    """
    if not not_ours:
        return False
    for key in keys:
        if (store_id, key) in connected:
            return False
        if key in not_ours:
            return True
    return False


def match_of(
    connected: Connected, store_id: StoreId, line: Line, country: str
) -> ConnectedSku | None:
    """
    Return what pairs *line* of an order to *country*; nothing does that needs more
    units than a line may have.
    """
    match = deciding(connected, store_id, line.keys)
    if match is None or not match.items_for(line.quantity, country):
        return None
    return match


def items_for(
    connected: ConnectedSku, quantity: int, country: str
) -> tuple[NewItem, ...]:
    """
    Return the platform items of *quantity* store units in an order to *country*; none,
    as without a connection, if that is more than a line may have.
    """
    return tuple(
        [
            NewItem(item.variant_id, item.quantity)
            for item in connected.items_for(quantity, country)
        ]
    )


def pairings_of(order: Order, connected: Connected) -> list[LinePairing]:
    """
    Return what connections pair of the lines of *order* that wait.
    """
    return [
        pairing_of(order, line, match)
        for line in order.lines
        if line.is_waiting
        and (match := match_of(connected, order.store_id, line, order.country))
        is not None
    ]


def pairing_of(order: Order, line: Line, match: ConnectedSku) -> LinePairing:
    """
    Return what pairs *line* of *order* as it is connected.
    """
    return LinePairing(
        line.line,
        items_for(match, line.quantity, order.country),
        match.connection_id,
        match.connection_version,
    )


def is_in_step(line: Line, match: ConnectedSku | None) -> bool:
    """
    Tell whether a line is paired as it is connected now.

    A line that was paired, or set apart, for its order alone has its own ways.
    """
    if line.is_on_its_own:
        return True
    if match is None:
        return not line.is_paired
    is_same = line.connection_id == match.connection_id
    return is_same and line.connection_version == match.connection_version


def waiting_keys(orders: Iterable[Order]) -> list[tuple[StoreId, str]]:
    """
    List (store, key) of every line of *orders* that waits.
    """
    return [
        (order.store_id, key)
        for order in orders
        for line in order.lines
        if line.is_waiting
        for key in line.keys
    ]


def recognize(
    unit: SellerUnit, orders: Sequence[Order], *, by: Actor, pay_within: timedelta
) -> int:
    """
    Pair the waiting lines of *orders* by connections; count those fully paired.
    """
    connected = connected_skus(unit, waiting_keys(orders))
    pay_by = unit.now + pay_within
    return sum(
        order.pair_lines(
            pairings_of(order, connected), by=by, at=unit.now, pay_by=pay_by
        )
        for order in orders
    )
