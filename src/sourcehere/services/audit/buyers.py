"""
Where orders go: their contacts are there, and their buyers are found by name and email.

Nothing that is told of it is personal.
"""

from typing import NamedTuple

from ...domain.contacts.buyers import words_of
from ...ports.storage import Key
from ...unit.tables.contacts import CONTACTS
from .batch import OrderBatch
from .rows import got, parsed
from .scope import Scope


class GoesTo(NamedTuple):
    """
    A version of a contact.
    """

    contact_id: str
    version: int
    address: str


def check_buyers(scope: Scope, batch: OrderBatch) -> None:
    """
    Check that orders have their contacts, and are found by the words of these alone.
    """
    seller_id, findings = scope.seller_id, scope.findings
    wanted = [order for order in batch.orders if order.contact_id]
    findings.looked("order_has_its_contact", len(wanted))
    findings.looked("order_is_found_by_its_buyer", len(batch.orders))
    keys: list[Key] = sorted(
        {(seller_id, o.contact_id, o.contact_version) for o in wanted}
    )
    rows = got(scope.unit, CONTACTS, keys, GoesTo)
    known = {(one.contact_id, one.version): one for one in rows}
    for order in wanted:
        if (order.contact_id, order.contact_version) not in known:
            findings.found(
                "order_has_its_contact",
                order.order_id,
                f"no version {order.contact_version} of its contact",
                contact=order.contact_id,
                version=order.contact_version,
            )
    for order in batch.orders:
        contact = known.get((order.contact_id, order.contact_version))
        if contact is None and order.contact_id:
            continue  # named above
        words = frozenset[str]() if contact is None else _words(contact.address)
        there = {word for _, word, _ in batch.words.get(order.order_id, ())}
        if there != words:
            lacks, more = len(words - there), len(there - words)
            findings.found(
                "order_is_found_by_its_buyer",
                order.order_id,
                f"{lacks} words of its buyer are missing, {more} are of nobody",
                missing=lacks,
                strange=more,
            )


def _words(text: str) -> frozenset[str]:
    told = parsed(text)
    return words_of(told["name"], told["email"])
