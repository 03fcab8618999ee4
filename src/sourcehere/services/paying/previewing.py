"""
What pairing a line anew would change, order by order, before anything is written.
"""

import copy
from collections.abc import Iterable, Sequence

import attrs

from ...domain.catalog.model import NoPriceInCurrencyError
from ...domain.kernel.actor import SYSTEM, Actor, Role
from ...domain.kernel.ids import ConnectionId, OrderId, SellerId, new_id
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.orders.lines import LinePairing, NewItem
from ...domain.orders.order import Order
from ...domain.pairing.model import ConnectedSku
from ...unit.seller_unit import SellerUnit
from ..base.service import Service
from ..pairing.correcting import corrected_rule
from ..pairing.following import changes_of, out_of_step
from ..pairing.lines_wanted import units_wanted
from ..pairing.lookup import (
    Connected,
    connected_skus,
    deciding,
    pairing_of,
    with_backups,
)
from .price_book import PriceBook, read_price_book
from .pricing import unit_minor, units_by_variant


@frozen(kw_only=True)
class LineChange:
    """
    What one line of an unpaid order would be instead.

    Attributes:
        quantity: Store units.

        before, after: Platform units for the whole line; empty while it is not paired.

        goods_before, goods_after: What these cost today where they are sourced
            directly, before freight; None where the line is not paired or has no price.
    """

    order_id: OrderId
    number: str
    part: int
    state: str
    line: int
    sku: str
    title: str
    quantity: int
    before: tuple[NewItem, ...]
    after: tuple[NewItem, ...]
    goods_before: Money | None
    goods_after: Money | None


class Previewing(Service):
    """
    Says what pairing commands would do.
    """

    def preview_sku(
        self,
        seller_id: str,
        order_id: str,
        line: int,
        items: Iterable[tuple[str, int]],
        *,
        for_all_waiting: bool,
    ) -> tuple[LineChange, ...]:
        """
        Return what pairing a line with (variant, units for the line) would change, the
        named order first; nothing is written.

        Args:
            for_all_waiting: Whether its lasting connection is corrected by it.

        Raises:
            CommandRefusedError, NotFoundError, InvalidInputError: As the command would.
        """
        wanted = tuple(items)
        by = Actor(Role.SELLER, seller_id)  # anybody may look what the seller could do

        def work(unit: SellerUnit) -> tuple[LineChange, ...]:
            order = unit.orders.one(order_id, lock=False)
            order.require("connect_sku", by=by)
            order.line_of(line)
            units = units_wanted(unit, wanted)
            if for_all_waiting:
                return _if_corrected(unit, order, line, units)
            alone = _followed(unit, order, [LinePairing(line, units)])
            return _compared(unit, [(order, alone)], {})

        return self._read(SellerId(seller_id), work)


def _if_corrected(
    unit: SellerUnit, order: Order, line: int, units: Sequence[NewItem]
) -> tuple[LineChange, ...]:
    """
    Return what would change if the connection of a line were corrected.
    """
    then = _connected_then(unit, order, line, units)
    key = then.sku_key
    connected: Connected = {(then.store_id, key): then}
    names = out_of_step(unit, order.store_id, {key}, connected)
    others = [name for name in dict.fromkeys(names) if name != order.order_id]
    pairs: list[tuple[Order, Order]] = []
    orders = [order, *unit.orders.load(others, lock=False)]
    everything = connected_skus(
        unit, ((o.store_id, k) for o in orders for n in o.lines for k in n.keys)
    )
    for before in orders:
        pairings, lost = changes_of(before, everything | connected, {key})
        if before is order:  # it follows from now on, whatever it did
            own = pairing_of(order, order.line_of(line), then)
            pairings = [own, *(p for p in pairings if p.line != line)]
        pairs.append((before, _followed(unit, before, pairings, lost)))
    return _compared(unit, pairs, connected)


def _connected_then(
    unit: SellerUnit, order: Order, line: int, units: Sequence[NewItem]
) -> ConnectedSku:
    """
    Return what the SKU of a line would be connected by.
    """
    rule = corrected_rule(unit, order, line, units)
    keys = order.line_of(line).keys
    now = connected_skus(unit, [(order.store_id, key) for key in keys])
    known = deciding(now, order.store_id, keys)
    then = ConnectedSku(
        seller_id=unit.seller_id,
        store_id=order.store_id,
        sku_key=rule.key,
        connection_id=known.connection_id if known else ConnectionId(new_id()),
        connection_version=0,  # that of no line, so that all have to follow
        method="",
        rule=rule,
    )
    if not rule.has_backups:
        return then
    return with_backups(unit, [then])[then.store_id, then.sku_key]


def _followed(
    unit: SellerUnit,
    order: Order,
    pairings: Sequence[LinePairing],
    lost: Sequence[int] = (),
) -> Order:
    """
    Return what an order would be with lines paired anew, and others let go.
    """
    after = copy.deepcopy(order)
    after.follow_connections(pairings, lost, by=SYSTEM, at=unit.now, pay_by=unit.now)
    return after


def _compared(
    unit: SellerUnit, pairs: Sequence[tuple[Order, Order]], connected: Connected
) -> tuple[LineChange, ...]:
    book = read_price_book(
        unit, [order for pair in pairs for order in pair], for_freight=False
    )
    then = attrs.evolve(book, connected=book.connected | connected)
    return tuple(
        change
        for before, after in pairs
        for change in _changes(before, after, book, then)
    )


def _changes(
    before: Order, after: Order, book: PriceBook, then: PriceBook
) -> Iterable[LineChange]:
    for old, new in zip(before.lines, after.lines, strict=True):
        was, will_be = _items(before, old.line), _items(after, new.line)
        if was == will_be and old.connection_id == new.connection_id:
            continue
        yield LineChange(
            order_id=before.order_id,
            number=before.number,
            part=before.part,
            state=before.state,
            line=old.line,
            sku=old.sku,
            title=old.title,
            quantity=old.quantity,
            before=was,
            after=will_be,
            goods_before=_goods(before, old.line, book),
            goods_after=_goods(after, new.line, then),
        )


def _items(order: Order, line: int) -> tuple[NewItem, ...]:
    return tuple(NewItem(i.variant_id, i.quantity) for i in order.items_of(line))


def _goods(order: Order, line: int, book: PriceBook) -> Money | None:
    """
    Return what the items of a line cost, sourced directly; None where nobody knows.
    """
    items = order.items_of(line)
    if not items or any(item.variant_id not in book.variants for item in items):
        return None
    totals = units_by_variant(order.items.values())
    matches = [deciding(book.connected, order.store_id, n.keys) for n in order.lines]
    try:
        minor = sum(
            item.quantity * unit_minor(order, item, totals, matches, book)
            for item in items
        )
    except NoPriceInCurrencyError:
        return None
    return order.money(minor)
