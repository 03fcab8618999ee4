"""
What belongs to the platform: its catalogue, circuits and workers; and sellers whose own
row is gone.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from ...domain.catalog.changes import said_of
from ...domain.catalog.model import Product, Variant, search_words
from ...domain.effects.model import Channel
from ...domain.kernel.skus import comparison_key
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.records import Records
from ...unit.tables.catalog import (
    ENTRIES_OF,
    PRODUCT_WORDS,
    PRODUCTS,
    VARIANTS,
    VARIANTS_BY_PRODUCT,
)
from ...unit.tables.effects import CIRCUITS, OUTBOX_LANE, WORKERS
from ...unit.tables.events import EVENTS
from ...unit.tables.freight import PROVIDERS
from ...unit.tables.orders import ORDERS
from ...unit.tables.sellers import SALESMEN, SELLERS
from ...unit.tables.stores import STORES
from ...unit.tables.wallet import LEDGER, WALLETS
from ...unit.tables.warehouse import WAREHOUSES
from ..base.batches import batches
from .batch import MessageRow
from .findings import Findings
from .rows import each_row, found_under, missing

_OF_SELLERS = (SELLERS, WALLETS, STORES, ORDERS, EVENTS, LEDGER)
_PROVIDERS = frozenset({"carrier", "payment"})
_HIGHEST = "\U0010ffff"
_LONGEST_REST = timedelta(days=31)  # a shop may ask for a day's patience at most


class VariantRow(NamedTuple):
    """
    What is looked at of a variant for itself.
    """

    variant_id: str
    product_id: str
    sku: str
    sku_key: str
    is_sold: int


def sellers_of(unit: Unit) -> list[str]:
    """
    List every seller that has a row anywhere that matters.
    """
    return sorted({name for records in _OF_SELLERS for name in _leads(unit, records)})


def _leads(unit: Unit, records: Records[Any]) -> Iterator[str]:
    """
    Go through the sellers of a table, without reading their other rows.
    """
    table = records.table
    rest = tuple(
        _HIGHEST if table.columns[table.position[name]].kind.value == "text" else 2**62
        for name in table.key[1:]
    )
    after: Key | None = None
    while True:
        rows = unit.session.page(
            table.primary, (), after=after, until=None, limit=1, descending=False
        )
        if not rows:
            return
        name = str(rows[0][table.position["seller_id"]])
        yield name
        after = (name, *rest)


def check_catalog(unit: Unit, findings: Findings) -> None:
    """
    Check that variants have products, and are found by what they are called.
    """
    for batch in batches(each_row(unit, VARIANTS, None, VariantRow)):
        keys: list[Key] = [(v.product_id,) for v in batch]
        gone = missing(unit, PRODUCTS, keys)
        for invariant in ("variant_has_its_product", "variant_is_found_by_its_sku"):
            findings.looked(invariant, len(batch))
        for variant in batch:
            if (variant.product_id,) in gone:
                findings.found(
                    "variant_has_its_product",
                    variant.variant_id,
                    f"there is no product {variant.product_id}",
                    product=variant.product_id,
                )
            key = comparison_key(variant.sku)
            if variant.sku_key != key:
                findings.differs(
                    "variant_is_found_by_its_sku",
                    variant.variant_id,
                    stored=variant.sku_key,
                    computed=key,
                )
        _check_dropped(unit, findings, [v.variant_id for v in batch if not v.is_sold])
    for products in batches(unit.each(PRODUCTS.primary)):
        names = [(p.product_id,) for p in products]
        variants = unit.find(VARIANTS_BY_PRODUCT, names)
        _check_words(unit, findings, products, variants)
        _check_changes(unit, findings, [*products, *variants])


def _check_dropped(unit: Unit, findings: Findings, dropped: Sequence[str]) -> None:
    """
    Check that sellers are asked to do without what is sold no more.
    """
    lanes: list[Key] = [("", Channel.JOB.value, name) for name in dropped]
    asked = {job.lane for job in found_under(unit, OUTBOX_LANE, lanes, MessageRow)}
    for name in dropped:
        findings.check(
            "no_job_is_lost",
            name,
            holds=name in asked,
            words="nobody is asked to do without this variant",
            variant=name,
        )


def _check_changes(
    unit: Unit, findings: Findings, subjects: Sequence[Product | Variant]
) -> None:
    """
    Check that every field is as it was changed last; prices may have gone on since.
    """
    by_id: dict[str, Product | Variant] = {}
    for one in subjects:
        by_id[one.variant_id if isinstance(one, Variant) else one.product_id] = one
    names = [(one.product_id,) for one in subjects if isinstance(one, Product)]
    last = {
        (entry.variant_id or entry.product_id, entry.field): entry
        for entry in unit.find(ENTRIES_OF, names)
        if entry.field != "prices"
    }
    for (name, field), entry in sorted(last.items()):
        subject = by_id.get(name)
        findings.check(
            "catalog_is_as_changed",
            f"{name} {field}",
            holds=subject is not None and said_of(subject, field) == entry.after,
            words=f"{field} was changed to {entry.after!r} last, and is not that",
            entry=entry.entry_id,
        )


def _check_words(
    unit: Unit,
    findings: Findings,
    products: Sequence[Product],
    variants: Sequence[Variant],
) -> None:
    texts = {p.product_id: [p.title] for p in products}
    for variant in variants:
        texts[variant.product_id] += [
            variant.sku,
            variant.title,
            *variant.options.values(),
        ]
    keys: list[Key] = [
        (word, name) for name, said in texts.items() for word in search_words(*said)
    ]
    lost = missing(unit, PRODUCT_WORDS, keys)
    findings.looked("product_is_found_by_its_words", len(products))
    for word, name in sorted(lost):
        findings.found(
            "product_is_found_by_its_words",
            str(name),
            f"it is not found by {word!r}",
            word=word,
        )


def check_circuits(unit: Unit, findings: Findings) -> None:
    """
    Check that connections in trouble are there, and asked again before long.
    """
    for circuit in unit.each(CIRCUITS.primary):
        name = circuit.connection
        places: list[Key] = [
            (name[:at], name[at + 1 :]) for at, sign in enumerate(name) if sign == "/"
        ]
        is_plugin = name.startswith(f"{Channel.PLUGIN}:")
        is_provider = _is_provider(unit, name)
        findings.check(
            "circuit_is_of_a_connection",
            name,
            holds=is_plugin
            or is_provider
            or len(missing(unit, STORES, places)) < len(places),
            words="there is no such connection",
        )
        findings.check(
            "circuit_rests_briefly",
            name,
            holds=circuit.next_at <= unit.now + _LONGEST_REST,
            words=f"{circuit.state}; nothing is sent before {circuit.next_at}",
            next_at=circuit.next_at,
        )


def _is_provider(unit: Unit, name: str) -> bool:
    head, _, connection = name.partition(":")
    return head in _PROVIDERS and unit.get(PROVIDERS, connection) is not None


def check_workers(unit: Unit, findings: Findings) -> None:
    """
    Check that what workers say of themselves can be.
    """
    for beat in unit.each(WORKERS.primary):
        last = beat.seen_at if beat.stopped_at is None else beat.stopped_at
        findings.check(
            "worker_lived_forward",
            beat.worker,
            holds=beat.started_at <= min(beat.seen_at, last),
            words=f"started {beat.started_at}, seen {beat.seen_at},"
            f" stopped {beat.stopped_at}",
            started_at=beat.started_at,
            seen_at=beat.seen_at,
        )


def check_warehouses(unit: Unit, findings: Findings) -> None:
    """
    Check that warehouses ask for no fee below nothing: it would be paid out.
    """
    for warehouse in unit.each(WAREHOUSES.primary):
        name, fees = warehouse.warehouse_id, warehouse.handling_minor
        below = sorted(currency for currency, fee in fees.items() if fee < 0)
        findings.check(
            "warehouse_fee_is_possible",
            name,
            holds=not below,
            words=f"its fee is below nothing in {', '.join(below)}",
            fees=fees,
        )


def check_salesmen(unit: Unit, findings: Findings) -> None:
    """
    Check that whoever serves a seller is known.
    """
    for page in batches(unit.each(SELLERS.primary)):
        names = {(seller.salesman_id,) for seller in page if seller.salesman_id}
        gone = missing(unit, SALESMEN, names)
        for seller in page:
            findings.check(
                "its_salesman_is_there",
                f"seller {seller.seller_id}",
                holds=(seller.salesman_id,) not in gone,
                words=f"there is no salesman {seller.salesman_id}",
                salesman=seller.salesman_id,
            )
