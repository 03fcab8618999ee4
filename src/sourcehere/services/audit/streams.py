"""
Streams: every one has its row and all its events, and what connections, quote requests,
disputes and calls for help name is there.
"""

from collections.abc import Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from ...domain.effects.model import Channel
from ...domain.kernel.ids import OrderId
from ...domain.orders.machine import UNPAID_STATES
from ...domain.pairing.model import Connection, HelpState
from ...ports.storage import Key, Row, Value
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.effects import OUTBOX_LANE
from ...unit.tables.events import EVENTS
from ...unit.tables.orders import ORDERS
from ...unit.tables.pairing import CONNECTED_SKUS, CONNECTIONS, HELP_REQUESTS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ..base.batches import batches
from .batch import MessageRow, OrderBatch
from .rows import each_plain, each_row, found_under, got, missing, pages
from .scope import Scope

ORDER = "order"


_EVENT = ("stream_id", "sequence", "stream")
_sequence = itemgetter(1)


def check_events(scope: Scope) -> None:
    """
    Add up the events of every stream, by its kind and id.
    """
    tally = scope.tallies.streams
    events = each_plain(scope.unit, EVENTS, scope.seller_id, _EVENT)
    for (name, kind), group in groupby(events, key=itemgetter(0, 2)):
        numbers = list(map(_sequence, group))
        tally.compute(f"{kind} {name}", len(numbers), sum(numbers), numbers[-1])


def check_versions(scope: Scope, batch: OrderBatch) -> None:
    """
    Add up the versions of orders.
    """
    for order in batch.orders:
        store_version(scope, ORDER, order.order_id, order.version)


def store_version(scope: Scope, kind: str, name: str, version: int) -> None:
    """
    Take in how many events an aggregate has by its version.
    """
    numbers = version * (version + 1) // 2
    scope.tallies.streams.store(f"{kind} {name}", version, numbers, version)


def check_connections(scope: Scope) -> None:
    """
    Check connections, the jobs that they asked for, and the SKUs that they pair.
    """
    for rows in batches(
        chain.from_iterable(pages(scope.unit, CONNECTIONS, scope.seller_id))
    ):
        batch = [CONNECTIONS.from_row(row) for row in rows]
        stores = scope.unknown_stores({c.store_id for c in batch})
        variants = scope.unknown_variants(
            {n for c in batch if c.is_active for n in _variants(c)}
        )
        for connection in batch:
            name = connection.connection_id
            store_version(scope, "connection", name, connection.version)
        for invariant in ("its_variant_is_there", "its_store_is_there"):
            scope.findings.looked(invariant, len(batch))
        if stores or variants:
            _tell_gone(scope, batch, stores, variants)
        _check_jobs(scope, batch)
        _check_skus(scope, batch, rows)
    _check_owners(scope)


def _tell_gone(
    scope: Scope, batch: Sequence[Connection], stores: set[str], variants: set[str]
) -> None:
    """
    Tell of connections to *stores* or *variants*, which are not there.
    """
    for connection in batch:
        subject = f"connection {connection.connection_id}"
        gone = sorted(set(_variants(connection)) & variants)
        if connection.is_active and gone:
            words = f"there are no variants {', '.join(gone)}"
            scope.findings.found("its_variant_is_there", subject, words, variants=gone)
        if connection.store_id in stores:
            words = f"there is no store {connection.store_id}"
            scope.findings.found(
                "its_store_is_there", subject, words, store=connection.store_id
            )


def _variants(connection: Connection) -> list[str]:
    return [
        str(item.variant_id) for rule in connection.rules for item in rule.every_item
    ]


def _check_jobs(scope: Scope, batch: Sequence[Connection]) -> None:
    lanes: list[Key] = [
        (scope.seller_id, Channel.JOB.value, c.connection_id) for c in batch
    ]
    jobs = {job.key for job in found_under(scope.unit, OUTBOX_LANE, lanes, MessageRow)}
    scope.findings.looked("no_job_is_lost", sum(c.version for c in batch))
    for connection in batch:
        for version in range(1, connection.version + 1):
            key = f"{connection.connection_id}:{version}"
            if key not in jobs:
                scope.findings.found(
                    "no_job_is_lost",
                    key,
                    "no order is asked to follow this change of a connection",
                    connection=connection.connection_id,
                    version=version,
                )


_SKUS = "connected_skus_follow_connections"
_RULES = CONNECTIONS.table.position["rules"]
# What both say, in the order of `PairedRow`.
_SAYS = tuple(
    CONNECTIONS.table.position[name]
    for name in ("connection_id", "version", "method", "methods")
)


def _check_skus(scope: Scope, batch: Sequence[Connection], rows: Sequence[Row]) -> None:
    """
    Check that the SKUs of connections that hold are paired as they say.

    The rule of a connection that has one is written alike in both, and need not be
    read of both.
    """
    said: dict[tuple[str, str], tuple[Value, ...]] = {}
    for connection, row in zip(batch, rows, strict=True):
        only = str(row[_RULES])[1:-1] if len(connection.rules) == 1 else ""
        for rule in connection.rules if connection.is_active else ():
            place = (str(connection.store_id), rule.key)
            said[place] = (*(row[column] for column in _SAYS), only)
    keys: list[Key] = [(scope.seller_id, *place) for place in sorted(said)]
    stored = got(scope.unit, CONNECTED_SKUS, keys, PairedRow)
    scope.saw("connected_sku", len(stored))
    written = {(sku.store_id, sku.sku_key): sku[2:] for sku in stored}
    doubtful = {place for place, says in said.items() if written.get(place) != says}
    scope.findings.looked(_SKUS, len(said) - len(doubtful))
    if doubtful:
        _look_closely(scope, batch, doubtful)


