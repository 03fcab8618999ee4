"""
Orders as Shopify tells them: refunds, gift cards, long orders, costs.
"""

from datetime import timedelta

import attrs
import pytest
from shopify_lab import ShopifyLab

from sourcehere import Money
from sourcehere.ports.errors import ProtocolError, ThrottledError, UnauthorizedError
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_asking import fetched, read_all
from sourcehere.testing.kit.store_base import parcel_of, told
from sourcehere_shopify.client import TooCostlyError

PRICE = Money(1_234, "USD")


def an_order(**units):
    lines = [ShopLine(sku=sku, quantity=n, price=PRICE) for sku, n in units.items()]
    return ShopOrder(lines=tuple(lines))


@pytest.fixture
def lab():
    """
    Return an empty shop, which is read page by page however many orders it has.
    """
    return ShopifyLab(bulk_from=0)


@pytest.fixture
def shop(lab):
    """
    Return its adapter.
    """
    return lab.connect()


def counts(line):
    return line.quantity, line.quantity_fulfilled, line.quantity_refunded


class TestUnits:
    def placed(self, lab, **units):
        name = lab.place(an_order(**units))
        return name, lab.server.orders[int(name)]

    def test_a_refund_before_sending_is_sent_no_more(self, lab, shop):
        name, kept = self.placed(lab, LAMP=3)
        lab.server.refund(kept.id, {kept.lines[0].id: 1}, "CANCEL")
        (line,) = fetched(shop, name).lines
        assert counts(line) == (3, 0, 1)
        assert line.quantity_wanted == 2

    def test_what_came_back_was_sent_all_the_same(self, lab, shop):
        name, kept = self.placed(lab, LAMP=3)
        shop.push_fulfilment(parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 3}))
        lab.server.refund(kept.id, {kept.lines[0].id: 1}, "RETURN")
        (line,) = fetched(shop, name).lines
        assert counts(line) == (3, 3, 0)

    def test_money_back_without_goods_back_is_no_unit_less(self, lab, shop):
        """
        `NO_RESTOCK` for sent units: they were sent.
        """
        name, kept = self.placed(lab, LAMP=2)
        shop.push_fulfilment(parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2}))
        kept.refunds.append(({kept.lines[0].id: 2}, "NO_RESTOCK"))
        (line,) = fetched(shop, name).lines
        assert counts(line) == (2, 2, 0)

    def test_a_unit_that_was_edited_away_was_not_ordered(self, lab, shop):
        name, _ = self.placed(lab, LAMP=3)
        lab.change(name, an_order(LAMP=1))
        (line,) = fetched(shop, name).lines
        assert counts(line) == (1, 0, 0)

    def test_a_cancelled_fulfilment_sent_nothing(self, lab, shop):
        name, kept = self.placed(lab, LAMP=2)
        shop.push_fulfilment(parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2}))
        kept.made[0].status = "CANCELLED"
        (line,) = fetched(shop, name).lines
        assert counts(line) == (2, 0, 0)


class TestOrders:
    def test_what_needs_no_sending_is_a_charge(self, lab, shop):
        name = lab.place(an_order(LAMP=1, CARD=2))
        lab.server.orders[int(name)].lines[1].ships = False
        page = shop.pull_orders("", limit=10)
        assert [line.sku for line in page.orders[0].lines] == ["LAMP"]
        (charge,) = page.charges
        assert (charge.code, charge.amount_minor, charge.currency) == (
            "CARD",
            2_468,
            "USD",
        )
        assert charge.external_id == name

    def test_an_order_of_gift_cards_alone_is_no_order(self, lab, shop):
        name = lab.place(an_order(CARD=1))
        lab.server.orders[int(name)].lines[0].ships = False
        page = shop.pull_orders("", limit=10)
        assert (page.orders, page.rejects) == ((), ())
        assert [charge.external_id for charge in page.charges] == [name]

    def test_a_test_order_is_doubtful(self, lab, shop):
        name = lab.place(an_order(LAMP=1))
        lab.server.orders[int(name)].test = True
        assert fetched(shop, name).doubts == ("it is a test order",)

    @pytest.mark.parametrize(
        ("status", "is_paid", "is_cancelled", "doubts"),
        [
            ("PAID", True, False, ()),
            ("PARTIALLY_REFUNDED", True, False, ()),
            ("REFUNDED", True, False, ("it is refunded, and not cancelled",)),
            ("VOIDED", True, True, ()),
            ("PENDING", False, False, ()),
            ("AUTHORIZED", False, False, ()),
            ("PARTIALLY_PAID", False, False, ()),
            ("EXPIRED", False, False, ()),
        ],
    )
    def test_what_was_paid_is_told(
        self, lab, shop, status, is_paid, is_cancelled, doubts
    ):
        name = lab.place(an_order(LAMP=1))
        lab.server.orders[int(name)].financial = status
        order = fetched(shop, name)
        assert (order.paid_at_store, order.cancelled, order.doubts) == (
            is_paid,
            is_cancelled,
            doubts,
        )

    def test_a_long_order_is_read_whole(self, lab, shop):
        units = {f"SKU-{n}": n for n in range(1, 231)}
        name = lab.place(an_order(**units))
        order = shop.pull_orders("", limit=5).orders[0]
        assert {line.sku: line.quantity for line in order.lines} == units
        assert lab.server.requests == ["Orders", "OrderLines", "OrderLines"]
        assert order == fetched(shop, name)

    def test_an_address_is_whole(self, lab, shop):
        order = fetched(shop, lab.place(an_order(LAMP=1)))
        assert attrs.asdict(order.address) == {
            "country": "GB",
            "name": "Ann Lee",
            "company": "",
            "street": "1 Long Lane, Flat 2",
            "city": "London",
            "region": "ENG",
            "postal_code": "N1 1AA",
            "phone": "",
            "email": "ann@mail.example",
            "customer": "",
        }

    def test_an_order_that_makes_no_sense_is_set_aside(self, lab, shop):
        bad, good = lab.place(an_order(LAMP=1)), lab.place(an_order(CUP=1))
        lab.server.orders[int(bad)].lines[0].currency = "XXX"
        page = shop.pull_orders("", limit=10)
        assert [order.external_id for order in page.orders] == [good]
        assert [reject.external_id for reject in page.rejects] == [bad]
        with pytest.raises(ProtocolError):
            shop.fetch_order(bad)


