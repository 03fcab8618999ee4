"""
Following where a shop sends an order.
"""

from collections.abc import Sequence

import attrs

from ...domain.contacts.model import ContactVersion
from ...domain.kernel.actor import Role
from ...domain.kernel.address import Address
from ...domain.orders.events import AddressCorrected
from ...domain.orders.holds import ADDRESS_CHANGED, HoldReason, is_about_address
from ...domain.orders.machine import ENDED_STATES, SENDING_STATES
from ...domain.orders.order import Order
from ...domain.stores.record import StoreOrderRecord
from ...unit.seller_unit import SellerUnit
from ...unit.streams import events_of
from ...unit.tables.contacts import CONTACT_VERSIONS, CONTACTS
from ..pairing.following import follow_country
from .sent_again import sent_again
from .writing import OrderWriter


def follow_address(
    unit: SellerUnit,
    writer: OrderWriter,
    record: StoreOrderRecord,
    parts: Sequence[Order],
    address: Address,
) -> int:
    """
    Take over where the shop sends it now, if the shop said anything new. What is paid
    keeps its address, and is held while something of it has to leave, or to be sent
    again, and the shop wants it elsewhere.

    A seller's correction stands until the shop itself tells another address. Who was
    erased is not taken in again.

    Returns:
        The contact's newest version.
    """
    versions = unit.find(CONTACT_VERSIONS, [(record.contact_id,)])
    newest = versions[-1]
    if newest.erased_at is not None:
        return newest.version
    addresses = {one.version: one.address for one in versions}
    for order in parts:
        if addresses.get(order.contact_version) == address:
            order.follow_address_back(by=writer.by, at=unit.now)
    if address in (newest.address, _told_last(unit, versions, parts)):
        return newest.version
    version = newest.version + 1
    unit.write_contact(
        attrs.evolve(newest, version=version, address=address, recorded_at=unit.now)
    )
    country = address.country
    moved = [order for order in parts if order.country != country]
    for order in parts:
        followed = order.follow_address(
            version=version, country=country, by=writer.by, at=unit.now
        )
        if followed and order.state not in ENDED_STATES:
            writer.hold_unknown_country(order)
        if not followed and addresses.get(order.contact_version) != address:
            _hold_elsewhere(writer, order)
    for order in sent_again(unit, parts):
        known = unit.need(CONTACTS, order.contact_id, order.contact_version)
        if known.address == address:
            order.follow_address_back(by=writer.by, at=unit.now)
        else:
            _hold_elsewhere(writer, order)
    follow_country(unit, moved, by=writer.by, pay_by=writer.pay_by)
    return version


def _hold_elsewhere(writer: OrderWriter, order: Order) -> None:
    """
    Hold a paid order for its address, once, beside whatever holds it for its lines.
    """
    if order.state in SENDING_STATES and not any(map(is_about_address, order.holds)):
        writer.hold(order, HoldReason.STORE_CHANGED, ADDRESS_CHANGED)


def _told_last(
    unit: SellerUnit, versions: Sequence[ContactVersion], parts: Sequence[Order]
) -> Address:
    """
    Return the address that the shop told last: the newest nobody here corrected.
    """
    corrected = {
        event.contact_version
        for order in parts
        for event in events_of(unit.session, unit.seller_id, order.order_id)
        if isinstance(event, AddressCorrected) and event.by.role != Role.STORE
    }
    return [v.address for v in versions if v.version not in corrected][-1]
