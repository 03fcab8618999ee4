"""
Orders of two sellers that have much in common, and a search that looks at each of them.
"""

from datetime import timedelta
from functools import cache

import attrs

from sourcehere import Address, DeskQueue, Money, NewConnection, Tab
from sourcehere.domain.contacts.buyers import buyer_words
from sourcehere.domain.kernel.clock import to_micros
from sourcehere.domain.kernel.skus import comparison_key
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    Kept,
    open_bench,
    shop_lines,
    snapshot,
)
from sourcehere.testing.fake_shop import FakeShop

NAMES = ("Ann Lee", "Bo Lee", "Ann O'Hara", "MARÍA  Gómez", "")
EMAILS = ("ann@x.example", "Bo.Lee@Y.example", "", "maría@z.example")
LINES = ({"CUP": 2}, {"cup": 1, "HAT": 1}, {"LAMP": 1}, {"Strange": 1}, {"CUP": 1})
ORDERS = 60


def a_world(storage):
    """
    Open two sellers' shops with orders in all kinds of states.
    """
    return open_bench(storage=storage, kept=_kept_world())


@cache
def _kept_world():
    bench = open_bench(connected=("CUP", "HAT", "LAMP"))
    other = FakeShop()
    bench.shops["other"] = other
    app = bench.app
    app.sellers.register("twin", name="Twin", currency="USD")
    app.wallets.top_up("twin", Money(10**7, "USD"), reference="t", by=STAFF)
    app.stores.connect(
        "twin", "shop", platform="fake", name="Other", config={"shop": "other"}
    )
    rule = bench.rule("CUP")
    new = NewConnection(store_id="shop", listing="CUP", rules=(rule,))
    app.pairing.connect("twin", new, by=SELLER)
    _orders(bench.shop, ORDERS)
    _orders(other, ORDERS // 3)
    for seller in ("demo", "twin"):
        app.stores.sync(seller, "shop")
        _move_on(bench, seller)
    app.drafts.create_manual(
        "demo", bench.wanted(HAT=1), _somebody(1), by=SELLER, number="#7"
    )
    app.relay.run()
    return Kept.of(bench)


def _orders(shop, count):
    for number in range(count):
        told = snapshot(str(number), address=_somebody(number))
        placed = NOON - timedelta(hours=7 * (number % 23))
        lines = shop_lines(LINES[number % len(LINES)])
        shop.put(attrs.evolve(told, placed_at=placed, lines=lines))


def _somebody(number):
    name, email = NAMES[number % len(NAMES)], EMAILS[number % len(EMAILS)]
    return Address(
        "US", name=name, email=email, street="1", city="D", postal_code="19901"
    )


def _move_on(bench, seller):
    """
    Pay most orders of a seller over some days, and send some of them.
    """
    app = bench.app
    page = app.orders.page(seller, tab=Tab.AWAITING_PAYMENT, limit=500)
    names = [order.order_id for order in page.orders]
    for turn, order_id in enumerate(names):
        if turn % 7 == 6:
            continue
        bench.clock.advance(timedelta(hours=3))
        offer = app.checkouts.checkout(seller, [order_id], by=SELLER)
        app.checkouts.pay(
            seller, offer.checkout_id, expected_total=offer.total, by=SELLER
        )
        if turn % 3:
            app.shipping.accept(seller, [order_id], by=STAFF)
        if turn % 3 == 1:
            bench_of = attrs.evolve(bench, seller=seller)
            bench_of.ship(order_id, f"T{turn % 9}")
        elif turn % 11 == 0:
            app.orders.refund_all(seller, order_id, by=STAFF)
        elif turn % 5 == 0:
            app.orders.hold(seller, order_id, detail="wait", by=STAFF)


def all_orders(bench):
    """
    Return each order of both sellers, its address, and the numbers of its parcels.
    """
    app, told = bench.app, []
    for seller in ("demo", "twin"):
        page = app.orders.page(seller, limit=500)
        for order in app.orders.get_many(seller, [o.order_id for o in page.orders]):
            parcels = bench.sh.seller(seller).parcels.of_order(order.order_id)
            numbers = {parcel.tracking_number for parcel in parcels}
            told.append((order, app.orders.address(seller, order.order_id), numbers))
    return told


def by_looking(bench, orders, seller_id, search):
    """
    Return the ids of those of *orders* that *search* is about, by looking at each.
    """
    waiting = _waiting(bench, search)
    found = [
        order
        for order, address, numbers in orders
        if seller_id in ("", order.seller_id)
        and (waiting is None or order.order_id in waiting)
        and _is_asked(bench, search, order, address, numbers)
    ]
    return [order.order_id for order in sorted(found, key=_sorting(search))][::-1]


def _waiting(bench, search):
    """
    Return the ids of what waits in the queue that is asked for; None if none is.
    """
    if search.queue is None:
        return None
    queues = bench.sh.staff("ann").queues
    read = {
        DeskQueue.ACCEPT: queues.orders_to_accept,
        DeskQueue.PICK: queues.orders_to_pick,
        DeskQueue.DISPATCH: queues.orders_to_dispatch,
        DeskQueue.RECEIVE: queues.receipts_to_expect,
    }
    return {order.order_id for order in read[search.queue](limit=500)}


def _sorting(search):
    if search.placed_from or search.placed_to:
        return lambda o: (o.placed_at, o.order_id)
    if search.paid_from or search.paid_to:
        return lambda o: (o.paid_at, o.order_id)
    return lambda o: o.order_id


def _is_asked(bench, search, order, address, numbers):
    zone = bench.app.settings.zone
    names = {
        variant_id: comparison_key(sku) for sku, variant_id in bench.variants.items()
    }
    skus = {comparison_key(line.sku) for line in order.lines}
    skus |= {names[item.variant_id] for item in order.items.values()}
    words = {*buyer_words(address.name), *buyer_words(address.email)}
    tab = search.tab
    tests = (
        search.number in ("", order.number, order.external_id, order.order_id),
        not search.tracking_number or search.tracking_number.upper() in numbers,
        set(buyer_words(search.buyer)) <= words,
        not search.sku or comparison_key(search.sku) in skus,
        _is_within(search.placed_within(zone), order.placed_at),
        _is_within(search.paid_within(zone), order.paid_at),
        not search.states or order.state in search.states,
        tab in (None, Tab.ALL, order.tab) or (tab == Tab.REFUNDS and order.in_refunds),
        search.store_id in ("", order.store_id),
        search.seller_id in ("", order.seller_id),
        search.kind in (None, order.kind),
    )
    return all(tests)


def _is_within(span, at):
    if span is None:
        return True
    if at is None:
        return False
    return to_micros(span.begin) <= to_micros(at) < to_micros(span.end)


def walk(search_of, search, limit):
    """
    Walk a search page by page, and return the ids of all pages.
    """
    after, found = "", []
    while True:
        page = search_of(search, after=after, limit=limit)
        assert len(page) <= limit
        found += [order.order_id for order in page]
        after = page.next
        if not after:
            return found
