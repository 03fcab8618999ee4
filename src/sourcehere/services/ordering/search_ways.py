"""
The ways by which a search finds orders.
"""

from collections.abc import Iterable

from ...domain.orders.tabs import Tab
from ...ports.storage import Index, Key, Row, Session
from ...unit.tables.catalog import VARIANTS_BY_SKU
from ...unit.tables.orders import (
    ITEMS_OF_VARIANT,
    LINES_OF_SKU,
    LINES_WAITING,
    ORDERS_BY_BUYER,
    ORDERS_BY_NUMBER,
    ORDERS_BY_PAID,
    ORDERS_BY_PLACED,
    ORDERS_IN_TAB,
    ORDERS_OF_BY_PAID,
    ORDERS_OF_BY_PLACED,
)
from ...unit.tables.shipments import PARCELS_BY_TRACKING
from ...unit.tables.stores import STORE_ORDERS, STORE_ORDERS_NAMED, STORES_OF
from .lists import way_to
from .search_asked import AT, Asked, fits_of
from .search_streams import Budget, Found, Indexed, Listed, Reading, Stream, Union

_NAMED_MAX = 1_000  # orders of one number
_REAL_TABS = tuple(tab for tab in Tab if tab not in (Tab.ALL, Tab.REFUNDS))


class Ways:
    """
    What a search reads, in one transaction.

    Attributes:
        variants: The platform's variants of the SKU that is looked for.
    """

    def __init__(self, session: Session, asked: Asked) -> None:
        self._session = session
        self._asked = asked
        self._fits = fits_of(asked, has_dates=False)
        key = asked.sku_key
        found = session.find(VARIANTS_BY_SKU.index, [(key,)], lock=False) if key else []
        place = VARIANTS_BY_SKU.index.table.position["variant_id"]
        self.variants = tuple(str(row[place]) for row in found)

    @property
    def narrows(self) -> bool:
        """
        Whether a seller, a shop, a kind or tabs leave out most orders.
        """
        asked = self._asked
        return bool(asked.seller_id) or asked.tabs != (Tab.ALL,)

    @property
    def knows(self) -> bool:
        """
        Whether anything but a date and the seller tells orders apart.
        """
        search = self._asked.search
        told = (search.number, search.tracking_number, search.buyer, search.sku)
        placed = (search.store_id, search.kind, search.states, search.queue)
        return any(told) or any(placed) or search.tab not in (None, Tab.ALL)

    def dated(self, column: str) -> tuple[Index, Key]:
        """
        Return the index in which orders are sorted by *column*, and its prefix.
        """
        owner = self._asked.seller_id
        if column == "placed_at":
            return (
                (ORDERS_OF_BY_PLACED.index, (owner,))
                if owner
                else (ORDERS_BY_PLACED.index, ())
            )
        return (
            (ORDERS_OF_BY_PAID.index, (owner,)) if owner else (ORDERS_BY_PAID.index, ())
        )

    def streams(self, budget: Budget) -> list[Stream]:
        """
        Return a stream for each thing that is known of the orders themselves.
        """
        asked = self._asked
        reading = Reading(self._session, budget)
        streams: list[Stream] = []
        named = self._named()
        if named is not None:
            streams.append(Listed(named))
        if asked.search.tracking_number:
            streams.append(Listed(self.sent()))
        streams += [
            Indexed(reading, ORDERS_BY_BUYER.index, (word,)) for word in asked.words
        ]
        if asked.sku_key:
            streams.append(Union(list(self._of_sku(reading))))
        if not streams or self.narrows:
            streams.append(self._base(reading))
        return streams

    def _named(self) -> list[Found] | None:
        """
        Return the orders of a number; None if it is not asked for, or has too many.
        """
        number, owner = self._asked.search.number, self._asked.seller_id
        if not number:
            return None
        session = self._session
        bounds: Key | None = (owner, "") if owner else None
        rows = session.page(
            ORDERS_BY_NUMBER.index,
            (number,),
            after=bounds,
            until=owner or None,
            limit=_NAMED_MAX,
            descending=False,
        )
        if len(rows) == _NAMED_MAX:
            return None
        found = [(str(row[AT["order_id"]]), str(row[AT["seller_id"]])) for row in rows]
        for row in self._recorded(number, owner):
            record = STORE_ORDERS.from_row(row)
            found += [(part, record.seller_id) for part in record.parts]
        if owner:
            found.append((number, owner))  # if it is an id of ours
        else:
            found += of_id(session, number)
        return found

    def _recorded(self, number: str, owner: str) -> Iterable[Row]:
        session = self._session
        if not owner:
            return session.find(STORE_ORDERS_NAMED.index, [(number,)], lock=False)
        stores = session.find(STORES_OF.index, [(owner,)], lock=False)
        keys: list[Key] = [(owner, row[1], number) for row in stores]
        return session.get(STORE_ORDERS.table, keys, lock=False)

    def sent(self) -> list[Found]:
        """
        Return the orders with a parcel of the tracking number.
        """
        number = self._asked.search.tracking_number
        forms = sorted({number, number.strip(), number.strip().upper()})
        rows = self._session.find(
            PARCELS_BY_TRACKING.index, [(form,) for form in forms], lock=False
        )
        place = PARCELS_BY_TRACKING.index.table.position
        order, seller = place["order_id"], place["seller_id"]
        return [(str(row[order]), str(row[seller])) for row in rows]

    def _of_sku(self, reading: Reading) -> Iterable[Stream]:
        owner, key = self._asked.seller_id, self._asked.sku_key
        if owner:
            for is_waiting in (0, 1):
                prefix = (owner, key, is_waiting)
                yield Indexed(reading, LINES_WAITING.index, prefix, seller_id=owner)
        else:
            yield Indexed(reading, LINES_OF_SKU.index, (key,))
        for variant_id in self.variants:
            yield Indexed(reading, ITEMS_OF_VARIANT.index, (variant_id,))

    def _base(self, reading: Reading) -> Stream:
        """
        Return the stream of the orders of a seller, a shop, a kind, of tabs; or of all.
        """
        asked = self._asked
        search = asked.search
        if not asked.seller_id:
            tabs = [t for t in asked.tabs if t != Tab.ALL] or list(_REAL_TABS)
            wanted = _REAL_TABS if Tab.REFUNDS in tabs else tabs
            index, keep = ORDERS_IN_TAB.index, self._fits
            return Union(
                [Indexed(reading, index, (tab.value,), keep=keep) for tab in wanted]
            )
        kind = "" if search.kind is None else search.kind.value
        streams = []
        for tab in asked.tabs:
            way, prefix, _ = way_to(tab, store_id=search.store_id, kind=kind)
            owner, whole = asked.seller_id, (asked.seller_id, *prefix)
            streams.append(
                Indexed(reading, way.index, whole, seller_id=owner, keep=self._fits)
            )
        return Union(streams)


def of_id(session: Session, order_id: str) -> list[Found]:
    """
    Find an order by its id, whosever it is: it is in one of the tabs.
    """
    for tab in _REAL_TABS:
        rows = session.page(
            ORDERS_IN_TAB.index,
            (tab.value,),
            after=(order_id, ""),
            until=order_id,
            limit=1,
            descending=False,
        )
        if rows:
            row = rows[0]
            return [(str(row[AT["order_id"]]), str(row[AT["seller_id"]]))]
    return []
