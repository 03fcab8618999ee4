"""
Following what a shop changed in an order that we know.

What nothing is paid of follows the shop. For the rest, what the shop wants is held
against what we supply: a difference opens a hold, and whatever a person decides about
it stands until the shop wants something else again.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.kernel.ids import HoldId, OrderId
from ...domain.orders.holds import HoldReason
from ...domain.orders.machine import ENDED_STATES, SENDING_STATES, UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.stores.demand import (
    NO_SUPPLY,
    Difference,
    ToldLine,
    differences,
    moved_between_lines,
    told,
    told_again,
)
from ...domain.stores.model import StoreOrderSnapshot
from ...domain.stores.record import StoreOrderRecord
from ...unit.seller_unit import SellerUnit
from .addresses import follow_address
from .differing import as_told, words_of
from .parting import follow_help
from .supplying import (
    Key,
    counting,
    expired,
    going_on,
    is_let_go,
    key_of,
    parts_with,
    quantities_of,
    supplies_of,
    unpaid,
    unsent_of,
    with_changes,
)
from .writing import NewPart, OrderWriter, WantedLine, has_hold, wanted_of

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
        """
        snapshot = self._snapshot
        parts = self._unit.orders.load(record.parts)
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
            self._release(parts, HoldReason.STORE_CANCELLED)
        record = with_decisions(record, parts)
        now = self._told(record, parts)
        now = self._bring_back(now, record, parts)
        now, homeless = self._follow_lines(now, counting(now, parts))
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
                is_held = has_hold(order, HoldReason.STORE_UNPAID)
                if order.state in _STOPPABLE and not is_held:
                    detail = "the shop says that it is not paid"
                    self._writer.hold(order, HoldReason.STORE_UNPAID, detail)

    def _cancel(self, order: Order) -> bool:
        return order.cancel_by_store(by=self._writer.by, at=self._unit.now)

    def _release(self, parts: Sequence[Order], reason: HoldReason) -> None:
        for order in parts:
            order.release_holds_for(reason, by=self._writer.by, at=self._unit.now)

    # Lines.

    def _told(
        self, record: StoreOrderRecord, parts: Sequence[Order]
    ) -> StoreOrderRecord:
        """
        Return the record with what the snapshot says of each line.
        """
        ours = counting(record, parts)
        supplies = supplies_of(ours)
        left_out = self._left_out(ours)
        lines: dict[Key, ToldLine] = {}
        for before in record.lines:
            known = attrs.evolve(before, is_not_ours=before.key in left_out)
            supply = supplies.get(known.key, NO_SUPPLY)
            now = told_again(known, self._lines.get(known.key), supply)
            if known.key in self._lines or now.is_open(supply):
                lines[known.key] = now
        for key, line in self._lines.items():
            if key not in lines:
                lines[key] = told(line, is_not_ours=key in left_out)
        return attrs.evolve(record, lines=tuple(lines.values()))

    def _left_out(self, parts: Sequence[Order]) -> frozenset[Key]:
        """
        Return the lines that are not ours; what is paid of them already stays.
        """
        paid = {
            key_of(line)
            for order in parts
            if order.state not in UNPAID_STATES
            for line in order.lines
        }
        return frozenset(
            key
            for key, line in self._lines.items()
            if key not in paid and self._writer.is_left_out(line)
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
        lines = (
            attrs.evolve(line, matched=0, moved=0, decided=0)
            if line.key in anew
            else line
            for line in now.lines
        )
        names = [order.order_id for order in back]
        return attrs.evolve(now, replaced=(*now.replaced, *names), lines=tuple(lines))

    def _follow_lines(
        self, record: StoreOrderRecord, parts: Sequence[Order]
    ) -> tuple[StoreOrderRecord, list[WantedLine]]:
        """
        Follow the lines in what is not paid; hold, or note, what is left over.

        Returns:
            The record, and the lines that no part can take: they are for a new one.
        """
        lines = {line.key: line for line in record.lines}
        found = differences(lines, supplies_of(parts))
        left = self._follow_unpaid(found, parts)
        for key, units in moved_between_lines(left).items():
            lines[key] = attrs.evolve(lines[key], moved=lines[key].moved + units)
        supplies = supplies_of(counting(record, parts))
        left = differences(lines, supplies)
        held, homeless = self._part_left(left, lines, parts)
        record = attrs.evolve(record, lines=tuple(lines.values()))
        return self._hold_for(record, held, parts), homeless

    def _follow_unpaid(
        self, found: Sequence[Difference], parts: Sequence[Order]
    ) -> tuple[Difference, ...]:
        """
        Change the parts of which nothing is paid; return what is left over.
        """
        changes: dict[OrderId, dict[Key, int]] = {}
        left: list[Difference] = []
        for one in found:
            units = one.units
            places = parts_with(unpaid(parts), one.key)
            if units > 0 and unpaid(parts):
                place = (places or unpaid(parts))[-1]
                changes.setdefault(place.order_id, {})[one.key] = units
                units = 0
            for order in reversed(places):
                if units < 0:
                    fewer = max(units, -quantities_of(order)[one.key])
                    changes.setdefault(order.order_id, {})[one.key] = fewer
                    units -= fewer
            if units:
                left.append(attrs.evolve(one, units=units))
        for order in self._unit.orders.load(sorted(changes)):
            self._change(
                order, with_changes(quantities_of(order), changes[order.order_id])
            )
        return tuple(left)

    def _change(self, order: Order, quantities: Mapping[Key, int]) -> None:
        """
        Let an unpaid order have *quantities* of its lines, as the shop orders them.
        """
        unit, writer = self._unit, self._writer
        if not quantities:
            self._cancel(order)
            return
        told_of = [key for key in self._lines if key in quantities]
        silent = [key for key in quantities if key not in self._lines]
        ours = {key_of(line): line for line in order.lines}
        wanted = [
            *(WantedLine.of(self._lines[key], quantities[key]) for key in told_of),
            *(wanted_of(ours[key], quantities[key]) for key in silent),
        ]
        before = {n.line: (n.external_line_id, n.is_paired) for n in order.lines}
        lines = [writer.line_of(order, line) for line in wanted]
        order.follow_store_lines(lines, by=writer.by, at=unit.now)
        follow_help(unit, order, before)
        order.pair_lines([], by=writer.by, at=unit.now, pay_by=writer.pay_by)

    def _part_left(
        self,
        left: Sequence[Difference],
        lines: dict[Key, ToldLine],
        parts: Sequence[Order],
    ) -> tuple[list[Difference], list[WantedLine]]:
        """
        Part what is left into what a person decides, and what a new part takes.

        What has left or ended cannot be stopped any more: that stands.
        """
        held: list[Difference] = []
        homeless: list[WantedLine] = []
        open_parts = going_on(parts)
        unsent = unsent_of(open_parts)
        for one in left:
            if one.units > 0 and open_parts:
                held.append(one)
            elif one.units > 0 and is_let_go(parts_with(parts, one.key)):
                # The seller cancelled the line: their word stands.
                line = lines[one.key]
                lines[one.key] = attrs.evolve(line, decided=line.decided + one.units)
            elif one.units > 0:
                homeless.append(WantedLine.of(self._lines[one.key], one.units))
            else:
                fewer = max(one.units, -unsent.get(one.key, 0))
                if fewer:
                    held.append(attrs.evolve(one, units=fewer))
                line, past = lines[one.key], one.units - fewer
                lines[one.key] = attrs.evolve(line, decided=line.decided + past)
        return held, homeless

    def _hold_for(
        self,
        record: StoreOrderRecord,
        held: Sequence[Difference],
        parts: Sequence[Order],
    ) -> StoreOrderRecord:
        """
        Hold one part for all differences; the hold says what they are now.
        """
        told_of = tuple(as_told(one, self._lines.get(one.key)) for one in held)
        if told_of == record.differences:
            return record
        for order in parts:
            order.release_hold_of_store(
                record.hold_id, by=self._writer.by, at=self._unit.now
            )
        hold_id = HoldId("")
        if told_of:
            places = [parts_with(going_on(parts), one.key) for one in told_of]
            order = next((p[-1] for p in places if p), going_on(parts)[-1])
            words = "; ".join(map(words_of, told_of))
            hold_id = self._writer.hold(order, HoldReason.STORE_CHANGED, words)
        return attrs.evolve(record, differences=told_of, hold_id=hold_id)

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


def follow_cancellation(
    unit: SellerUnit,
    writer: OrderWriter,
    record: StoreOrderRecord,
    parts: Sequence[Order],
    *,
    detail: str,
) -> StoreOrderRecord:
    """
    Cancel the parts of which nothing is paid, and hold the others; once, whatever
    people decide about it. What the shop wanted more or fewer of is void.
    """
    for order in parts:
        ended = order.state in ENDED_STATES or order.cancel_by_store(
            by=writer.by, at=unit.now
        )
        is_told = record.cancelled or has_hold(order, HoldReason.STORE_CANCELLED)
        if not ended and not is_told:
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
    is_held = any(h.hold_id == record.hold_id for o in parts for h in o.holds)
    if not record.differences or is_held:
        return record
    about = {one.key for one in record.differences}
    supplies = supplies_of(counting(record, parts))
    lines = []
    for line in record.lines:
        if line.key in about:
            units = line.difference(supplies.get(line.key, NO_SUPPLY))
            line = attrs.evolve(line, decided=line.decided + units)  # noqa: PLW2901
        lines.append(line)
    return attrs.evolve(record, lines=tuple(lines), differences=(), hold_id=HoldId(""))
