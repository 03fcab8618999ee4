"""
A storage in which transactions of one process interleave, as they do on a database with
many clients, and which fails as it is told to.

Below it is any storage. The work of a transaction is run twice. The first time each of
its reads gives what is committed by then, as on PostgreSQL (READ COMMITTED), and rows
that it locks or writes over are kept from others until its end. When it has come to its
end, or reads a table that it wrote to, it is run again in one step of the storage
below: it gets the same answers, and what it writes counts.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import attrs

from ...domain.kernel.errors import ConflictError
from ...ports.storage import (
    BusyError,
    CommitUnknownError,
    Row,
    Session,
    Storage,
    StorageFullError,
    StorageUnavailableError,
)
from .scheduler import Actor, Scheduler
from .transactions import MustWait, Place, Reading, WritesNow, Writing

T = TypeVar("T")
_SLOW_MAX = 500  # steps


@attrs.define
class StorageFaults:
    """
    How likely a transaction fails.

    Attributes:
        busy, away, full: Nothing was done.

        lost: The answer to COMMIT is lost; it was done, or not.

        impatient: One that waits for a lock gives up.

        slow: It takes long from its last read to its first write.
    """

    busy: float = 0.0
    away: float = 0.0
    full: float = 0.0
    lost: float = 0.0
    impatient: float = 0.0
    slow: float = 0.0


class DeadlockError(BaseException):
    """
    Work that waits for one who waits for it.
    """


class CountedIds:
    """
    Ids that are numbered.
    """

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        """
        Make the next one.
        """
        self.count += 1
        return f"{self.count:012d}"


class InterleavingStorage:
    """
    Any storage, whose transactions interleave at every read.

    Attributes:
        counts: What happened how often.
    """

    def __init__(
        self,
        inner: Storage,
        scheduler: Scheduler,
        faults: StorageFaults,
        ids: CountedIds,
    ) -> None:
        self._inner = inner
        self._ids = ids
        self._scheduler = scheduler
        self.faults = faults
        self._locks: dict[Place, Actor] = {}
        self._held: dict[Actor, list[Place]] = {}
        self.counts = {"transactions": 0, "waits": 0, "deadlocks": 0, "faults": 0}

    @property
    def url(self) -> str:
        """
        Where the storage below keeps its data.
        """
        return self._inner.url

    def transact(self, work: Callable[[Session], T], /, *, read_only: bool) -> T:
        """
        Run *work* in one transaction: all of it is committed, or none.

        Raises:
            BusyError: As the faults say; the other errors of a storage likewise.
        """
        scheduler = self._scheduler
        me = scheduler.actor
        if me is None:
            return self._below(work, read_only=read_only)
        if me in self._held:
            raise ConflictError(kind="transaction", key="(nested)")
        scheduler.step()
        self.counts["transactions"] += 1
        is_lost = self._fail(read_only=read_only)
        if is_lost is False:
            raise CommitUnknownError(url=self.url)
        if read_only:
            return self._below(work, read_only=True)
        result = self._interleaved(me, work)
        scheduler.step()  # committed, and whoever asked does not know yet
        if is_lost:
            raise CommitUnknownError(url=self.url)
        return result

    def _below(self, work: Callable[[Session], T], /, *, read_only: bool) -> T:
        """
        Run *work* in the storage below: where that runs it again, such as with more
        care, it makes the same ids.
        """
        begun = self._ids.count

        def counted(session: Session) -> T:
            self._ids.count = begun
            return work(session)

        return self._inner.transact(counted, read_only=read_only)

    def close(self) -> None:
        """
        Do nothing: the storage below is closed by who opened it.
        """

    def _fail(self, *, read_only: bool) -> bool | None:
        """
        Fail as the faults say; else tell whether the answer is lost after the commit
        (True), before (False), or not at all.
        """
        faults, drawn = self.faults, self._scheduler.random.random()
        for likely, error in (
            (faults.busy, BusyError(url=self.url, seconds=5, cause="told to")),
            (faults.away, StorageUnavailableError(url=self.url, cause="told to")),
            (
                0 if read_only else faults.full,
                StorageFullError(url=self.url, cause="told to"),
            ),
        ):
            if drawn < likely:
                self.counts["faults"] += 1
                raise error
            drawn -= likely
        if not read_only and drawn < faults.lost:
            self.counts["faults"] += 1
            return drawn < faults.lost / 2
        return None

    def _interleaved(self, me: Actor, work: Callable[[Session], T]) -> T:
        while True:
            self._held[me] = []
            try:
                return self._once(me, work)
            except DeadlockError:
                self.counts["deadlocks"] += 1
            finally:
                for place in self._held.pop(me):
                    del self._locks[place]
                self._scheduler.has_let_go(me)

    def _once(self, me: Actor, work: Callable[[Session], T]) -> T:
        first, clock = Reading(self, me), self._scheduler.clock
        began = clock.now()
        try:
            result = work(first)
        except WritesNow:
            pass
        else:
            if not first.has_written:
                return result
        self._may_be_slow()

        def again(session: Session) -> T:
            with clock.standing_at(began):
                return work(Writing(self, me, session, first.answers))

        while True:
            try:
                return self._below(again, read_only=False)
            except MustWait as wait:
                self.lock(me, wait.places)

    def read(self, ask: Callable[[Session], list[Row]]) -> list[Row]:
        """
        Read what is committed.
        """
        return self._below(ask, read_only=True)

    def step(self) -> None:
        """
        Let others come between.
        """
        self._scheduler.step()

    def _may_be_slow(self) -> None:
        # Others may commit between what was read last and what is written first.
        if self._scheduler.random.random() < self.faults.slow:
            self._scheduler.sleep(_SLOW_MAX)
        self._scheduler.step()

    def lock(self, me: Actor, places: Sequence[Place]) -> bool:
        """
        Keep rows from others, and tell whether they had to be waited for.

        Raises:
            BusyError: If it gives up, as the faults say.
        """
        has_waited = False
        for place in places:
            while (owner := self._locks.get(place, me)) is not me:
                if self._scheduler.waits_in_a_circle(owner):
                    raise DeadlockError
                if self._scheduler.random.random() < self.faults.impatient:
                    raise BusyError(url=self.url, seconds=5, cause="a row is locked")
                self.counts["waits"] += 1
                has_waited = True
                self._scheduler.wait_for(owner)
            if place not in self._locks:
                self._locks[place] = me
                self._held[me].append(place)
        return has_waited

    def is_held_by_others(self, me: Actor, places: Sequence[Place]) -> bool:
        """
        Tell whether others have locked any of these rows.
        """
        return any(self._locks.get(place, me) is not me for place in places)
