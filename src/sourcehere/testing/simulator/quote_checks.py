"""
What must be so of quotes, and of what orders are charged for what was quoted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.clock import NEVER
from ...domain.kernel.ids import ConnectionId, VariantId
from ...domain.orders.kinds import KINDS
from ...domain.orders.tabs import Tab
from ...domain.orders.views import OrderView
from ...domain.pairing.quoted import QuotedPrice
from ...domain.pairing.rules import MappingRule
from ...domain.pairing.supply import RuleItem
from ...domain.quotes.events import Quote
from ...unit.tables.orders import ITEMS, ORDERS
from ...unit.tables.pairing import CONNECTIONS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ..rows import dump
from .bargains import KnownQuote, Terms
from .world import World


def check_quotes(world: World) -> Iterator[str]:
    """
    Every request was made by somebody, ended as they were told, and has the last words
    of a salesman.
    """
    known = dict(world.truth.bargains.known)
    rows = dump(world.storage, [QUOTE_REQUESTS.table])
    for request in map(QUOTE_REQUESTS.from_row, rows[QUOTE_REQUESTS.table.name]):
        name = request.request_id
        told = known.pop(name, KnownQuote(request.seller_id, name))
        if not told.is_made:
            yield f"quote request {name} was made by nobody"
        if told.end and told.end != request.state:
            yield f"quote request {name} is {request.state}, and was {told.end}"
        if request.state == "accepted" and not told.is_wanted:
            yield f"quote request {name} is accepted, and nobody wanted to"
        if request.quote is not None and _terms(request.quote) not in told.terms:
            yield f"quote request {name}: nobody quoted {request.quote}"
    if known:
        yield f"quotes that were asked for are not there: {sorted(known)[:3]}"


def _terms(quote: Quote) -> Terms:
    return Terms(
        variant_id=quote.variant_id,
        units=quote.units,
        prices=tuple(tier.unit_minor for tier in quote.tiers),
        valid_until=quote.valid_until,
    )


def check_quoted_connections(world: World) -> Iterator[str]:
    """
    What an accepted quote connected has its price, unless somebody changed or ended it.
    """
    rows, by_price = dump(world.storage, [CONNECTIONS.table]), _by_price(world)
    rules: dict[str, MappingRule | None] = {}
    for connection in map(CONNECTIONS.from_row, rows[CONNECTIONS.table.name]):
        is_active = connection.is_active
        rules[connection.connection_id] = connection.rules[0] if is_active else None
    truth = world.truth
    accepted: dict[str, set[str]] = {}
    for quote in truth.bargains.known.values():
        if quote.connection_id:
            accepted.setdefault(quote.connection_id, set()).add(quote.request_id)
    wanted = {q.request_id for q in truth.bargains.known.values() if q.is_wanted}
    for name in accepted.keys() - truth.ending - truth.changing:
        rule = rules.get(name)
        if rule is None or rule.price is None or rule.price.request_id not in wanted:
            yield f"connection {name} has not the price that was accepted: {rule}"
            continue
        _, terms = by_price[rule.price.tiers[0].unit_minor]
        if rule.items != (RuleItem(VariantId(terms.variant_id), terms.units),):
            yield f"connection {name} is not what was quoted: {rule}"


def check_prices(world: World) -> Iterator[str]:
    """
    Orders were charged a quoted price only where their seller accepted it, for that
    variant, and while it held.
    """
    by_price = _by_price(world)
    rows = dump(world.storage, [ORDERS.table, ITEMS.table])
    orders = {
        (str(o.seller_id), str(o.order_id)): o
        for o in map(ORDERS.from_row, rows[ORDERS.table.name])
        if o.paid_at != NEVER and not KINDS[o.kind].is_bought_in_bulk
    }
    for row in rows[ITEMS.table.name]:
        item, order = ITEMS.from_row(row), orders.get((str(row[0]), str(row[1])))
        if order is None or item.unit_minor not in by_price:
            continue
        quote, terms = by_price[item.unit_minor]
        words = f"order {order.order_id} was charged {item.unit_minor}"
        if quote.seller != order.seller_id or not quote.is_wanted:
            yield f"{words}, which it never accepted"
        if terms.variant_id != item.variant_id:
            yield f"{words}, which was quoted for {terms.variant_id}"
        if terms.valid_until < order.paid_at:
            yield f"{words} at {order.paid_at}, quoted until {terms.valid_until}"


def _by_price(world: World) -> Mapping[int, tuple[KnownQuote, Terms]]:
    return {
        price: (quote, terms)
        for quote in world.truth.bargains.known.values()
        for terms in quote.terms
        for price in terms.prices
    }


def check_offers(world: World) -> Iterator[str]:
    """
    What waits for payment is offered at the price that was quoted, while it holds.
    """
    app = world.app
    rows = dump(world.storage, [CONNECTIONS.table])
    found = map(CONNECTIONS.from_row, rows[CONNECTIONS.table.name])
    prices = {c.connection_id: c.rules[0].price for c in found}
    for seller in world.sellers:
        page = app.orders.page(seller, tab=Tab.AWAITING_PAYMENT, limit=20)
        names = [order.order_id for order in page.orders]
        if not names:
            continue
        with world.determined():
            offer = app.checkouts.checkout(
                seller, names, by=Actor(Role.SELLER, seller), each=True
            )
        for plan in offer.plans:
            order = app.orders.get(seller, plan.order_id)
            for item_id, wanted in _quoted(order, prices, world.clock.now()).items():
                asked = {p.item_id: p.unit_minor for p in plan.items}[item_id]
                if asked != wanted:
                    words = f"{asked} asked for {item_id}, {wanted} quoted"
                    yield f"order {order.order_id}: {words}"


def _quoted(
    order: OrderView, prices: Mapping[ConnectionId, QuotedPrice | None], at: datetime
) -> dict[str, int]:
    """
    Return what was quoted for the items of an order and holds, by how many units of
    their variants the order has.
    """
    units: Counter[str] = Counter()
    for item in order.items.values():
        units[item.variant_id] += item.quantity
    found: dict[str, int] = {}
    for item in order.items.values():
        line = order.lines[item.line - 1] if order.store_id else None
        price = None if line is None else prices.get(ConnectionId(line.connection_id))
        if price is not None and at <= price.valid_until:
            found[item.item_id] = price.unit_minor(units[item.variant_id])
    return found
