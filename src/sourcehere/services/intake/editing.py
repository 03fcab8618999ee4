"""
Following what a shop changed in an order that we know.

What nothing is paid of follows the shop. For the rest, what the shop wants is held
against what we supply: a difference opens a hold, and whatever a person decides about
it stands until the shop wants something else again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import attrs

from ...domain.kernel.ids import HoldId
from ...domain.orders.holds import HoldReason
from ...domain.orders.machine import SENDING_STATES, UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.stores.demand import (
    NO_SUPPLY,
    Difference,
    Supply,
    ToldLine,
    told,
    told_again,
    with_numbers,
    with_served,
)
from ...domain.stores.model import StoreOrderSnapshot
from ...domain.stores.moving import added, served_elsewhere, served_here
from ...domain.stores.record import StoreOrderRecord
from ...unit.seller_unit import SellerUnit
from .addresses import follow_address
from .changed_lines import LineFollower
from .differing import is_held
from .sent_again import sent_again
from .supplying import (
    Key,
    counting,
    expired,
    going_on,
    kept_lines,
    key_of,
    served_of,
    supplies_of,
)
from .told_units import NOTHING_HEARD, Heard, read_heard
from .writing import NewPart, OrderWriter, WantedLine, has_hold

_STOPPABLE = UNPAID_STATES | SENDING_STATES


class Editor:
    """
    Follows one snapshot of an order that is known already.
    """

    def __init__(
        self, unit: SellerUnit, writer: OrderWriter, snapshot: StoreOrderSnapshot
    ) -> None:
        self._unit = unit
        self._writer = writer
        self._snapshot = snapshot
        self._lines = {
            (line.external_line_id, line.sku_key): line for line in snapshot.lines
        }

    def follow(self, record: StoreOrderRecord) -> StoreOrderRecord:
        """
        Bring our orders in step with the snapshot, or hold them.

        Returns:
            What is known of the shop's order now.

        Raises:
            UnreadableLinesError: If an attempt does not say of which lines it told the
                shop: nothing has changed.
        """
        snapshot = self._snapshot
        parts = self._unit.orders.load(record.parts)
        heard = self._heard(record, parts)
        version = follow_address(
            self._unit, self._writer, record, parts, snapshot.address
        )
        self._follow_records(record, parts)
        if snapshot.cancelled:
            told = follow_cancellation(
                self._unit, self._writer, record, parts, detail="cancelled in the shop"
            )
            return attrs.evolve(told, paid_at_store=snapshot.paid_at_store)
        self._follow_payment(record, parts)
        if record.cancelled:
            again = sent_again(self._unit, parts)
            self._release([*parts, *again], HoldReason.STORE_CANCELLED)
        record = with_decisions(record, parts)
        served = self._served_here(record, parts, heard)
        shift = added(heard.shift, served)
        # Of lines that it tells no more, too: they may come back.
        others = heard.of_others({*self._lines, *(n.key for n in record.lines)})
        now = self._told(record, parts, shift, served, others)
        now = _with_ids_of_others(now, parts)
        now = self._bring_back(now, record, parts)
        follower = LineFollower(self._unit, self._writer, self._lines, shift, record)
        now, homeless = follower.follow(now, counting(now, parts))
        if homeless:
            part = self._write_part(now, homeless, version)
            now = attrs.evolve(now, parts=(*now.parts, part.order_id))
        return attrs.evolve(
            now,
            cancelled=False,
            paid_at_store=snapshot.paid_at_store,
            rows_rejected=snapshot.doubts_count,
        )

    # What is not about lines.

    def _follow_records(self, record: StoreOrderRecord, parts: Sequence[Order]) -> None:
        """
        Hold where more than before is in doubt; let go once nothing is.
        """
        count = self._snapshot.doubts_count
        if not count:
            self._release(parts, HoldReason.STORE_DATA)
        elif count > record.rows_rejected:
            for order in going_on(parts):
                if not has_hold(order, HoldReason.STORE_DATA):
                    detail = self._snapshot.doubts_in_words
                    self._writer.hold(order, HoldReason.STORE_DATA, detail)

    def _follow_payment(self, record: StoreOrderRecord, parts: Sequence[Order]) -> None:
        if self._snapshot.paid_at_store:
            for order in parts:
                order.follow_payment_at_store(
                    by=self._writer.by, at=self._unit.now, pay_by=self._writer.pay_by
                )
        elif record.paid_at_store:  # and not any more
            for order in parts:
                is_waiting = has_hold(order, HoldReason.STORE_UNPAID)
                if order.state in _STOPPABLE and not is_waiting:
                    detail = "the shop says that it is not paid"
                    self._writer.hold(order, HoldReason.STORE_UNPAID, detail)

    def _release(self, parts: Sequence[Order], reason: HoldReason) -> None:
        for order in parts:
            order.release_holds_for(reason, by=self._writer.by, at=self._unit.now)

    # Lines.

    def _heard(self, record: StoreOrderRecord, parts: Sequence[Order]) -> Heard:
        """
        Read what we told the shop of, where it matters under which line.
        """
        keys = {line.key for line in record.lines}
        ids = {name for name, _ in keys}
        is_another = any(k[0] in ids and k not in keys for k in self._lines)
        is_plain = not _has_moved(record) and not served_of(parts) and not is_another
        if self._snapshot.cancelled or is_plain:
            return NOTHING_HEARD
        return read_heard(self._unit, record, parts)

    def _served_here(
        self, record: StoreOrderRecord, parts: Sequence[Order], heard: Heard
    ) -> Mapping[Key, int]:
        ours = counting(record, parts)
        served = served_of(ours)
        if not served:
            return {}
        lines, supplies = {n.key: n for n in record.lines}, supplies_of(ours)
        said = {key: line.quantity_fulfilled for key, line in self._lines.items()}
        known = served_here(lines, supplies, heard.shift, served, said)
        now = {key: with_numbers(n, self._lines.get(key)) for key, n in lines.items()}
        return served_elsewhere(now, supplies, served, heard.told, known)

    def _told(
        self,
        record: StoreOrderRecord,
        parts: Sequence[Order],
        shift: Mapping[Key, int],
        served: Mapping[Key, int],
        others: Mapping[Key, int],
    ) -> StoreOrderRecord:
        """
        Return the record with what the snapshot says of each line.

        Args:
            others: Units that the shop was told under a line's id as of another SKU.
        """
        ours = counting(record, parts)
        supplies = supplies_of(ours)
        left_out = self._left_out(ours)
        lines: dict[Key, ToldLine] = {}
        # Parcels of one part may have been told under lines of another (`told_under`).
        may_be_named = len(record.parts) > 1 and any(n.fulfilled for n in record.lines)
        for before in record.lines:
            known = with_served(before, served.get(before.key, 0))
            known = attrs.evolve(known, is_not_ours=before.key in left_out)
            supply = supplies.get(known.key, NO_SUPPLY)
            if units := shift.get(known.key, 0) + others.get(known.key, 0):
                supply = attrs.evolve(supply, sent=max(supply.sent + units, 0))
            now = told_again(known, self._lines.get(known.key), supply)
            is_told = known.key in self._lines or shift.get(known.key, 0)
            if is_told or may_be_named or now.is_open(supply):
                lines[known.key] = now
        for key, line in self._lines.items():
            if key not in lines:
                fresh = told(line, is_not_ours=key in left_out)
                elsewhere = max(fresh.fulfilled - others.get(key, 0), 0)
                lines[key] = attrs.evolve(fresh, fulfilled_elsewhere=elsewhere)
        return attrs.evolve(record, lines=tuple(lines.values()))

    def _left_out(self, parts: Sequence[Order]) -> frozenset[Key]:
        """
        Return the lines that are not ours; what is paid of them already stays.
        """
        kept = kept_lines(parts)
        return frozenset(
            key
            for key, line in self._lines.items()
            if key not in kept and self._writer.is_left_out(line)
        )

    def _bring_back(
        self, now: StoreOrderRecord, before: StoreOrderRecord, parts: Sequence[Order]
    ) -> StoreOrderRecord:
        """
        Let lines that nobody paid in time be wanted again, if the shop did anything.
        """
        wanted = {line.key: line.wanted for line in now.lines}
        past = {line.key: line.wanted for line in before.lines}
        is_paid_now = self._snapshot.paid_at_store and not before.paid_at_store
        back = [
            order
            for order in counting(now, parts)
            if expired(order)
            and (
                is_paid_now
                or before.cancelled
                or any(
                    wanted.get(key_of(line), 0) != past.get(key_of(line), 0)
                    for line in order.lines
                )
            )
        ]
        if not back:
            return now
        anew = {key_of(line) for order in back for line in order.lines}
        # Units that had moved stay so: they add up to nothing among the lines.
        lines = [
            attrs.evolve(line, matched=0, decided=0) if line.key in anew else line
            for line in now.lines
        ]
        names = [order.order_id for order in back]
        return attrs.evolve(now, replaced=(*now.replaced, *names), lines=tuple(lines))

    def _write_part(
        self, record: StoreOrderRecord, lines: Sequence[WantedLine], version: int
    ) -> Order:
        snapshot = self._snapshot
        return self._writer.write(
            NewPart(
                external_id=snapshot.external_id,
                number=snapshot.number,
                part=len(record.parts) + 1,
                placed_at=snapshot.placed_at,
                contact_id=record.contact_id,
                contact_version=version,
                country=snapshot.address.country,
                is_paid=snapshot.paid_at_store,
            ),
            lines,
        )


def _with_ids_of_others(
    record: StoreOrderRecord, parts: Sequence[Order]
) -> StoreOrderRecord:
    """
    Return *record* with the lines noted whose id is that of another SKU by now, if
    something of it is paid: what has left is not told under it any more.
    """
    ids = Counter(line.external_line_id for line in record.lines)
    if len(ids) == len(record.lines):
        return record  # as of most orders
    paid = {name for name, _ in kept_lines(parts) if ids[name] > 1}
    lines = tuple(
        attrs.evolve(line, has_moved=True) if line.external_line_id in paid else line
        for line in record.lines
    )
    return attrs.evolve(record, lines=lines)


def _has_moved(record: StoreOrderRecord) -> bool:
    return any(line.has_moved for line in record.lines)  # seldom so


def follow_cancellation(
    unit: SellerUnit,
    writer: OrderWriter,
    record: StoreOrderRecord,
    parts: Sequence[Order],
    *,
    detail: str,
) -> StoreOrderRecord:
    """
    Cancel the parts of which nothing is paid, and hold those that have not left, with
    what is to be sent again of them; once, whatever people decide about it. What the
    shop wanted more or fewer of is void.
    """
    for order in (*parts, *sent_again(unit, parts)):
        order.cancel_by_store(by=writer.by, at=unit.now)
        is_told = record.cancelled or has_hold(order, HoldReason.STORE_CANCELLED)
        if order.state in SENDING_STATES and not is_told:
            writer.hold(order, HoldReason.STORE_CANCELLED, detail)
        order.release_hold_of_store(record.hold_id, by=writer.by, at=unit.now)
    return attrs.evolve(record, cancelled=True, differences=(), hold_id=HoldId(""))


def with_decisions(
    record: StoreOrderRecord, parts: Sequence[Order]
) -> StoreOrderRecord:
    """
    Return *record* with what a person decided by releasing the hold about differences.

    What is still different stands: it is no difference any more.
    """
    if not record.differences or is_held(record, parts):
        return record
    about = {one.key: one for one in record.differences}
    supplies = supplies_of(counting(record, parts))
    lines = tuple(
        _decided(line, about[line.key], supplies.get(line.key, NO_SUPPLY))
        if line.key in about
        else line
        for line in record.lines
    )
    return attrs.evolve(record, lines=lines, differences=(), hold_id=HoldId(""))


def _decided(line: ToldLine, one: Difference, supply: Supply) -> ToldLine:
    """
    Return *line* with all that is different of it decided.
    """
    variant = line.variant if one.other_variant else line.decided_variant
    return attrs.evolve(
        line,
        decided=line.decided + line.difference(supply),
        decided_variant=variant,
    )
