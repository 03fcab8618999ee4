"""
Delivering what we owe the outside: claim, call, record; and our own waiting jobs.

No provider is called while a transaction is open. What was intended is stored with its
key before the first byte leaves; whatever is not known afterwards is called unknown and
sent again with the same key.
"""

from collections.abc import Callable

import attrs

from ...domain.effects.machine import DEAD, WAITING, MessageChart
from ...domain.effects.model import Attempt, Channel, OutboxMessage, Send
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import SellerId
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX, OUTBOX_BY_STATE, SENDS_OF
from ..base.commands import Given
from ..base.ports import Ports
from ..base.service import Service
from ..base.waking import wake
from ..intake.connections_of_stores import StoreConnections
from .claiming import ask_for_sending, take_back
from .endings import RelayReport
from .jobs import Jobs
from .running import Run
from .status import LaneStatus, lane_load, lane_statuses, named_connection
from .untold import end_hold, orders_there


class Relay(Service):
    """
    Delivers outbox messages, any number of workers on one database.
    """

    def __init__(self, ports: Ports, jobs: Jobs) -> None:
        super().__init__(ports)
        self._jobs = jobs
        self._stores = StoreConnections(ports)

    def run(
        self,
        *,
        worker: str = "relay",
        limit: int = 100,
        progress: Callable[[int], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
        connection: str = "",
        command_id: str = "",
    ) -> RelayReport:
        """
        Deliver everything that is due now, until nothing is.

        Each connection is served in a lane of its own, side by side with the others:
        one that is slow, down or throttles holds up nobody, and rests before it is
        asked again. What dead workers left is taken back first.

        Args:
            worker: Unique among workers that live at the same time.

            limit: How many messages are claimed at a time.

            progress: Called with how many were claimed, after each claim.

            stop: Asked again and again; once true, the calls in hand end, and what was
                not sent goes back.

            connection: What is owed to this one alone, as `load` calls it; to all if
                not given.
        """
        only = named_connection(connection)

        def work() -> RelayReport:
            run = Run(self._ports, self._stores, self._jobs, worker, limit, stop, only)
            return run.finish(progress)

        given = Given(command_id, "run_relay", (worker, limit, connection))
        return self._once_over_for_platform(given, work, RelayReport)

    def recover(self, *, worker: str = "", command_id: str = "") -> int:
        """
        Take back what dead workers were sending: their attempts become unknown.

        Takes what has an expired lease, and everything of *worker*: a worker that
        starts again calls this with its own name. Safe to repeat and to kill.

        Returns:
            How many messages wait again.
        """

        def work() -> int:
            return self._units.outside(
                lambda unit: take_back(unit, ask_for_sending(unit), worker=worker)
            )

        return self._once_over_for_platform(
            Given(command_id, "recover", worker), work, int
        )

    def status(self) -> tuple[LaneStatus, ...]:
        """
        List the connections to which anything is owed, or that are in trouble.
        """
        return self._units.platform(lane_statuses, read_only=True)

    def load(self) -> tuple[LaneStatus, ...]:
        """
        List the same, cheap enough to be asked every few seconds however much waits:
        the oldest message is looked for among the thousand that are due first.
        """
        return self._units.platform(lane_load, read_only=True)

    def dead(self) -> tuple[OutboxMessage, ...]:
        """
        List the messages nobody will try again by themselves.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(OUTBOX_BY_STATE, DEAD)), read_only=True
        )

    def waiting(self) -> tuple[OutboxMessage, ...]:
        """
        List the messages still to be delivered, due first.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(OUTBOX_BY_STATE, WAITING)), read_only=True
        )

    def attempts(self, seller_id: str, message_id: str) -> tuple[Attempt, ...]:
        """
        List the attempts to deliver a message, oldest first.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.find(ATTEMPTS_OF, [(message_id,)])),
        )

    def sends(self, seller_id: str, message_id: str) -> tuple[Send, ...]:
        """
        List every call that sent a message, oldest first.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.find(SENDS_OF, [(message_id,)])),
        )

    def resend(
        self, seller_id: str, message_id: str, *, by: Actor, command_id: str = ""
    ) -> None:
        """
        Try a dead message again: with the same key where nobody knows what became of
        the last attempt, with a new one after a definite no.

        Raises:
            NotFoundError: If there is no such message.

            InvalidInputError: If it is not dead.
        """
        del by  # any actor may ask; who asked is the host's log

        def work(unit: SellerUnit) -> str:
            message = self._moved(unit, message_id, "resend")
            unit.put(OUTBOX, attrs.evolve(message, attempts=0, next_at=unit.now))
            return message.connection

        given = Given(command_id, "resend", message_id)
        wake(self._units, self._once(SellerId(seller_id), given, work, str))

    def discard(
        self, seller_id: str, message_id: str, *, by: Actor, command_id: str = ""
    ) -> None:
        """
        Give up a dead message to a shop or a plugin: it is never sent, and what stands
        behind it in its lane may go.

        Where the order of a push is held for it, the hold ends: somebody has told the
        shop otherwise, or nobody need.

        Raises:
            NotFoundError: If there is no such message.

            InvalidInputError: If it is not dead, or a job of ours, which is resent.
        """

        def work(unit: SellerUnit) -> str:
            known = unit.peek(OUTBOX, [(message_id,)])
            lanes = [m.lane for m in known if m.channel == Channel.STORE]
            orders = orders_there(unit, lanes)
            message = self._moved(unit, message_id, "discard")
            if message.channel == Channel.JOB:
                raise InvalidInputError(
                    field="message",
                    value=message.kind,
                    expected="one to a shop or a plugin; a job of ours is resent",
                )
            unit.put(OUTBOX, message)
            for order in orders:
                end_hold(order, message.subject, by=by, at=unit.now)
            return message.connection

        given = Given(command_id, "discard", message_id)
        wake(self._units, self._once(SellerId(seller_id), given, work, str))

    @staticmethod
    def _moved(unit: SellerUnit, message_id: str, event: str) -> OutboxMessage:
        """
        Return a dead message as *event* leaves it.
        """
        message = unit.need(OUTBOX, message_id, lock=True)
        if not MessageChart.allows(message.state, event):
            raise InvalidInputError(
                field="message", value=message.state, expected="a dead message"
            )
        state = MessageChart.after(message.state, event)
        return attrs.evolve(message, state=state)
