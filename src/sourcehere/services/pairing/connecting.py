"""
Making and changing connections within a unit of work.
"""

from collections.abc import Iterable, Mapping, Sequence

from ...domain.catalog.model import Variant
from ...domain.effects.model import Channel, MessageKind
from ...domain.kernel.actor import Actor
from ...domain.kernel.countries import country_code
from ...domain.kernel.errors import (
    AlreadyExistsError,
    InvalidInputError,
    NotFoundError,
)
from ...domain.kernel.ids import ConnectionId, ProductId, StoreId, new_id
from ...domain.kernel.values import frozen
from ...domain.pairing.model import (
    ConnectedSku,
    Connection,
    ConnectionChanged,
    ConnectionMade,
    CountryMethod,
)
from ...domain.pairing.rules import MappingRule
from ...ports.storage import RowExistsError
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.pairing import CONNECTED_PRODUCTS, CONNECTED_SKUS, NOT_OURS
from ...unit.tables.stores import STORES
from ..base.batches import unique


@frozen(kw_only=True)
class NewConnection:
    """
    What to connect.

    Attributes:
        listing: The shop's key of its product.

        rules: Store variant by store variant.

        method: The shipping method; empty for the cheapest at each checkout.

        methods: By country, where another one is wanted; empty for the cheapest there.
    """

    store_id: str
    listing: str
    rules: tuple[MappingRule, ...]
    method: str = ""
    methods: tuple[CountryMethod, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """
        Every shipping method that it names.
        """
        return (self.method, *(one.method for one in self.methods))


def by_country(methods: Mapping[str, str]) -> tuple[CountryMethod, ...]:
    """
    Return methods by country as they are kept: `UK` is GB.
    """
    pairs = sorted((country_code(name), code) for name, code in methods.items())
    return tuple(CountryMethod(name, code) for name, code in pairs)


def make_connection(
    unit: SellerUnit, new: NewConnection, product_id: ProductId, *, by: Actor
) -> Connection:
    """
    Connect within a unit of work, and ask for the waiting orders to be tried.

    Raises:
        AlreadyExistsError: If a SKU of *new*, case ignored, is connected already.
    """
    connection_id = ConnectionId(new_id())
    connection = unit.connections.add(
        connection_id, Connection(seller_id=unit.seller_id, connection_id=connection_id)
    )
    connection.make(
        ConnectionMade(
            store_id=StoreId(new.store_id),
            listing=new.listing,
            product_id=product_id,
            method=new.method,
            methods=new.methods,
            rules=new.rules,
            by=by,
            occurred_at=unit.now,
        )
    )
    _write_skus(unit, connection)
    _ask(unit, _kind_of_job(unit, connection), connection, sku_keys(connection))
    return connection


def _kind_of_job(unit: SellerUnit, connection: Connection) -> MessageKind:
    """
    Return what is to be done with orders once a connection is made.

    Those that wait are tried. A more exact rule also takes lines that are paired
    already: one for a variant's id those of its SKU, one for a SKU those of a product.
    """
    is_by_variant = any(rule.external_variant_id for rule in connection.rules)
    is_by_sku = any(rule.sku for rule in connection.rules)
    if is_by_variant or (
        is_by_sku and unit.page(CONNECTED_PRODUCTS, connection.store_id, True, limit=1)
    ):
        return MessageKind.FOLLOW_CONNECTION
    return MessageKind.TRY_WAITING_ORDERS


def _write_skus(unit: SellerUnit, connection: Connection) -> None:
    made = [
        ConnectedSku(
            seller_id=unit.seller_id,
            store_id=connection.store_id,
            sku_key=rule.key,
            connection_id=connection.connection_id,
            connection_version=connection.version,
            method=connection.method,
            methods=connection.methods,
            rule=rule,
        )
        for rule in connection.rules
    ]
    taken = unit.many(CONNECTED_SKUS, [(s.store_id, s.sku_key) for s in made])
    if taken:
        raise AlreadyExistsError(kind="connection of SKU", key=taken[0].rule.name)
    foreign = unit.many(NOT_OURS, [(s.store_id, s.sku_key) for s in made])
    if foreign:
        raise AlreadyExistsError(kind="SKU that is not ours", key=foreign[0].name)
    try:
        unit.session.insert(
            CONNECTED_SKUS.table, [CONNECTED_SKUS.to_row(sku) for sku in made]
        )
    except RowExistsError as error:
        raise AlreadyExistsError(kind="connection of SKU", key=error.key) from error


def _forget_skus(unit: SellerUnit, connection: Connection) -> None:
    keys = [(connection.store_id, sku) for sku in sku_keys(connection)]
    unit.delete(CONNECTED_SKUS, keys)


def sku_keys(connection: Connection) -> list[str]:
    """
    List the SKUs, or the shop's ids, that a connection is about, as they are compared.
    """
    return [rule.key for rule in connection.rules]


def change_connection(
    unit: SellerUnit, connection: Connection, change: ConnectionChanged
) -> list[str]:
    """
    Change a connection within a unit of work, and queue the job by which unpaid orders
    follow.

    Returns:
        The SKUs, as compared, whose lines have to follow.

    Raises:
        InvalidInputError: If *change* maps nothing, or twice.
    """
    before = [(connection.store_id, sku) for sku in sku_keys(connection)]
    connection.change(change)
    unit.delete(CONNECTED_SKUS, before)
    _write_skus(unit, connection)
    skus = unique([*(sku for _, sku in before), *sku_keys(connection)])
    _ask(unit, MessageKind.FOLLOW_CONNECTION, connection, skus)
    return skus


def remove_connection(
    unit: SellerUnit, connection: Connection, *, by: Actor
) -> list[str]:
    """
    End a connection within a unit of work, and queue the job by which unpaid orders
    follow.

    Returns:
        The SKUs, as compared, whose lines have to follow.

    Raises:
        CommandRefusedError: If it has ended, or *by* may not.
    """
    connection.remove(by=by, at=unit.now)
    _forget_skus(unit, connection)
    skus = sku_keys(connection)
    _ask(unit, MessageKind.FOLLOW_CONNECTION, connection, skus)
    return skus


def _ask(
    unit: SellerUnit, kind: MessageKind, connection: Connection, skus: Sequence[str]
) -> None:
    """
    Queue a job about the orders with *skus*; the relay does it after the commit.
    """
    unit.tell(
        Channel.JOB,
        kind,
        lane=connection.connection_id,
        position=connection.version,
        subject=connection.connection_id,
        key=f"{connection.connection_id}:{connection.version}",
        payload={"skus": list(skus), "store_id": connection.store_id},
    )


def name_of(new: NewConnection) -> str:
    """
    Return the name that a bulk report has for a new connection.
    """
    return f"{new.store_id}/{new.listing}"


def variants_on_sale(unit: SellerUnit, wanted: Iterable[str]) -> dict[str, Variant]:
    """
    Read variants by id.

    Raises:
        NotFoundError: If one is not there, or not sold any more.
    """
    names = sorted(wanted)
    found = {v.variant_id: v for v in unit.many(VARIANTS, [(n,) for n in names])}
    for name in names:
        variant = found.get(name)  # type: ignore[call-overload]  # any text may be asked
        if variant is None or not variant.is_sold:
            raise NotFoundError(kind="variant on sale", id=name)
    return {str(name): variant for name, variant in found.items()}


def lock_store(unit: SellerUnit, store_id: str) -> None:
    """
    Let no order of the store be imported meanwhile: it would be paired as before.

    Raises:
        NotFoundError: If the seller has no such store.
    """
    unit.need(STORES, store_id, lock=True)


def products_of(unit: SellerUnit, new: Sequence[NewConnection]) -> dict[str, ProductId]:
    """
    Return the platform product of each new connection, by name; its store is locked.

    Raises:
        NotFoundError: If a store or variant is not there.

        InvalidInputError: If one maps nothing.
    """
    for store_id in sorted({one.store_id for one in new}):
        lock_store(unit, store_id)
    names = {name for one in new for rule in one.rules for name in rule.variant_ids}
    variants = variants_on_sale(unit, names)
    products: dict[str, ProductId] = {}
    for one in new:
        mapped = [i for rule in one.rules for i in rule.items]
        if not mapped:
            raise InvalidInputError(field="rules", value=one.rules, expected="items")
        products[name_of(one)] = variants[mapped[0].variant_id].product_id
    return products
