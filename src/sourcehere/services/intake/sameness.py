"""
A shop that has nothing else to tell than it told before, and says so in one word.

Reading a whole file again to find that nothing changed takes as long as importing half
of it. Where a platform can name all that it would tell, and the name is what it was
when the shop was read to its end, the orders are as they were.
"""

import hashlib
from datetime import timedelta

import attrs

from ...domain.stores.model import Store
from ...domain.stores.told import How
from ...doors.stores import checked_mark
from ...ports.platforms import StorePlatform, SupportsContentMark
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORES
from ..base.asking import ask_one
from ..pairing.lookup import names_not_ours
from .journal import heard_of, keep_heard
from .subscribing import Subscribing
from .taking import take_answer

# As often as that everything is compared all the same: each order is seen to be there
# still, and what another release understands otherwise is found.
_AT_MOST = timedelta(hours=20)


class Sameness(Subscribing):
    """
    Keeps by what word a shop named all that it told, and knows it again.
    """

    def named(self, store: Store, platform: StorePlatform) -> str:
        """
        Return the platform's name for all that the shop would tell from the start;
        empty where it has none, or the shop is read on from where it was left.

        Raises:
            ProviderError: If the shop cannot answer.
        """
        if store.cursor or not isinstance(platform, SupportsContentMark):
            return ""
        told = self.answerer(store)

        def ask() -> str:
            return checked_mark(told, told.ask(platform.content_mark))

        return ask_one(told, ask, within=self._settings.pull_within)

    def told_the_same(self, store: Store, name: str) -> int | None:
        """
        Take in that a shop tells what it told when it was read the last time.

        Returns:
            How many orders that are; None where it is something else, or too long ago,
            or what was told may be understood otherwise by now.
        """

        def work(unit: SellerUnit) -> int | None:
            known = take_answer(unit, store, is_news=False)
            if known is None or known.same_at is None:
                return None
            is_old = unit.now - known.same_at >= _AT_MOST
            if is_old or known.same_mark != _mark(unit, known, name):
                return None
            pull_at = unit.now + known.pull_every
            read = attrs.evolve(known, pulled_at=unit.now, pull_at=pull_at, why="")
            unit.put(STORES, read)
            heard = heard_of(How.PAGE, asked=[""], unchanged=known.same_orders)
            keep_heard(unit, known, heard, self._settings)
            return known.same_orders

        return self._units.seller(store.seller_id, work) if name else None

    def keep_name(self, store: Store, name: str, orders: int) -> None:
        """
        Keep that all *orders* of a shop are known as it told them.

        Args:
            store: As it was when its last page was taken in.
        """

        def work(unit: SellerUnit) -> None:
            known = take_answer(unit, store, is_news=False)
            if known is not None:
                mark = _mark(unit, known, name)
                kept = attrs.evolve(
                    known, same_mark=mark, same_orders=orders, same_at=unit.now
                )
                unit.put(STORES, kept)

        self._units.seller(store.seller_id, work)


def _mark(unit: SellerUnit, store: Store, name: str) -> str:
    """
    Name what was told, and all by which it would be understood otherwise.
    """
    not_ours = sorted(names_not_ours(unit, store.store_id))
    facts = repr((store.platform, store.answers_count, not_ours, name))
    return hashlib.blake2b(facts.encode(), digest_size=16).hexdigest()
