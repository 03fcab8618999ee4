"""
What a host runs beside its requests: the relay, the clocks, the audit.
"""

from collections.abc import Callable
from datetime import datetime

from ..domain.effects.machine import DEAD, WAITING
from ..domain.effects.model import Attempt, OutboxMessage, Send, WorkerBeat
from ..domain.kernel.errors import InvalidInputError
from ..services.audit.findings import AuditReport
from ..services.outside.endings import RelayReport
from ..services.outside.status import LaneStatus
from ..services.platform.clocks import ClockReport, Due
from ..unit.tables.effects import OUTBOX_BY_STATE
from .lists import Page
from .records.reports import SyncReport
from .results import Report
from .scope import STAFF, SYSTEM, Desk, command, reading

_OPERATORS = STAFF | SYSTEM


class RelayDesk(Desk):
    """
    Delivers what is owed to shops and plugins, and does our own waiting jobs.
    """

    @command(_OPERATORS, at_desk=True, outside=True)
    def run(
        self,
        *,
        worker: str = "relay",
        limit: int = 100,
        progress: Callable[[int], None] | None = None,
        stop: Callable[[], bool] | None = None,
        connection: str = "",
        command_id: str = "",
    ) -> RelayReport:
        """
        Deliver everything that is due now, until nothing is.

        A connection that is slow, down or throttles holds up no other; `status` shows
        it. Interrupted, it keeps what is known and gives back the rest.

        Args:
            worker: Unique among workers that live at the same time.

            limit: How many messages are claimed at a time, at least 1.

            progress: Called with how many were claimed, after each claim.

            stop: Asked again and again: whether to end here. The calls in hand end,
                and what was not sent goes back.

            connection: Deliver what is owed to this one alone, as `status` calls it;
                to all if not given.

        Raises:
            InvalidInputError: If *limit* is less than 1.
        """
        _require_some(limit)
        return self._app.relay.run(
            worker=worker,
            limit=limit,
            progress=progress,
            stop=stop or (lambda: False),
            connection=connection,
            command_id=command_id,
        )

    @command(_OPERATORS, at_desk=True)
    def recover(self, *, worker: str = "", command_id: str = "") -> int:
        """
        Take back what dead workers were sending: their attempts become unknown.

        Takes what has an expired lease, and everything of *worker*: a worker that
        starts again calls this with its own name. Safe to repeat and to kill.

        Returns:
            How many messages wait again.
        """
        return self._app.relay.recover(worker=worker, command_id=command_id)

    @reading(_OPERATORS)
    def status(self) -> tuple[LaneStatus, ...]:
        """
        List the connections to which anything is owed, or that are in trouble: how
        many messages wait, since when, and when it is asked again.
        """
        return self._app.relay.status()

    @reading(_OPERATORS)
    def load(self) -> tuple[LaneStatus, ...]:
        """
        List the same, cheap enough to be asked every few seconds however much waits:
        the oldest message is looked for among the thousand that are due first.
        """
        return self._app.relay.load()

    @reading(_OPERATORS)
    def workers(self) -> tuple[WorkerBeat, ...]:
        """
        List the workers of the last week, by name: when each was last seen, what it
        did, and its last error.
        """
        return self._app.workers.all()

    @reading(_OPERATORS)
    def sends(self, seller_id: str, message_id: str) -> tuple[Send, ...]:
        """
        List every call that sent a seller's message, oldest first: with which key,
        when, how long it took, and what came back.
        """
        return self._app.relay.sends(seller_id, message_id)

    @reading(_OPERATORS)
    def dead(self, *, after: str = "", limit: int = 50) -> Page[OutboxMessage]:
        """
        List the messages that nobody will try again by themselves.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            OUTBOX_BY_STATE, DEAD, convert=lambda m: m, after=after, limit=limit
        )

    @reading(_OPERATORS)
    def waiting(self, *, after: str = "", limit: int = 50) -> Page[OutboxMessage]:
        """
        List the messages still to be delivered, due first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            OUTBOX_BY_STATE, WAITING, convert=lambda m: m, after=after, limit=limit
        )

    @reading(_OPERATORS)
    def attempts(self, seller_id: str, message_id: str) -> tuple[Attempt, ...]:
        """
        List the attempts to deliver a seller's message, oldest first.
        """
        return self._app.relay.attempts(seller_id, message_id)

    @command(_OPERATORS, at_desk=True)
    def resend(self, seller_id: str, message_id: str, *, command_id: str = "") -> None:
        """
        Try a dead message again.

        It goes with the same key where nobody knows what became of the last attempt,
        and with a new one after a definite no.

        Raises:
            NotFoundError: If there is no such message.

            InvalidInputError: If it is not dead.
        """
        self._app.relay.resend(
            seller_id, message_id, by=self._by, command_id=command_id
        )

    @command(_OPERATORS, at_desk=True)
    def discard(self, seller_id: str, message_id: str, *, command_id: str = "") -> None:
        """
        Give up a dead message to a shop or a plugin: it is never sent, and what waits
        behind it may go.

        The hold of its order for it ends: somebody has written the number into the
        shop, or nobody need.

        Raises:
            NotFoundError: If there is no such message.

            InvalidInputError: If it is not dead, or a job of ours, which is resent.
        """
        self._app.relay.discard(
            seller_id, message_id, by=self._by, command_id=command_id
        )


