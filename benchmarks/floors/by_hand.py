"""
The floor: one job written by hand, from parsed snapshots to rows, and nothing else.

What a good engineer would write who knows that every line is paired, that nothing is
held and that all stock is sourced directly: no aggregates, no rules, no plugins, no
second look inside the commit, no reading back. Orders are kept in a dict between the
steps. Each step gives its commit as a list of (statement, rows); the databases beside
this file write them.
"""

from . import statements as sql
from .hand_tools import SECOND, Freight, arrival, leaving, mark

NEVER = 253_370_764_800_000_000  # 9999-01-01
NO_LEASE = 0
SELLER, STORE, KIND = "s", "shop", "store"
CONNECTION = "card"  # of freight


class ByHand:
    """
    The life of store orders of one shop; `by_hand_import.bring` begins it.

    Args:
        skus: SKU as compared -> (connection id, version, method, [(variant, units)]).

        variants: Variant id -> (grams, [(quantity, unit price)], dearest first).

        card: The rate card, as configured.

        make_id: Gives the next id.

        now: The instant of every commit, in microseconds.
    """

    def __init__(self, skus, variants, card, *, make_id, now):
        self.skus, self.variants, self.make_id, self.now = skus, variants, make_id, now
        self.freight = Freight(card)
        self.left = leaving(now)
        self.orders = {}
        self.answers = 0
        self.pay_by = now + 14 * 86_400 * SECOND
        self.deliver_by = now + 45 * 86_400 * SECOND
        self.promised_by = now + 7 * 86_400 * SECOND
        self.stall_by = now + 20 * 86_400 * SECOND

    def event(self, order_id, sequence, name, data, actor):
        now = self.now
        return SELLER, order_id, sequence, "order", name, 1, data, now, now, actor, ""

    def tabs(self, *changes):
        delta_id = self.make_id()
        return [(SELLER, delta_id, KIND, STORE, tab, delta) for tab, delta in changes]

    def check_out(self, part):
        """
        Price orders with freight, and store the offer.
        """
        checkout_id, now, variants = self.make_id(), self.now, self.variants
        plans, total = [], 0
        for position, order in enumerate(part, 1):
            units = {}
            for _, variant_id, quantity in order.items:
                units[variant_id] = units.get(variant_id, 0) + quantity
            goods = grams = 0
            texts, prices, sent = [], [], []
            for item_id, variant_id, quantity in order.items:
                weight, tiers = variants[variant_id]
                wanted = units[variant_id]
                for least, price in tiers:  # noqa: B007 - the first that fits
                    if wanted >= least:
                        break
                goods += price * quantity
                grams += weight * quantity
                prices.append((item_id, price))
                texts.append(
                    f'{{"item_id":"{item_id}","unit_minor":{price},'
                    f'"quantity":{quantity},"quantity_from_lots":0}}'
                )
                sent.append(f'"{variant_id} {quantity}"')
            contents = (
                f'{{"units":[{",".join(sent)}],"weight_grams":{grams},'
                f'"volume_mm3":0,"attributes":[],"box_mm":[0,0,0],"parcels":[],'
                f'"places":[],"promised":[]}}'
            )
            freight, method, days = self.freight.cheapest(
                order.country, grams, order.method
            )
            order.plan = (checkout_id, goods, freight, method, prices)
            total += goods + freight
            plans.append(
                (
                    SELLER,
                    checkout_id,
                    position,
                    order.id,
                    1,
                    goods,
                    freight,
                    0,
                    method,
                    *days,
                    grams,
                    f"[{','.join(texts)}]",
                    "[]",
                    "{}",
                    CONNECTION,
                    contents,
                    arrival(self.left, days, method, freight),
                )
            )
        expires = now + 3600 * SECOND
        offer = (SELLER, checkout_id, "open", "GBP", total, len(part), expires)
        return [(sql.ADD_CHECKOUT, [offer]), (sql.ADD_PLAN, plans)]

    def pay(self, part):
        """
        Capture what was agreed.
        """
        changes, items, events, entries = [], [], [], []
        now, spent = self.now, 0
        for order in part:
            checkout_id, goods, freight, method, prices = order.plan
            order_id, total = order.id, goods + freight
            spent += total
            texts = []
            for item_id, price in prices:
                items.append((price, SELLER, order_id, item_id))
                texts.append(
                    f'{{"item_id":"{item_id}","unit_minor":{price},'
                    f'"quantity_from_lots":0}}'
                )
            data = (
                f'{{"state":"awaiting_shipping","checkout_id":"{checkout_id}",'
                f'"method":"{method}","goods_minor":{goods},"freight_minor":{freight},'
                f'"handling_minor":0,"items":[{",".join(texts)}],"parcels":[],'
                f'"promised_by":{self.promised_by}}}'
            )
            events.append(self.event(order_id, 2, "order.paid", data, "seller:s"))
            changes.append(
                (
                    "awaiting_shipping",
                    2,
                    method,
                    checkout_id,
                    goods,
                    freight,
                    total,
                    now,
                    now,
                    "awaiting_shipping",
                    "accept",
                    self.promised_by,
                    "ship_by",
                    self.promised_by,
                    SELLER,
                    order_id,
                )
            )
            transaction_id, number = self.make_id(), 0
            for account, amount in (
                ("wallet_available", -total),
                ("goods", goods),
                ("freight", freight),
            ):
                if amount:
                    number += 1
                    entries.append(
                        (
                            SELLER,
                            transaction_id,
                            number,
                            account,
                            "GBP",
                            amount,
                            "capture",
                            order_id,
                            now,
                        )
                    )
        moved = len(part)
        tabs = self.tabs(("awaiting_payment", -moved), ("awaiting_shipping", moved))
        return [
            (sql.ADD_TAB, tabs),
            (sql.PAY_ORDER, changes),
            (sql.PRICE_ITEM, items),
            (sql.ADD_EVENT, events),
            (sql.ADD_ENTRY, entries),
            (sql.CLOSE_CHECKOUT, [("paid", SELLER, checkout_id)]),
            (sql.SPEND, [(-spent, SELLER)]),
        ]

    def accept(self, part):
        """
        Take orders into the pick queue.
        """
        now, event = self.now, self.event
        events = [event(o.id, 3, "order.accepted", "{}", "staff:staff") for o in part]
        return [
            (sql.ACCEPT_ORDER, [(3, now, "pick", SELLER, order.id) for order in part]),
            (sql.ADD_EVENT, events),
        ]

    def ship(self, part, start):
        """
        Send each order in one parcel, and owe the shop its tracking.
        """
        changes, items, events, parcels, messages = [], [], [], [], []
        now, deliver_by, make_id = self.now, self.deliver_by, self.make_id
        stall_by = self.stall_by
        for number, order in enumerate(part):
            order_id, parcel_id, message_id = order.id, make_id(), make_id()
            sent = []
            for item_id, _, quantity in order.items:
                items.append((quantity, SELLER, order_id, item_id))
                sent.append(f'{{"item_id":"{item_id}","quantity":{quantity}}}')
            units = [
                f'{{"external_line_id":{line_id},"quantity":{quantity}}}'
                for line_id, quantity in order.units
            ]
            sent = f"[{','.join(sent)}]"
            data = (
                f'{{"state":"shipped","parcel_id":"{parcel_id}","items":{sent},'
                f'"deliver_by":{deliver_by},"stall_by":{stall_by}}}'
            )
            events.append(self.event(order_id, 4, "order.shipped", data, "staff:staff"))
            changes.append(
                (
                    "shipped",
                    4,
                    deliver_by,
                    now,
                    mark(parcel_id, "false", stall_by),
                    "shipped",
                    "",
                    stall_by,
                    "stall_by",
                    NEVER,
                    SELLER,
                    order_id,
                )
            )
            parcels.append(
                (
                    SELLER,
                    parcel_id,
                    order_id,
                    "L",
                    f"{start}-{number}",
                    0,
                    "pending",
                    "",
                    sent,
                    f"[{','.join(units)}]",
                    now,
                    None,
                    "",
                )
            )
            key = f"{parcel_id}:{order_id}:0"
            messages.append(
                (
                    SELLER,
                    message_id,
                    "store",
                    f"{SELLER}/{STORE}",
                    order_id,
                    4,
                    "push_tracking",
                    parcel_id,
                    key,
                    (
                        f'{{"store_id":"{STORE}","revision":0,"carrier":"L",'
                        f'"tracking_number":"{start}-{number}"}}'
                    ),
                    "waiting",
                    0,
                    now,
                    0,
                    "",
                    NO_LEASE,
                    "",
                    now,
                    "",
                )
            )
            order.parcel, order.push = parcel_id, (message_id, key)
            order.number = f"{start}-{number}"
        moved = len(part)
        return [
            (sql.ADD_TAB, self.tabs(("awaiting_shipping", -moved), ("shipped", moved))),
            (sql.SHIP_ORDER, changes),
            (sql.SEND_ITEM, items),
            (sql.ADD_EVENT, events),
            (sql.ADD_PARCEL, parcels),
            (sql.ADD_MESSAGE, messages),
        ]

    def claim(self, part):
        """
        Take the messages of *part*, and store what will be sent with which key.
        """
        now, lease = self.now, self.now + 300 * SECOND
        pushes = [order.push for order in part]
        attempts = [
            (SELLER, m, 1, "push_tracking", key, "sending", 1, "", "", now, now, "")
            for m, key in pushes
        ]
        return [
            (sql.CLAIM, [("sending", 1, "relay", lease, SELLER, m) for m, _ in pushes]),
            (sql.ADD_ATTEMPT, attempts),
        ]

    def finish(self, part, answers):
        """
        Record what the shop answered.
        """
        pushes = [order.push for order in part]
        names = [message_id for message_id, _ in pushes]
        ends = [
            ("succeeded", answer, SELLER, m, 1)
            for m, answer in zip(names, answers, strict=True)
        ]
        shop, now, took = f"{SELLER}/{STORE}", self.now, 0
        sends = [
            (SELLER, m, 1, 1, key, shop, "relay", now, took, "succeeded", answer)
            for (m, key), answer in zip(pushes, answers, strict=True)
        ]
        return [
            (sql.FINISH, [("done", 1, SELLER, m) for m in names]),
            (sql.SUCCEED, ends),
            (sql.ADD_SEND, sends),
        ]

    def deliver(self, part):
        """
        Record that every parcel arrived.
        """
        now, event, events, changes = self.now, self.event, [], []
        done = '{"state":"fulfilled","cause":"parcels"}'
        for order in part:
            order_id, parcel_id = order.id, order.parcel
            said = f'{{"parcel_id":"{parcel_id}"}}'
            events += (
                event(order_id, 5, "order.parcel_delivered", said, "carrier:line"),
                event(order_id, 6, "order.delivered", done, "carrier:line"),
            )
            changes.append(
                (
                    "fulfilled",
                    6,
                    now,
                    mark(parcel_id, "true", self.stall_by),
                    "fulfilled",
                    NEVER,
                    "",
                    SELLER,
                    order_id,
                )
            )
        moved = len(part)
        facts = [
            (SELLER, o.parcel, "d", "delivered", "", now, "L", o.number, "")
            for o in part
        ]
        return [
            (sql.ADD_TRACKING, facts),
            (sql.DELIVER_PARCEL, [("delivered", now, SELLER, o.parcel) for o in part]),
            (sql.ADD_TAB, self.tabs(("shipped", -moved), ("fulfilled", moved))),
            (sql.DELIVER_ORDER, changes),
            (sql.ADD_EVENT, events),
        ]
