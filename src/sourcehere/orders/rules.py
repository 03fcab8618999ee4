"""
Who may do what, and when: one table for every command, and one function that refuses.

`blockers` gives every reason at once; the order raises from it, and `allowed` and
`why_not` are made of it, so that a button, an API and an error never disagree.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from ..kernel.actor import Actor, Role
from ..kernel.clock import NEVER
from ..kernel.errors import Blocker, UnknownCommandError
from ..kernel.events import Event
from ..kernel.ids import ItemId
from . import events as e
from .holds import BLOCKED_BY
from .machine import CHARTS, OrderKind
from .model import OrderData
from .tabs import LABELS

SELLER, STAFF, STORE = Role.SELLER, Role.STAFF, Role.STORE
SYSTEM, CARRIER = Role.SYSTEM, Role.CARRIER


@attrs.frozen
class Ask:
    """
    The particulars of a command; None where only the command itself is asked about.

    Attributes:
        quantities: item id (or line number as text) -> units.

        hold_id, parcel_id, reason: What the command names.
    """

    quantities: Mapping[ItemId, int] | Mapping[str, int] | None = None
    hold_id: str | None = None
    parcel_id: str | None = None
    at: datetime | None = None


NOTHING_ASKED = Ask()
Guard = Callable[[OrderData, Ask], Blocker | None]


@attrs.frozen
class Rule:
    """
    When a command may be done.

    Attributes:
        roles: Who may ask.

        events: Chart events it may cause; one of them must exist from the state.

        states: For commands that change no state: where they are allowed.

        guards: What else must hold, each giving its own reason.
    """

    roles: frozenset[Role]
    events: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()


def _quantities_known(order: OrderData, ask: Ask) -> Blocker | None:
    if ask.quantities is None:
        return None
    if not ask.quantities:
        return Blocker("nothing_chosen", "no item is named; name at least one")
    for name, quantity in ask.quantities.items():
        if name not in order.items:
            words = f"the order has no item {name}"
            return Blocker("unknown_item", words, {"item": name})
        if quantity <= 0:
            words = f"item {name}: {quantity} is not a positive quantity"
            facts: dict[str, str | int] = {"item": name, "quantity": quantity}
            return Blocker("quantity_not_positive", words, facts)
    return None


def _left_to_ship(order: OrderData, ask: Ask) -> Blocker | None:
    return _within(order, ask, "too_many_units", "left to send", "quantity_left")


def _left_to_receive(order: OrderData, _ask: Ask) -> Blocker | None:
    if any(item.quantity_outstanding for item in order.items.values()):
        return None
    return Blocker("nothing_outstanding", "every unit is settled already")


def _within(
    order: OrderData, ask: Ask, code: str, words: str, attribute: str
) -> Blocker | None:
    for name, quantity in (ask.quantities or {}).items():
        item = order.items.get(ItemId(name))
        left = 0 if item is None else int(getattr(item, attribute))
        if quantity > left:
            return Blocker(
                code,
                f"item {name}: {quantity} units asked, {left} {words}",
                {"item": name, "asked": quantity, "left": left},
            )
    return None


def _nothing_shipped(order: OrderData, _ask: Ask) -> Blocker | None:
    if order.parcels:
        return Blocker("already_shipped", "a parcel has left already")
    return None


def _not_accepted(order: OrderData, _ask: Ask) -> Blocker | None:
    if order.accepted_at is not None:
        return Blocker("already_accepted", "the warehouse has accepted it already")
    return None


def _accepted(order: OrderData, _ask: Ask) -> Blocker | None:
    if order.accepted_at is None:
        return Blocker(
            "not_accepted", "the warehouse has not accepted it; accept first"
        )
    return None


def _hold_open(order: OrderData, ask: Ask) -> Blocker | None:
    if ask.hold_id is None or any(h.hold_id == ask.hold_id for h in order.holds):
        return None
    words = f"hold {ask.hold_id} is not open"
    return Blocker("hold_not_open", words, {"hold": ask.hold_id})


def _has_hold(order: OrderData, _ask: Ask) -> Blocker | None:
    return None if order.holds else Blocker("no_hold", "no hold is open")


def _parcel_known(order: OrderData, ask: Ask) -> Blocker | None:
    if ask.parcel_id is None or ask.parcel_id in order.parcel_ids:
        return None
    words = f"the order has no live parcel {ask.parcel_id}"
    return Blocker("unknown_parcel", words, {"parcel": ask.parcel_id})


def _no_dispute(order: OrderData, _ask: Ask) -> Blocker | None:
    if order.disputes:
        first = order.disputes[0].dispute_id
        return Blocker("dispute_open", "a dispute is open", {"dispute": first})
    return None


def _units_undisputed(order: OrderData, ask: Ask) -> Blocker | None:
    for name, quantity in (ask.quantities or {}).items():
        item = order.items.get(ItemId(name))
        disputed = order.quantity_disputed(name)
        refunded = 0 if item is None else item.quantity_refunded
        left = 0 if item is None else item.quantity - refunded - disputed
        if quantity > left:
            return Blocker(
                "units_taken",
                f"item {name}: {quantity} units asked, but only {left} are neither"
                " refunded nor in an open dispute",
                {"item": name, "asked": quantity, "left": left},
            )
    return None


def _rest_undisputed(order: OrderData, _ask: Ask) -> Blocker | None:
    for name, item in order.items.items():
        free = item.quantity - item.quantity_refunded - order.quantity_disputed(name)
        if item.quantity_left > free:
            words = f"item {name}: an open dispute is about what would be refunded"
            return Blocker("units_disputed", words, {"item": name})
    return None


def _deadline_passed(order: OrderData, ask: Ask) -> Blocker | None:
    deadline = order.deadline
    if ask.at is None or ask.at >= deadline:
        return None
    if deadline == NEVER:
        return Blocker("not_due", "no deadline is running")
    words = f"not due before {deadline.isoformat()}"
    return Blocker("not_due", words, {"deadline": deadline.isoformat()})


def _everything_refunded(order: OrderData, _ask: Ask) -> Blocker | None:
    if all(i.quantity_refunded >= i.quantity for i in order.items.values()):
        return None
    return Blocker("not_refunded", "not every unit is refunded; refund them first")


def _one(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_BEFORE_PAYMENT = frozenset({"draft", "awaiting_payment"})
_LEAVING = frozenset({"awaiting_shipping", "partially_shipped", "shipped", "receiving"})
_EVER = frozenset(state for chart in CHARTS.values() for state in chart.state_names())

RULES: dict[str, Rule] = {
    "connect_sku": Rule(_one(SELLER, STAFF), states=frozenset({"unrecognized"})),
    "ignore": Rule(_one(SELLER), ("ignore",)),
    "restore": Rule(_one(SELLER), ("restore",)),
    "cancel": Rule(_one(SELLER), ("cancel",)),
    "place": Rule(_one(SELLER), ("place",)),
    "choose_shipping": Rule(_one(SELLER), states=_BEFORE_PAYMENT | {"unrecognized"}),
    "correct_address": Rule(
        _one(SELLER, STAFF),
        states=frozenset({"unrecognized", "awaiting_payment", "awaiting_shipping"}),
        guards=(_nothing_shipped,),
    ),
    "pay": Rule(_one(SELLER), ("pay",)),
    "expire": Rule(_one(SYSTEM), ("expire",), guards=(_deadline_passed,)),
    "accept": Rule(
        _one(STAFF), states=frozenset({"awaiting_shipping"}), guards=(_not_accepted,)
    ),
    "ship": Rule(
        _one(STAFF),
        ("ship_some", "ship_rest"),
        guards=(_quantities_known, _accepted, _left_to_ship),
    ),
    "short_ship_rest": Rule(
        _one(STAFF), ("short_ship_rest",), guards=(_rest_undisputed,)
    ),
    "refund_units": Rule(
        _one(STAFF),
        states=frozenset({"awaiting_shipping", "partially_shipped"}),
        guards=(_quantities_known, _left_to_ship, _units_undisputed),
    ),
    "refund_all": Rule(_one(STAFF), ("refund_all",), guards=(_rest_undisputed,)),
    "request_cancel": Rule(
        _one(SELLER),
        states=frozenset({"awaiting_shipping"}),
        guards=(_no_dispute,),
    ),
    "dispatch": Rule(_one(STAFF), ("dispatch",)),
    "receive": Rule(
        _one(STAFF), ("receive_some", "receive_rest"), guards=(_left_to_receive,)
    ),
    "write_off_rest": Rule(
        _one(STAFF), ("write_off_rest",), guards=(_left_to_receive,)
    ),
    "give_up": Rule(
        _one(STAFF), ("give_up",), guards=(_no_dispute, _everything_refunded)
    ),
    "deliver_by_timer": Rule(
        _one(SYSTEM), ("deliver",), guards=(_no_dispute, _deadline_passed)
    ),
    "open_dispute": Rule(
        _one(SELLER),
        states=_LEAVING | {"fulfilled"},
        guards=(_quantities_known, _units_undisputed),
    ),
    "correct_tracking": Rule(
        _one(STAFF),
        states=frozenset({"partially_shipped", "shipped", "fulfilled"}),
        guards=(_parcel_known,),
    ),
    "void_parcel": Rule(
        _one(STAFF),
        states=frozenset({"partially_shipped", "shipped", "fulfilled"}),
        guards=(_parcel_known,),
    ),
    "place_hold": Rule(_one(STAFF), states=_EVER - {"new", "fulfilled", "cancelled"}),
    "release_hold": Rule(
        _one(STAFF), states=_EVER - {"new"}, guards=(_has_hold, _hold_open)
    ),
    "note": Rule(_one(SELLER, STAFF), states=_EVER - {"new"}),
}
COMMANDS = tuple(RULES)

# Pairing is about what a shop sold; the rest of the table follows from the charts.
_STORE_ONLY = frozenset({"connect_sku"})


def _states_of(kind: str, command: str) -> frozenset[str]:
    """
    Give the states in which orders of *kind* know *command*.
    """
    rule, chart = RULES[command], CHARTS[kind]
    if rule.events:
        return frozenset(s for s, event in chart.table if event in rule.events)
    if command in _STORE_ONLY and kind != OrderKind.STORE:
        return frozenset()
    return rule.states & set(chart.state_names())


# kind -> command -> the states it needs; worked out once, from charts and table.
_STATES: dict[str, dict[str, frozenset[str]]] = {
    kind: {command: _states_of(kind, command) for command in RULES} for kind in CHARTS
}


def blockers(
    order: OrderData, command: str, *, by: Actor, ask: Ask = NOTHING_ASKED
) -> tuple[Blocker, ...]:
    """
    Give every reason why *by* cannot do *command* to *order* now; none means go.

    Pure. The role, the state, open holds, then the command's own guards; guards that
    need particulars are silent where *ask* does not give them.

    Raises:
        UnknownCommandError: If there is no such command.
    """
    rule = RULES.get(command)
    if rule is None:
        raise UnknownCommandError(command=command, known=COMMANDS)
    is_known_here = order.state in _STATES[order.kind][command]
    if by.role in rule.roles and is_known_here and not (order.holds or rule.guards):
        return ()
    found: list[Blocker] = []
    if by.role not in rule.roles:
        found.append(_wrong_role(rule, command, by))
    if not is_known_here:
        found.append(_wrong_state(order, command))
    found.extend(
        Blocker(
            "on_hold",
            f"held: {hold.reason}" + (f" ({hold.detail})" if hold.detail else ""),
            {"hold": hold.hold_id, "reason": hold.reason},
        )
        for hold in order.holds
        if command in BLOCKED_BY[hold.reason]
    )
    if is_known_here:
        found.extend(b for g in rule.guards if (b := g(order, ask)) is not None)
    return tuple(found)


def _wrong_role(rule: Rule, command: str, by: Actor) -> Blocker:
    roles = ", ".join(sorted(rule.roles))
    words = f"{command} is for {roles}, not for {by.role}"
    return Blocker("role_not_allowed", words, {"role": by.role, "allowed": roles})


def _wrong_state(order: OrderData, command: str) -> Blocker:
    states = _STATES[order.kind][command]
    if not states:
        words = f"a {LABELS[order.kind].lower()} has no {command}"
        return Blocker("not_for_this_kind", words, {"kind": order.kind})
    names = ", ".join(sorted(states))
    words = f"it is {order.state}; {command} needs {names}"
    return Blocker("wrong_state", words, {"state": order.state, "needs": names})


# The commands that plugins may veto; what follows from facts is in no plugin's hands.
_COMMAND_OF_EVENT: dict[type[Event], str] = {
    e.OrderPlaced: "place",
    e.OrderIgnored: "ignore",
    e.OrderRestored: "restore",
    e.OrderPaid: "pay",
    e.OrderAccepted: "accept",
    e.OrderShipped: "ship",
    e.RestShippedShort: "short_ship_rest",
    e.OrderDispatched: "dispatch",
    e.RestWrittenOff: "write_off_rest",
}
_COMMAND_OF_REASON = {"seller": "cancel", "refunded": "refund_all", "lost": "give_up"}


def command_of(event: Event) -> str:
    """
    Name the command that caused *event*; empty where it follows from a fact.
    """
    if isinstance(event, e.OrderCancelled):
        return _COMMAND_OF_REASON.get(event.reason, "")
    return _COMMAND_OF_EVENT.get(type(event), "")
