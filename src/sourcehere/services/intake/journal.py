"""
Keeping what a shop said, in the commit that follows it, for as many days as was asked.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import attrs

from ...domain.kernel.ids import new_id
from ...domain.kernel.values import frozen
from ...domain.stores.model import (
    Charge,
    Reject,
    Store,
    StoreOrderSnapshot,
)
from ...domain.stores.told import AS_THE_PLATFORM_SAYS, How, Told, ToldName
from ...doors.wire import wire_text
from ...unit.reading import Asked
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import TOLD, TOLD_NAMES, TOLD_OF
from ...unit.text.codecs import dumper
from ...unit.units import Units
from ..base.settings import Settings
from .texts import Texts, write_snapshot

_write_rejects = dumper(tuple[Reject, ...])
_write_charges = dumper(tuple[Charge, ...])
_write_names = dumper(tuple[str, ...])
_AT_ONCE = 50  # of a shop's sayings in one commit, since each may be long


@frozen(kw_only=True)
class Heard:
    """
    What a shop said, and of which orders.

    Attributes:
        asked: The cursor, orders or events.

        names: The shop's keys and numbers of the orders it is about.

        answer: Writes what the plugin told as JSON, which is long: asked for only where
            it is kept.

        raw: As it came over the wire, if that is known.
    """

    how: How
    asked: tuple[str, ...]
    names: tuple[str, ...]
    answer: Callable[[], str] = attrs.field(repr=False)
    raw: bytes | str = attrs.field(default="", repr=False)


def heard_of(
    how: How,
    *,
    asked: Sequence[str],
    orders: Sequence[StoreOrderSnapshot] = (),
    rejects: Sequence[Reject] = (),
    charges: Sequence[Charge] = (),
    gone: Sequence[str] = (),
    unchanged: int = 0,
    raw: bytes | str = "",
    texts: Texts | None = None,
) -> Heard:
    """
    Return an answer with orders as it is kept.

    Args:
        texts: Of the orders, as far as they were written before.

        gone: The orders that the shop has no more.

        unchanged: How many it said are as it told them before, without telling them.
    """

    text_of = write_snapshot if texts is None else texts.of

    def answer() -> str:
        parts = {
            "orders": f"[{','.join(map(text_of, orders))}]" if orders else "",
            "rejects": _write_rejects(tuple(rejects)) if rejects else "",
            "charges": _write_charges(tuple(charges)) if charges else "",
            "gone": _write_names(tuple(gone)) if gone else "",
            "unchanged": str(unchanged) if unchanged else "",
        }
        told = ",".join(f'"{name}":{text}' for name, text in parts.items() if text)
        return f"{{{told}}}"

    names = [
        *(name for order in orders for name in (order.external_id, order.number)),
        *(reject.external_id for reject in rejects),
        *(charge.external_id for charge in charges),
        *gone,
    ]
    return Heard(
        how=how,
        asked=tuple(asked),
        names=tuple(dict.fromkeys(name for name in names if name)),
        answer=answer,
        raw=raw,
    )


def days_of(store: Store, settings: Settings) -> int:
    """
    Return for how many days is kept what a shop says; 0 for not at all.
    """
    if store.told_days == AS_THE_PLATFORM_SAYS:
        return settings.told_days
    return store.told_days


def ask_for_last_heard(
    unit: SellerUnit, store: Store, settings: Settings
) -> Asked[Told]:
    """
    Begin to read what a shop said last, if that is kept; behind its lock.
    """
    if not days_of(store, settings):
        return Asked(list)
    return unit.ask_for_last(TOLD_OF, store.store_id)


def keep_heard(
    unit: SellerUnit,
    store: Store,
    heard: Heard,
    settings: Settings,
    last: Asked[Told] | None = None,
) -> None:
    """
    Keep what a shop said; what it says twice in a row is counted.

    Args:
        last: What it said last, if that was asked for (`ask_for_last_heard`).
    """
    days = days_of(store, settings)
    if not days:
        return
    forget_at = unit.now + timedelta(days=days)
    most = settings.told_max
    # One more than is kept tells whether there is more.
    raw = wire_text(heard.raw, most=most + 1)
    digest = hashlib.blake2b(digest_size=16)
    digest.update(heard.how.value.encode())
    answer = heard.answer()
    digest.update(answer.encode())
    wire = heard.raw
    digest.update(wire if isinstance(wire, bytes) else _bytes_of(wire))
    last = last or ask_for_last_heard(unit, store, settings)
    if _is_counted(unit, store, last, digest.hexdigest(), forget_at):
        return
    told_id = new_id()
    unit.insert(
        TOLD,
        Told(
            seller_id=store.seller_id,
            store_id=store.store_id,
            told_id=told_id,
            how=heard.how.value,
            asked=heard.asked,
            digest=digest.hexdigest(),
            answer=answer[:most],
            raw=raw[:most],
            size=len(answer) + len(heard.raw),
            is_cut=len(answer) > most or len(raw) > most,
            times=1,
            told_at=unit.now,
            last_at=unit.now,
            forget_at=forget_at,
        ),
    )
    unit.insert(
        TOLD_NAMES,
        *(
            ToldName(
                seller_id=store.seller_id,
                store_id=store.store_id,
                told_id=told_id,
                name=name,
            )
            for name in heard.names
        ),
    )


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_counted(
    unit: SellerUnit,
    store: Store,
    last: Asked[Told],
    digest: str,
    forget_at: datetime,
) -> bool:
    """
    Count what the shop said last, if this is the same.
    """
    before = next((told for told in last.all() if told.digest == digest), None)
    if before is None:
        return False
    known = unit.get(TOLD, store.store_id, before.told_id, lock=True)
    if known is None:
        return False
    unit.put(
        TOLD,
        attrs.evolve(
            known, times=known.times + 1, last_at=unit.now, forget_at=forget_at
        ),
    )
    return True


def count_days_anew(units: Units, store: Store, settings: Settings) -> None:
    """
    Let what a shop said before be deleted after as many days as are asked for now.
    """
    days = timedelta(days=days_of(store, settings))
    after: str | None = ""

    def work(unit: SellerUnit, behind: str) -> str | None:
        key = (behind,) if behind else None
        found = unit.page(TOLD_OF, store.store_id, after=key, limit=_AT_ONCE)
        changed = [attrs.evolve(t, forget_at=t.last_at + days) for t in found]
        unit.put(TOLD, *changed)
        return found[-1].told_id if len(found) == _AT_ONCE else None

    while after is not None:
        behind = after
        after = units.seller(store.seller_id, lambda unit: work(unit, behind))  # noqa: B023 - run at once
