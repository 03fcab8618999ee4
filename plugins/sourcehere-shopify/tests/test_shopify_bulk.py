"""
The first reading of a large shop: a file of all orders, read piece by piece.
"""

import json

import httpx2
import pytest
from graphql import parse
from graphql.language import FieldNode, visit
from graphql.language.visitor import Visitor
from shopify_lab import ShopifyLab

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError, ThrottledError
from sourcehere.testing.kit import ShopLine, ShopOrder, WireFault
from sourcehere.testing.kit.store_asking import fetched, read_all
from sourcehere.testing.kit.store_base import parcel_of, units_of
from sourcehere_shopify import ShopifyConfig, bulk
from sourcehere_shopify.bulk_lines import UselessBulkError, whole_groups
from sourcehere_shopify.documents import document

PAGES = 60  # whoever reads longer never ends


def order(**units):
    """
    Make an order of units by SKU.
    """
    price = Money(1_000, "USD")
    lines = [ShopLine(sku=sku, quantity=n, price=price) for sku, n in units.items()]
    return ShopOrder(lines=tuple(lines))


class World:
    """
    A shop with seven orders, which are many here, and ten minutes old.
    """

    def __init__(self, **config):
        self.lab = ShopifyLab(**{"bulk_from": 7, **config})
        self.bulk = self.lab.server.bulk
        self.names = [self.lab.place(order(LAMP=n, CUP=1)) for n in range(1, 8)]
        self.lab.server._changes += 3 * 600

    def begin(self):
        """
        Read the first page, and return the cursor behind it.
        """
        page = self.lab.connect().pull_orders("", limit=3)
        assert ((), True) == (page.orders, page.has_more)
        return page.cursor


@pytest.fixture
def world():
    return World()


def test_all_of_it_comes_from_the_file(world):
    """
    Each order as it would be read alone; nothing is read page by page but what came
    later.
    """
    shop = world.lab.connect()
    cursor, found = world.begin(), {}
    for _ in range(PAGES):
        page = shop.pull_orders(cursor, limit=3)
        assert len(page.orders) <= 3
        found |= {one.external_id: one for one in page.orders}
        cursor = page.cursor
        if not json.loads(cursor)["bulk"]:
            break
    assert "Orders" not in world.lab.server.requests
    assert {name: fetched(shop, name) for name in world.names} == found


def test_what_changed_meanwhile_is_read_behind_it(world):
    """
    And what is new; nothing else is read once more.
    """
    cursor, shop = world.begin(), world.lab.connect()
    world.lab.change(world.names[0], order(LAMP=99, CUP=1))
    new = world.lab.place(order(HAT=1))
    page = shop.pull_orders(cursor, limit=50)
    assert (world.names, True) == ([x.external_id for x in page.orders], page.has_more)
    behind, _ = read_all(shop, page.cursor)
    assert {world.names[0], new} == set(behind)
    assert 99 == behind[world.names[0]].lines[0].quantity


@pytest.mark.parametrize("count", [6, 7])
def test_a_small_shop_is_read_page_by_page(count):
    """
    One with fewer orders than are configured.
    """
    lab = ShopifyLab(bulk_from=7)
    for _ in range(count):
        lab.place(order(LAMP=1))
    lab.connect().pull_orders("", limit=3)
    assert ("RunBulk" in lab.server.requests) == (count == 7)
    assert ("Orders" in lab.server.requests) == (count == 6)


def test_it_can_be_turned_off():
    """
    Then nobody counts.
    """
    world = World(bulk_from=0)
    world.lab.connect().pull_orders("", limit=3)
    assert ["Orders"] == world.lab.server.requests


def test_orders_before_a_date_are_not_in_the_file():
    """
    Nor are they counted.
    """
    world = World(orders_since="2026-03-02")
    assert sorted(world.names) == sorted(read_all(world.lab.connect())[0])
    world = World(orders_since="2026-03-03")
    world.lab.connect().pull_orders("", limit=3)
    assert "RunBulk" not in world.lab.server.requests


def test_it_is_waited_for(world):
    """
    Shopify says when it is done; the cursor stands until then.
    """
    world.bulk.turns = 2
    cursor = world.begin()
    for _ in range(2):
        with pytest.raises(ThrottledError, match="into a file") as ei:
            world.lab.connect().pull_orders(cursor, limit=3)
        assert 30 == ei.value.retry_after.total_seconds()
    assert sorted(world.names) == sorted(read_all(world.lab.connect(), cursor)[0])


def test_another_one_is_waited_for(world):
    """
    It may be our own, whose id nobody kept before a crash.
    """
    world.bulk.is_busy = True
    with pytest.raises(ThrottledError, match="another file"):
        world.lab.connect().pull_orders("", limit=3)
    world.bulk.is_busy = False
    assert sorted(world.names) == sorted(read_all(world.lab.connect())[0])


