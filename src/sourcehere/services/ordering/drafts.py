"""
Orders that sellers write themselves: manual ones, and for the cloud warehouse.
"""

from collections.abc import Sequence

from ...domain.catalog.model import Variant
from ...domain.contacts.model import ContactVersion
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.address import Address
from ...domain.kernel.checks import LINE_UNITS_MAX
from ...domain.kernel.errors import (
    Blocker,
    CommandRefusedError,
    InvalidInputError,
    NotFoundError,
    wrong_role,
)
from ...domain.kernel.ids import ContactId, OrderId, SellerId, VariantId, new_id
from ...domain.kernel.values import frozen
from ...domain.orders.events import OrderCreated
from ...domain.orders.kinds import KINDS, OrderKind
from ...domain.orders.lines import NewItem, NewLine
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.warehouse import WAREHOUSES
from ..base.commands import Given
from ..base.service import Service


@frozen
class Wanted:
    """
    Units of a platform variant.
    """

    variant_id: str
    quantity: int


class Drafts(Service):
    """
    Creates and places manual and cloud-warehouse orders.
    """

    def create_manual(
        self,
        seller_id: str,
        wanted: Sequence[Wanted],
        address: Address,
        *,
        by: Actor,
        number: str = "",
        draws_on_stock: bool = False,
        command_id: str = "",
    ) -> str:
        """
        Draft a manual order: samples, bulk for a physical shop, local stock.

        Args:
            draws_on_stock: Take the seller's cloud stock first.

        Returns:
            The order's id; it is a draft until placed.

        Raises:
            NotFoundError: If a variant is not on sale.

            InvalidInputError: If nothing is wanted, or a quantity is not positive.
        """

        def work(unit: SellerUnit) -> str:
            contact_id = ContactId(new_id())
            unit.write_contact(
                ContactVersion(
                    seller_id=unit.seller_id,
                    contact_id=contact_id,
                    version=1,
                    address=address,
                    recorded_at=unit.now,
                )
            )
            return _create(
                unit,
                OrderKind.MANUAL,
                wanted,
                number=number,
                contact_id=contact_id,
                country=address.country,
                draws_on_stock=draws_on_stock,
                by=by,
            )

        request = (tuple(wanted), address, number, draws_on_stock)
        given = Given(command_id, "create_manual", request)
        return self._once(SellerId(seller_id), given, work, str)

    def create_cloud(
        self,
        seller_id: str,
        warehouse_id: str,
        wanted: Sequence[Wanted],
        *,
        by: Actor,
        number: str = "",
        command_id: str = "",
    ) -> str:
        """
        Draft an order of stock for a cloud warehouse.

        Returns:
            The order's id; it is a draft until placed.

        Raises:
            NotFoundError: If there is no such warehouse, or a variant is not on sale.

            InvalidInputError: If nothing is wanted, or a quantity is not positive.
        """

        def work(unit: SellerUnit) -> str:
            warehouse = unit.need(WAREHOUSES, warehouse_id)
            return _create(
                unit,
                OrderKind.CLOUD,
                wanted,
                number=number,
                country=warehouse.country,
                warehouse=warehouse_id,
                draws_on_stock=False,
                by=by,
            )

        request = (warehouse_id, tuple(wanted), number)
        given = Given(command_id, "create_cloud", request)
        return self._once(SellerId(seller_id), given, work, str)

    def place(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Place a draft: from now on it waits for payment.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If it is no draft, or a cloud-warehouse order has fewer
                units of a variant than its minimum.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            pay_by = unit.now + self._settings.pay_within
            if KINDS[order.kind].is_bought_in_bulk:
                _require_minimum(unit, order)
            order.place(by=by, at=unit.now, pay_by=pay_by)
            return order.state

        given = Given(command_id, "place", order_id)
        return self._once(SellerId(seller_id), given, work, str)


def _create(
    unit: SellerUnit,
    kind: OrderKind,
    wanted: Sequence[Wanted],
    *,
    number: str,
    country: str,
    draws_on_stock: bool,
    by: Actor,
    contact_id: ContactId = ContactId(""),  # noqa: B008 - a NewType of a text
    warehouse: str = "",
) -> str:
    _require_seller(by)
    variants = _variants_on_sale(unit, wanted)
    order_id = OrderId(new_id())
    order = Order(seller_id=unit.seller_id, order_id=order_id, kind=kind.value)
    order.create(
        OrderCreated(
            state="",
            kind=kind.value,
            number=number or order_id,
            currency=unit.seller.currency,
            contact_id=contact_id,
            country=country,
            warehouse=warehouse,
            draws_on_stock=draws_on_stock,
            lines=tuple(
                _line(number, units, variants[units.variant_id])
                for number, units in enumerate(wanted, start=1)
            ),
            by=by,
            occurred_at=unit.now,
        )
    )
    unit.orders.add(order_id, order)
    return order_id


def _require_seller(by: Actor) -> None:
    if by.role != Role.SELLER:
        raise CommandRefusedError(
            kind="order",
            id="",
            command="create",
            blockers=[wrong_role("create", by, roles=[Role.SELLER])],
        )


def _variants_on_sale(unit: SellerUnit, wanted: Sequence[Wanted]) -> dict[str, Variant]:
    if not wanted:
        raise InvalidInputError(field="wanted", value=(), expected="at least one")
    for units in wanted:
        # JSON callers may send 1.5, whatever the types say.
        is_whole = isinstance(units.quantity, int)
        if not is_whole or not 0 < units.quantity <= LINE_UNITS_MAX:
            raise InvalidInputError(
                field=f"wanted: {units.variant_id}",
                value=units.quantity,
                expected=f"positive, and at most {LINE_UNITS_MAX}",
            )
    names = sorted({units.variant_id for units in wanted})
    found = {v.variant_id: v for v in unit.many(VARIANTS, [(n,) for n in names])}
    for name in names:
        variant = found.get(VariantId(name))
        if variant is None or not variant.is_sold:
            raise NotFoundError(kind="variant on sale", id=name)
    return {str(name): variant for name, variant in found.items()}


def _line(number: int, units: Wanted, variant: Variant) -> NewLine:
    return NewLine(
        external_line_id=str(number),
        sku=variant.sku,
        title=variant.title,
        quantity=units.quantity,
        items=(NewItem(variant.variant_id, units.quantity),),
    )


def _require_minimum(unit: SellerUnit, order: Order) -> None:
    totals: dict[str, int] = {}
    for item in order.items.values():
        totals[item.variant_id] = totals.get(item.variant_id, 0) + item.quantity
    short = [
        Blocker(
            "below_minimum",
            f"{v.sku}: {totals[v.variant_id]} ordered, the minimum is {v.quantity_min}",
            {"sku": v.sku, "ordered": totals[v.variant_id], "minimum": v.quantity_min},
        )
        for v in unit.many(VARIANTS, [(name,) for name in totals])
        if totals[v.variant_id] < v.quantity_min
    ]
    if short:
        raise CommandRefusedError(
            kind="order", id=order.order_id, command="place", blockers=short
        )
