"""
Drives the hand-written floor through the same commits as ours.
"""

import json

from .by_hand import ByHand
from .by_hand_import import bring

SKU = ("sku_key", "connection_id", "connection_version", "method", "rule")
VARIANT = ("variant_id", "weight_grams", "prices")


def facts(rows):
    """
    Arrange what a program reads once at its start: connected SKUs and variants.

    Args:
        rows: Gives columns of every row of a table.
    """
    skus = {
        key: (
            connection_id,
            version,
            method,
            [(item["variant_id"], item["quantity"]) for item in loaded(rule)["items"]],
        )
        for key, connection_id, version, method, rule in rows("connected_sku", SKU)
    }
    variants = {
        name: (
            grams,
            [
                (t["quantity_from"], t["unit_minor"])
                for t in reversed(loaded(prices)["GBP"])
            ],
        )
        for name, grams, prices in rows("variant", VARIANT)
    }
    return skus, variants


def select(names, table):
    """
    Write a query for *names* of a table.
    """
    return f"SELECT {', '.join(names)} FROM {table}"


def loaded(value):
    """
    Read JSON that a driver may have read already.
    """
    return json.loads(value) if isinstance(value, str) else value


def live(given, snapshots, chunk, write, *, only_import=False, take=list):
    """
    Take every order from import to delivery, a chunk a commit.

    Args:
        given: What `ByHand` is made with.

        write: Writes one commit.

        take: The shop, which answers pushes by their keys.
    """
    hand = ByHand(**given)
    for start in range(0, len(snapshots), chunk):
        end = start + chunk
        more = end < len(snapshots)
        write(bring(hand, snapshots[start:end], str(end) if more else ""))
    if only_import:
        return
    orders = [hand.orders[s.external_id] for s in snapshots]
    for start in range(0, len(orders), chunk):
        part = orders[start : start + chunk]
        write(hand.check_out(part))
        write(hand.pay(part))
        write(hand.accept(part))
        write(hand.ship(part, start))
        write(hand.claim(part))
        write(hand.finish(part, take([order.push[1] for order in part])))
        write(hand.deliver(part))
