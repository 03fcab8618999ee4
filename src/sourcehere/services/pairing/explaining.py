"""
Which rule decided about a line of an order, and why the others did not.
"""

from collections.abc import Iterable

import attrs

from ...domain.kernel.ids import ConnectionId, OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.lines import Line, NewItem
from ...domain.orders.machine import UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.pairing.model import Connection
from ...domain.pairing.rules import MappingRule
from ...domain.pairing.supply import Destination
from ...unit.seller_unit import SellerUnit
from ...unit.streams import events_of
from ..base.service import Service
from .lookup import Connected, connected_skus, names_not_ours


@frozen(kw_only=True)
class RuleVerdict:
    """
    What may decide about a line, and whether it did.

    Attributes:
        rule: `sku connection`, or what a rule is for, with its countries and its range:
            `CUP`, `CUP 10+`, `CUP GB+IE`, `CUP GB+IE 10+`, `variant:4401`.

        connection_id, version: Of which connection it is; empty and 0 for none.

        decides: True for one verdict at most.

        items: What the line has by it; empty where it did not decide.

        words: Why it did, or did not.
    """

    rule: str
    connection_id: ConnectionId
    version: int
    decides: bool
    items: tuple[NewItem, ...]
    words: str


@frozen(kw_only=True)
class Explanation:
    """
    Why a line of an order is paired as it is.

    Attributes:
        quantity: Store units.

        verdicts: The most exact first; what decides is the first that could.
    """

    order_id: OrderId
    line: int
    sku: str
    quantity: int
    is_paired: bool
    verdicts: tuple[RuleVerdict, ...]


class Explaining(Service):
    """
    Explains pairings.
    """

    def explain(self, seller_id: str, order_id: str, line: int) -> Explanation:
        """
        Return which rule decided about a line, and why the others did not.

        A line keeps the version of the connection that paired it: that one is asked,
        whatever the connection says by now.

        Raises:
            NotFoundError: If there is no such order.

            InvalidInputError: If there is no such line.
        """

        def work(unit: SellerUnit) -> Explanation:
            order = unit.orders.one(order_id, lock=False)
            ours = order.line_of(line)
            return Explanation(
                order_id=order.order_id,
                line=line,
                sku=ours.sku,
                quantity=ours.quantity,
                is_paired=ours.is_paired,
                verdicts=tuple(_verdicts(unit, order, ours)),
            )

        return self._read(SellerId(seller_id), work)


@attrs.define
class _Asked:
    """
    A line while the rules are gone through; *decider* is the one that decided so far.
    """

    order: Order
    line: Line
    decider: str = ""

    @property
    def items(self) -> tuple[NewItem, ...]:
        found = self.order.items_of(self.line.line)
        return tuple(NewItem(item.variant_id, item.quantity) for item in found)

    def decide(
        self, rule: str, connection: Connection | None, how: str = ""
    ) -> RuleVerdict:
        """
        Return the verdict of what decided.
        """
        self.decider = rule
        return self.verdict(rule, "it decided" + how, connection, decides=True)

    def verdict(
        self,
        rule: str,
        words: str,
        connection: Connection | None = None,
        *,
        decides: bool = False,
    ) -> RuleVerdict:
        return RuleVerdict(
            rule=rule,
            connection_id=(
                ConnectionId("") if connection is None else connection.connection_id
            ),
            version=0 if connection is None else connection.version,
            decides=decides,
            items=self.items if decides else (),
            words=words,
        )


def _verdicts(unit: SellerUnit, order: Order, line: Line) -> Iterable[RuleVerdict]:
    asked = _Asked(order, line)
    yield _alone(asked)
    connected = connected_skus(unit, [(order.store_id, key) for key in line.keys])
    paired_by = _as_it_was(unit, line)
    not_ours = names_not_ours(unit, order.store_id)
    for key in line.keys:
        then = _rule_for(key, paired_by)
        if paired_by is not None and then is not None and not asked.decider:
            yield from _of_rule(asked, then, paired_by)
            continue
        yield _at_present(unit, asked, key, connected, is_ours=key not in not_ours)


