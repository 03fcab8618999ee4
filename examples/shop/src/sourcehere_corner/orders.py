"""
An order as Corner tells it, as a snapshot.

Whatever is not as it is read here may raise `KeyError`, `TypeError` or `ValueError`:
the order is set aside then, and the others come in.
"""

from datetime import datetime
from typing import Any

from sourcehere.domain.kernel.address import Address
from sourcehere.domain.kernel.money import Money
from sourcehere.domain.stores.model import SnapshotLine, StoreOrderSnapshot


def id_of(told: Any) -> str:
    """
    Read an order's id, as a text.
    """
    return str(told["id"])


def changed_at(told: Any) -> datetime:
    """
    Read when an order changed last, with its zone.
    """
    return datetime.fromisoformat(told["changed_at"])


def read_order(told: Any) -> StoreOrderSnapshot:
    """
    Make a snapshot of an order: with `changed_at`, and money by `Money.parse`.
    """
    to = told["ship_to"]
    return StoreOrderSnapshot(
        external_id=id_of(told),
        number=told["number"],
        placed_at=datetime.fromisoformat(told["placed_at"]),
        address=Address(to["country"], name=to["name"]),
        lines=tuple(_line(line) for line in told["lines"]),
        paid_at_store=told["is_paid"],
        cancelled=told["status"] == "cancelled",
        changed_at=changed_at(told),
    )


def _line(told: Any) -> SnapshotLine:
    return SnapshotLine(
        external_line_id=told["id"],
        sku=told["sku"],
        title=told["title"],
        quantity=told["quantity"],
        unit_price=Money.parse(told["price"], told["currency"]),
        quantity_fulfilled=told["quantity_sent"],
    )
