"""
Disputes, payouts and what they are made of, as a server keeps them.

Written from Stripe's API reference (version 2026-10-28): "The Dispute object", "The
Payout object", "The Balance Transaction object".
"""

DAY = 86_400


def moved(server, source, amount, fee=0, *, payout=None, kind="charge", currency="usd"):
    """
    Keep a balance transaction.
    """
    made = {
        "id": f"txn_{len(server.objects['balance_transactions'])}",
        "object": "balance_transaction",
        "amount": amount,
        "created": server.now,
        "currency": currency,
        "fee": fee,
        "net": amount - fee,
        "payout": payout,
        "source": source,
        "type": kind,
    }
    server.objects["balance_transactions"].append(made)
    return made


def disputed(
    server, charge, amount, status="needs_response", *, taken_after=0, currency="usd"
):
    """
    Keep a dispute; its money leaves so many seconds later, or not if None.
    """
    made = {
        "id": f"du_{len(server.objects['disputes'])}",
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge,
        "created": server.now,
        "currency": currency,
        "metadata": {},
        "status": status,
    }
    if taken_after is not None:
        one = moved(server, made["id"], -amount, 1_500, kind="adjustment")
        one["created"] += taken_after
        made["balance_transactions"].append(one)
    server.objects["disputes"].append(made)
    return made


def paid_out(server, amount, *, arrives=0, status="paid", automatic=True, name=""):
    """
    Keep a payout, and the transaction that it is.
    """
    made = {
        "id": name or f"po_{len(server.objects['payouts'])}",
        "object": "payout",
        "amount": amount,
        "arrival_date": server.now + arrives,
        "automatic": automatic,
        "created": server.now,
        "currency": "usd",
        "status": status,
    }
    server.objects["payouts"].append(made)
    moved(server, made["id"], -amount, payout=made["id"], kind="payout")
    return made["id"]
