"""
Messages written with the facts that cause them, and each try to deliver one.
"""

import enum
from datetime import datetime

from ..kernel.ids import MessageId, SellerId
from ..kernel.values import frozen
from .machine import DECLINED, MAY_HAVE_ARRIVED

NO_LEASE = 0


class Channel(enum.StrEnum):
    """
    Who is told. Order holds within one channel of one order.
    """

    STORE = "store"  # pushes to the shop
    JOB = "job"  # work of our own that a commit asked for
    PLUGIN = "plugin"  # events, one channel `plugin:NAME` per subscriber


class MessageKind(enum.StrEnum):
    """
    What is to be done.
    """

    PUSH_TRACKING = "push_tracking"
    TRY_WAITING_ORDERS = "try_waiting_orders"
    FOLLOW_CONNECTION = "follow_connection"
    LEAVE_OUT = "leave_out"
    FOLD_TABS = "fold_tabs"
    DROP_VARIANT = "drop_variant"
    TELL_PLUGIN = "tell_plugin"
    FOLLOW_PUSH = "follow_push"
    FOLLOW_STOCK = "follow_stock"
    FORGET_LABEL = "forget_label"


# Our own housekeeping: nothing outside is told by it.
HOUSEKEEPING = frozenset(
    {MessageKind.FOLD_TABS, MessageKind.FOLLOW_PUSH, MessageKind.FOLLOW_STOCK}
)


@frozen
class OutboxMessage:
    """
    Something owed to the outside; never lost, delivered in order per channel and lane.

    Attributes:
        connection: Whose answer it waits for, `seller/store` or `plugin:NAME`; empty
            for a job, which waits for nobody.

        lane: The order it is about (or the connection, for a job).

        position: Its place in the lane.

        subject: What it is about within the order, such as the parcel.

        key: Given to the provider: the same key counts once.

        payload: JSON; no personal data.

        attempts: Deliveries tried so far.

        epoch: Grows with every claim; who slept past a lease has an old one.

        next_at, lease_until: Microseconds since 1970.

        traceparent: Of the command that caused it, as W3C Trace Context writes it;
            empty where nobody traced.
    """

    seller_id: SellerId
    message_id: MessageId
    channel: str
    connection: str
    lane: str
    position: int
    kind: str
    subject: str
    key: str
    payload: dict[str, object]
    state: str
    attempts: int
    next_at: datetime
    epoch: int
    worker: str
    lease_until: datetime
    error: str
    written_at: datetime
    traceparent: str = ""


@frozen
class Attempt:
    """
    One try of one message: what was sent with which key, and what is known of it.

    Attributes:
        number: Counts the tries of the message that took a new key.

        reference: The provider's own name for what happened.

        lines: JSON: the shop's lines and the units of each, where it is told others
            than the parcel says, since it had merged or split lines; empty elsewhere.
    """

    seller_id: SellerId
    message_id: MessageId
    number: int
    purpose: str
    key: str
    state: str
    sends: int
    reference: str
    error: str
    planned_at: datetime
    changed_at: datetime
    lines: str

    @property
    def may_have_arrived(self) -> bool:
        """
        Whether it may have reached the provider, or may yet: a definite no to one call
        says nothing of an earlier one with the same key, which may still be on its way.
        """
        is_one_of_many = self.state == DECLINED and self.sends > 1
        return self.state in MAY_HAVE_ARRIVED or is_one_of_many


@frozen(kw_only=True)
class Send:
    """
    One call that sent a message: never changed, so that it can be shown later.

    Attributes:
        number: The attempt's, whose key was sent.

        send: Counts the calls with that key.

        connection: Who was called.

        worker: Who called.

        took: Microseconds until there was an answer, or none any more.

        state: What the attempt became by it.

        answer: The provider's own name for what happened, or the error.
    """

    seller_id: SellerId
    message_id: MessageId
    number: int
    send: int
    key: str
    connection: str
    worker: str
    sent_at: datetime
    took: int
    state: str
    answer: str


@frozen(kw_only=True)
class WorkerBeat:
    """
    The last sign of life of a worker.

    Attributes:
        started_at: Since when it runs.

        seen_at: When it ended its last round, or a step since then that took long.

        stopped_at: When it was stopped in good order; None while it runs, and if it
            died.

        rounds: How many it did.

        read, unread: Shops that were read, and that could not be.

        delivered, postponed, dead: Messages.

        fired: Deadlines.

        tracked: Parcels that carriers were asked about.

        payments, labels: Those that gateways and carriers were asked about, since
            nobody knew what became of them, or somebody else's turn was over.

        followed: What shops told, and was taken in.

        failed: Steps that failed, and payments about which no gateway could be asked.

        error: The type of the last error of a step; empty where there was none yet.
    """

    worker: str
    started_at: datetime
    seen_at: datetime
    stopped_at: datetime | None = None
    rounds: int = 0
    read: int = 0
    unread: int = 0
    delivered: int = 0
    postponed: int = 0
    dead: int = 0
    fired: int = 0
    failed: int = 0
    error: str = ""
    tracked: int = 0
    payments: int = 0
    labels: int = 0
    followed: int = 0
