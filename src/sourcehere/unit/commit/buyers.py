"""
Keeping the words by which the buyers of orders are found, in the commit that moves one.
"""

from collections.abc import Iterable, Mapping

from ...domain.contacts.buyers import words_of_address
from ...domain.kernel.address import Address
from ...domain.kernel.ids import SellerId
from ...ports.storage import Key, Row, Session
from ..streams import ContactKey, Orders
from ..tables.contacts import CONTACTS
from ..tables.orders import BUYER_WORDS


def follow_buyers(
    session: Session,
    seller_id: SellerId,
    orders: Orders,
    made: Mapping[ContactKey, Address],
) -> None:
    """
    Write the words of orders that are new or go to another version of their contact,
    and remove those that are theirs no more.

    Args:
        made: The versions of contacts that this commit writes.
    """
    moved = orders.moved()
    if not moved:
        return
    known = _words(session, seller_id, moved, made)
    rows: list[Row] = []
    gone: list[Key] = []
    for order_id, before, now in moved:
        old, new = known.get(before, frozenset()), known.get(now, frozenset())
        rows.extend((seller_id, order_id, word) for word in sorted(new - old))
        gone.extend((seller_id, order_id, word) for word in sorted(old - new))
    if gone:
        session.delete(BUYER_WORDS.table, gone)
    if rows:
        session.insert(BUYER_WORDS.table, rows)


def _words(
    session: Session,
    seller_id: SellerId,
    moved: Iterable[tuple[str, ContactKey, ContactKey]],
    made: Mapping[ContactKey, Address],
) -> dict[ContactKey, frozenset[str]]:
    wanted = {key for _, before, now in moved for key in (before, now) if key[0]}
    known = {key: made[key] for key in wanted if key in made}
    keys: list[Key] = [(seller_id, *key) for key in sorted(wanted - known.keys())]
    for row in session.get(CONTACTS.table, keys, lock=False) if keys else ():
        contact = CONTACTS.from_row(row)
        known[contact.contact_id, contact.version] = contact.address
    return {key: words_of_address(a) for key, a in known.items()}