def test_a_refusal_is_told(world):
    """
    In Shopify's words.
    """
    refused = {"userErrors": [{"code": "INVALID", "message": "no such field"}]}
    refused |= {"bulkOperation": None}
    world.bulk.begin = lambda *_, **__: refused
    with pytest.raises(DeclinedError, match="no such field"):
        world.lab.connect().pull_orders("", limit=3)


@pytest.mark.parametrize("status", ["FAILED", "CANCELED", "EXPIRED"])
def test_one_that_comes_to_nothing_is_read_page_by_page(world, status):
    """
    From the beginning, and no other is begun.
    """
    world.bulk.status = status
    assert sorted(world.names) == sorted(read_all(world.lab.connect())[0])
    assert 1 == world.lab.server.requests.count("RunBulk")


def lose(world):
    world.bulk.operations.clear()


def expire(world):
    world.bulk.file = lambda _: httpx2.Response(403, text="<Error>ExpiredToken</Error>")


def move(world):
    world.bulk.file = lambda _: httpx2.Response(302)


def scatter(world):
    """
    Put all lines behind all orders, as a file that is not grouped has them.
    """
    for one in world.bulk.operations.values():
        lines = one.text.splitlines(keepends=True)
        one.text = b"".join(sorted(lines, key=lambda x: b"__parentId" in x))


def spoil(world):
    for one in world.bulk.operations.values():
        one.text = one.text.replace(b"}\n", b"\n")


@pytest.mark.parametrize("happen", [lose, expire, move, scatter, spoil])
def test_a_file_that_is_useless_is_left_alone(world, happen):
    """
    Gone, too old, not grouped, or nonsense: orders are read page by page.
    """
    cursor = world.begin()
    happen(world)
    found, _ = read_all(world.lab.connect(), cursor)
    wanted = {name: {"LAMP": n, "CUP": 1} for n, name in enumerate(world.names, 1)}
    assert wanted == {name: units_of(one) for name, one in found.items()}


def test_a_crash_costs_no_piece_twice(world, monkeypatch):
    """
    Another process goes on where the last page ended, in pieces of a few hundred bytes.
    """
    monkeypatch.setattr(bulk, "_PIECE", 2_000)
    cursor, places = world.begin(), []
    while json.loads(cursor)["bulk"] and len(places) < PAGES:
        places.append(json.loads(cursor)["offset"])
        cursor = world.lab.connect().pull_orders(cursor, limit=2).cursor
    assert sorted(set(places)) == places
    firsts = [int(one.partition("=")[2].partition("-")[0]) for one in world.bulk.reads]
    assert places == sorted(set(firsts))
    assert max(places) > 2_000


def test_an_order_longer_than_a_piece_is_read(monkeypatch):
    """
    By a longer piece; one that is longer than any is read page by page.
    """
    monkeypatch.setattr(bulk, "_PIECE", 500)
    lab = ShopifyLab(bulk_from=2)
    many = lab.place(order(**{f"SKU{n}": 1 for n in range(60)}))
    few = lab.place(order(LAMP=1))
    assert {many, few} == set(read_all(lab.connect())[0])
    monkeypatch.setattr(bulk, "_PIECE_MAX", 1_000)
    assert {many, few} == set(read_all(lab.connect())[0])


def test_a_place_that_gives_files_whole_is_enough(world):
    """
    What was read is passed over.
    """
    world.bulk.takes_parts = False
    assert sorted(world.names) == sorted(read_all(world.lab.connect())[0])


@pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
@pytest.mark.parametrize("after", range(5))
def test_nothing_is_lost_whatever_fails(world, fault, after):
    """
    Whichever request it meets; the same cursor is tried again.
    """
    world.lab.line.fail(fault, after=after)
    cursor, found, has_more = "", set(), True
    for _ in range(PAGES):
        if not has_more:
            break
        try:
            page = world.lab.connect().pull_orders(cursor, limit=3)
        except Exception:  # noqa: BLE001 - whatever it is
            continue
        found |= {one.external_id for one in page.orders}
        cursor, has_more = page.cursor, page.has_more
    assert set(world.names) == found


def test_units_are_counted_as_when_read_alone(world):
    """
    Sent, edited, refunded, or nothing of that; what was refunded is read alone.
    """
    shop = world.lab.connect()
    first, second, third, *_ = world.names
    for name, units in ((first, {"LAMP": 1}), (third, {"LAMP": 2, "CUP": 1})):
        shop.push_fulfilment(parcel_of(fetched(shop, name), f"RM{name}", units))
    world.lab.change(second, order(LAMP=1, CUP=1))
    lamps = world.lab.server.orders[int(third)].lines[0]
    world.lab.server.refund(int(third), {lamps.id: 1}, "CANCEL")
    alone = {name: fetched(shop, name) for name in world.names}

    world.lab.server.requests.clear()
    cursor = world.begin()
    page = world.lab.connect().pull_orders(cursor, limit=50)

    assert alone == {one.external_id: one for one in page.orders}
    assert ["OrdersCount", "RunBulk", "Bulk", "Order"] == world.lab.server.requests


