"""
Messages as the steps that whoever traces is told of.
"""

from collections.abc import Sequence

from ...domain.effects.model import Channel, MessageKind, OutboxMessage
from ..base.tracing import Step


def steps_of(messages: Sequence[OutboxMessage]) -> list[Step]:
    """
    Return a step for each of *messages*, which are delivered together: under what
    caused it.
    """
    return [_step(message, len(messages)) for message in messages]


def _step(message: OutboxMessage, together: int) -> Step:
    about: dict[str, str | int] = {
        "message": message.message_id,
        "message.kind": message.kind,
        "attempt": message.attempts + 1,
    }
    if message.connection:
        about["connection"] = message.connection
    if _is_of_order(message):
        about["order"] = message.lane
    if together > 1:
        about["messages"] = together
    return Step(
        name=f"relay.{message.kind}",
        parent=message.traceparent,
        about=about,
        is_call=message.channel != Channel.JOB,
    )


def _is_of_order(message: OutboxMessage) -> bool:
    """
    Tell whether the lane is an order's.
    """
    is_about_parcel = message.kind == MessageKind.FOLLOW_PUSH
    is_of_order = message.payload.get("stream") == "order"
    return message.channel == Channel.STORE or is_about_parcel or is_of_order
