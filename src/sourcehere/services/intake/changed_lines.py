"""
Following what a shop changed of the lines of an order: which units are more, which are
fewer, and which only moved between lines of one variant.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.kernel.ids import OrderId
from ...domain.orders.lines import Line
from ...domain.orders.order import Order
from ...domain.stores.demand import (
    NO_SUPPLY,
    Difference,
    Supply,
    ToldLine,
    differences,
    is_same_variant,
    matched_with,
)
from ...domain.stores.model import SnapshotLine
from ...domain.stores.moving import (
    given_back,
    moved_between_lines,
    not_ours_added,
    taken_back,
)
from ...domain.stores.record import StoreOrderRecord
from ...unit.seller_unit import SellerUnit
from .differing import as_told, held_for
from .parting import follow_help, lines_of
from .supplying import (
    Key,
    counting,
    going_on,
    is_let_go,
    key_of,
    other_variants,
    parts_with,
    quantities_of,
    supplies_of,
    unpaid,
    unsent_of,
    with_changes,
)
from .writing import OrderWriter, WantedLine, wanted_of

_Changes = dict[OrderId, dict[Key, int]]


class LineFollower:
    """
    Brings the parts of one order in step with its lines, as the shop told them.
    """

    def __init__(
        self,
        unit: SellerUnit,
        writer: OrderWriter,
        told: Mapping[Key, SnapshotLine],
        shifted: Mapping[Key, int],
        before: StoreOrderRecord,
    ) -> None:
        self._unit = unit
        self._writer = writer
        self._told = told
        self._shifted = shifted
        self._before = {line.key: line for line in before.lines}

    def follow(
        self, record: StoreOrderRecord, parts: Sequence[Order]
    ) -> tuple[StoreOrderRecord, list[WantedLine]]:
        """
        Follow the lines in what is not paid; hold, or note, what is left over.

        Returns:
            The record, and the lines that no part can take: they are for a new one.
        """
        lines = {line.key: line for line in record.lines}
        supplies = supplies_of(parts)
        _move(lines, taken_back(lines, supplies, self._shifted), supplies)
        self._follow_unpaid(lines, supplies, parts)
        supplies = supplies_of(counting(record, parts))
        _move(lines, given_back(lines, supplies, self._shifted), supplies)
        left = differences(lines, supplies)
        held, homeless = self._part_left(left, lines, parts)
        held = _with_variants(held, lines, other_variants(lines, parts))
        record = attrs.evolve(record, lines=tuple(lines.values()))
        return self._hold_for(record, held, parts), homeless

    def _follow_unpaid(
        self,
        lines: dict[Key, ToldLine],
        supplies: Mapping[Key, Supply],
        parts: Sequence[Order],
    ) -> None:
        """
        Change the parts of which nothing is paid, and note the units that moved.

        Fewer first; what cannot be stopped is for lines that want more, if they
        are like it; what they still want is added.
        """
        found = differences(lines, supplies)
        changes: _Changes = {}
        left = _fewer([one for one in found if one.units < 0], parts, changes)
        more = [one for one in found if one.units > 0]
        not_ours = not_ours_added(self._before, lines)
        moved = moved_between_lines(lines, (*left, *more), not_ours)
        _move(lines, moved, supplies)
        places = unpaid(parts)
        for one in more if places else ():
            units = one.units - moved.get(one.key, 0)
            place = (parts_with(places, one.key) or places)[-1]
            if units:
                changes.setdefault(place.order_id, {})[one.key] = units
        for order in places:
            if any(map(self._is_told_otherwise, order.lines)):
                changes.setdefault(order.order_id, {})
        for order in self._unit.orders.load(sorted(changes)):
            self._change(
                order, with_changes(quantities_of(order), changes[order.order_id])
            )

    def _is_told_otherwise(self, line: Line) -> bool:
        """
        Tell whether the shop changed of which variant a line of ours is, what it calls
        that, or for how much it sold it.
        """
        told = self._told.get(key_of(line))
        if told is None:
            return False
        words = (told.sku, told.title, *told.sold_for)
        is_same = words == (line.sku, line.title, line.sold_minor, line.sold_currency)
        return not is_same or not is_same_variant(line, told)

    def _change(self, order: Order, quantities: Mapping[Key, int]) -> None:
        """
        Let an unpaid order have *quantities* of its lines, as the shop orders them.
        """
        unit, writer = self._unit, self._writer
        if not quantities:
            order.cancel_by_store(by=writer.by, at=unit.now)
            return
        told_of = [key for key in self._told if key in quantities]
        silent = [key for key in quantities if key not in self._told]
        ours = {key_of(line): line for line in order.lines}
        wanted = [
            *(WantedLine.of(self._told[key], quantities[key]) for key in told_of),
            *(wanted_of(ours[key], quantities[key]) for key in silent),
        ]
        before = lines_of(order)
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
                homeless.append(WantedLine.of(self._told[one.key], one.units))
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
        told_of = tuple(as_told(one, self._told.get(one.key)) for one in held)
        if told_of == record.differences:
            return record
        return held_for(self._unit, record, told_of, parts, by=self._writer.by)


def _fewer(
    found: Sequence[Difference], parts: Sequence[Order], changes: _Changes
) -> list[Difference]:
    """
    Note what unpaid parts have to let go, the newest first; return what is left over.
    """
    left: list[Difference] = []
    for one in found:
        units = one.units
        for order in reversed(parts_with(unpaid(parts), one.key)):
            if units < 0:
                fewer = max(units, -quantities_of(order)[one.key])
                changes.setdefault(order.order_id, {})[one.key] = fewer
                units -= fewer
        if units:
            left.append(attrs.evolve(one, units=units))
    return left


def _with_variants(
    held: Sequence[Difference],
    lines: Mapping[Key, ToldLine],
    others: Mapping[Key, str],
) -> list[Difference]:
    """
    Return *held* with the lines for which something else is sent than the shop wants.
    """
    found = {one.key: one for one in held}
    for key, name in others.items():
        one = found.get(key, Difference(*key, 0))
        found[key] = attrs.evolve(
            one,
            other_variant=name,
            external_variant_id=lines[key].external_variant_id,
            external_product_id=lines[key].external_product_id,
        )
    return [found[key] for key in sorted(found)]


def _move(
    lines: dict[Key, ToldLine],
    moved: Mapping[Key, int],
    supplies: Mapping[Key, Supply],
) -> None:
    """
    Note in *lines* that units came to them, or (below zero) left them: what we took out
    and what was decided of them is as if the shop had told it so at once.
    """
    for key, units in moved.items():
        supply = supplies.get(key, NO_SUPPLY)
        line = lines[key]
        line = attrs.evolve(line, moved=line.moved + units, has_moved=True)
        lines[key] = matched_with(line, supply).as_far_as_decided(supply)
