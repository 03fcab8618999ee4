"""
The calls that push parcels to one shop.
"""

from collections.abc import Sequence

from ...domain.effects.circuits import Circuit
from ...domain.effects.model import OutboxMessage
from ...domain.kernel.connections import ACTIVE
from ...domain.stores.errors import StoreRestsError
from ...doors.answers import Answerer
from ...doors.failures import checked_failure
from ...doors.stores import checked_outcomes, checked_reference
from ...ports.platforms import (
    Fulfilment,
    StorePlatform,
    SupportsBatchPush,
    SupportsFindPush,
)
from ..intake.connections_of_stores import StoreConnections
from .lanes import Outcome, Sender, Work
from .pushing import NotTakenError, Push


def shop_work(
    stores: StoreConnections, pushes: Sequence[Push], circuit: Circuit
) -> Work:
    """
    Return what is to be pushed to one shop.
    """
    store = pushes[0].store
    told = stores.answerer(store)

    def opened() -> Sender:
        if store.state != ACTIVE:
            # What becomes of a message is kept: no words that somebody typed.
            raise StoreRestsError(store_id=store.store_id, state=store.state, why="")
        return ShopSender(stores.platform_of(store), told, pushes)

    messages = [push.message for push in pushes]
    return Work(told=told, circuit=circuit, messages=messages, opened=opened)


class ShopSender:
    """
    Pushes to one shop: fulfilments together where it takes many.
    """

    def __init__(
        self, platform: StorePlatform, told: Answerer, pushes: Sequence[Push]
    ) -> None:
        self._platform = platform
        self._told = told
        self._pushes = {push.message.message_id: push for push in pushes}

    def parts(
        self, messages: Sequence[OutboxMessage], /
    ) -> list[Sequence[OutboxMessage]]:
        """
        Put together the messages of one call: all fulfilments, if the shop takes many.

        One whose outcome nobody knows goes alone, if the shop can be asked for it.
        """
        if not isinstance(self._platform, SupportsBatchPush):
            return [[message] for message in messages]
        together: list[OutboxMessage] = []
        alone: list[Sequence[OutboxMessage]] = []
        for message in messages:
            if self._is_for_many(self._pushes[message.message_id]):
                together.append(message)
            else:
                alone.append([message])
        return [together, *alone] if together else alone

    def send(self, part: Sequence[OutboxMessage], /) -> list[Outcome]:
        """
        Make the call, and return what became of each message.
        """
        pushes = [self._pushes[message.message_id] for message in part]
        platform = self._platform
        if not isinstance(platform, SupportsBatchPush) or not self._is_for_many(
            pushes[0]
        ):
            return [self._push(push) for push in pushes]
        notices = [p.notice for p in pushes if isinstance(p.notice, Fulfilment)]
        answers = platform.push_fulfilments(notices)
        return [
            outcome
            if isinstance(outcome, str)
            else checked_failure(self._told, outcome)
            for outcome in checked_outcomes(self._told, answers, len(notices))
        ]

    def _is_for_many(self, push: Push) -> bool:
        return isinstance(push.notice, Fulfilment) and not self._is_looked_up(push)

    def _is_looked_up(self, push: Push) -> bool:
        return push.is_unknown and isinstance(self._platform, SupportsFindPush)

    def _push(self, push: Push) -> Outcome:
        platform, notice = self._platform, push.notice
        if push.is_unknown and isinstance(platform, SupportsFindPush):
            found = platform.find_push(notice)
            if found is not None:
                return checked_reference(self._told, found)
            if push.is_outdated:
                return NotTakenError(
                    provider=self._told.provider,
                    detail="it knows of none; its lines are others by now",
                )
        if isinstance(notice, Fulfilment):
            return checked_reference(self._told, platform.push_fulfilment(notice))
        return checked_reference(self._told, platform.push_tracking(notice))
