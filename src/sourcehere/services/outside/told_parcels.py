"""
What a shop was told of parcels, as it counts now: replaced ones and earlier numbers
left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ...domain.effects.machine import SUCCEEDED
from ...domain.effects.model import Attempt, Channel, OutboxMessage
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.machine import StoreOrderChart
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel
from ...domain.stores.record import StoreOrderRecord
from ...ports.platforms import ParcelNotice
from ...unit.base import Unit
from ...unit.streams import Orders
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX_LANE
from ...unit.tables.orders import ORDERS_BY_STORE
from ...unit.tables.shipments import PARCELS_OF
from ...unit.tables.stores import STORE_ORDERS
from ..base.service import Service
from .moved_lines import LINES_TOLD, units_told
from .pushing import as_told, notice_of
from .replacing import NOTHING_REPLACED, replaced_by

_AT_ONCE = 100  # orders
# Nothing of them is left to be sent.
_OVER = frozenset(
    state.value
    for state in (
        StoreOrderChart.shipped,
        StoreOrderChart.fulfilled,
        StoreOrderChart.cancelled,
    )
)


@frozen
class ToldLine:
    """
    What is known of a line by its id.
    """

    sku: str = ""
    external_product_id: str = ""


@frozen(kw_only=True)
class ToldParcel:
    """
    What the shop was told last of a parcel.

    Attributes:
        notice: As it was told.

        lines: The shop's id of a line -> what the line is of.

        is_last: Whether with it all of the shop's order has left.
    """

    notice: ParcelNotice
    lines: Mapping[str, ToldLine]
    is_last: bool


class ToldParcels(Service):
    """
    Reads what shops were told.
    """

    def page(
        self, seller_id: str, store_id: str, *, since: datetime | None, after: str
    ) -> tuple[list[ToldParcel], str]:
        """
        Return what a shop was told of the parcels of some orders, oldest first.

        Args:
            since: Only what it was told then or later.

            after: The order behind which to go on; the first ones if empty.

        Returns:
            The parcels, maybe none, and the order behind which there are more; empty
            at the end.
        """

        # Not a seller's own: what pushes say is read as the relay reads it.
        def work(unit: Unit) -> tuple[list[ToldParcel], str]:
            found, has_more = unit.slice(
                ORDERS_BY_STORE,
                seller_id,
                store_id,
                after=(after,) if after else None,
                limit=_AT_ONCE,
            )
            ids = [order.order_id for _, order in found]
            told = list(_told(unit, SellerId(seller_id), store_id, ids, since))
            return told, str(ids[-1]) if has_more else ""

        return self._units.outside(work, read_only=True)


def _told(
    unit: Unit,
    seller_id: SellerId,
    store_id: str,
    ids: Sequence[OrderId],
    since: datetime | None,
) -> Iterable[ToldParcel]:
    pushed = _pushed(unit, seller_id, ids)
    sent = {m.lane for m, _ in pushed.values()}
    stream = Orders(unit.session, seller_id)
    orders = stream.load([i for i in ids if i in sent], lock=False)
    keys = sorted({(seller_id, store_id, order.external_id) for order in orders})
    records = {r.external_id: r for r in unit.many(STORE_ORDERS, keys)}
    part_ids = sorted({part for r in records.values() for part in r.parts} | sent)
    parts = {o.order_id: o for o in stream.load(part_ids, lock=False)}
    parcels = unit.find(PARCELS_OF, [(seller_id, part) for part in part_ids])
    counting = [parcel for parcel in parcels if not parcel.replaced_by]
    messages = [message for message, _ in pushed.values()]
    named = {(order.seller_id, order.order_id): order for order in orders}
    replaced = replaced_by(unit, messages, named, {})
    moved = units_told(unit, unit.session.get(LINES_TOLD, keys, lock=False), {})
    for order in orders:
        record = records[order.external_id]
        siblings = [parts[part] for part in record.parts]
        last = _last(siblings, counting)
        lines = _lines(record, siblings)
        for parcel in counting:
            message, attempt = pushed.get(parcel.parcel_id, (None, None))
            if parcel.order_id != order.order_id or not message or not attempt:
                continue
            if since is not None and attempt.changed_at < since:
                continue
            yield ToldParcel(
                notice=notice_of(
                    attempt.key,
                    message,
                    order,
                    as_told(parcel, moved),
                    replaced.get(message.message_id, NOTHING_REPLACED),
                ),
                lines=lines,
                is_last=parcel.parcel_id == last,
            )


def _pushed(
    unit: Unit, seller_id: SellerId, ids: Sequence[OrderId]
) -> dict[str, tuple[OutboxMessage, Attempt]]:
    """
    Return the newest message of each parcel that the shop took: parcel -> message.
    """
    lanes = [(seller_id, Channel.STORE.value, order_id) for order_id in ids]
    messages = {m.message_id: m for m in unit.find(OUTBOX_LANE, lanes)}
    taken = {
        attempt.message_id: attempt
        for attempt in unit.find(ATTEMPTS_OF, [(seller_id, name) for name in messages])
        if attempt.state == SUCCEEDED
    }
    return {
        m.subject: (m, taken[m.message_id])
        for m in sorted(messages.values(), key=lambda m: m.position)
        if m.message_id in taken
    }


def _last(parts: Sequence[Order], parcels: Iterable[Parcel]) -> str:
    """
    Return the parcel with which all of a shop's order has left; empty until then.
    """
    if any(part.state not in _OVER for part in parts):
        return ""
    ids = {part.order_id for part in parts}
    mine = [parcel for parcel in parcels if parcel.order_id in ids]
    return max(mine, key=lambda p: (p.shipped_at, p.parcel_id)).parcel_id


def _lines(record: StoreOrderRecord, parts: Sequence[Order]) -> dict[str, ToldLine]:
    known = {line.external_line_id: ToldLine(line.sku_key) for line in record.lines}
    for part in parts:
        for line in part.lines:
            known[line.external_line_id] = ToldLine(line.sku, line.external_product_id)
    return known
