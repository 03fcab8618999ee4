"""
What a shop's plugin returns is not trusted: what makes no sense is set aside by itself.
"""

import enum
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

import attrs
import pytest

from sourcehere import Money
from sourcehere.domain.stores.model import (
    Reject,
    RejectReason,
    SnapshotLine,
    StoreOrderSnapshot,
)
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing.factories import nothing_moves, shop_line, snapshot

GOOD = snapshot("good", CUP=2)
LINE = shop_line("CUP", 3)


def line(**facts):
    """
    Return an order whose one line has *facts* that nobody should tell.
    """
    return attrs.evolve(snapshot("bad"), lines=(attrs.evolve(LINE, **facts),))


def order(**facts):
    """
    Return an order of one good line with *facts* that nobody should tell.
    """
    return attrs.evolve(snapshot("bad", CUP=3), **facts)


def page(*orders, rejects=(), cursor="1", has_more=False):
    return OrderPage(tuple(orders), tuple(rejects), (), cursor, has_more)


def sync(bench, *pages):
    bench.shop.pages = list(pages)
    return bench.sh.seller("demo").stores.sync("shop")


def problems(bench):
    found = bench.sh.seller("demo").stores.problems("shop")
    return [(row.external_id, row.reason, row.detail) for row in found]


LIES = {
    "quantity_refunded: -1 is not 0 or more units": line(quantity_refunded=-1),
    "quantity_fulfilled: -1 is not 0 or more units": line(quantity_fulfilled=-1),
    "quantity: -2 is not 0 or more units": line(quantity=-2),
    "order.lines[0].quantity: '1.5' is not a whole number": line(quantity=1.5),
    "order.lines[0].quantity: '2' is not a whole number": line(quantity="2"),
    "order.lines[0].quantity: True is not a whole number": line(quantity=True),
    "order.lines[0].quantity: a number of 64 bits is not a whole number from"
    " -1000000000 to 1000000000": line(quantity=2**63),
    "order.lines[0].unit_price.minor: '99.5' is not a whole number": line(
        unit_price=attrs.evolve(Money(1, "USD"))
    ),
    "unit_price: '-0.01 USD' is not 0 or more": line(unit_price=Money(-1, "USD")),
    "order.placed_at: '2026-03-02T12:00:00' is not a time with its zone": order(
        placed_at=datetime(2026, 3, 2, 12)  # noqa: DTZ001 - the lie
    ),
    "order.placed_at: '9999-01-01T00:00:00+00:00' is not a time from 1970 to 9998": (
        order(placed_at=datetime(9999, 1, 1, tzinfo=UTC))
    ),
    "order.lines[0].sku: 'CUP\\\\x00' is not a text without control characters": line(
        sku="CUP\0"
    ),
    "order.lines[0].title: '\\\\ud800' is not a text without control characters": line(
        title="\ud800"
    ),
    "order.lines[0].sku: 'CUP\\\\udfff' is not a text without control characters": line(
        sku="CUP\udfff"
    ),
    "order.address.name: (not shown) is not a text without control characters": order(
        address=attrs.evolve(snapshot("bad").address, name="\0")
    ),
    "order.number: None is not a text": order(number=None),
    "order.lines[0].title: None is not a text": line(title=None),
    "order.lines[0].sku: None is not a text": line(sku=None),
    "order.placed_at: None is not a time (datetime)": order(placed_at=None),
    "order.version: a number of 64 bits is not a whole number from"
    " -1000000000 to 1000000000": order(version=2**63),
    "order.lines[0].unit_price.minor: a number of 64 bits is not a whole number from"
    " -10000000000000 to 10000000000000": line(unit_price=Money(2**63, "USD")),
    "sku: '" + "C" * 79 + "…' is not a SKU of at most 255 characters": line(
        sku="C" * 300
    ),
    "order.lines[0].sku: '" + "C" * 79 + "…' is not a text of at most 10000"
    " characters": line(sku="C" * 20_000),
    "external_variant_id: ' 1' is not a text of at most 200 characters without spaces"
    " around it": line(external_variant_id=" 1"),
    "external_product_id: '" + "7" * 79 + "…' is not a text of at most 200 characters"
    " without spaces around it": line(external_product_id="7" * 201),
    "external_line_id: '' is not a text of 1 to 200 characters": line(
        external_line_id=""
    ),
    "external_line_id: 'L1' is not an id of one line only: two lines of the order have"
    " it": order(lines=(LINE, LINE)),
    "order.lines[0]: None is not a SnapshotLine": order(lines=(None,)),
    "order.paid_at_store: '1' is not True or False": order(paid_at_store="1"),
    "rows_rejected: -1 is not 0 or more": order(rows_rejected=-1),
    "version: -1 is not 0 or more": order(version=-1),
}


