"""
What the platform shows everybody, and what its staff find across sellers.
"""

import pytest

from sourcehere import (
    Actor,
    DisputeReason,
    ForbiddenError,
    InvalidInputError,
    MappingRule,
    Money,
    Role,
    RuleItem,
)
from sourcehere.app import schema_version
from sourcehere.face import opening
from sourcehere.testing.factories import NOON, nothing_moves, open_bench, snapshot


@pytest.fixture
def bench():
    """
    A bench in memory.
    """
    return open_bench()


def test_sellers_see_warehouses_and_carriers(bench):
    """
    Whoever asks, warehouses and carriers are the same.
    """
    shop, staff = bench.sh.seller("demo"), bench.sh.staff("ann")
    (warehouse,) = shop.warehouses.list()
    assert ("CN1", "Yiwu", (Money(20, "USD"),)) == (
        warehouse.warehouse_id,
        warehouse.name,
        warehouse.handling,
    )
    assert shop.warehouses.list() == staff.warehouses.list()
    assert ["rate_card"] == [card.provider for card in shop.freight.list()]


def test_the_present_is_the_clocks(bench):
    """
    `now` tells what the clock tells that it was opened with.
    """
    assert NOON == bench.sh.now()


def test_a_database_is_looked_at_by_the_face_too():
    """
    Whoever holds the face needs nothing of the composition root.
    """
    assert opening.schema_version is schema_version


def test_staff_find_parcels_of_all_sellers(bench):
    """
    A tracking number is found across sellers by staff, and by a seller among theirs.
    """
    bench.connect(bench.rule("CUP"))
    bench.ship(bench.accepted("1", CUP=1), "T1")
    staff = bench.sh.staff("ann")
    staff.sellers.register("other", name="Other", currency="USD")
    (parcel,) = staff.parcels.find("T1")
    assert "demo" == parcel.seller_id
    assert (parcel,) == bench.sh.seller("demo").parcels.find("T1")
    assert () == bench.sh.seller("other").parcels.find("T1")


class TestChangeConnection:
    def test_what_is_not_said_stays(self, bench):
        """
        Rules change without the method, and the method without rules.
        """
        connections = bench.sh.seller("demo").connections
        name = bench.connect(bench.rule("CUP"), method="std")
        hat = bench.variants["HAT"]
        connections.change(name, [MappingRule(sku="CUP", items=(RuleItem(hat, 2),))])
        changed = connections.get(name)
        assert ("std", 2) == (changed.method, changed.version)
        connections.change(name, method="")
        again = connections.get(name)
        assert ("", changed.rules) == (again.method, again.rules)


class TestDropVariant:
    def test_it_does_at_once_what_the_relay_does(self, bench):
        """
        Connections with the variant end, and orders that rest on it wait again.
        """
        name = bench.connect(bench.rule("LAMP"))
        (order_id,) = bench.sync(snapshot("1", LAMP=1))
        staff = bench.sh.staff("ann")
        shop = staff.seller("demo")
        assert "awaiting_payment" == shop.orders.get(order_id).state
        variant_id = bench.variants["LAMP"]
        staff.catalog.discontinue(variant_id)

        dropped = shop.connections.drop_variant(variant_id)

        assert (variant_id, 1) == (dropped.variant_id, dropped.orders_waiting)
        assert "ended" == shop.connections.get(name).state
        assert "unrecognized" == shop.orders.get(order_id).state
        with nothing_moves(bench):
            assert 0 == shop.connections.drop_variant(variant_id).orders_waiting
        assert () == bench.app.audit.run(replay=True).violations

    def test_it_is_not_for_sellers(self, bench):
        """
        A seller is refused, and nothing moves.
        """
        name = bench.connect(bench.rule("LAMP"))
        shop = bench.sh.seller("demo")
        with nothing_moves(bench), pytest.raises(ForbiddenError) as ei:
            shop.connections.drop_variant(bench.variants["LAMP"])

        assert "ConnectionsDesk.drop_variant" == ei.value.action
        assert "active" == shop.connections.get(name).state


def test_nobody_else_sits_at_a_sellers_desk(bench):
    """
    Another seller is refused at the door, for reading too.
    """
    other = Actor(Role.SELLER, "other")
    with nothing_moves(bench), pytest.raises(ForbiddenError) as ei:
        bench.sh.seller("demo", by=other)

    assert (other, "act for seller:demo") == (ei.value.actor, ei.value.action)


class TestDisputedAmounts:
    def test_bounds_are_told_in_money(self, bench):
        """
        What is beyond the policy is refused with the bounds as money; nothing moves.
        """
        bench.connect(bench.rule("CUP"))
        order_id = bench.accepted("1", CUP=1)
        paid = bench.sh.seller("demo").orders.get(order_id).captured
        shop, staff = bench.sh.seller("demo"), bench.sh.staff("ann").seller("demo")
        over = Money(99_999, "USD")
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            shop.disputes.open(
                order_id,
                reason=DisputeReason.CANCEL,
                quantities={"1.1": 1},
                asked=over,
            )

        wanted = ("asked", "999.99 USD", f"0.00 USD to {paid}")
        assert wanted == (ei.value.field, ei.value.value, ei.value.expected)
        opened = shop.disputes.open(
            order_id, reason=DisputeReason.CANCEL, quantities={"1.1": 1}
        )
        staff.disputes.take(opened.dispute_id)
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            staff.disputes.offer(opened.dispute_id, over)

        wanted = ("amount", "999.99 USD", f"0.00 USD to {paid}")
        assert wanted == (ei.value.field, ei.value.value, ei.value.expected)