def _alone(asked: _Asked) -> RuleVerdict:
    name = "sku connection"
    if asked.line.is_set_apart:
        asked.decider = name
        return asked.verdict(name, "the line was disconnected, for this order alone")
    if asked.line.is_on_its_own:
        return asked.decide(name, None)
    return asked.verdict(name, "none was made for this line")


def _as_it_was(unit: SellerUnit, line: Line) -> Connection | None:
    """
    Return the connection that paired a line, as it was then; None if none did.
    """
    if not line.connection_id:
        return None
    events = events_of(unit.session, unit.seller_id, line.connection_id)
    return Connection.replay(
        unit.seller_id, line.connection_id, events[: line.connection_version]
    )


def _rule_for(key: str, connection: Connection | None) -> MappingRule | None:
    rules = () if connection is None else connection.rules
    return next((rule for rule in rules if rule.key == key), None)


def _of_rule(
    asked: _Asked, rule: MappingRule, connection: Connection
) -> Iterable[RuleVerdict]:
    """
    Yield the verdicts of a rule that decided: of its destinations, its ranges, and of
    the rest.
    """
    there = rule.destination_for(asked.order.country)
    for one in rule.destinations:
        name = f"{rule.name} {one.name}"
        if one is there:
            yield from _of_supply(asked, name, one, connection, _how(asked, rule))
            continue
        words = f"it is for orders to {one.name}, not to {asked.order.country}"
        yield asked.verdict(name, words, connection)
    if there is None:
        how = _how(asked, rule)
        yield from _of_supply(asked, rule.name, rule, connection, how)
    else:
        words = f"it is for countries of no destination, and {asked.decider} decided"
        yield asked.verdict(rule.name, words, connection)


def _how(asked: _Asked, rule: MappingRule) -> str:
    """
    Say that backups supply a line, where they do.
    """
    if not rule.has_backups:
        return ""
    wanted = rule.items_for(asked.line.quantity, asked.order.country)
    if {i.variant_id for i in wanted} == {i.variant_id for i in asked.items}:
        return ""
    return ", with a backup for what could not be bought"


def _of_supply(
    asked: _Asked,
    name: str,
    supply: MappingRule | Destination,
    connection: Connection,
    how: str,
) -> Iterable[RuleVerdict]:
    for one in supply.ranges:
        ranged = f"{name} {one.bounds}"
        why_not = one.why_not(asked.line.quantity)
        if why_not:
            yield asked.verdict(ranged, why_not, connection)
        elif asked.decider:
            yield asked.verdict(ranged, f"{asked.decider} goes before it", connection)
        else:
            yield asked.decide(ranged, connection, how)
    if asked.decider:
        words = f"it is for what no range is for, and {asked.decider} is"
        yield asked.verdict(name, words, connection)
    else:
        yield asked.decide(name, connection, how)


def _at_present(
    unit: SellerUnit, asked: _Asked, key: str, connected: Connected, *, is_ours: bool
) -> RuleVerdict:
    """
    Return the verdict of what a key is connected by now, and did not decide.
    """
    match = connected.get((asked.order.store_id, key))
    if match is None:
        name = key.strip()
        if not is_ours:
            return asked.verdict(name, "it is marked as not ours")
        return asked.verdict(name, f"nothing connects {name}")
    connection = unit.connections.one(match.connection_id, lock=False)
    name = match.rule.name
    if asked.decider:
        return asked.verdict(name, f"{asked.decider} goes before it", connection)
    if not _fits(match.rule, asked):
        words = f"{asked.line.quantity} units would be more than a line may have"
    elif asked.order.state in UNPAID_STATES:
        words = "it was connected since; the order follows once the relay has run"
    else:
        words = "it was connected since; an order keeps what it was paid with"
    return asked.verdict(name, words, connection)


def _fits(rule: MappingRule, asked: _Asked) -> bool:
    return bool(rule.items_for(asked.line.quantity, asked.order.country))