def _look_closely(
    scope: Scope, batch: Sequence[Connection], places: set[tuple[str, str]]
) -> None:
    """
    Check SKUs that are not obviously paired as connections say.
    """
    computed = {
        (str(connection.store_id), rule.key): (
            connection.connection_id,
            connection.version,
            connection.method,
            connection.methods,
            rule,
        )
        for connection in batch
        if connection.is_active
        for rule in connection.rules
        if (str(connection.store_id), rule.key) in places
    }
    keys = [(scope.seller_id, *place) for place in sorted(computed)]
    stored = {
        (str(sku.store_id), sku.sku_key): (
            sku.connection_id,
            sku.connection_version,
            sku.method,
            sku.methods,
            sku.rule,
        )
        for sku in scope.unit.many(CONNECTED_SKUS, keys)
    }
    for place, wanted in computed.items():
        scope.findings.equal(
            _SKUS, "/".join(place), stored=stored.get(place), computed=wanted
        )


def _check_owners(scope: Scope) -> None:
    """
    Check that every SKU that is paired is of a connection that pairs it.

    Every SKU of every connection was seen to be there: only where there are more of
    them are their connections asked.
    """
    rows = each_row(scope.unit, CONNECTED_SKUS, scope.seller_id, SkuRow)
    if sum(1 for _ in rows) == scope.seen.get("connected_sku", 0):
        return
    for skus in batches(each_row(scope.unit, CONNECTED_SKUS, scope.seller_id, SkuRow)):
        names = sorted({(scope.seller_id, sku.connection_id) for sku in skus})
        owners = {
            str(c.connection_id): {rule.key for rule in c.rules}
            for c in scope.unit.many(CONNECTIONS, names)
            if c.is_active
        }
        for sku in skus:
            if sku.sku_key not in owners.get(sku.connection_id, ()):
                scope.findings.found(
                    _SKUS,
                    f"{sku.store_id}/{sku.sku_key}",
                    f"no connection {sku.connection_id} pairs it",
                    connection=sku.connection_id,
                )


class PairedRow(NamedTuple):
    """
    How a SKU is paired, as it is written.
    """

    store_id: str
    sku_key: str
    connection_id: str
    connection_version: int
    method: str
    methods: str
    rule: str


class SkuRow(NamedTuple):
    """
    What is looked at of a SKU that is paired.
    """

    store_id: str
    sku_key: str
    connection_id: str


class HelpRow(NamedTuple):
    """
    What is looked at of a call for help.
    """

    help_id: str
    order_id: str
    state: str


class QuoteRow(NamedTuple):
    """
    What is looked at of a quote request.
    """

    request_id: str
    order_id: str
    version: int


class DisputeRow(NamedTuple):
    """
    What is looked at of a dispute.
    """

    dispute_id: str
    order_id: str
    version: int


def check_questions(scope: Scope) -> None:
    """
    Check that quote requests, disputes and calls for help are about orders that are
    there.
    """
    for page in batches(
        each_row(scope.unit, QUOTE_REQUESTS, scope.seller_id, QuoteRow)
    ):
        for quote in page:
            store_version(scope, "quote_request", quote.request_id, quote.version)
        named = [(f"quote_request {q.request_id}", q.order_id) for q in page]
        _check_orders(scope, named)
    for found in batches(each_row(scope.unit, DISPUTES, scope.seller_id, DisputeRow)):
        for dispute in found:
            store_version(scope, "dispute", dispute.dispute_id, dispute.version)
        _check_orders(scope, [(f"dispute {d.dispute_id}", d.order_id) for d in found])
    for calls in batches(each_row(scope.unit, HELP_REQUESTS, scope.seller_id, HelpRow)):
        _check_orders(scope, [(f"help_request {c.help_id}", c.order_id) for c in calls])
        _check_help(scope, [call for call in calls if call.state == HelpState.OPEN])


def _check_help(scope: Scope, calls: Sequence[HelpRow]) -> None:
    """
    Check that open calls are about orders that can be paired anew.
    """
    names = sorted({(scope.seller_id, call.order_id) for call in calls})
    states = {o.order_id: o.state for o in scope.unit.many(ORDERS, names)}
    for call in calls:
        state = states.get(OrderId(call.order_id), "")
        scope.findings.check(
            "help_is_wanted_while_it_waits",
            f"help_request {call.help_id}",
            holds=not state or state in UNPAID_STATES,
            words=f"order {call.order_id} is {state}, and needs no help",
            state=state,
        )


def _check_orders(scope: Scope, named: Sequence[tuple[str, str]]) -> None:
    scope.findings.looked("its_order_is_there", len(named))
    keys = {(scope.seller_id, order) for _, order in named if order}
    gone = missing(scope.unit, ORDERS, keys)
    for subject, order in named if gone else ():
        if (scope.seller_id, order) in gone:
            words = f"there is no order {order}"
            scope.findings.found("its_order_is_there", subject, words, order=order)
