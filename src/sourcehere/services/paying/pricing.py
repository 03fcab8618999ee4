"""
What orders cost: goods by tier, quote or concession, stock first, freight by method.

Goods and stock are priced from one reading of the database; freight is asked of
providers outside any transaction.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from ...domain.freight.choosing import CHEAPEST, ShippingRule
from ...domain.freight.model import FreightRequest
from ...domain.freight.packing import box_around
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import CheckoutId
from ...domain.kernel.values import light
from ...domain.orders.kinds import KINDS
from ...domain.orders.lines import Item
from ...domain.orders.order import Order
from ...domain.pairing.model import ConnectedSku
from ...domain.pairing.quoted import agreed_minor
from ...domain.wallet.model import (
    Contents,
    OrderPlan,
    PlannedArrival,
    PlannedItem,
    PlannedPick,
)
from ...domain.warehouse.allocation import (
    NOTHING,
    AllocationPlan,
)
from ...domain.warehouse.flaws import flaws_of
from ...ports.allocation import AllocationPolicy
from ...ports.errors import ProtocolError
from ..pairing.lookup import deciding, is_in_step
from .consigning import Consigned, asked_for_all, consign, demands_of
from .price_book import PriceBook, draws_on_stock
from .promised import Promise, promise_for
from .ways import Way


@light
class Goods:
    """
    What an order's goods cost, where they come from, and what the parcel weighs.

    Attributes:
        rule: Which way is taken where no method is wanted.

        promise: Freight that was promised; None where carriers' prices count.

        stock_country: Where the cloud warehouse is that serves it, or would if there
            were stock; empty where none may.

        consigned: What leaves from each place, where the order is split; empty where
            freight is asked for everything together.
    """

    order: Order
    items: tuple[PlannedItem, ...]
    plan: AllocationPlan
    goods_minor: int
    handling_minor: int
    method: str
    freight: FreightRequest | None
    contents: Contents
    stock_country: str
    rule: ShippingRule
    promise: Promise | None = None
    consigned: tuple[Consigned, ...] = ()


def price_goods(order: Order, book: PriceBook, policy: AllocationPolicy) -> Goods:
    """
    Price the goods of *order*, taking stock off the book's snapshot.

    Raises:
        CommandRefusedError: If a variant is not sold any more, or would have to be
            sourced while it is out of stock; a connection changed and the order has
            not followed yet; fewer are ordered than a cloud-warehouse order needs; the
            policy serves orders from stock only, which this one is not in; or its buyer
            was forgotten.

        NoPriceInCurrencyError: If a variant has no price in the order's currency.

        ProtocolError: If the policy's answer makes no sense.
    """
    items = list(order.items.values())
    # Asked for three times below, by the line's place.
    matches = [deciding(book.connected, order.store_id, n.keys) for n in order.lines]
    _require_in_step(order, matches)
    _require_buyer(order, book)
    _require_sold(order, items, book)
    totals = units_by_variant(items)
    _require_minimum(order, totals, book)
    plan = _allocate(order, items, book, policy)
    units = [unit_minor(order, i, totals, matches, book) for i in items]
    planned = _planned_items(items, units, plan)
    _require_in_stock(order, items, planned, book)
    return Goods(
        order=order,
        items=planned,
        plan=plan,
        goods_minor=sum([item.goods_minor for item in planned]),
        handling_minor=_handling(order, plan, book),
        method=order.method or _connected_method(matches, order.country),
        freight=asked_for_all(order, planned, plan, book),
        contents=_contents(items, plan, book),
        stock_country=_stock_country(order, plan, book),
        rule=book.rules.get(order.store_id, CHEAPEST),
        promise=_promise(order, matches, planned, plan, book),
        consigned=consign(order, plan, book),
    )


def units_by_variant(items: Iterable[Item]) -> dict[str, int]:
    """
    Add up the units of each variant: a tier is chosen by all of them in an order.
    """
    totals: dict[str, int] = {}
    for item in items:
        totals[item.variant_id] = totals.get(item.variant_id, 0) + item.quantity
    return totals


def _contents(items: Sequence[Item], plan: AllocationPlan, book: PriceBook) -> Contents:
    units = [(book.variants[item.variant_id], item.quantity) for item in items]
    attributes = {name for variant, _ in units for name in variant.attributes}
    return Contents(
        tuple([f"{variant.variant_id} {quantity}" for variant, quantity in units]),
        sum([variant.weight_grams * quantity for variant, quantity in units]),
        sum([variant.volume_mm3 * quantity for variant, quantity in units]),
        tuple(sorted(attributes)),
        box_around([(variant.sides_mm, quantity) for variant, quantity in units]),
        places=_places(plan, book),
    )


def _places(plan: AllocationPlan, book: PriceBook) -> tuple[str, ...]:
    """
    Return where the units come from that are in stock; lots of one place are alike.
    """
    found: dict[tuple[str, str], int] = {}
    for pick in plan.picks:
        place = (book.stock.place_of(pick.lot_id), pick.item_id)
        found[place] = found.get(place, 0) + pick.quantity
    return tuple(
        [f"{place} {item} {quantity}" for (place, item), quantity in found.items()]
    )


def _require_in_step(order: Order, matches: Sequence[ConnectedSku | None]) -> None:
    for line, match in zip(order.lines, matches, strict=True):
        if line.connection_id and not is_in_step(line, match):
            words = (
                f"the connection of {line.sku} was changed and line {line.line} has not"
                " followed yet; run the relay, then check out again"
            )
            _refuse(order, "pairing_outdated", words)


def _require_buyer(order: Order, book: PriceBook) -> None:
    if order.contact_id in book.forgotten:
        words = (
            "its buyer was forgotten: nobody knows where to send it; cancel it, or"
            " draft an order by hand instead"
        )
        _refuse(order, "buyer_erased", words)


def _require_sold(order: Order, items: Sequence[Item], book: PriceBook) -> None:
    gone = [
        item
        for item in items
        if (v := book.variants.get(item.variant_id)) is None or not v.is_sold
    ]
    if gone:
        names = ", ".join(sorted({item.variant_id for item in gone}))
        _refuse(order, "variant_not_sold", f"not sold any more: {names}")


def _require_in_stock(
    order: Order,
    items: Sequence[Item],
    planned: Sequence[PlannedItem],
    book: PriceBook,
) -> None:
    """
    Refuse units that would have to be sourced while the supplier has none.
    """
    short: dict[str, int] = {}
    for item, plan in zip(items, planned, strict=True):
        variant = book.variants[item.variant_id]
        lacking = plan.quantity - plan.quantity_from_lots
        if lacking and not variant.is_in_stock:
            short[variant.sku] = short.get(variant.sku, 0) + lacking
    if short:
        names = ", ".join(f"{count} of {sku}" for sku, count in short.items())
        words = f"out of stock at the supplier: {names}; wait until it is back"
        _refuse(order, "out_of_stock", words)


def _require_minimum(order: Order, totals: Mapping[str, int], book: PriceBook) -> None:
    if not KINDS[order.kind].is_bought_in_bulk:
        return
    for name, quantity in totals.items():
        least = book.variants[name].quantity_min
        if quantity < least:
            sku = book.variants[name].sku
            words = f"{sku}: {quantity} ordered, the minimum is {least}"
            _refuse(order, "below_minimum", words)


def _refuse(order: Order, code: str, words: str) -> None:
    raise CommandRefusedError(
        kind="order",
        id=order.order_id,
        command="pay",
        blockers=[Blocker(code, words)],
    )


def _allocate(
    order: Order, items: Sequence[Item], book: PriceBook, policy: AllocationPolicy
) -> AllocationPlan:
    if not draws_on_stock(order):
        return NOTHING
    demands = demands_of(items)
    plan = policy.plan(demands, book.stock, country=order.country)
    if plan is NOTHING:
        return plan  # as where there is no stock
    flaws = list(flaws_of(plan, demands, book.stock, country=order.country))
    if flaws:
        name = f"allocation policy {type(policy).__name__}"
        raise ProtocolError(provider=name, detail="; ".join(flaws))
    if plan.is_refused:
        found = [f"{item_id}: {why}" for item_id, why in plan.reasons.items()]
        words = f"it is served from stock only: {'; '.join(found)}"
        _refuse(order, "not_in_stock", words)
    book.stock.take(plan.picks)
    return plan


def _planned_items(
    items: Sequence[Item], units: Sequence[int], plan: AllocationPlan
) -> tuple[PlannedItem, ...]:
    taken: dict[str, int] = {}
    for pick in plan.picks:
        taken[pick.item_id] = taken.get(pick.item_id, 0) + pick.quantity
    return tuple(
        [
            PlannedItem(
                item.item_id, unit_minor, item.quantity, taken.get(item.item_id, 0)
            )
            for item, unit_minor in zip(items, units, strict=True)
        ]
    )


def unit_minor(
    order: Order,
    item: Item,
    totals: Mapping[str, int],
    matches: Sequence[ConnectedSku | None],
    book: PriceBook,
) -> int:
    """
    Return what a unit of an item costs where it is sourced directly.

    Args:
        totals: Units in the order, by variant.

        matches: What pairs each line of the order.

    Raises:
        NoPriceInCurrencyError: If its variant has no price in the order's currency.
    """
    variant, quantity = book.variants[item.variant_id], totals[item.variant_id]
    for_all = book.agreed_for_all.get(item.variant_id, ())
    if not order.store_id:
        own = (*book.agreed.get(item.variant_id, ()), *for_all)
        price = agreed_minor(own, order.currency, quantity, book.at)
        if price is None:
            price = variant.unit_minor(order.currency, quantity)
        is_bulk = KINDS[order.kind].is_bought_in_bulk
        return variant.less_concession(price) if is_bulk else price
    line = order.lines[item.line - 1]
    if line.connection_id:
        match = matches[item.line - 1]
        quoted = None if match is None else match.rule.price
        if (
            match is not None
            and quoted is not None
            and match.connection_id == line.connection_id
            # A range of the rule may need another variant, or it beside others: that
            # was not quoted.
            and [i.variant_id for i in match.rule.items] == [item.variant_id]
            and len(order.items_of(line.line)) == 1
            and quoted.currency == order.currency
            and book.at <= quoted.valid_until
        ):
            return quoted.unit_minor(quantity)
    price = agreed_minor(for_all, order.currency, quantity, book.at)
    return variant.unit_minor(order.currency, quantity) if price is None else price


def _handling(order: Order, plan: AllocationPlan, book: PriceBook) -> int:
    total = 0
    for pick in plan.picks:
        fees = book.warehouses[book.stock.place_of(pick.lot_id)].handling_minor
        total += fees.get(order.currency, 0) * pick.quantity
    return total


def _stock_country(order: Order, plan: AllocationPlan, book: PriceBook) -> str:
    if plan.picks:
        return book.warehouses[plan.warehouses[0]].country
    if not KINDS[order.kind].may_draw_on_stock:
        return ""
    serving = (w for w in book.stock.warehouses if w.delivers_to(order.country))
    return next((warehouse.country for warehouse in serving), "")


def _connected_method(matches: Sequence[ConnectedSku | None], country: str) -> str:
    for match in matches:
        if match is not None and (method := match.method_to(country)):
            return method
    return ""


def _promise(
    order: Order,
    matches: Sequence[ConnectedSku | None],
    items: Sequence[PlannedItem],
    plan: AllocationPlan,
    book: PriceBook,
) -> Promise | None:
    """
    Return what was promised, with what freight is asked for the lines it is not for.
    """
    if book.addresses is None:
        return None
    promise = promise_for(order, matches, book.agreed_for_all, book.at)
    if promise is None:
        return None
    left = frozenset(line.line for line in order.lines) - promise.lines
    if not left:
        return promise
    rest = asked_for_all(order, items, plan, book, lines=left)
    return attrs.evolve(promise, rest=rest)


def order_plan(
    goods: Goods,
    way: Way,
    *,
    checkout_id: CheckoutId,
    position: int,
    arrivals: tuple[PlannedArrival, ...] = (),
) -> OrderPlan:
    """
    Put goods and freight together.
    """
    order, plan = goods.order, goods.plan
    contents = attrs.evolve(
        goods.contents, parcels=way.parcels, promised=_promised_lines(goods, way)
    )
    return OrderPlan(
        seller_id=order.seller_id,
        checkout_id=checkout_id,
        position=position,
        order_id=order.order_id,
        contact_version=order.contact_version,
        goods_minor=goods.goods_minor,
        freight_minor=way.freight_minor,
        handling_minor=goods.handling_minor,
        method=way.method,
        connection=way.connection,
        days_min=way.days_min,
        days_max=way.days_max,
        chargeable_grams=way.chargeable_grams,
        items=goods.items,
        picks=tuple([PlannedPick(p.item_id, p.lot_id, p.quantity) for p in plan.picks]),
        reasons=dict(plan.reasons),
        contents=contents,
        arrivals=arrivals,
    )


def _promised_lines(goods: Goods, way: Way) -> tuple[int, ...]:
    promise = goods.promise
    return tuple(sorted(promise.lines)) if promise and way.is_promised else ()
