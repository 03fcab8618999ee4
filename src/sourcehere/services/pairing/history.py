"""
What happened to a connection, in words: who connected what, and what it was before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ...domain.kernel.actor import Actor
from ...domain.kernel.events import Event
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.pairing.model import (
    Connection,
    ConnectionChanged,
    ConnectionMade,
)
from ...domain.pairing.rules import MappingRule
from ...domain.pairing.supply import Destination, RuleItem
from ...unit.seller_unit import SellerUnit
from ...unit.streams import events_of
from ...unit.tables.catalog import VARIANTS
from ..base.service import Service


@frozen(kw_only=True)
class ConnectionStep:
    """
    One version of a connection.

    Attributes:
        version: Lines of orders name it: it paired them.

        words: What was said, one sentence each.
    """

    version: int
    at: datetime
    by: Actor
    words: tuple[str, ...]


class ConnectionHistory(Service):
    """
    Tells what happened to connections.
    """

    def history(self, seller_id: str, connection_id: str) -> tuple[ConnectionStep, ...]:
        """
        Return every version of a connection, oldest first, with what changed by it.

        Raises:
            NotFoundError: If there is no such connection.
        """

        def work(unit: SellerUnit) -> tuple[ConnectionStep, ...]:
            unit.connections.one(connection_id, lock=False)
            events = events_of(unit.session, unit.seller_id, connection_id)
            skus = _skus(unit, events)
            before = Connection(seller_id=unit.seller_id, connection_id=connection_id)  # type: ignore[arg-type]  # any text may be asked
            return tuple(_steps(before, events, skus))

        return self._read(SellerId(seller_id), work)


def _skus(unit: SellerUnit, events: Iterable[Event]) -> Mapping[str, str]:
    names = {
        name
        for event in events
        if isinstance(event, ConnectionMade | ConnectionChanged)
        for rule in event.rules
        for name in rule.variant_ids
    }
    found = unit.many(VARIANTS, [(name,) for name in sorted(names)])
    return {str(variant.variant_id): variant.sku for variant in found}


def _steps(
    before: Connection, events: Sequence[Event], skus: Mapping[str, str]
) -> Iterable[ConnectionStep]:
    for version, event in enumerate(events, start=1):
        after = Connection.replay(
            before.seller_id, before.connection_id, events[:version]
        )
        words = ["it ended"]
        if isinstance(event, ConnectionMade | ConnectionChanged):
            words = list(_differences(before, after, skus)) or ["nothing changed"]
        yield ConnectionStep(
            version=version, at=event.occurred_at, by=event.by, words=tuple(words)
        )
        before = after


def _differences(
    before: Connection, after: Connection, skus: Mapping[str, str]
) -> Iterable[str]:
    known = {rule.key: rule for rule in before.rules}
    for rule in after.rules:
        was = known.pop(rule.key, None)
        now = _supply(rule, skus)
        if was is None:
            yield f"{rule.name} is {now}"
        elif _supply(was, skus) != now:
            yield f"{rule.name} is {now}; it was {_supply(was, skus)}"
        elif was.price != rule.price:
            yield f"{rule.name} has another agreed price"
    for gone in known.values():
        yield f"{gone.name} is not connected any more"
    if after.method != before.method:
        yield f"sent by {after.method or 'the cheapest method'}"
    if after.methods != before.methods:
        yield (
            "; ".join(
                f"to {one.country} by {one.method or 'the cheapest method'}"
                for one in after.methods
            )
            or "by no other method to any country"
        )


def _supply(rule: MappingRule, skus: Mapping[str, str]) -> str:
    """
    Return what a rule supplies, as people write it: "2 CUP + 1 HAT; 10+/10: 1 CRATE;
    to GB+IE: 2 MUG".
    """
    there = (f"; to {one.name}: {_supplied(one, skus)}" for one in rule.destinations)
    return _supplied(rule, skus) + "".join(there)


def _supplied(supply: MappingRule | Destination, skus: Mapping[str, str]) -> str:
    ranges = (f"; {one.bounds}: {_units(one.items, skus)}" for one in supply.ranges)
    return _units(supply.items, skus) + "".join(ranges)


def _units(items: Iterable[RuleItem], skus: Mapping[str, str]) -> str:
    return " + ".join(
        f"{item.quantity} "
        + ", else ".join(str(skus.get(name, name)) for name in item.variant_ids)
        for item in items
    )
