"""
The calls that push parcels to one shop.
"""

from collections.abc import Sequence

import attrs

from ...domain.effects.circuits import Circuit
from ...domain.effects.model import OutboxMessage
from ...domain.kernel.connections import ACTIVE
from ...domain.stores.errors import StoreRestsError
from ...doors.answers import Answerer
from ...doors.failures import checked_failure
from ...doors.stores import checked_outcomes, checked_reference
from ...ports.platforms import (
    Fulfilment,
    ParcelNotice,
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
        self._named: dict[str, list[str]] = {}  # order -> what was told of it just now

    def parts(
        self, messages: Sequence[OutboxMessage], /
    ) -> list[Sequence[OutboxMessage]]:
        """
        Put together the messages of one call: all fulfilments, if the shop takes many.

        One whose outcome nobody knows goes alone, if the shop can be asked for it, and
        so do more of one order of the shop: they are told beside the first.
        """
        if not isinstance(self._platform, SupportsBatchPush):
            return [[message] for message in messages]
        together: list[OutboxMessage] = []
        alone: list[Sequence[OutboxMessage]] = []
        orders: set[str] = set()
        for message in messages:
            push = self._pushes[message.message_id]
            is_first = push.notice.external_id not in orders
            orders.add(push.notice.external_id)
            if is_first and self._is_for_many(push):
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
            return [self._noted(push, self._push(push)) for push in pushes]
        notices = [
            notice
            for push in pushes
            if isinstance(notice := self._beside(push), Fulfilment)
        ]
        answers = platform.push_fulfilments(notices)
        outcomes = checked_outcomes(self._told, answers, len(notices))
        return [
            self._noted(push, outcome)
            if isinstance(outcome, str)
            else checked_failure(self._told, outcome)
            for push, outcome in zip(pushes, outcomes, strict=True)
        ]

    def _noted(self, push: Push, outcome: Outcome) -> Outcome:
        """
        Note what the shop calls a parcel, for those of the same order behind it.
        """
        if isinstance(outcome, str):
            self._named.setdefault(push.notice.external_id, []).append(outcome)
        return outcome

    def _beside(self, push: Push) -> ParcelNotice:
        """
        Return what is told, beside what was told of the same order just now.
        """
        notice = push.notice
        named = self._named.get(notice.external_id)
        if named is None:
            return notice
        return attrs.evolve(notice, beside=(*notice.beside, *named))

    def _is_for_many(self, push: Push) -> bool:
        return isinstance(push.notice, Fulfilment) and not self._is_looked_up(push)

    def _is_looked_up(self, push: Push) -> bool:
        return push.is_unknown and isinstance(self._platform, SupportsFindPush)

    def _push(self, push: Push) -> Outcome:
        platform, notice = self._platform, self._beside(push)
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
