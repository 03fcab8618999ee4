"""
What runs units of work: in a transaction, flushed, committed, again after a lost race.
"""

from collections.abc import Callable
from typing import TypeVar

from ..domain.kernel.clock import Clock
from ..domain.kernel.errors import ConflictError
from ..domain.kernel.ids import SellerId
from ..domain.kernel.values import frozen
from ..ports.hooks import NO_HOOKS, Hooks
from ..ports.storage import Session, Storage
from ..ports.waiting import one_call
from .base import CausedBy, Unit, untraced
from .platform_unit import PlatformUnit
from .seller_unit import SellerUnit

T = TypeVar("T")

# A race is lost to somebody who won it, so a few tries are plenty.
TRIES = 5


@frozen
class Units:
    """
    Runs work in transactions, flushes it, and commits.

    Attributes:
        caused_by: Returns the `traceparent` of what is being done here and now.
    """

    storage: Storage
    clock: Clock
    hooks: Hooks = NO_HOOKS
    caused_by: CausedBy = untraced

    def seller(
        self,
        seller_id: SellerId,
        work: Callable[[SellerUnit], T],
        *,
        read_only: bool = False,
    ) -> T:
        """
        Run *work* for one seller; it runs again, afresh, after a lost race.

        Raises:
            ConflictError: If the race was lost several times over.

            BusyError: If others hold what is needed for longer than a call waits.
        """

        def transact(session: Session) -> T:
            unit = SellerUnit(
                session,
                seller_id,
                clock=self.clock,
                hooks=self.hooks,
                read_only=read_only,
                caused_by=self.caused_by,
            )
            result = work(unit)
            if not read_only:
                unit.flush()
            return result

        return self._again(transact, read_only=read_only)

    def platform(
        self, work: Callable[[PlatformUnit], T], *, read_only: bool = False
    ) -> T:
        """
        Run *work* for the platform; it runs again, afresh, after a lost race.

        Raises:
            ConflictError: If the race was lost several times over.

            BusyError: If others hold what is needed for longer than a call waits.
        """

        def transact(session: Session) -> T:
            unit = PlatformUnit(
                session,
                clock=self.clock,
                read_only=read_only,
                caused_by=self.caused_by,
            )
            result = work(unit)
            if not read_only:
                unit.flush()
            return result

        return self._again(transact, read_only=read_only)

    def outside(self, work: Callable[[Unit], T], *, read_only: bool = False) -> T:
        """
        Run *work* on the messages and attempts of all sellers, as the relay does; it
        runs again, afresh, after a lost race.

        Raises:
            ConflictError: If the race was lost several times over.

            BusyError: If others hold what is needed for longer than a call waits.
        """

        def transact(session: Session) -> T:
            unit = Unit(
                session,
                owner=(),
                now=self.clock.now(),
                read_only=read_only,
                caused_by=self.caused_by,
            )
            result = work(unit)
            unit.flush()
            return result

        return self._again(transact, read_only=read_only)

    def _again(self, transact: Callable[[Session], T], *, read_only: bool) -> T:
        with one_call():
            for _ in range(TRIES - 1):
                try:
                    return self.storage.transact(transact, read_only=read_only)
                except ConflictError:
                    continue
            return self.storage.transact(transact, read_only=read_only)
