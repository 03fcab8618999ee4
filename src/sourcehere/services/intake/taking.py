"""
Taking in what a shop answered: one answer at a time, none older than what is known.
"""

from collections.abc import Callable

import attrs

from ...domain.kernel.errors import NotFoundError
from ...domain.stores.model import Store
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORES


def take_answer(unit: SellerUnit, asked: Store, *, is_news: bool) -> Store | None:
    """
    Lock a shop to take in what it answered; the caller stores what is returned.

    Args:
        asked: The shop as it was before it was asked.

        is_news: Whether the answer says anything at all.

    Returns:
        None where another answer was taken in since: this one may be older.

    Raises:
        NotFoundError: If there is no such shop.
    """
    return ask_to_take(unit, asked, is_news=is_news)()


def ask_to_take(
    unit: SellerUnit, asked: Store, *, is_news: bool
) -> Callable[[], Store | None]:
    """
    Begin to lock a shop; calling what is returned does the rest of `take_answer`.
    """
    locked = unit.ask_for(STORES, [(asked.store_id,)], lock=True)

    def take() -> Store | None:
        for known in locked.all():
            if known.answers_count != asked.answers_count:
                return None
            return attrs.evolve(known, answers_count=known.answers_count + is_news)
        raise NotFoundError(kind="store", id=asked.store_id)

    return take
