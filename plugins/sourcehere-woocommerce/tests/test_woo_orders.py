"""
Orders as WooCommerce tells them: drift, refunds, statuses, prices.
"""

import json
from datetime import timedelta

import attrs
import httpx2
import pytest
from woo_lab import WooLab

from sourcehere import ManualClock, Money
from sourcehere.ports.context import Context
from sourcehere.ports.errors import DeclinedError, ProtocolError, UnauthorizedError
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_asking import fetched, pages, read_all
from sourcehere.testing.kit.store_base import parcel_of
from sourcehere.testing.kit.store_lab import PLACED
from sourcehere_woocommerce import WooConfig, WooShop
from sourcehere_woocommerce.oauth import signature

PRICE = Money(1_234, "USD")


def an_order(**units):
    lines = [ShopLine(sku=sku, quantity=n, price=PRICE) for sku, n in units.items()]
    return ShopOrder(lines=tuple(lines))


@pytest.fixture
def lab():
    """
    Return an empty shop.
    """
    return WooLab()


@pytest.fixture
def shop(lab):
    """
    Return its adapter.
    """
    return lab.connect()


def kept(lab, name):
    return lab.server.orders[int(name)]


def counts(line):
    return line.quantity, line.quantity_fulfilled, line.quantity_refunded


def refund(lab, name, **units):
    """
    Refund units by SKU, as WooCommerce writes it: below zero, the line among metadata.
    """
    order = kept(lab, name)
    items = [
        {
            "id": lab.server.new_id(),
            "quantity": -units[line["sku"]],
            "meta_data": [{"key": "_refunded_item_id", "value": str(line["id"])}],
        }
        for line in order.lines
        if line["sku"] in units
    ]
    order.refunds.append({"id": lab.server.new_id(), "line_items": items})
    lab.server.touch(order)


class TestUnits:
    def test_a_refund_before_sending_is_sent_no_more(self, lab, shop):
        name = lab.place(an_order(LAMP=3, CUP=1))
        refund(lab, name, LAMP=2)
        lamp, cup = fetched(shop, name).lines
        assert (counts(lamp), counts(cup)) == ((3, 0, 2), (1, 0, 0))

    def test_a_refund_of_sent_units_changes_nothing(self, lab, shop):
        name = lab.place(an_order(LAMP=3))
        shop.push_fulfilment(parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2}))
        refund(lab, name, LAMP=3)
        (line,) = fetched(shop, name).lines
        assert counts(line) == (3, 2, 1)

    def test_refunds_beyond_a_page_are_read(self, lab, shop):
        name = lab.place(an_order(LAMP=150))
        for _ in range(101):
            refund(lab, name, LAMP=1)
        (line,) = fetched(shop, name).lines
        assert line.quantity_refunded == 101

    def test_a_list_without_an_end_is_no_short_one(self, lab, shop, monkeypatch):
        """
        A shop that tells more and more pages is not read as if it had told all.
        """
        monkeypatch.setattr("sourcehere_woocommerce.client._PAGES_MAX", 2)
        name = lab.place(an_order(LAMP=150))
        for _ in range(101):
            refund(lab, name, LAMP=1)
        with pytest.raises(ProtocolError, match="refunds: it has more than 100"):
            shop.fetch_order(name)

    def test_refunds_are_asked_for_only_where_there_are_any(self, lab, shop):
        name = lab.place(an_order(LAMP=1))
        fetched(shop, name)
        assert lab.server.requests == [f"GET /orders/{name}"]

    def test_what_the_merchant_completed_is_sent(self, lab, shop):
        name = lab.place(an_order(LAMP=3))
        kept(lab, name).status = "completed"
        (line,) = fetched(shop, name).lines
        assert counts(line) == (3, 3, 0)

    def test_metadata_of_others_is_no_parcel(self, lab, shop):
        name = lab.place(an_order(LAMP=3))
        order = kept(lab, name)
        for n, value in enumerate(("x", "{}", "[]", None, 5, {"keys": []}, "null")):
            order.meta[n] = (f"sourcehere_parcel_{n}", value)
        (line,) = fetched(shop, name).lines
        assert counts(line) == (3, 0, 0)


