"""
Under which of the shop's lines parcels were told, where it had merged or split some by
then: all complete units of the parcel, each under a line that there is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.effects.machine import MAY_HAVE_ARRIVED
from ...domain.kernel.words import counted
from ..intake.told_units import lines_in
from .batch import AttemptRow, LineRow, MessageRow, OrderBatch, OrderRow, ParcelRow
from .rows import parsed
from .scope import Scope

_MESSAGE = MessageRow._fields.index("message_id")
_LINE = LineRow._fields.index("external_line_id")
_SAID = AttemptRow._fields.index("lines")


def check_told_lines(scope: Scope, batch: OrderBatch) -> None:
    """
    Check what attempts say of lines against the parcels that they tell of.
    """
    count = 0
    for order in batch.orders:
        is_other = False
        for message in batch.messages.get(order.order_id, ()):
            attempts = batch.attempts.get(message[_MESSAGE], ())
            count += len(attempts)
            is_other = is_other or any(attempt[_SAID] for attempt in attempts)
        if is_other:  # of few orders
            _look_closely(scope, batch, order)
    scope.findings.looked("attempt_tells_its_parcel", count)


def _look_closely(scope: Scope, batch: OrderBatch, order: OrderRow) -> None:
    rows = batch.parcels.get(order.order_id, ())
    parcels = {parcel.parcel_id: parcel for parcel in map(ParcelRow._make, rows)}
    messages = map(MessageRow._make, batch.messages.get(order.order_id, ()))
    last: dict[str, tuple[AttemptRow, Mapping[str, int]]] = {}
    for message in messages:  # in the order of their positions
        parcel = parcels.get(message.subject)
        if parcel is None:
            continue  # another check names it
        for attempt in map(
            AttemptRow._make, batch.attempts.get(message.message_id, ())
        ):
            told = _units_told(scope, attempt, parcel)
            if attempt.state in MAY_HAVE_ARRIVED and not parcel.replaced_by:
                last[parcel.parcel_id] = attempt, told
    lines = _lines_known(batch, order)
    for attempt, told in last.values():
        if unknown := sorted(told.keys() - lines):
            _found(
                scope,
                attempt,
                f"it says units of {unknown}, which are no lines of the shop's order",
                unknown=unknown,
                order=order.order_id,
            )


def _units_told(
    scope: Scope, attempt: AttemptRow, parcel: ParcelRow
) -> Mapping[str, int]:
    """
    Return the units by line that an attempt says instead of its parcel's; none where
    they make no sense, which is a finding.
    """
    if not attempt.lines:
        return {}
    told = lines_in(attempt.lines)
    if not told:
        words = f"{attempt.lines!r} is not how many units of which lines it says"
        _found(scope, attempt, words, stored=attempt.lines)
        return {}
    units = sum(unit["quantity"] for unit in parsed(parcel.store_units))
    if sum(told.values()) != units:
        _found(
            scope,
            attempt,
            f"it says {told}, and parcel {parcel.parcel_id} completes"
            f" {counted(units, 'unit')}",
            told=told,
            units=units,
            parcel=parcel.parcel_id,
        )
    return told


def _lines_known(batch: OrderBatch, order: OrderRow) -> set[str]:
    """
    Return the ids of the lines that the order has, and of those that its shop told.
    """
    lines: Sequence[Any] = batch.lines.get(order.order_id, ())
    known = {str(line[_LINE]) for line in lines}
    record = batch.records.get((order.store_id, order.external_id))
    if record is not None:
        known.update(str(line["external_line_id"]) for line in parsed(record.lines))
    return known


def _found(scope: Scope, attempt: AttemptRow, words: str, **facts: object) -> None:
    name = f"{attempt.message_id}/{attempt.number}"
    scope.findings.found("attempt_tells_its_parcel", name, words, **facts)
