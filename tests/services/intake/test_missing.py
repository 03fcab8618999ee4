"""
Open orders that a shop's file does not have: told, and held once a person says that
the file is whole.
"""

from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from sourcehere import MappingRule, NamesUnsupportedError, NotFoundError, RuleItem
from sourcehere.domain.stores.errors import StoreRestsError
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage
from sourcehere.services.intake.missing import MissingReport
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot

HEADER = (
    "order_number,sku,title,quantity,unit_price,placed_at,customer,country,name,street,"
    "city,postal_code\n"
)
WHO = "A Buyer,1 Road,London,N1"
ALL = ("1", "2", "3", "4", "5")


def row(number, sku="CUP", quantity=4):
    placed = f"2026-11-0{number} 09:30"
    return f"{number},{sku},{sku},{quantity},9.99,{placed},C-{number},GB,{WHO}\n"


def placed(day):
    return datetime(2026, 11, day, 9, 30, tzinfo=UTC)


@attrs.frozen
class Shop:
    """
    A bench, its shop's file, and the seller's desk.
    """

    bench: object
    path: Path
    desk: object

    def sync(self, *numbers):
        self.path.write_text(HEADER + "".join(row(number) for number in numbers))
        return self.desk.stores.sync("file")

    def order(self, number):
        (order_id,) = self.desk.orders.find_number(number)
        return self.desk.orders.get(order_id)

    def state(self, number):
        order = self.order(number)
        return order.state, [hold.reason for hold in order.holds]


@pytest.fixture
def shop(storage, tmp_path):
    """
    Five orders of a shop: one is cancelled here, one is paid, three are open.
    """
    bench = open_bench(storage=storage, folder=str(tmp_path))
    made = Shop(bench, tmp_path / "orders.csv", bench.sh.seller("demo"))
    config = {"path": made.path.name, "currency": "USD", "profile": "plain"}
    made.path.write_text(HEADER)
    made.desk.stores.connect("file", platform="file", config=config)
    rule = MappingRule("CUP", (RuleItem(bench.variants["CUP"]),))
    made.desk.connections.connect("file", [rule])
    made.sync(*ALL)
    made.desk.orders.cancel([made.order("4").order_id])
    made.desk.checkouts.pay(made.desk.checkouts.open([made.order("5").order_id]))
    return made


def test_nothing_is_missing_in_the_file_they_came_from(shop):
    """
    Orders that ended here are no matter.
    """
    assert MissingReport(0, 0, 0) == shop.desk.stores.missing("file")


def test_missing_orders_are_told_and_nothing_follows(shop):
    """
    A sync of some days only leaves the others as they are; who asks hears of them.
    """
    report = shop.sync("1")
    assert (0, 1) == (report.changed, report.unchanged)
    with nothing_moves(shop.bench):
        found = shop.desk.stores.missing("file")

    assert (2, 0, 1, {"2", "3"}) == (
        found.unpaid,
        found.held,
        found.paid,
        set(found.numbers),
    )
    assert (placed(2), placed(3)) == (found.placed_from, found.placed_to)
    assert ("awaiting_payment", []) == shop.state("2")


def test_unpaid_ones_are_held_once_the_file_is_whole(shop):
    """
    They are neither lost nor cancelled; the hold says what to do. Paid ones go on.
    """
    shop.sync("1")
    report = shop.desk.stores.hold_missing("file")

    assert (0, 2, 1) == (report.unpaid, report.held, report.paid)
    for number in ("2", "3"):
        assert ("awaiting_payment", ["store_data"]) == shop.state(number)
    (hold,) = shop.order("2").holds
    assert (
        "the shop's list of all its orders does not have it: cancel it, or confirm it"
        " to sell it all the same"
    ) == hold.detail
    assert ("awaiting_payment", []) == shop.state("1")
    assert ("awaiting_shipping", []) == shop.state("5")
    shop.bench.sh.staff("ann").audit.run()


def test_what_a_person_decided_stands(shop):
    """
    An order that was confirmed is not held again, and nobody is asked about it.
    """
    shop.sync("1", "3")
    shop.desk.stores.hold_missing("file")
    shop.desk.orders.confirm([shop.order("2").order_id])
    with nothing_moves(shop.bench):
        again = shop.desk.stores.hold_missing("file")

    assert (0, 1, ()) == (again.unpaid, again.held, again.numbers)
    assert ("awaiting_payment", []) == shop.state("2")


