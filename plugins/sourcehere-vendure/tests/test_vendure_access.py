"""
Who may read and tell, and what a role of the shop has to permit.
"""

import uuid

import pytest
from vendure_lab import VendureLab

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError, UnauthorizedError
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_asking import fetched
from sourcehere.testing.kit.store_base import number_of, parcel_of, told

ORDER = ShopOrder(lines=(ShopLine(sku="LAMP", quantity=3, price=Money(1_000, "USD")),))


def lab_of(vendure, *permissions):
    """
    Make a lab whose adapter logs in as an administrator with *permissions*.
    """
    name = f"{uuid.uuid4()}@shop.example"
    vendure.door(
        "administrator", name=name, permissions=["Authenticated", *permissions]
    )
    return VendureLab(vendure, username=name, password=name)


def test_three_permissions_are_enough(vendure):
    """
    For everything that we do in a shop.
    """
    lab = lab_of(vendure, "ReadOrder", "UpdateOrder", "ReadCatalog")
    name, shop = lab.place(ORDER), lab.connect()
    shop.check()
    order = fetched(shop, name)
    note = shop.push_tracking(number_of(order, "RM1GB"))
    old = shop.push_fulfilment(parcel_of(order, "WRONG", {"LAMP": 3}, reference=note))
    shop.push_fulfilment(parcel_of(order, "RIGHT", {"LAMP": 3}, reference=old))
    assert told(lab, name) == {"RIGHT": {"LAMP": 3}}
    assert [name] == [one.external_id for one in shop.pull_orders("", limit=9).orders]
    assert shop.pull_products("", limit=9).variants


def test_permissions_that_are_missing_are_named(vendure):
    """
    When the shop is connected, and nothing is told without them.
    """
    lab = lab_of(vendure, "ReadOrder")
    name, shop = lab.place(ORDER), lab.connect()
    with pytest.raises(UnauthorizedError, match=r"UpdateOrder .*ReadCatalog"):
        shop.check()
    with pytest.raises(UnauthorizedError):
        shop.push_fulfilment(parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 3}))
    assert told(lab, name) == {}


def test_a_session_that_ended_is_begun_anew(lab):
    """
    Nobody has to connect the shop again.
    """
    name, shop = lab.place(ORDER), lab.connect()
    shop.check()
    lab.server.door("logout")
    assert fetched(shop, name).external_id == name


def test_a_wrong_password_is_refused(vendure):
    """
    A person must act.
    """
    lab = VendureLab(vendure, password="wrong")
    with pytest.raises(UnauthorizedError, match="INVALID_CREDENTIALS"):
        lab.connect().check()


def test_a_channel_that_is_none_is_refused(vendure):
    """
    It is not taken for the default one.
    """
    lab = VendureLab(vendure, channel_token="none")
    with pytest.raises(UnauthorizedError):
        lab.connect().check()


def test_another_address_has_no_api(vendure):
    """
    An order is not gone because of it.
    """
    lab = VendureLab(vendure, url=f"{vendure.url}-not")
    with pytest.raises(DeclinedError, match="no Admin API"):
        lab.connect().fetch_order("1")
