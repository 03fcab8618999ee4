"""
Orders in memory, at any point of their life, for tests of what one of them does.
"""

from datetime import timedelta

import attrs

from sourcehere import Actor, Role
from sourcehere.domain.orders import events as e
from sourcehere.domain.orders.holds import HoldReason
from sourcehere.domain.orders.lines import (
    ItemQuantity,
    ItemRefund,
    LinePairing,
    NewItem,
    NewLine,
    PaidItem,
)
from sourcehere.domain.orders.order import Order
from sourcehere.domain.orders.parcels import ParcelNews
from sourcehere.testing.factories import NOON, SELLER, STAFF

SYSTEM, STORE = Actor(Role.SYSTEM), Actor(Role.STORE, "shop")
LATER = NOON + timedelta(hours=1)
WEEK = NOON + timedelta(days=7)
MONTH = NOON + timedelta(days=30)

# Two store units of a set, of one cup and three hats each, and five lamps.
SET = NewLine(
    external_line_id="L1",
    sku="SET",
    title="A set",
    quantity=2,
    sold_minor=1999,
    sold_currency="GBP",
    items=(NewItem("cup", 2), NewItem("hat", 6)),
    connection_id="c1",
    connection_version=3,
)
LAMPS = NewLine(
    external_line_id="L2",
    sku=" Lamp ",
    title="A lamp",
    quantity=5,
    items=(NewItem("lamp", 5),),
)
SOCKS = NewLine(
    external_line_id="L3",
    sku="SOCK",
    title="A sock",
    quantity=1,
    sold_minor=250,
    sold_currency="GBP",
)
EVERYTHING = {"1.1": 2, "1.2": 6, "2.1": 5}
REST = tuple(ItemQuantity(name, q) for name, q in EVERYTHING.items())
SOCK = LinePairing(1, (NewItem("sock", 1),), "c9", 2)


def empty(kind="store"):
    """
    Return an order to which nothing has happened.
    """
    return Order(seller_id="s", order_id="o", kind=kind)


def imported(*lines):
    """
    Return a shop's order, of a set and lamps if nothing is said.
    """
    order = empty()
    facts = e.OrderImported(
        state="",
        store_id="shop",
        external_id="17",
        part=1,
        number="#17",
        currency="USD",
        contact_id="k",
        country="US",
        placed_at=NOON - timedelta(hours=2),
        pay_by=None,
        lines=lines or (SET, LAMPS),
        by=STORE,
        occurred_at=NOON,
    )
    order.import_from_store(facts, pay_by=WEEK)
    return order


def drafted(kind="manual", *lines):
    """
    Return a draft.
    """
    order = empty(kind)
    facts = e.OrderCreated(
        state="",
        kind=kind,
        number="M1",
        currency="USD",
        contact_id="k",
        country="US",
        warehouse="CN1" if kind == "cloud_warehouse" else "",
        draws_on_stock=False,
        lines=lines or (SET, LAMPS),
        by=SELLER,
        occurred_at=NOON,
    )
    order.create(facts)
    return order


def pay(order):
    """
    Pay an order: 30.00 goods, 4.00 freight, 0.40 handling; a cup comes from stock.
    """
    order.pay(
        e.OrderPaid(
            state="",
            checkout_id="ch",
            method="std",
            goods_minor=3000,
            freight_minor=400,
            handling_minor=40,
            items=(
                PaidItem("1.1", 500, 1),
                PaidItem("1.2", 325, 0),
                PaidItem("2.1", 110, 0),
            ),
            by=SELLER,
            occurred_at=NOON,
        ),
        by=SELLER,
    )
    return order


def paid():
    """
    Return a shop's order that is paid.
    """
    return pay(imported())


def accepted():
    """
    Return one that the warehouse has accepted.
    """
    order = paid()
    order.accept(by=STAFF, at=NOON)
    return order


def bought():
    """
    Return a paid order for a cloud warehouse.
    """
    order = drafted("cloud_warehouse")
    order.place(by=SELLER, at=NOON, pay_by=WEEK)
    return pay(order)


def dispatched():
    """
    Return one whose goods are on their way to the warehouse.
    """
    order = bought()
    order.dispatch(by=STAFF, at=NOON)
    return order


def send(order, parcel_id="p", /, **quantities):
    """
    Send items as `i1_1=2`, everything if nothing is said.
    """
    chosen = {name[1:].replace("_", "."): q for name, q in quantities.items()}
    order.ship(
        parcel_id,
        chosen or EVERYTHING,
        by=STAFF,
        at=NOON,
        deliver_by=MONTH,
        stall_by=WEEK,
    )
    return order


def refund(order, *items, freight=0):
    """
    Record money given back.
    """
    order.refund(
        e.OrderRefunded(
            refund_id="r",
            amount_minor=sum(item.amount_minor for item in items) + freight,
            freight_minor=freight,
            items=items,
            by=STAFF,
            occurred_at=NOON,
        )
    )
    return order


def after(order):
    """
    Forget what an order has recorded so far.
    """
    order.pending.clear()
    return order


def at_later(by, kind, **facts):
    """
    Make an event of an hour after noon.
    """
    return kind(**facts, by=by, occurred_at=LATER)


def two_parts():
    """
    Return an order the first and third line of which wait; it has a method, and its
    contact's second version.
    """
    order = imported(SOCKS, SET, attrs.evolve(SOCKS, sku="TIE", title="A tie"))
    order.choose_shipping("std", by=SELLER, at=NOON)
    order.follow_address(version=2, country="GB", by=STORE, at=NOON)
    return order


def unpaid_at_store():
    """
    Return one whose customer has not paid the shop.
    """
    order = imported()
    order.hold("h", HoldReason.STORE_UNPAID, detail="", by=STORE, at=NOON)
    return order


def ignored():
    """
    Return one that the seller supplies elsewhere.
    """
    order = imported(SOCKS)
    order.ignore(by=SELLER, at=NOON)
    return order


def set_apart():
    """
    Return one whose only line no connection pairs.
    """
    order = imported(attrs.evolve(SOCKS, items=(NewItem("sock", 1),)))
    order.disconnect_line(1, by=SELLER, at=NOON)
    return order


def with_address_held():
    """
    Return one that waits for a better address, and for staff.
    """
    order = paid()
    order.place_hold("a", reason=HoldReason.ADDRESS, by=STAFF, at=NOON)
    order.place_hold("b", reason=HoldReason.STAFF, by=STAFF, at=NOON)
    return order


def disputed(*, unsent=True):
    """
    Return one with an open dispute.
    """
    order = paid() if unsent else send(accepted())
    order.open_dispute(
        "d", {"1.1": 1}, is_about_unsent=unsent, hold_id="h", by=SELLER, at=NOON
    )
    return order


def lost():
    """
    Return one all units of which were lost and refunded, its parcel held.
    """
    order = send(accepted())
    order.hold_parcel(HoldReason.PARCEL_LOST, "p", detail="", by=STAFF, at=NOON)
    items = [ItemRefund(name, q, 0) for name, q in EVERYTHING.items()]
    return refund(order, *items)


def all_but_lamps_sent():
    """
    Return one of which the lamps are left to send, and the parcel has arrived.
    """
    order = send(accepted(), i1_1=2, i1_2=6)
    order.track_parcel("p", news(is_delivered=True), by=STAFF, at=NOON)
    return order


def news(status="in_transit", **facts):
    """
    Make news of a parcel.
    """
    plain = {
        "is_new": True,
        "is_delivered": False,
        "trouble": None,
        "words": "post T1",
        "stall_by": MONTH,
    }
    return ParcelNews(status=status, **plain | facts)