class PullsDesk(Desk):
    """
    Reads shops by their intervals.
    """

    @command(_OPERATORS, at_desk=True, outside=True)
    def run(
        self,
        *,
        limit: int = 100,
        progress: Callable[[int], None] | None = None,
        stop: Callable[[], bool] | None = None,
        only: str = "",
        command_id: str = "",
    ) -> Report[SyncReport]:
        """
        Read the shops that are due, of all sellers; one that cannot answer is reported
        and due again after its interval. Each shop is taken by one worker.

        Args:
            limit: How many shops at most, at least 1.

            progress: Called with the number of orders of a page, after each.

            stop: Asked between two pages, and two shops: whether to end here. The shop
                in hand is due again at once.

            only: Read this shop alone if it is due, `seller/store` as `due` names it.

        Returns:
            `seller/store` -> what was read.

        Raises:
            InvalidInputError: If *limit* is less than 1.
        """
        _require_some(limit)
        report = self._app.pulling.pull(
            limit=limit, progress=progress, stop=stop, only=only, command_id=command_id
        )
        return Report(report.done, report.failed)

    @reading(_OPERATORS)
    def due(self, *, limit: int = 1_000) -> tuple[str, ...]:
        """
        List the shops that are due to be read, longest overdue first: `seller/store`.

        Raises:
            InvalidInputError: If *limit* is less than 1.
        """
        _require_some(limit)
        return self._app.pulling.due(limit=limit)


class ClocksDesk(Desk):
    """
    Fires deadlines: unpaid orders expire, silent parcels arrive; and forgets what was
    kept for long enough.
    """

    @reading(_OPERATORS)
    def due(
        self, now: datetime | None = None, *, limit: int = 1_000
    ) -> tuple[Due, ...]:
        """
        List what is due, earliest first, at most *limit* of each kind.

        Args:
            now: At which moment; the present one if not given.
        """
        _require_some(limit)
        return self._app.clocks.due(now, limit=limit)

    @command(_OPERATORS, at_desk=True)
    def fire(self, *, command_id: str = "") -> ClockReport:
        """
        Do everything that is due now, one commit per seller and hundred.

        Safe to repeat, and beside other workers: each deadline is looked at again in
        its commit.
        """
        return self._app.clocks.fire(command_id=command_id)

    @command(_OPERATORS, at_desk=True)
    def forget(self, *, command_id: str = "") -> int:
        """
        Delete what shops said and was kept for as many days as was asked, batch by
        batch, and workers that nobody saw for a week. Safe to repeat, and beside other
        workers.

        Returns:
            How many of what shops said were deleted.
        """
        return self._app.forgetting.forget(command_id=command_id)


class AuditDesk(Desk):
    """
    Checks every invariant on the stored data.
    """

    @reading(_OPERATORS)
    def run(
        self,
        *,
        seller_id: str = "",
        replay: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> AuditReport:
        """
        Hold all stored rows against each other, of one seller where asked; nothing is
        changed.

        Memory does not grow with the number of orders.

        Args:
            seller_id: Whose rows; the catalogue, circuits and workers of the platform
                are checked with everybody's.

            replay: Also make every order, quote request, dispute and connection anew of
                its events, and compare it with its rows. It takes several times as
                long.

            progress: Called with how many orders were looked at, and how many
                aggregates made anew, so far; again and again.
        """
        return self._app.audit.run(
            seller_id=seller_id, replay=replay, progress=progress
        )


def _require_some(limit: int) -> None:
    if limit < 1:
        raise InvalidInputError(field="limit", value=limit, expected="at least 1")
