"""
Work of our own that was asked for, and whose message is gone: asked for anew. Each is
safe to do twice.
"""

from ...domain.effects.model import Channel, MessageKind
from ...domain.kernel.ids import ConnectionId, SellerId
from ...domain.pairing.model import Connection
from ...unit.messages import new_message
from ...unit.tables.effects import OUTBOX
from ...unit.tables.events import EVENTS_OF
from ...unit.tables.pairing import CONNECTIONS
from ..audit.findings import Violation
from .draft import Draft
from .streams import events_in


def ask_again(draft: Draft, violation: Violation) -> None:
    """
    Write the message of a job anew: for a connection, a dead push or a variant that is
    sold no more.
    """
    facts = violation.facts
    if "variant" in facts:
        _ask_to_drop(draft, str(facts["variant"]))
    elif "connection" in facts:
        _ask_to_follow(draft, str(facts["connection"]), int(str(facts["version"])))
    elif "message" in facts:
        _ask_to_hold(draft, str(facts["message"]), violation.subject)


def _ask_to_drop(draft: Draft, variant_id: str) -> None:
    made = new_message(
        SellerId(""),
        Channel.JOB.value,
        MessageKind.DROP_VARIANT,
        lane=variant_id,
        position=0,
        subject=variant_id,
        key=variant_id,
        payload={},
        now=draft.unit.now,
    )
    draft.put(OUTBOX, made)


def _ask_to_follow(draft: Draft, name: str, version: int) -> None:
    connection = draft.mine(CONNECTIONS, ConnectionId(name))
    if connection is None:
        return
    draft.rely(CONNECTIONS, name)
    made = new_message(
        draft.seller_id,
        Channel.JOB.value,
        MessageKind.FOLLOW_CONNECTION,  # it tries what waits, too
        lane=name,
        position=version,
        subject=name,
        key=f"{name}:{version}",
        payload={"skus": _skus(draft, connection), "store_id": connection.store_id},
        now=draft.unit.now,
    )
    draft.put(OUTBOX, made)


def _skus(draft: Draft, connection: Connection) -> list[str]:
    """
    List every SKU that the connection was ever about, as they are compared.
    """
    rules = list(connection.rules)
    for event in events_in(draft.all_of(EVENTS_OF, connection.connection_id)):
        rules += getattr(event, "rules", ())
    return list(dict.fromkeys(rule.key for rule in rules))


def _ask_to_hold(draft: Draft, message_id: str, key: str) -> None:
    message = draft.mine(OUTBOX, message_id)
    # Where its calls say otherwise, it may have been delivered.
    if message is None or draft.names("attempt_is_its_sends"):
        return
    made = new_message(
        draft.seller_id,
        Channel.JOB.value,
        MessageKind.FOLLOW_PUSH,
        lane=message.lane,
        position=message.epoch,
        subject=message.subject,
        key=key,
        payload={},
        now=draft.unit.now,
    )
    draft.put(OUTBOX, made)