def test_what_is_read_alone_is_kept_when_it_was_enough(world):
    """
    The next page begins with the order that was not read: so it ends at last, however
    many there are.
    """
    for name in world.names:
        lamps = world.lab.server.orders[int(name)].lines[0]
        world.lab.server.refund(int(name), {lamps.id: 1}, "CANCEL")
    cursor, found, sizes = world.begin(), [], []
    while json.loads(cursor)["bulk"] and len(sizes) < PAGES:
        # One asks for the operation, one for the file, and three for orders.
        world.lab.line.fail(WireFault.THROTTLED, after=5)
        page = world.lab.connect().pull_orders(cursor, limit=50)
        found += [one.external_id for one in page.orders]
        sizes.append(len(page.orders))
        cursor = page.cursor
    assert (world.names, [3, 3, 1]) == (found, sizes)

    world.lab.line.heal()
    cursor = world.begin()
    world.lab.line.fail(WireFault.THROTTLED, after=2)
    with pytest.raises(ThrottledError):
        world.lab.connect().pull_orders(cursor, limit=50)


def test_one_that_was_deleted_meanwhile_is_passed_over(world):
    """
    If it has to be read alone.
    """
    lamps = world.lab.server.orders[int(world.names[0])].lines[0]
    world.lab.server.refund(int(world.names[0]), {lamps.id: 1}, "CANCEL")
    cursor = world.begin()
    del world.lab.server.orders[int(world.names[0])]
    assert sorted(world.names[1:]) == sorted(read_all(world.lab.connect(), cursor)[0])


ONE, LINE = b'{"id": "1", "refunds": []}\n', b'{"id": "2", "__parentId": "1"}\n'
TWO = b'{"id": "3", "refunds": []}'


@pytest.mark.parametrize(
    ("piece", "is_end", "ids", "used"),
    [
        (b"", True, [], 0),
        (ONE + LINE, False, [], 0),
        (ONE + LINE, True, ["1"], len(ONE + LINE)),
        (ONE + LINE + TWO, False, [], 0),
        (ONE + LINE + TWO, True, ["1", "3"], len(ONE + LINE + TWO)),
        (ONE + LINE + TWO + b"\n", False, ["1"], len(ONE + LINE)),
        (ONE + LINE + TWO + b"\n" + ONE, True, ["1", "3"], len(ONE + LINE + TWO) + 1),
    ],
)
def test_orders_are_whole_once_another_begins(piece, is_end, ids, used):
    """
    Or the file ends; at most two are asked for.
    """
    groups, length = whole_groups(piece, 2, is_end=is_end)
    assert (ids, used) == ([one["id"] for one in groups], length)


@pytest.mark.parametrize("piece", [b"[]\n", b"{}\n", b"{\n", LINE])
def test_a_line_that_is_none_is_said_so(piece):
    """
    Nothing is guessed from it.
    """
    with pytest.raises(UselessBulkError):
        whole_groups(piece, 2, is_end=True)


class Rules(Visitor):
    """
    Counts connections and how deep they are, and what a bulk operation cannot have.
    """

    def __init__(self):
        super().__init__()
        self.count = self.depth = self.deepest = 0
        self.nodes = []

    def enter_field(self, node: FieldNode, *_):
        if node.name.value == "edges":
            self.count += 1
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        if node.name.value == "node":
            names = {one.name.value for one in node.selection_set.selections}
            self.nodes.append(names)
        assert not node.arguments

    def leave_field(self, node: FieldNode, *_):
        self.depth -= node.name.value == "edges"

    def enter_fragment_spread(self, *_):
        pytest.fail("it is one text")


def test_the_document_is_one_that_shopify_runs_in_bulk():
    """
    At most five connections, two deep, each of things with ids; no list has one inside.
    """
    rules = Rules()
    visit(parse(document("bulk_orders")), rules)
    assert (2, 2) == (rules.count, rules.deepest)
    assert all("id" in names for names in rules.nodes)
    assert "edges" not in document("bulk_orders").partition("refunds")[2]


def test_how_many_are_many_is_configured():
    """
    Five thousand, unless it is said otherwise.
    """
    config = {"shop": "lantern", "token": "t"}
    assert 5_000 == ShopifyConfig(**config).bulk_from
    with pytest.raises(ValueError, match="bulk_from"):
        ShopifyConfig(**config, bulk_from=-1)