class TestOneBadOrder:
    @pytest.mark.parametrize("words", LIES)
    def test_it_is_set_aside_and_the_rest_goes_on(self, paired, words):
        """
        Its neighbours come in; it is counted, and listed with the reason.
        """
        lie = LIES[words]
        if "99.5" in words:
            object.__setattr__(lie.lines[0].unit_price, "minor", 99.5)
        report = sync(paired, page(GOOD, lie, snapshot("too", HAT=1)))

        assert (2, {"not_trusted": 1}) == (report.orders, report.rejected)
        assert [("bad", "not_trusted", words)] == problems(paired)

    @pytest.mark.parametrize(
        ("external_id", "kept"),
        [
            ("\ud800", "\\ud800"),
            ("a\0", "a\\x00"),
            (None, ""),
            ("C" * 20_000, "C" * 79),
        ],
    )
    def test_one_without_an_id_is_set_aside_too(self, paired, external_id, kept):
        """
        Nobody can say which it is; it is listed by what can be shown of its id.
        """
        lie = attrs.evolve(order(), external_id=external_id)
        report = sync(paired, page(GOOD, lie, snapshot("too", HAT=1)))

        assert (2, {"not_trusted": 1}) == (report.orders, report.rejected)
        ((named, reason, _),) = problems(paired)
        assert ("not_trusted", kept) == (reason, named.removesuffix("…"))

    def test_what_was_told_is_kept_without_the_address(self, paired):
        """
        Staff see the facts; who bought it stays with contacts.
        """
        sync(paired, page(line(quantity_refunded=-1)))

        (row,) = paired.sh.seller("demo").stores.problems("shop")
        assert '"quantity_refunded": -1' in row.facts
        assert paired.shop is not None
        assert snapshot("bad").address.name not in row.facts

    def test_told_well_it_comes_in(self, paired):
        """
        The shop tells it again, and the problem is over.
        """
        sync(paired, page(line(quantity_refunded=-1)))
        report = sync(paired, page(order()))

        assert (1, {}, []) == (report.orders, report.rejected, problems(paired))

    def test_a_known_order_is_held_until_it_is_told_well(self, paired):
        """
        What the shop wants of it is unknown meanwhile; the same as before ends it.
        """
        sync(paired, page(order()))
        (order_id,) = paired.app.orders.find_external("demo", "shop", ["bad"])["bad"]
        lie = line(quantity_refunded=-1)
        assert {"not_trusted": 1} == sync(paired, page(lie)).rejected
        assert {} == sync(paired, page(lie)).rejected

        (hold,) = paired.app.orders.get("demo", order_id).holds
        assert "store_data" == hold.reason
        assert "quantity_refunded: -1" in hold.detail
        sync(paired, page(order()))
        assert () == paired.app.orders.get("demo", order_id).holds
        assert [] == problems(paired)
        assert {"not_trusted": 1} == sync(paired, page(lie)).rejected

    def test_an_order_without_lines_is_said(self, paired):
        """
        It is no error of the shop, but nobody would miss it.
        """
        report = sync(paired, page(order(lines=())))

        assert (0, 1) == (report.orders, report.nothing_wanted)
        assert {"no_product_lines": 1} == report.rejected

    def test_an_order_of_zero_units_is_counted(self, paired):
        """
        Nothing of it is to be sent by us, and the report says so.
        """
        report = sync(paired, page(line(quantity=0)))

        assert (0, 1, {}) == (report.orders, report.nothing_wanted, report.rejected)

    def test_equal_rejects_are_several(self, paired):
        """
        Two records with one row number and reason are two problems, and no more later.
        """
        one = Reject(7, RejectReason.BAD_VALUE, "x", "quantity is no number")
        report = sync(paired, page(rejects=(one, one)))
        assert {"bad_value": 2} == report.rejected
        again = sync(paired, page(rejects=(one, one)))

        assert ({}, 2) == (again.rejected, len(problems(paired)))


