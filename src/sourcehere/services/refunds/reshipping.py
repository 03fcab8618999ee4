"""
Sending disputed units again: an order of their own, free of charge, that names its
origin.

What was paid for the units stays with the origin, where they can be disputed again once
they have left again; so no money moves here, and no unit is refunded by two orders.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from ...domain.contacts.model import ContactVersion
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import DisputeReason, Remedy, remedy_blockers
from ...domain.disputes.windows import Claimable
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import ContactId, ItemId, OrderId, new_id
from ...domain.kernel.words import counted
from ...domain.orders.events import ReshipCreated
from ...domain.orders.kinds import KINDS, OrderKind
from ...domain.orders.lines import Item, NewItem, NewLine
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.contacts import CONTACTS
from ...unit.tables.orders import ORDERS_OF_ORIGIN
from ..base.promising import promised, promises_to
from ..base.settings import Settings


def reships_of(
    unit: SellerUnit, order_id: str, *, lock: bool = False
) -> Sequence[Order]:
    """
    Return the orders that send units of another one again, oldest first.
    """
    named = unit.find(ORDERS_OF_ORIGIN, [(order_id,)])
    return unit.orders.load([one.order_id for one in named], lock=lock)


def origin_item(reship: Order, item_id: str) -> str:
    """
    Return the item of the origin whose units an item of *reship* sends again.
    """
    line = reship.lines[reship.items[ItemId(item_id)].line - 1]
    return line.external_line_id


def units_again(reship: Order) -> Counter[str]:
    """
    Count the units of each item of its origin that *reship* sent, or is to send.
    """
    return _by_origin(reship, lambda item: item.quantity - item.quantity_cancelled)


def _waiting_again(reships: Sequence[Order]) -> Counter[str]:
    """
    Count the units of each item of the origin that are to be sent again, and have not
    left.
    """
    found: Counter[str] = Counter()
    for reship in reships:
        found += _by_origin(reship, lambda item: item.quantity_left)
    return found


def _by_origin(reship: Order, units: Callable[[Item], int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, item in reship.items.items():
        found[origin_item(reship, name)] += units(item)
    return +found


def waiting_blockers(
    quantities: Mapping[str, int],
    claimable: Mapping[str, Claimable],
    reships: Sequence[Order],
) -> tuple[Blocker, ...]:
    """
    Refuse to dispute units that are to be sent again, and have not left.
    """
    waiting = _waiting_again(reships)
    found: list[Blocker] = []
    for name, quantity in quantities.items():
        units = claimable.get(name, Claimable())
        left = units.in_window + units.out_of_window
        if not waiting[name] or quantity <= left:
            continue
        words = (
            f"item {name}: {counted(quantity, 'unit')} asked, but {waiting[name]} are"
            f" to be sent again and have not left; {left} can be disputed"
        )
        facts: dict[str, str | int] = {
            "item": name,
            "asked": quantity,
            "left": left,
            "again": waiting[name],
        }
        found.append(Blocker("units_sent_again", words, facts))
    return tuple(found)


def reship_blockers(
    unit: SellerUnit, order: Order, reason: DisputeReason
) -> tuple[Blocker, ...]:
    """
    Return every reason why units of *order* cannot be sent again; empty if they can.
    """
    found = [*remedy_blockers(reason, Remedy.RESHIP)]
    if not KINDS[order.kind].goes_to_customer:
        label = KINDS[order.kind].label.lower()
        words = f"nothing of a {label} is sent to a customer; refund it instead"
        found.append(Blocker("not_for_this_kind", words, {"kind": order.kind}))
    elif _contact_of(unit, order).erased_at is not None:
        words = "its buyer was forgotten: nobody knows where to send it; refund instead"
        found.append(Blocker("buyer_erased", words))
    return tuple(found)


def require_reshippable(
    unit: SellerUnit, order: Order, dispute: Dispute, command: str
) -> None:
    """
    Refuse to send the units of *dispute* again where that cannot be.

    Raises:
        CommandRefusedError: With every blocker.
    """
    found = reship_blockers(unit, order, DisputeReason(dispute.reason))
    if found:
        raise CommandRefusedError(
            kind="dispute", id=dispute.dispute_id, command=command, blockers=found
        )


def reship(
    unit: SellerUnit, order: Order, dispute: Dispute, settings: Settings, *, by: Actor
) -> OrderId:
    """
    Create the order that sends the units of *dispute* again, to where *order* went.

    Returns:
        Its id; it waits to be accepted by the warehouse.
    """
    order_id = OrderId(new_id())
    number = 1 + len(unit.find(ORDERS_OF_ORIGIN, [(order.order_id,)]))
    days = promises_to(unit, settings).ship_days
    made = Order(
        seller_id=unit.seller_id, order_id=order_id, kind=OrderKind.MANUAL.value
    )
    made.reship(
        ReshipCreated(
            state="",
            number=f"{order.number}-R{number}",
            currency=order.currency,
            contact_id=_copied_contact(unit, order),
            country=order.country,
            method=order.method,
            origin_order_id=order.order_id,
            dispute_id=dispute.dispute_id,
            lines=_lines(unit, order, dispute),
            promised_by=promised(unit, days),
            by=by,
            occurred_at=unit.now,
        )
    )
    unit.orders.add(order_id, made)
    return order_id


def _lines(unit: SellerUnit, order: Order, dispute: Dispute) -> tuple[NewLine, ...]:
    items = [order.items[ItemId(units.item_id)] for units in dispute.units]
    names = sorted({item.variant_id for item in items})
    variants = {v.variant_id: v for v in unit.many(VARIANTS, [(n,) for n in names])}
    return tuple(
        NewLine(
            external_line_id=item.item_id,
            sku=variants[item.variant_id].sku,
            title=variants[item.variant_id].title,
            quantity=units.quantity,
            items=(NewItem(item.variant_id, units.quantity),),
        )
        for item, units in zip(items, dispute.units, strict=True)
    )


def _contact_of(unit: SellerUnit, order: Order) -> ContactVersion:
    return unit.need(CONTACTS, order.contact_id, order.contact_version)


def _copied_contact(unit: SellerUnit, order: Order) -> ContactId:
    # A contact of its own: what is corrected here does not concern the shop's order.
    contact_id = ContactId(new_id())
    unit.write_contact(
        ContactVersion(
            seller_id=unit.seller_id,
            contact_id=contact_id,
            version=1,
            address=_contact_of(unit, order).address,
            recorded_at=unit.now,
        )
    )
    return contact_id
