"""
One transaction of the platform: its own tables to write, everybody's to read.
"""

from typing import TypeVar

from ..domain.effects.model import Channel, MessageKind
from ..domain.kernel.clock import Clock
from ..domain.kernel.ids import SellerId
from ..ports.storage import Session
from .base import CausedBy, Unit, untraced
from .messages import new_message
from .records import Records
from .tables.effects import OUTBOX

T = TypeVar("T")


class PlatformUnit(Unit):
    """
    One transaction of the platform: its own tables to write, everybody's to read.
    """

    def __init__(
        self,
        session: Session,
        *,
        clock: Clock,
        read_only: bool = False,
        caused_by: CausedBy = untraced,
    ) -> None:
        super().__init__(
            session,
            owner=(),
            now=clock.now(),
            read_only=read_only,
            caused_by=caused_by,
        )

    def insert(self, records: Records[T], *made: T) -> None:
        """
        Write new records of the platform.
        """
        assert not records.is_sellers, "the platform scope writes platform tables only"
        super().insert(records, *made)

    def ask(self, kind: MessageKind, *, subject: str) -> None:
        """
        Owe a job that goes through all sellers, written with the facts that cause it.
        """
        message = new_message(
            SellerId(""),
            Channel.JOB.value,
            kind,
            lane=subject,
            position=0,
            subject=subject,
            key=subject,
            payload={},
            now=self.now,
            traceparent=self.traceparent,
        )
        super().insert(OUTBOX, message)
