"""
The calls that tell one plugin of events.
"""

from collections.abc import Mapping, Sequence

from ...domain.effects.circuits import Circuit
from ...domain.effects.model import MessageKind, OutboxMessage
from ...domain.kernel.errors import NotFoundError
from ...doors.answers import Answerer
from ...doors.failures import checked_failure
from ...ports.hooks import PublishedEvent
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.tables.events import EVENTS
from ..base.ports import Ports
from .lanes import Outcome, Sender, Work
from .publishing import published


def plugin_work(
    ports: Ports, messages: Sequence[OutboxMessage], circuit: Circuit
) -> Work:
    """
    Return what one plugin is to be told.
    """
    told = Answerer(messages[0].subject)

    def opened() -> Sender:
        return PluginSender(ports, told, _events_of(ports, messages))

    return Work(told=told, circuit=circuit, messages=messages, opened=opened)


class PluginSender:
    """
    Tells a plugin one event after the other.
    """

    def __init__(
        self, ports: Ports, told: Answerer, events: Mapping[Key, PublishedEvent]
    ) -> None:
        self._hooks = ports.hooks
        self._told = told
        self._events = events

    def parts(
        self, messages: Sequence[OutboxMessage], /
    ) -> list[Sequence[OutboxMessage]]:
        """
        Let each be told alone.
        """
        return [[message] for message in messages]

    def send(self, part: Sequence[OutboxMessage], /) -> list[Outcome]:
        """
        Tell each of *part*; what is ours to blame is no failure of the plugin's.
        """
        return [self._tell(message) for message in part]

    def _tell(self, message: OutboxMessage) -> Outcome:
        if message.kind != MessageKind.TELL_PLUGIN:
            return AssertionError(f"plugins are not told {message.kind!r}")
        event = self._events.get(_event_key(message))
        if event is None:
            return NotFoundError(kind="event", id=message.key)
        try:
            self._hooks.publish(message.subject, event)
        except Exception as error:  # noqa: BLE001 - a fault of the plugin's, recorded
            return checked_failure(self._told, error)
        return ""


def _events_of(
    ports: Ports, messages: Sequence[OutboxMessage]
) -> Mapping[Key, PublishedEvent]:
    def work(unit: Unit) -> Mapping[Key, PublishedEvent]:
        stored = unit.many(EVENTS, [_event_key(message) for message in messages])
        return {(s.seller_id, s.stream_id, s.sequence): published(s) for s in stored}

    return ports.units.outside(work, read_only=True)


def _event_key(message: OutboxMessage) -> Key:
    return (message.seller_id, message.lane, message.position)
