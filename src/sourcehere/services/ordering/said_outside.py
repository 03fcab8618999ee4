"""
Blanking what shops and plugins said of a buyer who is forgotten: why they did not take
what they were told, and what was wrong with what they told.
"""

from collections.abc import Container, Iterable
from itertools import product

import attrs

from ...domain.contacts.model import ERASED
from ...domain.effects.machine import DEAD, DISCARDED, SENDING, SUCCEEDED
from ...domain.effects.model import Channel
from ...domain.stores.told import How, Told
from ...ports.storage import Key
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import (
    ATTEMPTS,
    ATTEMPTS_OF,
    INBOX,
    OUTBOX,
    OUTBOX_BY_STATE,
    OUTBOX_LANE,
    SENDS,
    SENDS_OF,
)
from ...unit.tables.stores import REJECTED_OF_ORDER, REJECTED_ROWS


def erase_refusals(
    unit: SellerUnit,
    order_ids: Iterable[str],
    streams: Iterable[str],
    subscribers: Iterable[str],
) -> None:
    """
    Blank why shops did not take what they were told of the orders, and why plugins
    failed that were told of events: they may have said of whom. What is in a worker's
    hands is left to it, with the attempt that it makes: it keeps how that ends only
    while nobody else has written it.

    Args:
        streams: Whose events are about the orders.
    """
    lanes: list[Key] = [(Channel.STORE, order_id) for order_id in order_ids]
    about, told = frozenset(streams), {f"{Channel.PLUGIN}:{n}" for n in subscribers}
    told |= _removed(unit, about, told)
    lanes += product(sorted(told), sorted(about))
    messages = unit.find(OUTBOX_LANE, lanes, lock=True)
    names = [(message.message_id,) for message in messages]
    unit.put(
        OUTBOX,
        *(
            attrs.evolve(one, error=ERASED)
            for one in messages
            if one.error not in ("", ERASED) and one.state != SENDING
        ),
    )
    wrong = [
        one
        for one in unit.find(ATTEMPTS_OF, names, lock=True)
        if one.error not in ("", ERASED) and one.state != SENDING
    ]
    unit.put(ATTEMPTS, *(attrs.evolve(one, error=ERASED) for one in wrong))
    failed = [
        one
        for one in unit.find(SENDS_OF, names, lock=True)
        if one.state != SUCCEEDED and one.answer != ERASED
    ]
    unit.put(SENDS, *(attrs.evolve(one, answer=ERASED) for one in failed))


def _removed(
    unit: SellerUnit, streams: Container[str], installed: Container[str]
) -> set[str]:
    """
    Return the channels of plugins that are not *installed* any more, and left something
    dead or discarded of *streams*. What still waits for one says by itself that it is
    gone.
    """
    columns = ("seller_id", "channel", "lane")
    left = [
        row
        for state in (DEAD, DISCARDED)
        for row in unit.each_of_columns(OUTBOX_BY_STATE, state, columns=columns)
    ]
    return {
        channel
        for seller_id, channel, lane, *_ in left
        if seller_id == unit.seller_id and lane in streams
        if channel.startswith(f"{Channel.PLUGIN}:") and channel not in installed
    }


def erase_failures(unit: SellerUnit, told: Iterable[Told]) -> None:
    """
    Blank why webhooks that named the orders could not be followed.
    """
    keys = [
        (one.store_id, event_id)
        for one in told
        if one.how == How.WEBHOOK
        for event_id in one.asked
    ]
    failed = [
        event
        for event in unit.many(INBOX, keys, lock=True)
        if event.error not in ("", ERASED)
    ]
    unit.put(INBOX, *(attrs.evolve(event, error=ERASED) for event in failed))


def erase_problems(unit: SellerUnit, places: Iterable[Key]) -> None:
    """
    Blank what was wrong with what the shop told of the orders.
    """
    found = unit.find(REJECTED_OF_ORDER, places, lock=True)
    wrong = [row for row in found if row.detail != ERASED]
    unit.put(
        REJECTED_ROWS, *(attrs.evolve(row, detail=ERASED, facts="") for row in wrong)
    )