class TestStatuses:
    @pytest.mark.parametrize(
        ("status", "is_paid", "is_cancelled"),
        [
            ("processing", True, False),
            ("completed", True, False),
            ("pending", False, False),
            ("on-hold", False, False),
            ("failed", False, False),
            ("cancelled", False, True),
            ("trash", False, True),
            ("wc-custom", False, False),
        ],
    )
    def test_a_status_is_what_it_means(self, lab, shop, status, is_paid, is_cancelled):
        name = lab.place(attrs.evolve(an_order(LAMP=1), is_paid=False))
        kept(lab, name).status = status
        order = fetched(shop, name)
        assert (order.paid_at_store, order.cancelled) == (is_paid, is_cancelled)

    def test_money_back_without_lines_is_doubtful(self, lab, shop):
        name = lab.place(an_order(LAMP=1))
        kept(lab, name).status = "refunded"
        words = ("it is refunded, and its lines are not",)
        assert fetched(shop, name).doubts == words
        refund(lab, name, LAMP=1)
        assert fetched(shop, name).doubts == ()

    def test_what_is_put_into_the_trash_is_read(self, lab, shop):
        """
        WooCommerce lists it under no `any`: whoever does not ask for it sends an order
        that the merchant threw away.

        Source: `OrdersTableQuery::sanitize_status` (WooCommerce 11).
        """
        name = lab.place(an_order(LAMP=1))
        found, cursor = read_all(shop)
        assert not found[name].cancelled
        kept(lab, name).status = "trash"
        lab.server.touch(kept(lab, name))
        found, _ = read_all(shop, cursor)
        assert found[name].cancelled

    def test_a_status_that_a_plugin_keeps_out_of_search_is_read(self, lab, shop):
        lab.server.own = ["at-the-packer"]
        lab.server.unsearched |= {"at-the-packer"}
        name = lab.place(an_order(LAMP=1))
        kept(lab, name).status = "at-the-packer"
        found, _ = read_all(shop)
        assert [name] == list(found)

    def test_which_there_are_is_asked_for_once_until_the_list_ends(self, lab, shop):
        """
        And again when it is read the next time: a plugin may have brought some.
        """
        names = [lab.place(an_order(LAMP=n)) for n in range(1, 8)]
        lab.server.requests.clear()
        read_all(shop, limit=2)
        whole = len(lab.server.requests)
        found, _ = read_all(shop, limit=100)

        assert sorted(names) == sorted(found)
        assert 2 == len(lab.server.requests) - whole  # the statuses, and the only page
        pages = 1 + (len(names) - 2)  # each begins with the second of the last change
        assert 1 + pages == whole

    def test_where_nobody_says_which_statuses_there_are_any_is_read(self, lab, shop):
        """
        What `any` lacks is told by webhooks only then.
        """
        lab.server.has_method = False
        name, thrown = lab.place(an_order(LAMP=1)), lab.place(an_order(LAMP=2))
        kept(lab, thrown).status = "trash"
        found, _ = read_all(shop)
        assert [name] == list(found)

    @pytest.mark.parametrize("args", ["[]", "{}", '{"status": []}'])
    def test_a_route_that_a_plugin_added_says_nothing(
        self, lab, shop, args, monkeypatch
    ):
        """
        The one beside it does, or nobody, as where it took the other's place.
        """
        own = f'{{"methods": ["GET"], "args": {args}}}'
        said = lab.server._options().json()
        said["endpoints"].insert(0, json.loads(own))
        thrown = lab.place(an_order(LAMP=2))
        kept(lab, thrown).status = "trash"
        answer = httpx2.Response(200, json=said)
        monkeypatch.setattr(lab.server, "_options", lambda: answer)
        assert [thrown] == list(read_all(shop)[0])
        alone = httpx2.Response(200, text=f'{{"endpoints": [{own}]}}')
        monkeypatch.setattr(lab.server, "_options", lambda: alone)
        assert [] == list(read_all(shop)[0])

    @pytest.mark.parametrize("body", ["{}", "5", "[]", "[null]", '{"endpoints": [{}]}'])
    def test_an_answer_of_another_shape_is_no_list_of_statuses(
        self, lab, shop, body, monkeypatch
    ):
        """
        Nothing is read as if there were no trash.
        """
        answer = httpx2.Response(200, text=body)
        monkeypatch.setattr(lab.server, "_options", lambda: answer)
        with pytest.raises(ProtocolError, match="what orders are listed by"):
            shop.pull_orders("", limit=10)

    def test_a_basket_is_no_order(self, lab, shop):
        name = lab.place(an_order(LAMP=1))
        kept(lab, name).status = "checkout-draft"
        page = shop.pull_orders("", limit=10)
        assert (page.orders, page.rejects, page.has_more) == ((), (), False)
        lab.server.forgotten = {int(name)}
        page = shop.pull_orders("", limit=10)
        assert (page.orders, page.rejects, page.has_more) == ((), (), False)


