"""
What must be so when everybody has been told everything.
"""

from collections import Counter
from collections.abc import Iterator

from ...domain.effects.machine import SENDING
from ...domain.kernel.ids import OrderId, SellerId
from ...services.intake.supplying import ended_by_store
from ...unit.tables.effects import ATTEMPTS, OUTBOX
from ...unit.tables.orders import LINES, ORDERS
from ...unit.tables.pairing import CONNECTIONS
from ...unit.tables.shipments import PARCELS
from ...unit.tables.wallet import WALLETS
from ..rows import dump
from .card_checks import check_cards, moved_for
from .dispute_checks import check_disputed_units, check_disputes, check_refunds
from .far import check_supplements, supplements
from .home_checks import check_homes, check_served
from .keeping_checks import check_drafts, check_erased
from .label_checks import check_labels
from .quote_checks import (
    check_offers,
    check_prices,
    check_quoted_connections,
    check_quotes,
)
from .reship_checks import check_reships
from .shelf_checks import check_holds, check_receipts
from .stock_checks import check_back, check_counts, check_lots, check_on_hand
from .tracking_checks import asked_facts, check_tracking
from .world import World
from .wrong import WrongError

_FOLLOWING = ("unrecognized", "awaiting_payment")
_UNPAID = ("unrecognized", "awaiting_payment", "ignored")


def check(world: World) -> None:
    """
    Hold what is stored against what people were told.

    Raises:
        WrongError: If anything is not as it must be.
    """
    found = [
        *(f"{shop}: told twice of {words}" for shop, words in _doubled(world)),
        *_messages(world),
        *_money(world),
        *check_cards(world),
        *check_labels(world),
        *check_disputes(world),
        *check_disputed_units(world),
        *check_refunds(world),
        *check_reships(world),
        *check_quotes(world),
        *check_quoted_connections(world),
        *check_prices(world),
        *check_offers(world),
        *_parcels(world),
        *check_tracking(world),
        *_units(world),
        *_lines(world),
        *_connections(world),
        *check_drafts(world),
        *check_erased(world),
        *check_homes(world),
        *check_served(world),
        *check_receipts(world),
        *check_holds(world),
        *check_lots(world),
        *check_counts(world),
        *check_back(world),
        *check_on_hand(world),
        *_audit(world),
    ]
    if found:
        raise WrongError("; ".join(found[:8]))


def _doubled(world: World) -> Iterator[tuple[str, str]]:
    for name, shop in world.shops.items():
        for words in shop.doubled:
            yield name, words


def _messages(world: World) -> Iterator[str]:
    rows = dump(world.storage, [OUTBOX.table, ATTEMPTS.table])
    given_up: set[str] = set()
    for message in map(OUTBOX.from_row, rows[OUTBOX.table.name]):
        if message.state == SENDING:
            yield f"message {message.message_id} is being sent for ever"
        if message.state in ("superseded", "discarded"):
            given_up.add(message.message_id)
    for attempt in map(ATTEMPTS.from_row, rows[ATTEMPTS.table.name]):
        is_unsent = attempt.state == "planned" and attempt.message_id in given_up
        if attempt.state in ("planned", "sending") and not is_unsent:
            yield f"attempt of {attempt.message_id} is {attempt.state} for ever"


def _money(world: World) -> Iterator[str]:
    """
    What was topped up or given is in the wallet, or was paid and did not come back;
    what banks took back is gone, or owed.
    """
    rows = dump(world.storage, [ORDERS.table, WALLETS.table])
    spent = dict.fromkeys(world.sellers, 0)
    paid = dict(world.truth.paid)
    for place, minor in supplements(world.storage).items():
        paid[place] = paid.get(place, 0) + minor
    for order in map(ORDERS.from_row, rows[ORDERS.table.name]):
        place = (order.seller_id, order.order_id)
        told = paid.pop(place, 0)
        if order.captured_minor != told:
            yield f"order {order.order_id}: {order.captured_minor} taken, {told} told"
        spent[order.seller_id] += told - order.refunded_minor
    yield from check_supplements(world.storage)
    if paid:
        yield f"paid, and not there: {sorted(paid)[:3]}"
    given = Counter[str]()
    for (seller, _), minor in world.truth.given.items():
        given[seller] += minor
    for wallet in map(WALLETS.from_row, rows[WALLETS.table.name]):
        seller = wallet.seller_id
        came = world.truth.topped_up[seller] + given[seller]
        came += moved_for(world, seller)
        there = wallet.available + wallet.held + wallet.debt
        if there != came - spent[seller]:
            yield f"wallet of {seller}: {there}, not {came - spent[seller]}"


