"""
Who may do what, and when: one table for every command, and one function that refuses.

`blockers` gives every reason at once; the order raises from it, and `allowed` and
`why_not` are made of it, so that a button, an API and an error never disagree.
"""

from collections.abc import Callable

from ..kernel.actor import Actor, Role
from ..kernel.errors import (
    Blocker,
    UnknownCommandError,
    wrong_role,
    wrong_state,
)
from ..kernel.events import Event
from ..kernel.values import frozen
from . import any_units, guards, hold_guards, pairing_guards, reship_guards
from . import events as e
from .guards import NOTHING_ASKED, Ask, Guard
from .holds import BLOCKED_BY, Hold, who_acts
from .kinds import CHARTS, KINDS, KindOfOrder
from .machine import ENDED_STATES
from .model import OrderData

SELLER, STAFF, STORE = Role.SELLER, Role.STAFF, Role.STORE
SYSTEM, CARRIER = Role.SYSTEM, Role.CARRIER


@frozen
class Rule:
    """
    When a command may be done.

    Attributes:
        roles: Who may ask.

        events: Chart events it may cause; one of them must exist from the state.

        states: For commands that change no state: where they are allowed.

        guards: What else must hold, each giving its own reason.

        is_for: Tells whether a kind of order has the command at all, where its chart
            alone does not say so.
    """

    roles: frozenset[Role]
    events: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()
    is_for: Callable[[KindOfOrder], bool] = lambda _: True


