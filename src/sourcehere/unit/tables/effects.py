"""
What is owed to the outside, each try to deliver it, and what the outside told.
"""

from ...domain.effects.circuits import Circuit
from ...domain.effects.inbox import InboxEvent
from ...domain.effects.model import Attempt, OutboxMessage, Send, WorkerBeat
from ..records import Records

OUTBOX = Records(
    "outbox_message",
    OutboxMessage,
    key=["seller_id", "message_id"],
    version="epoch",
)
OUTBOX_LANE = OUTBOX.way(
    "lane", equal=["seller_id", "channel", "lane"], order=["position"]
)
OUTBOX_BY_STATE = OUTBOX.way(
    "by_state", equal=["state"], order=["next_at", "seller_id", "message_id"]
)
ATTEMPTS = Records("attempt", Attempt, key=["seller_id", "message_id", "number"])
ATTEMPTS_OF = ATTEMPTS.way(
    "of_message", equal=["seller_id", "message_id"], order=["number"]
)
SENDS = Records("send", Send, key=["seller_id", "message_id", "number", "send"])
SENDS_OF = SENDS.way(
    "of_message", equal=["seller_id", "message_id"], order=["number", "send"]
)
CIRCUITS = Records("circuit", Circuit, key=["connection"])
WORKERS = Records("worker", WorkerBeat, key=["worker"])
INBOX = Records("inbox_event", InboxEvent, key=["seller_id", "store_id", "event_id"])
INBOX_BY_STATE = INBOX.way(
    "by_state", equal=["state"], order=["next_at", "seller_id", "store_id", "event_id"]
)

RECORDS = (OUTBOX, ATTEMPTS, SENDS, CIRCUITS, WORKERS, INBOX)