class TestLists:
    def test_orders_before_a_date_are_not_read(self, lab):
        lab = ShopifyLab(orders_since="2026-03-01")
        old = attrs.evolve(an_order(LAMP=1), placed_at=lab_time(-40))
        lab.place(old)
        name = lab.place(an_order(LAMP=2))
        found, _ = read_all(lab.connect())
        assert list(found) == [name]

    def test_a_list_is_begun_anew_before_shopify_ends_it(self, lab, shop, monkeypatch):
        """
        It pages through 25,000 objects of one list.
        """
        monkeypatch.setattr("sourcehere_shopify.orders._LIST_MAX", 4)
        names = [lab.place(an_order(LAMP=n)) for n in range(1, 20)]
        found, _ = read_all(shop, limit=2)
        assert sorted(found) == sorted(names)

    def test_a_cursor_of_another_platform_is_refused(self, shop):
        with pytest.raises(ProtocolError, match="beginning"):
            shop.pull_orders("41", limit=2)


class TestCosts:
    def test_a_page_that_costs_too_much_is_made_shorter(self, lab, shop):
        names = [lab.place(an_order(LAMP=n)) for n in range(1, 9)]
        lab.server.cost_max = 30.0
        page = shop.pull_orders("", limit=25)
        assert len(page.orders) == 3
        assert page.has_more
        found, _ = read_all(shop, limit=25)
        assert sorted(found) == sorted(names)

    def test_one_order_that_costs_too_much_is_told(self, lab, shop):
        lab.place(an_order(LAMP=1))
        lab.server.cost_max = 1.0
        with pytest.raises(TooCostlyError):
            shop.pull_orders("", limit=25)

    def test_the_pause_is_what_the_bucket_needs(self, lab, shop):
        lab.place(an_order(LAMP=1))
        lab.server.available = 10.0
        with pytest.raises(ThrottledError) as ei:
            shop.pull_orders("", limit=25)
        # It costs 50, 10 are there, and 10 come back a second.
        assert ei.value.retry_after == timedelta(seconds=4)


class TestAccess:
    def test_all_permissions_are_there(self, shop):
        shop.check()

    def test_missing_permissions_are_named(self, lab, shop):
        lab.server.scopes = ["read_orders", "read_products"]
        with pytest.raises(UnauthorizedError) as ei:
            shop.check()
        assert ei.value.detail == (
            "the app lacks permissions: write_orders (to note a parcel's number beside"
            " an order), read_locations (to see where it is to be fulfilled),"
            " read_merchant_managed_fulfillment_orders (to see what is to be"
            " fulfilled), write_merchant_managed_fulfillment_orders (to tell parcels);"
            " add the scopes to the app, and install it again"
        )

    def test_locations_are_seen_by_stock_too(self, lab, shop):
        """
        Their ids are, which is all that is read of them for a parcel.

        Source: shopify.dev, changelog of 2025-03-31.
        """
        lab.server.scopes.remove("read_locations")
        lab.server.scopes.append("write_inventory")
        shop.check()
        name = lab.place(an_order(LAMP=1))
        order = fetched(shop, name)
        shop.push_fulfilment(parcel_of(order, "RM1GB", {"LAMP": 1}))
        assert {"RM1GB": {"LAMP": 1}} == told(lab, name)

    def test_without_locations_a_parcel_says_what_is_missing(self, lab, shop):
        """
        Since 2024-07 Shopify shows them to those only who may see them.

        Source: shopify.dev, "Migrate to read_locations scope".
        """
        lab.server.scopes.remove("read_locations")
        with pytest.raises(UnauthorizedError, match="read_locations"):
            shop.check()
        name = lab.place(an_order(LAMP=1))
        parcel = parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 1})
        with pytest.raises(UnauthorizedError, match="read_locations"):
            shop.push_fulfilment(parcel)
        assert {} == told(lab, name)

    def test_a_wrong_token_is_refused(self):
        shop = ShopifyLab(token="shpat_other").connect()
        with pytest.raises(UnauthorizedError):
            shop.check()

    def test_the_token_is_not_shown(self, shop):
        assert "shpat" not in repr(shop._config)


def lab_time(days):
    return an_order(LAMP=1).placed_at + timedelta(days=days)