class TestBadPages:
    @pytest.mark.parametrize(
        ("lie", "field"),
        [
            (None, "page"),
            ("orders", "page"),
            (page(cursor=None), "cursor"),
            (page(cursor="\0"), "cursor"),
            (page(cursor="c" * 2_001), "cursor"),
            (page(has_more=1), "has_more"),
            (attrs.evolve(page(), orders=None), "orders"),
            (attrs.evolve(page(), rejects=(1,)), "rejects"),
        ],
    )
    def test_a_page_that_is_none_changes_nothing(self, paired, lie, field):
        """
        It is an error that names the shop, the plugin and the field.
        """
        with nothing_moves(paired), pytest.raises(ProtocolError) as ei:
            sync(paired, lie)

        assert ("fake", "shop", field) == (
            ei.value.provider,
            ei.value.connection,
            ei.value.field,
        )

    @pytest.mark.parametrize("cursors", [["1", "1"], ["1", "2", "1"], [""]])
    def test_a_cursor_that_goes_nowhere_is_stopped(self, paired, cursors):
        """
        One that stands still or goes back, with more to come, would never end.
        """
        lies = [page(cursor=cursor, has_more=True) for cursor in cursors]
        with pytest.raises(ProtocolError) as ei:
            sync(paired, *lies, page())

        assert "cursor" == ei.value.field

    def test_any_exception_of_a_plugin_is_named(self, paired):
        """
        A KeyError becomes an error that says whose it was.
        """

        def fail(*_, **__):
            raise KeyError("orders")  # noqa: EM101 - as a plugin would

        paired.shop.pull_orders = fail
        with nothing_moves(paired), pytest.raises(ProtocolError) as ei:
            sync(paired)

        assert "fake 'shop': KeyError: 'orders'" == str(ei.value)


def test_a_refund_of_minus_one_supplies_nothing(paired):
    """
    Three ordered are three, whatever the shop says of refunds.
    """
    (order_id,) = paired.sync(snapshot(CUP=3))
    lie = line(quantity_refunded=-1)
    sync(paired, page(attrs.evolve(lie, external_id="1")))

    lines = paired.app.orders.get("demo", order_id).lines
    assert [3] == [one.quantity for one in lines]


class Sku(str, enum.Enum):  # noqa: UP042 - whose text is not what it is
    """
    SKUs as a plugin may list them.
    """

    CUP = "CUP"


class Shifting(SnapshotLine):
    """
    A line of five units when it is looked at, and of one less each time after.
    """

    reads: ClassVar[list[str]] = []

    def __getattribute__(self, name):
        if name != "quantity":
            return super().__getattribute__(name)
        self.reads.append(name)
        return 6 - len(self.reads)


class Raising(StoreOrderSnapshot):
    """
    An order that cannot be looked at.
    """

    @property
    def doubts_count(self):
        raise RuntimeError


class Nowhere(tzinfo):
    """
    A zone that does not know its time.
    """

    def utcoffset(self, _):
        raise RuntimeError


class Name(str):
    """
    A text that says something else of itself.
    """

    __slots__ = ()

    def __str__(self):
        return "other"

    def strip(self, *_):
        raise RuntimeError


class TestValuesOfOtherClasses:
    def test_they_are_taken_as_what_they_are(self, paired):
        """
        A member of an enum is its text, and what is read twice is the same.
        """
        Shifting.reads.clear()
        odd = attrs.evolve(
            order(),
            external_id=Name("odd"),
            lines=(Shifting(Name("L1"), Sku.CUP, "cup", 9, None),),
        )
        report = sync(paired, page(GOOD, odd))

        assert (2, {}) == (report.orders, report.rejected)
        found = paired.sh.seller("demo").orders.find_external("shop", ["odd"])
        (one,) = paired.sh.seller("demo").orders.get(found["odd"][0]).lines
        assert ("CUP", str, 5) == (one.sku, type(one.sku), one.quantity)
        assert 1 == sync(paired, page(GOOD, attrs.evolve(odd, number="#2"))).changed

    @pytest.mark.parametrize("field", ["placed_at", "changed_at"])
    def test_what_raises_when_it_is_looked_at_is_set_aside(self, paired, field):
        """
        By itself, and its neighbours come in.
        """
        lie = order(**{field: datetime(2026, 3, 2, tzinfo=Nowhere())})
        report = sync(paired, page(GOOD, lie, snapshot("too", HAT=1)))

        assert (2, {"not_trusted": 1}) == (report.orders, report.rejected)
        assert [("bad", "not_trusted", "RuntimeError: ")] == problems(paired)

    def test_what_a_class_says_beside_its_fields_counts_for_nothing(self, paired):
        """
        Nobody asks a plugin's own class what an order is.
        """
        facts = {f.name: getattr(GOOD, f.name) for f in attrs.fields(type(GOOD))}

        assert 1 == sync(paired, page(Raising(**facts))).orders
