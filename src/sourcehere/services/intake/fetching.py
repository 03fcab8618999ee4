"""
Asking a shop about single orders, and taking in what it answers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from ...domain.kernel.values import frozen
from ...domain.stores.model import Reject, Store, StoreOrderSnapshot
from ...domain.stores.told import How
from ...doors.answers import Answerer
from ...doors.failures import checked_failure
from ...doors.stores import checked_fetch, set_aside_fetch
from ...ports.errors import DeclinedError, ProtocolError
from ...ports.platforms import StorePlatform
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORES
from ..base.asking import ask_side_by_side
from .connections_of_stores import StoreConnections
from .importing import Imported, Importer
from .journal import ask_for_last_heard, heard_of, keep_heard
from .problems import Problems
from .taking import ask_to_take


@frozen
class Answers:
    """
    What a shop answered of some orders.

    Attributes:
        asked: Which it was asked about.

        gone: Those that it has no more.

        unknown: Those of which it cannot say whether it has them, and why not.

        rejects: Those that it told so that they cannot be trusted.
    """

    asked: tuple[str, ...]
    found: tuple[StoreOrderSnapshot, ...]
    gone: tuple[str, ...]
    unknown: Mapping[str, DeclinedError]
    rejects: tuple[Reject, ...]


def ask_each(platform: StorePlatform, told: Answerer, names: Sequence[str]) -> Answers:
    """
    Ask a shop about orders, one by one.

    Raises:
        ProviderError: If it cannot answer; what it answered so far is lost.
    """
    found: list[StoreOrderSnapshot] = []
    gone: list[str] = []
    unknown: dict[str, DeclinedError] = {}
    rejects: list[Reject] = []
    for name in names:
        try:
            answer = platform.fetch_order(name)
            order = checked_fetch(told, name, answer)
        except DeclinedError as error:
            unknown[name] = error
        except ProtocolError as error:
            rejects.append(set_aside_fetch(name, error))
        else:
            if order is None:
                gone.append(name)
            else:
                found.append(order)
    return Answers(tuple(names), tuple(found), tuple(gone), unknown, tuple(rejects))


class Fetching(StoreConnections):
    """
    Takes in what a shop answered of single orders.
    """

    def ask_about(
        self, platform: StorePlatform, told: Answerer, names: Sequence[str]
    ) -> Answers:
        """
        Ask a shop about orders, one by one, for no longer than they may take together.

        Raises:
            ProviderError: If it cannot answer, or not within the time.
        """
        call = (told, lambda: ask_each(platform, told, names))
        within = self.time_for(names)
        (outcome,) = ask_side_by_side([call], within=within)
        if isinstance(outcome, Exception):
            raise checked_failure(told, outcome) from outcome
        return outcome

    def time_for(self, names: Sequence[str]) -> timedelta:
        """
        Return how long a shop may take to tell of orders: each call has its time, and
        all of them no longer than a lease lasts.
        """
        return min(self._settings.push_within * len(names), self._settings.lease)

    def take_in(
        self,
        store: Store,
        answers: Answers,
        also: Callable[[SellerUnit], None] | None = None,
    ) -> tuple[Store, Imported] | None:
        """
        Take answers in; None where another was, since the shop was asked.

        Args:
            also: What else belongs to the same commit.
        """

        def work(unit: SellerUnit) -> tuple[Store, Imported] | None:
            take = ask_to_take(unit, store, is_news=True)
            problems = Problems(unit, store, answers.found)
            pay_within = self._settings.pay_within
            importer = Importer(unit, store, answers.found, pay_within=pay_within)
            last = ask_for_last_heard(unit, store, self._settings)
            known = take()
            if known is None:
                return None
            unit.put(STORES, known)
            brought = importer.run(mended=problems.mended(answers.rejects))
            importer.follow_gone(answers.gone)
            importer.see(list(answers.unknown))
            importer.distrust({r.external_id: r.detail for r in answers.rejects})
            problems.note((*answers.rejects, *importer.set_aside))
            heard = heard_of(
                How.FETCH,
                asked=answers.asked,
                orders=answers.found,
                rejects=answers.rejects,
                gone=answers.gone,
                texts=importer.texts,
            )
            keep_heard(unit, known, heard, self._settings, last)
            if also is not None:
                also(unit)
            return known, brought

        return self._units.seller(store.seller_id, work)