def _parcels(world: World) -> Iterator[str]:
    """
    Every parcel that left is there once, as its clerk and its carrier know it; and its
    shop was told that last.
    """
    truth, asked = dict(world.truth.parcels), asked_facts(world)
    rows = dump(world.storage, [PARCELS.table, ORDERS.table])
    orders = {o.order_id: o for o in map(ORDERS.from_row, rows[ORDERS.table.name])}
    for parcel in map(PARCELS.from_row, rows[PARCELS.table.name]):
        known = truth.pop(parcel.parcel_id, None)
        if known is None:
            yield f"parcel {parcel.parcel_id} was never sent by anybody"
            continue
        if bool(parcel.replaced_by) != known.is_replaced:
            yield f"parcel {parcel.parcel_id} is replaced: {not known.is_replaced}"
        if known.is_replaced:
            continue
        if parcel.tracking_number != known.number:
            number = parcel.tracking_number
            yield f"parcel {parcel.parcel_id} is {number}, not {known.number}"
        status = known.status(asked.get(parcel.parcel_id, ()))
        if parcel.status != status:
            yield f"parcel {parcel.parcel_id} is {parcel.status}, not {status}"
        if orders[parcel.order_id].store_id:
            told = world.shops[parcel.seller_id].last_told(parcel.parcel_id)
            if told != known.number and known.number not in known.untold:
                yield f"the shop was told {told!r} of parcel {known.number}"
    if truth:
        yield f"parcels that left are not there: {sorted(truth)[:3]}"


def _units(world: World) -> Iterator[str]:
    """
    No shop was told of more units than its customers ordered at any time.
    """
    for seller, shop in world.shops.items():
        for name in dict.fromkeys(n.external_id for n in shop.taken.values()):
            for line, units in shop.units_sent(name).items():
                most = shop.most[name, line]
                if units > most:
                    yield f"{seller} {(name, line)}: {units} sent of {most}"


def _lines(world: World) -> Iterator[str]:
    """
    What is connected is recognized; what is not paid is what the shop wants.
    """
    rows = dump(world.storage, [CONNECTIONS.table, ORDERS.table, LINES.table])
    connected = {
        (c.seller_id, rule.key)
        for c in map(CONNECTIONS.from_row, rows[CONNECTIONS.table.name])
        for rule in c.rules
        if c.is_active
    }
    orders = {
        (o.seller_id, o.order_id): o
        for o in map(ORDERS.from_row, rows[ORDERS.table.name])
    }
    parts: dict[tuple[str, str], list[tuple[str, int]]] = {}
    unpaid: dict[tuple[str, str], bool] = {}
    for order in orders.values():
        if order.external_id.startswith("lie-"):
            yield f"order {order.order_id} was made of a lie"
        elif order.store_id and not ended_by_store(order):
            place = (order.seller_id, order.external_id)
            parts.setdefault(place, [])
            unpaid[place] = unpaid.get(place, True) and order.state in _UNPAID
    for row in rows[LINES.table.name]:
        line = LINES.from_row(row)
        order = orders[SellerId(str(row[0])), OrderId(str(row[1]))]
        place = (order.seller_id, order.external_id)
        is_connected = (order.seller_id, line.sku.lower()) in connected
        if order.state == "unrecognized" and is_connected and line.is_waiting:
            yield f"order {order.order_id}: {line.sku} is connected, and waits"
        if place in parts and order.store_id and not ended_by_store(order):
            parts[place].append((line.external_line_id, line.quantity))
    for (seller, name), ours in parts.items():
        told = world.shops[seller].orders[name]
        wanted = [(n.external_line_id, n.quantity_wanted) for n in told.lines]
        theirs = [] if told.cancelled else [w for w in wanted if w[1]]
        if unpaid[seller, name] and sorted(ours) != sorted(theirs):
            yield f"shop order {name}: {sorted(ours)} here, {sorted(theirs)} there"


def _connections(world: World) -> Iterator[str]:
    """
    What was told to be connected is, or has ended as it was told; and what is unpaid
    rests on what is connected now.
    """
    rows = dump(world.storage, [CONNECTIONS.table, ORDERS.table, LINES.table])
    found = map(CONNECTIONS.from_row, rows[CONNECTIONS.table.name])
    connections = {str(c.connection_id): c for c in found}
    truth = world.truth
    for (seller, sku), names in truth.connected.items():
        for name in names:
            is_active = name in connections and connections[name].is_active
            if is_active == (name in truth.ended) and name not in _unsure(world):
                yield f"connection {name} of {seller} to {sku} is active: {is_active}"
    orders = map(ORDERS.from_row, rows[ORDERS.table.name])
    unpaid = {(o.seller_id, o.order_id) for o in orders if o.state in _FOLLOWING}
    for row in rows[LINES.table.name]:
        line = LINES.from_row(row)
        if not line.connection_id or (str(row[0]), str(row[1])) not in unpaid:
            continue
        known = connections[line.connection_id]
        if not known.is_active or known.version != line.connection_version:
            yield f"order {row[1]}: {line.sku} rests on what its connection was"


def _unsure(world: World) -> set[str]:
    """
    Return the connections of which nobody knows whether they have ended.
    """
    return world.truth.ending - world.truth.ended


def _audit(world: World) -> Iterator[str]:
    for violation in world.app.audit.run(replay=True).violations:
        yield f"audit: {violation}"
    plan = world.app.repairing.plan()
    if plan.found or plan.changes:
        yield f"repair: {plan.found} found, {plan.changes[:2]} to be changed"
