"""
What every service is made of: reading, and doing a command once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import attrs

from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.ids import SellerId
from ...ports.storage import RowExistsError, StorageUnavailableError
from ...ports.waiting import one_call
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.commands import (
    COMMANDS,
    PLATFORM_COMMANDS,
    CommandResult,
    PlatformCommandResult,
)
from .bulk import BulkReport, do_items
from .commands import Given, answer, answer_of, check_same, platform_answer
from .ports import Ports

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - an item
OVER = "over"  # the item under which a command of several commits keeps its answer


class Service:
    """
    A business process over *ports*.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._units = ports.units
        self._settings = ports.settings
        self._watch = ports.watch
        # sourcehere.services.<room>.<file>
        self._room = type(self).__module__.split(".")[2]

    def _read(self, seller_id: SellerId, work: Callable[[SellerUnit], T]) -> T:
        """
        Run *work* without changing anything.
        """
        return self._units.seller(seller_id, work, read_only=True)

    def _parts(self, items: Sequence[I]) -> Iterator[Sequence[I]]:
        """
        Split *items* into those that share a commit.
        """
        size = self._settings.chunk
        for start in range(0, len(items), size):
            yield items[start : start + size]

    def _once(
        self,
        seller_id: SellerId,
        given: Given,
        work: Callable[[SellerUnit], T],
        answers: type[T],
    ) -> T:
        """
        Do a command, or return the answer that it got the first time.

        Raises:
            IdempotencyConflictError: If the id was used for another request.
        """

        def checked(unit: SellerUnit) -> T:
            unit.command_id = given.id
            if not given.id:
                return work(unit)
            known = unit.get(COMMANDS, given.id, "")
            if known is not None:
                check_same(known, given.digest())
                return answer_of(known, answers)
            result = work(unit)
            unit.insert(COMMANDS, answer(unit, given, "", result, answers))
            return result

        try:
            result = self._twice(seller_id, checked)
        except SourceHereError as error:
            # Another run of the same command may have been faster: then its answer
            # counts, and what it left behind is why this one was refused.
            known = self._answered(seller_id, given)
            if known is None:
                self._watch.failed(self._room, given.name, seller_id, error)
                raise
            return answer_of(known, answers)
        self._watch.done(self._room, given.name, seller_id)
        return result

    def _twice(self, seller_id: SellerId, work: Callable[[SellerUnit], T]) -> T:
        """
        Run *work*, and once more where a row of its exists: somebody else may have made
        it between its look and its writing, and it sees that now.
        """
        with one_call():
            try:
                return self._units.seller(seller_id, work)
            except RowExistsError:
                return self._units.seller(seller_id, work)

    def _answered(
        self, seller_id: SellerId, given: Given, item: str = ""
    ) -> CommandResult | None:
        if not given.id:
            return None
        known = self._read(seller_id, lambda unit: unit.get(COMMANDS, given.id, item))
        if known is not None:
            check_same(known, given.digest())
        return known

    def _once_over(
        self,
        seller_id: SellerId,
        given: Given,
        work: Callable[[], T],
        answers: type[T],
        *,
        is_whole: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """
        Do a command that takes several commits, or return its answer of the first time.

        *work* is safe to do twice: a run that was cut off is done again, and the answer
        is kept once it is whole, as *is_whole* says.

        Raises:
            IdempotencyConflictError: If the id was used for another request.
        """
        known = self._answered(seller_id, given, OVER)
        if known is not None:
            return answer_of(known, answers)
        result = work()
        if not given.id or not is_whole(result):
            return result

        def keep(unit: SellerUnit) -> T:
            faster = unit.get(COMMANDS, given.id, OVER)
            if faster is not None:
                return answer_of(faster, answers)
            unit.insert(COMMANDS, answer(unit, given, OVER, result, answers))
            return result

        try:
            return self._units.seller(seller_id, keep)
        except RowExistsError:
            return self._units.seller(seller_id, keep)

    def _once_for_platform(
        self,
        given: Given,
        work: Callable[[PlatformUnit], T],
        answers: type[T],
        item: str = "",
    ) -> T:
        """
        Do a command of the platform's, or return the answer that it got the first time.

        Raises:
            IdempotencyConflictError: If the id was used for another request.
        """

        def checked(unit: PlatformUnit) -> T:
            if not given.id:
                return work(unit)
            known = unit.get(PLATFORM_COMMANDS, given.id, item)
            if known is not None:
                check_same(known, given.digest())
                return answer_of(known, answers)
            result = work(unit)
            kept = platform_answer(given, item, result, answers)
            unit.insert(PLATFORM_COMMANDS, kept)
            return result

        try:
            done = self._units.platform(checked)
        except RowExistsError:
            done = self._units.platform(checked)  # another run may have been faster
        self._watch.done(self._room, given.name, "")
        return done

    def _known_for_platform(
        self, given: Given, item: str = ""
    ) -> PlatformCommandResult | None:
        """
        Return what a command of the platform's got the first time, if it was given.

        Raises:
            IdempotencyConflictError: If the id was used for another request.
        """
        if not given.id:
            return None
        known = self._units.platform(
            lambda unit: unit.get(PLATFORM_COMMANDS, given.id, item), read_only=True
        )
        if known is not None:
            check_same(known, given.digest())
        return known

    def _once_over_for_platform(
        self,
        given: Given,
        work: Callable[[], T],
        answers: type[T],
        *,
        is_whole: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """
        Do a command of the platform's that takes several commits, as `_once_over` does.

        Raises:
            IdempotencyConflictError: If the id was used for another request.
        """
        known = self._known_for_platform(given, OVER)
        if known is not None:
            return answer_of(known, answers)
        result = work()
        if not is_whole(result):
            return result
        if not given.id:  # nothing to keep, and nobody to wait for
            is_news = _says_anything(result)
            self._watch.done(self._room, given.name, "", is_news=is_news)
            return result
        return self._once_for_platform(given, lambda _: result, answers, item=OVER)

    def _each(
        self,
        seller_id: SellerId,
        given: Given,
        items: Sequence[tuple[str, I]],
        work: Callable[[SellerUnit, Sequence[tuple[str, I]]], Mapping[str, T]],
        answers: type[T],
    ) -> BulkReport[T]:
        """
        Do a command for many items, in chunks of one commit each.

        A chunk that fails is done again item by item; a bad item is reported and the
        rest go on. Items done by an earlier run of the command are not done again.
        """
        done: dict[str, T] = {}
        failed: dict[str, SourceHereError] = {}

        def commit(part: Sequence[tuple[str, I]]) -> Mapping[str, T]:
            return self._units.seller(
                seller_id, lambda unit: do_items(unit, given, part, work, answers)
            )

        with one_call():
            for part in self._parts(items):
                try:
                    done.update(commit(part))
                except SourceHereError:
                    failed.update(_one_by_one(part, commit, done))
        if done:
            self._watch.done(self._room, given.name, seller_id, len(done))
        for refusal in failed.values():
            self._watch.failed(self._room, given.name, seller_id, refusal)
        in_order = {name: done[name] for name, _ in items if name in done}
        return BulkReport(in_order, failed)


def _says_anything(result: object) -> bool:
    """
    Tell whether a result counts or lists anything: workers do their rounds for ever,
    and most of them come to nothing.
    """
    told, kind = [result], type(result)
    if attrs.has(kind):
        told = [getattr(result, field.name) for field in attrs.fields(kind)]
    return any(part for part in told if part is not True)


def _one_by_one(
    part: Sequence[tuple[str, I]],
    commit: Callable[[Sequence[tuple[str, I]]], Mapping[str, T]],
    done: dict[str, T],
) -> dict[str, SourceHereError]:
    """
    Commit each item on its own into *done*; return why others failed.

    While the database is away it is not asked again for each of them.
    """
    failed: dict[str, SourceHereError] = {}
    away: StorageUnavailableError | None = None
    for item in part:
        if away is not None:
            failed[item[0]] = away
            continue
        try:
            done.update(commit([item]))
        except StorageUnavailableError as error:
            failed[item[0]] = away = error
        except SourceHereError as error:
            failed[item[0]] = error
    return failed
