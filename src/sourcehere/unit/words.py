"""
What people typed into a command: personal data, kept in notes and nowhere else.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import attrs

from ..domain.contacts.model import Note
from ..domain.kernel.actor import Actor
from ..domain.kernel.ids import SellerId, new_id
from ..domain.orders.ending import CancelReason
from ..domain.orders.views import OrderHeader
from .base import Unit
from .seller_unit import SellerUnit
from .tables.contacts import NOTES, NOTES_OF

T = TypeVar("T", bound=OrderHeader)
REJECTED = CancelReason.REJECTED.value  # what words that reject an order are about


def write_words(
    unit: SellerUnit, subject_id: str, about: str, text: str, *, by: Actor
) -> None:
    """
    Keep *text*, which belongs to *about* of an order or a quote request; an empty text
    leaves nothing.
    """
    if text:
        note = Note(
            seller_id=unit.seller_id,
            note_id=new_id(),
            subject_id=subject_id,
            by=by,
            text=text,
            written_at=unit.now,
            about=about,
        )
        unit.insert(NOTES, note)


def words_of(
    unit: Unit, subjects: Iterable[tuple[SellerId, str]]
) -> dict[tuple[str, str], str]:
    """
    Return (subject, what of it) -> what was typed; notes are not among it.
    """
    keys = list(subjects)
    rows = unit.session.find(NOTES_OF.index, keys, lock=False) if keys else ()
    notes = map(NOTES.from_row, rows)
    return {(note.subject_id, note.about): note.text for note in notes if note.about}


def say_words(unit: Unit, orders: Sequence[T]) -> list[T]:
    """
    Return views of orders with what people typed into their holds, and to reject them.
    """
    about = [order for order in orders if order.holds or _is_rejected(order)]
    if not about:
        return list(orders)
    words = words_of(unit, [(order.seller_id, order.order_id) for order in about])
    return [_with_words(order, words) for order in orders]


def _is_rejected(order: OrderHeader) -> bool:
    return order.cancel_reason == CancelReason.REJECTED


def _with_words(order: T, words: dict[tuple[str, str], str]) -> T:
    holds = tuple(
        attrs.evolve(
            hold, detail=joined(hold.detail, words.get((order.order_id, hold.hold_id)))
        )
        for hold in order.holds
    )
    detail = words.get((order.order_id, REJECTED), "") if _is_rejected(order) else ""
    return attrs.evolve(order, holds=holds, cancel_detail=detail)


def joined(detail: str, typed: str | None) -> str:
    """
    Return the facts of a hold and what was typed beside them, as one text.
    """
    return ": ".join(part for part in (detail, typed) if part)