class TestFields:
    @pytest.mark.parametrize(
        ("told", "minor"),
        [(12.34, 1_234), (0.1, 10), (3.3333333333, 333), (1e2, 10_000), ("7.5", 750)],
    )
    def test_a_price_is_exact(self, lab, shop, told, minor):
        name = lab.place(an_order(LAMP=1))
        kept(lab, name).lines[0]["price"] = told
        assert fetched(shop, name).lines[0].unit_price == Money(minor, "USD")

    def test_a_variation_is_what_was_bought(self, lab, shop):
        name = lab.place(an_order(LAMP=1))
        kept(lab, name).lines[0] |= {"product_id": 7, "variation_id": 8, "sku": ""}
        (line,) = fetched(shop, name).lines
        assert (line.external_product_id, line.external_variant_id) == ("7", "8")

    def test_the_billing_address_where_there_is_no_other(self, lab, shop):
        name = lab.place(attrs.evolve(an_order(LAMP=1), country=""))
        assert fetched(shop, name).address.country == "US"

    def test_an_order_that_makes_no_sense_is_set_aside(self, lab, shop):
        bad, good = lab.place(an_order(LAMP=1)), lab.place(an_order(CUP=1))
        kept(lab, bad).lines[0]["quantity"] = "many"
        page = shop.pull_orders("", limit=10)
        assert [order.external_id for order in page.orders] == [good]
        assert [reject.external_id for reject in page.rejects] == [bad]
        with pytest.raises(ProtocolError):
            shop.fetch_order(bad)

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            (1.5, "a number of units is not whole"),
            (0.5, "a number of units is not whole"),
            ("1.5", "a number of units is not whole"),
            ("1,5", "InvalidOperation"),
            (None, "InvalidOperation"),
        ],
    )
    def test_goods_by_the_metre_are_set_aside(self, lab, shop, told, words):
        """
        A plugin lets the shop sell half a unit; nobody sends a whole one for it.
        """
        name = lab.place(an_order(LAMP=1))
        kept(lab, name).lines[0]["quantity"] = told
        page = shop.pull_orders("", limit=10)
        assert [(reject.external_id, reject.detail) for reject in page.rejects] == [
            (name, f"the order cannot be read: {words}")
        ]
        assert not page.orders

    @pytest.mark.parametrize("told", [2, 2.0, "2"])
    def test_whole_units_are_read_however_they_are_written(self, lab, shop, told):
        name = lab.place(an_order(LAMP=1))
        kept(lab, name).lines[0]["quantity"] = told
        (line,) = fetched(shop, name).lines
        assert line.quantity == 2

    def test_a_product_that_was_deleted_leaves_a_line_without_names(self, lab, shop):
        """
        WooCommerce knows its SKU and its ids no more; the line's own id stays, by which
        the core knows it.
        """
        name = lab.place(an_order(LAMP=1))
        line = kept(lab, name).lines[0]
        line |= {"product_id": 0, "variation_id": 0, "sku": None}
        (told,) = fetched(shop, name).lines
        assert (told.external_line_id, told.title) == (str(line["id"]), "Lamp")
        names = (told.sku, told.external_variant_id, told.external_product_id)
        assert names == ("", f"line:{name}/{line['id']}", "")