def _one(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_PAIRABLE = frozenset({"unrecognized", "awaiting_payment"})
_BEFORE_PAYMENT = frozenset({"draft", "awaiting_payment"})
_LEAVING = frozenset({"awaiting_shipping", "partially_shipped", "shipped", "receiving"})
_EVER = frozenset(state for chart in CHARTS.values() for state in chart.state_names())

RULES: dict[str, Rule] = {
    "connect_sku": Rule(
        _one(SELLER, STAFF),
        states=_PAIRABLE,
        is_for=lambda kind: kind.pairs_lines,
    ),
    "disconnect_line": Rule(
        _one(SELLER, STAFF),
        states=_PAIRABLE,
        guards=(pairing_guards.something_paired,),
        is_for=lambda kind: kind.pairs_lines,
    ),
    "follow_connection": Rule(
        _one(SELLER, STAFF),
        states=_PAIRABLE,
        guards=(pairing_guards.something_on_its_own,),
        is_for=lambda kind: kind.pairs_lines,
    ),
    "process_paired_lines": Rule(
        _one(SELLER, STAFF),
        ("recognize",),
        guards=(pairing_guards.something_paired, pairing_guards.something_unpaired),
    ),
    "ignore": Rule(_one(SELLER), ("ignore",)),
    "restore": Rule(_one(SELLER), ("restore",)),
    "cancel": Rule(_one(SELLER), ("cancel",)),
    "serve_from_local_stock": Rule(
        _one(SELLER, STAFF), ("serve",), guards=(pairing_guards.everything_paired,)
    ),
    "put_back": Rule(
        _one(SELLER, STAFF),
        states=frozenset({"cancelled"}),
        guards=(guards.served_locally,),
        is_for=lambda kind: kind.pairs_lines,
    ),
    "receive_locally": Rule(
        _one(SELLER, STAFF),
        states=frozenset({"partially_shipped", "shipped", "fulfilled"}),
        guards=(reship_guards.is_no_reship, guards.something_kept),
        is_for=lambda kind: kind.may_be_kept,
    ),
    "place": Rule(_one(SELLER), ("place",)),
    "choose_shipping": Rule(
        _one(SELLER),
        states=_BEFORE_PAYMENT | {"unrecognized"},
        is_for=lambda kind: kind.pays_freight,
    ),
    "correct_address": Rule(
        _one(SELLER, STAFF),
        states=frozenset({"unrecognized", "awaiting_payment", "awaiting_shipping"}),
        guards=(guards.no_label_open,),
        is_for=lambda kind: kind.goes_to_customer,
    ),
    "erase_buyer": Rule(
        _one(SELLER, STAFF),
        states=ENDED_STATES,
        guards=(guards.no_dispute,),
        is_for=lambda kind: kind.goes_to_customer,
    ),
    "pay": Rule(_one(SELLER), ("pay",)),
    "expire": Rule(_one(SYSTEM), ("expire",), guards=(guards.passed("pay_by"),)),
    "accept": Rule(
        _one(STAFF),
        states=frozenset({"awaiting_shipping"}),
        guards=(guards.not_accepted,),
    ),
    "ship": Rule(
        _one(STAFF),
        ("ship_some", "ship_rest"),
        guards=(
            guards.quantities_known,
            guards.accepted,
            guards.left_to_ship,
            any_units.any_in_no_label,
            guards.units_in_no_label,
        ),
    ),
    "short_ship_rest": Rule(
        _one(STAFF),
        ("short_ship_rest",),
        guards=(guards.rest_undisputed, guards.no_label_open),
    ),
    "refund_units": Rule(
        _one(STAFF),
        states=frozenset({"awaiting_shipping", "partially_shipped"}),
        guards=(
            guards.quantities_known,
            guards.left_to_ship,
            any_units.any_unsent_undisputed,
            guards.unsent_undisputed,
            any_units.any_in_no_label,
            guards.units_in_no_label,
        ),
    ),
    "refund_all": Rule(
        _one(STAFF),
        ("refund_all",),
        guards=(guards.rest_undisputed, guards.no_label_open),
    ),
    "reject": Rule(
        _one(STAFF),
        ("refund_all",),
        guards=(guards.rest_undisputed, guards.no_label_open),
    ),
    "request_cancel": Rule(
        _one(SELLER),
        states=frozenset({"awaiting_shipping"}),
        guards=(
            guards.no_dispute,
            guards.no_label_open,
            reship_guards.reship_not_accepted,
        ),
    ),
    "dispatch": Rule(_one(STAFF), ("dispatch",)),
    "consign": Rule(
        _one(STAFF),
        states=frozenset({"shipped", "receiving", "fulfilled", "cancelled"}),
        guards=(guards.was_sent,),
        is_for=lambda kind: kind.ends_in_stock,
    ),
    "receive": Rule(
        _one(STAFF),
        states=frozenset({"shipped", "receiving", "fulfilled", "cancelled"}),
        guards=(guards.was_sent,),
        is_for=lambda kind: kind.ends_in_stock,
    ),
    "write_off_rest": Rule(
        _one(STAFF),
        ("write_off_rest",),
        guards=(guards.left_to_receive, guards.outstanding_undisputed),
    ),
    "give_up": Rule(
        _one(STAFF),
        ("give_up",),
        guards=(guards.no_dispute, guards.everything_refunded),
    ),
    "deliver_by_timer": Rule(
        _one(SYSTEM),
        ("deliver",),
        guards=(guards.no_dispute, guards.passed("deliver_by")),
    ),
    "open_dispute": Rule(
        _one(SELLER),
        states=_LEAVING | {"fulfilled"},
        guards=(
            reship_guards.is_no_reship,
            guards.quantities_known,
            any_units.any_undisputed,
            guards.units_undisputed,
            guards.units_where_said,
            guards.units_in_no_label,
        ),
    ),
    "restock": Rule(
        _one(STAFF),
        states=frozenset({"partially_shipped", "shipped", "fulfilled"}),
        guards=(
            reship_guards.is_no_reship,
            guards.quantities_known,
            any_units.any_kept,
            guards.units_kept,
        ),
        is_for=lambda kind: kind.goes_to_customer,
    ),
    "correct_tracking": Rule(
        _one(STAFF),
        states=frozenset({"partially_shipped", "shipped", "fulfilled"}),
        guards=(guards.parcel_known,),
        is_for=lambda kind: kind.goes_to_customer,
    ),
    "void_parcel": Rule(
        _one(STAFF),
        states=frozenset({"partially_shipped", "shipped", "fulfilled"}),
        guards=(guards.parcel_known, any_units.any_out),
        is_for=lambda kind: kind.goes_to_customer,
    ),
    "take_over": Rule(
        _one(SELLER, STAFF),
        # What was received meanwhile is held all the same.
        states=_EVER - {"new", "draft", "cancelled"},
        guards=(hold_guards.changed_by_shop,),
        is_for=lambda kind: kind.pairs_lines,
    ),
    "place_hold": Rule(_one(STAFF), states=_EVER - {"new", "fulfilled", "cancelled"}),
    "release_hold": Rule(
        _one(STAFF),
        states=_EVER - {"new"},
        guards=(hold_guards.has_hold, hold_guards.hold_open, hold_guards.held_for),
    ),
    "confirm": Rule(
        _one(SELLER, STAFF),
        states=_EVER - {"new", "cancelled"},
        guards=(hold_guards.in_doubt,),
        is_for=lambda kind: kind.pairs_lines,
    ),
    "note": Rule(_one(SELLER, STAFF), states=_EVER - {"new"}),
}
COMMANDS = tuple(RULES)


def _states_of(kind: str, command: str) -> frozenset[str]:
    """
    Return the states in which orders of *kind* know *command*.
    """
    rule, chart = RULES[command], CHARTS[kind]
    if not rule.is_for(KINDS[kind]):
        return frozenset()
    if rule.events:
        return frozenset(s for s, event in chart.table if event in rule.events)
    return rule.states & set(chart.state_names())


# kind -> command -> the states it needs; worked out once, from charts and table.
_STATES: dict[str, dict[str, frozenset[str]]] = {
    kind: {command: _states_of(kind, command) for command in RULES} for kind in CHARTS
}


def states_for(kind: str, command: str) -> frozenset[str]:
    """
    Return the states in which an order of *kind* knows *command*.
    """
    return _STATES[kind][command]


# (kind, command, role, state) that need nothing else than that no hold is open.
UNGUARDED = frozenset(
    (kind, command, role, state)
    for kind, commands in _STATES.items()
    for command, states in commands.items()
    if not RULES[command].guards
    for role in RULES[command].roles
    for state in states
)


def blockers(
    order: OrderData, command: str, *, by: Actor, ask: Ask = NOTHING_ASKED
) -> tuple[Blocker, ...]:
    """
    Return every reason why *by* cannot do *command* to *order* now; empty if it can.

    Pure. The role, the state, open holds, then the command's own guards; guards that
    need particulars are silent where *ask* does not give them.

    Raises:
        UnknownCommandError: If there is no such command.
    """
    rule = RULES.get(command)
    if rule is None:
        raise UnknownCommandError(command=command, known=COMMANDS)
    is_known_here = order.state in _STATES[order.kind][command]
    found: list[Blocker] = []
    if by.role not in rule.roles:
        found.append(wrong_role(command, by, roles=rule.roles))
    if not is_known_here:
        found.append(_wrong_state(order, command))
    found.extend(
        Blocker(
            "on_hold",
            words_of_hold(hold),
            {"hold": hold.hold_id, "reason": hold.reason, "who": who_acts(hold)},
        )
        for hold in order.holds
        if command in BLOCKED_BY[hold.reason]
    )
    if is_known_here:
        found.extend(b for g in rule.guards if (b := g(order, ask)) is not None)
    return tuple(found)


def words_of_hold(hold: Hold) -> str:
    """
    Return what a hold says to whoever is refused because of it.
    """
    detail = f" ({hold.detail})" if hold.detail else ""
    return f"held: {hold.reason}{detail}; {who_acts(hold)} has to act"


def _wrong_state(order: OrderData, command: str) -> Blocker:
    states = _STATES[order.kind][command]
    if not states:
        words = f"a {KINDS[order.kind].label.lower()} has no {command}"
        return Blocker("not_for_this_kind", words, {"kind": order.kind})
    return wrong_state(command, order.state, needs=states)


# The commands that plugins may veto; what follows from facts is in no plugin's hands.
_COMMAND_OF_EVENT: dict[type[Event], str] = {
    e.OrderPlaced: "place",
    e.LinesParted: "process_paired_lines",
    e.OrderIgnored: "ignore",
    e.OrderRestored: "restore",
    e.OrderPaid: "pay",
    e.OrderAccepted: "accept",
    e.OrderShipped: "ship",
    e.LabelOpened: "ship",  # once it is bought, a veto would cost a label
    e.RestShippedShort: "short_ship_rest",
    e.OrderDispatched: "dispatch",
    e.RestWrittenOff: "write_off_rest",
}
_COMMAND_OF_REASON = {
    "seller": "cancel",
    "refunded": "refund_all",
    "rejected": "reject",
    "lost": "give_up",
}


def command_of(event: Event) -> str:
    """
    Name the command that caused *event*; empty where it follows from a fact.
    """
    if isinstance(event, e.OrderCancelled):
        return _COMMAND_OF_REASON.get(event.reason, "")
    return _COMMAND_OF_EVENT.get(type(event), "")
