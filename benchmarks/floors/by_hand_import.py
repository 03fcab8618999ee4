"""
The floor's first step: a page of parsed snapshots becomes orders.
"""

from hashlib import blake2b
from json.encoder import encode_basestring as quote

from . import statements as sql
from .by_hand import KIND, NEVER, SELLER, STORE
from .hand_tools import SECOND, address_text, micros


class Kept:
    """
    What later steps need of an order.
    """

    __slots__ = (
        *("country", "id", "items", "method", "number", "parcel", "plan", "push"),
        "units",
    )


def bring(hand, snapshots, cursor):
    """
    Import *snapshots*, and move the cursor with them.
    """
    contacts, records, orders, events = [], [], [], []
    lines, items, buyers = [], [], []
    now, pay_by, make_id = hand.now, hand.pay_by, hand.make_id
    for s in snapshots:
        contact_id, order_id = make_id(), make_id()
        kept = hand.orders[s.external_id] = Kept()
        kept.id, kept.country = order_id, s.address.country
        told, sold, wanted = _lines(hand, s.lines, kept, lines, items)
        address, placed_at = address_text(s.address), micros(s.placed_at)
        external, number = quote(s.external_id), quote(s.number)
        text = (
            f'{{"external_id":{external},"number":{number},"placed_at":{placed_at},'
            f'"address":{address},"lines":[{told}],"paid_at_store":true,'
            f'"cancelled":false,"rows_rejected":0,"doubts":[],"version":0,'
            f'"changed_at":null}}'
        )
        digest = blake2b(text.encode(), digest_size=16).hexdigest()
        buyers.extend(
            (SELLER, order_id, word)
            for word in (*s.address.name.lower().split(), s.address.email.lower())
        )
        contacts.append((SELLER, contact_id, 1, address, now, None))
        records.append(
            (
                SELLER,
                STORE,
                s.external_id,
                digest,
                0,
                1,
                0,
                0,
                contact_id,
                f'["{order_id}"]',
                "[]",
                f"[{wanted}]",
                "[]",
                "",
                now,
                0,
            )
        )
        data = (
            f'{{"state":"awaiting_payment","store_id":"{STORE}",'
            f'"external_id":{external},"part":1,"number":{number},"currency":"GBP",'
            f'"contact_id":"{contact_id}","country":"{kept.country}",'
            f'"placed_at":{placed_at},"pay_by":{pay_by},"lines":[{sold}]}}'
        )
        events.append(hand.event(order_id, 1, "order.imported", data, f"store:{STORE}"))
        orders.append(
            (
                SELLER,
                order_id,
                KIND,
                "awaiting_payment",
                1,
                STORE,
                s.external_id,
                1,
                s.number,
                "GBP",
                contact_id,
                1,
                kept.country,
                "",
                1,
                "",
                "",
                "",
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                "",
                now,
                placed_at,
                NEVER,
                now,
                pay_by,
                None,
                NEVER,
                None,
                "[]",
                "[]",
                "[]",
                "[]",
                "awaiting_payment",
                0,
                "",
                "",
                pay_by,
                "pay_by",
            )
        )
    count = len(orders)
    hand.answers += 1
    read = (cursor, now + 900 * SECOND, now, hand.answers, SELLER, STORE)
    return [
        (sql.ADD_TAB, hand.tabs(("all", count), ("awaiting_payment", count))),
        (sql.ADD_ORDER, orders),
        (sql.ADD_LINE, lines),
        (sql.ADD_ITEM, items),
        (sql.ADD_BUYER, buyers),
        (sql.ADD_EVENT, events),
        (sql.ADD_CONTACT, contacts),
        (sql.ADD_STORE_ORDER, records),
        (sql.MOVE_CURSOR, [read]),
    ]


def _lines(hand, snapshot_lines, kept, lines, items):
    """
    Add the rows of an order's lines and items.

    Returns:
        The lines as the shop told them, as the event has them, and what is wanted.
    """
    order_id, skus = kept.id, hand.skus
    kept.items, kept.units, kept.method = [], [], ""
    told, sold, wanted = [], [], []
    for number, n in enumerate(snapshot_lines, 1):
        line_id, sku, title = quote(n.external_line_id), quote(n.sku), quote(n.title)
        minor, currency = n.unit_price.minor, n.unit_price.currency
        quantity = n.quantity - n.quantity_fulfilled - n.quantity_refunded
        key = n.sku.strip().casefold()
        connection_id, version, method, mapped = skus[key]
        kept.method = kept.method or method
        lines.append(
            (
                SELLER,
                order_id,
                number,
                n.external_line_id,
                n.sku,
                n.title,
                quantity,
                minor,
                currency,
                connection_id,
                version,
                1,
                0,
                "",
                "",
                key,
                0,
            )
        )
        kept.units.append((line_id, quantity))
        parts = []
        for place, (variant_id, per_unit) in enumerate(mapped, 1):
            item_id, units = f"{number}.{place}", per_unit * quantity
            kept.items.append((item_id, variant_id, units))
            parts.append(f'{{"variant_id":"{variant_id}","quantity":{units}}}')
            items.append(
                (
                    SELLER,
                    order_id,
                    item_id,
                    number,
                    variant_id,
                    units,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                )
            )
        told.append(
            f'{{"external_line_id":{line_id},"sku":{sku},"title":{title},'
            f'"quantity":{n.quantity},"unit_price":{{"minor":{minor},'
            f'"currency":"{currency}"}},"quantity_fulfilled":{n.quantity_fulfilled},'
            f'"quantity_refunded":{n.quantity_refunded},'
            '"external_variant_id":"","external_product_id":""}'
        )
        sold.append(
            f'{{"external_line_id":{line_id},"sku":{sku},"title":{title},'
            f'"quantity":{quantity},"sold_minor":{minor},"sold_currency":"{currency}",'
            f'"items":[{",".join(parts)}],"connection_id":"{connection_id}",'
            f'"connection_version":{version},"is_set_apart":false,'
            '"external_variant_id":"","external_product_id":""}'
        )
        wanted.append(
            f'{{"external_line_id":{line_id},"sku_key":{quote(key)},'
            f'"quantity":{n.quantity},"fulfilled":{n.quantity_fulfilled},'
            f'"refunded":{n.quantity_refunded},'
            f'"fulfilled_elsewhere":{n.quantity_fulfilled},"matched":0,"moved":0,'
            '"decided":0,"is_not_ours":false,'
            '"external_variant_id":"","external_product_id":"",'
            '"decided_variant":"","has_moved":false,"served_here":0}'
        )
    kept.items.sort()  # as texts, the order in which a database keeps them
    return ",".join(told), ",".join(sold), ",".join(wanted)