class TestDrift:
    @pytest.mark.parametrize("limit", [1, 2, 7])
    @pytest.mark.parametrize("bad", [0, 3, 6])
    def test_an_order_that_does_not_say_when_it_changed_stops_no_other(
        self, lab, shop, limit, bad
    ):
        names = [lab.place(an_order(LAMP=n)) for n in range(1, 8)]
        lab.server.forgotten = {int(names[bad])}
        found, _ = _read_whole(shop, limit)
        assert sorted(found) == sorted({*names} - {names[bad]})

    @pytest.mark.parametrize("limit", [1, 2, 7])
    @pytest.mark.parametrize("ahead", [1, 4])
    def test_an_order_of_next_year_hides_no_other(self, lab, shop, limit, ahead):
        """
        The shop's clock was wrong once: what changes after it was put right is read.
        """
        names = [lab.place(an_order(LAMP=n)) for n in range(1, 8)]
        for name in names[:ahead]:
            kept(lab, name).modified += timedelta(days=365)
        found, cursor = read_all(shop, limit=limit)
        assert sorted(found) == sorted(names)

        new = lab.place(an_order(LAMP=9))
        found, cursor = read_all(shop, cursor, limit=limit)
        assert new in found
        lab.change(names[-1], an_order(LAMP=8))
        found, _ = read_all(shop, cursor, limit=limit)
        assert 8 == found[names[-1]].lines[0].quantity

    def test_more_of_one_second_than_a_page_has(self, lab, shop):
        """
        A merchant changed fifty orders with one click.
        """
        names = [lab.place(an_order(LAMP=n)) for n in range(1, 51)]
        for order in lab.server.orders.values():
            order.modified = lab.server.orders[int(names[0])].modified
        for limit in (1, 7, 49):
            found, _ = _read_whole(shop, limit)
            assert sorted(found) == sorted(names)

    def test_an_order_that_leaves_its_second_loses_nobody(self, lab, shop):
        """
        Places move up: the order before is not where it was, so the second is read
        again.
        """
        names = [lab.place(an_order(LAMP=n)) for n in range(1, 21)]
        for order in lab.server.orders.values():
            order.modified = lab.server.orders[int(names[0])].modified
        found, cursor, number = {}, "", 0
        for _ in range(60):
            page = shop.pull_orders(cursor, limit=4)
            found |= {order.external_id: order for order in page.orders}
            if not page.has_more:
                break
            cursor, number = page.cursor, number + 1
            if number in {2, 3}:
                lab.change(list(found)[number], an_order(LAMP=99))
        assert not page.has_more, "it does not end"
        assert sorted(found) == sorted(names)

    def test_orders_before_a_date_are_not_read(self):
        lab = WooLab(orders_since="2026-03-02")
        old = attrs.evolve(an_order(LAMP=1), placed_at=PLACED.replace(day=1))
        lab.place(old)
        name = lab.place(an_order(LAMP=2))
        found, _ = read_all(lab.connect())
        assert list(found) == [name]

    def test_the_first_moment_of_the_date_is_not_before_it(self):
        """
        WooCommerce lists what was placed after a time, and not what was placed at it.

        Source: `WP_Date_Query`, whose `inclusive` is false by default.
        """
        lab = WooLab(orders_since="2026-03-02")
        midnight = PLACED.replace(day=2, hour=0, minute=0, second=0, microsecond=0)
        name = lab.place(attrs.evolve(an_order(LAMP=1), placed_at=midnight))
        lab.place(
            attrs.evolve(an_order(LAMP=2), placed_at=midnight - timedelta(seconds=1))
        )
        found, _ = read_all(lab.connect())
        assert [name] == list(found)

    def test_a_cursor_of_another_platform_is_refused(self, shop):
        with pytest.raises(ProtocolError, match="beginning"):
            shop.pull_orders("41", limit=2)


def _read_whole(shop, limit):
    found, cursor = {}, ""
    for _ in range(200):
        page = shop.pull_orders(cursor, limit=limit)
        found |= {order.external_id: order for order in page.orders}
        if not page.has_more:
            return found, cursor
        cursor = page.cursor
    pytest.fail("it does not end")


class TestAccess:
    def test_keys_are_tried(self, lab, shop):
        shop.check()
        assert lab.server.requests == ["POST /orders/batch"]

    def test_a_key_that_may_not_write_is_refused(self, lab, shop):
        lab.server.can_write = False
        with pytest.raises(UnauthorizedError):
            shop.check()

    def test_a_page_that_is_no_api_says_so(self):
        """
        Permalinks are off, or there is no WooCommerce.
        """
        answer = httpx2.Response(404, json={"code": "rest_no_route", "message": "no"})
        config = WooConfig(url="https://blog.example", key="k", secret="s")
        transport = httpx2.MockTransport(lambda _: answer)
        shop = WooShop(config, Context(ManualClock(PLACED)), transport)
        with pytest.raises(DeclinedError, match="no WooCommerce REST API"):
            shop.fetch_order("5")
        with pytest.raises(DeclinedError):
            shop.check()

    @pytest.mark.parametrize(
        "url", ["", "shop.example", "ftp://shop.example", "https://u:p@shop.example"]
    )
    def test_what_is_no_address_is_refused(self, url):
        with pytest.raises(ValueError, match="the shop's address"):
            WooConfig(url=url, key="k", secret="s")

    def test_the_signature_is_that_of_the_standard(self):
        """
        The example of RFC 5849, 3.4.1.1, by the rules of WooCommerce: HMAC-SHA256 and
        no token. The value was computed with openssl.
        """
        params = {"b5": "=%3D", "a3": "a", "c@": "", "a2": "r b"}
        assert signature("post", "http://example.com/request", params, "j49") == (
            "a7KWWFCPu9TZ7C3Cy7rdI1hB8a/S7K4n3ygyZhIh6JA="
        )


def test_pages_end(shop):
    assert len(list(pages(shop))) == 1