def test_an_order_that_is_told_again_is_let_go(shop):
    """
    As it was before, though nothing of it changed; missing anew, it is asked about.
    """
    shop.sync("1")
    shop.desk.stores.hold_missing("file")
    report = shop.sync("1", "2")

    assert (1, 1) == (report.changed, report.unchanged)
    assert ("awaiting_payment", []) == shop.state("2")
    assert ("awaiting_payment", ["store_data"]) == shop.state("3")
    shop.sync("1")
    assert (1, 1) == attrs.astuple(shop.desk.stores.missing("file"))[:2]


def test_rows_that_cannot_be_read_are_not_missing(shop):
    """
    The file has the order, whatever is wrong with it.
    """
    shop.path.write_text(HEADER + row(1) + row(2, quantity="many") + row(3))
    shop.desk.stores.sync("file")

    assert 0 == shop.desk.stores.missing("file").unpaid


def test_a_line_that_is_missing_leaves_its_unpaid_order(shop):
    """
    An order that is in the file wants what the file has of it.
    """
    both = row(1) + row(1, "HAT")
    shop.path.write_text(HEADER + both + row(2) + row(3) + row(5) + row(5, "HAT"))
    shop.desk.stores.sync("file")
    assert ["CUP", "HAT"] == [line.sku for line in shop.order("1").lines]
    assert ("awaiting_shipping", ["store_changed"]) == shop.state("5")
    shop.sync("1", "2", "3", "5")

    assert ["CUP"] == [line.sku for line in shop.order("1").lines]
    assert ("awaiting_shipping", []) == shop.state("5")


def test_another_file_can_be_looked_at_before(shop):
    """
    By its own configuration, while the shop keeps its file.
    """
    other = shop.path.with_name("other.csv")
    other.write_text(HEADER + row(2))
    config = {"path": other.name, "currency": "USD", "profile": "plain"}
    with nothing_moves(shop.bench):
        found = shop.desk.stores.missing("file", config=config)

    assert {"1", "3"} == set(found.numbers)


def test_the_same_command_holds_nothing_more(shop):
    """
    Given again, it answers what it did.
    """
    shop.sync("1")
    first = shop.desk.stores.hold_missing("file", command_id="h")
    shop.sync()
    with nothing_moves(shop.bench):
        again = shop.desk.stores.hold_missing("file", command_id="h")

    assert first == again


def test_what_is_told_meanwhile_is_not_held(bench):
    """
    The shop is asked again where something else was taken in since it listed.
    """
    desk, lists = bench.sh.seller("demo"), [["1"], ["1", "2"]]

    def sync(*numbers):
        told = tuple(snapshot(number, CUP=3) for number in numbers)
        bench.shop.pages = [OrderPage(told, (), (), "", False)]
        return desk.stores.sync("shop")

    def listed():
        names = lists.pop(0)
        if lists:
            sync("1", "2")  # told after it was listed without it
        return names

    sync("1", "2", "3")
    bench.shop.order_names = listed
    report = desk.stores.hold_missing("shop")

    assert (0, 1, ("#3",)) == (report.unpaid, report.held, report.numbers)
    for number, held in (("1", []), ("2", []), ("3", ["store_data"])):
        (order_id,) = desk.orders.find_number(f"#{number}")
        assert held == [hold.reason for hold in desk.orders.get(order_id).holds]


def test_a_shop_that_lists_nothing(bench):
    """
    It is asked one by one, by `reconcile`.
    """
    stores = bench.sh.seller("demo").stores
    for call in (stores.missing, stores.hold_missing):
        with nothing_moves(bench), pytest.raises(NamesUnsupportedError) as ei:
            call("shop")
        assert "shop" in str(ei.value)


def test_a_list_that_is_none(bench):
    """
    What a plugin lists are texts; nothing is held by anything else.
    """
    bench.shop.order_names = lambda: ["1", 2]
    stores = bench.sh.seller("demo").stores
    with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
        stores.hold_missing("shop")
    assert "names" == ei.value.field


def test_a_shop_that_rests_or_is_none(shop):
    """
    Nothing is asked of it.
    """
    shop.desk.stores.pause("file")
    with pytest.raises(StoreRestsError):
        shop.desk.stores.hold_missing("file")
    with pytest.raises(NotFoundError):
        shop.desk.stores.missing("none")
