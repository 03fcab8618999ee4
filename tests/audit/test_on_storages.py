"""
The audit sees the same on every storage.
"""

import pytest

from sourcehere.testing.factories import dump, open_bench
from sourcehere.unit.tables.events import EVENTS
from sourcehere.unit.tables.orders import ITEMS, ORDERS
from sourcehere.unit.tables.sellers import SELLERS
from sourcehere.unit.tables.wallet import LEDGER, WALLETS

OTHERS = ("a", "demo 2", "é", "zz")


@pytest.fixture
def shipped(storage):
    """
    A bench with a shipped order, and sellers beside its own.
    """
    bench = open_bench(storage=storage)
    for name in OTHERS:
        bench.app.sellers.register(name, name=name, currency="USD")
    bench.connect(bench.rule("CUP"))
    bench.ship(bench.accepted(CUP=2), "T1")
    bench.app.relay.run()
    assert bench.app.audit.run(replay=True).is_clean
    return bench


def lose(bench, records, **where):
    """
    Delete every row that has these values.
    """
    place = records.table.position
    rows = dump(bench.app.storage, [records.table])[records.table.name]
    keys = [
        records.table.key_of(row)
        for row in rows
        if all(row[place[name]] == value for name, value in where.items())
    ]
    assert keys
    bench.app.storage.transact(
        lambda session: session.delete(records.table, keys), read_only=False
    )


def order_of(bench):
    """
    Return the id of the only order.
    """
    ((_, name, *_),) = dump(bench.app.storage, [ORDERS.table])["orders"]
    return name


def named(bench):
    """
    Return what the audit names: seller, invariant and thing.
    """
    report = bench.app.audit.run()
    return {(v.seller_id, v.invariant, v.subject) for v in report.violations}


def test_every_seller_is_looked_at(shipped):
    """
    Sellers whose own row is gone are found by what else they have.
    """
    before = shipped.app.audit.run().checked["seller_is_there"]
    for name in ("demo", *OTHERS):
        lose(shipped, SELLERS, seller_id=name)
    found = named(shipped)

    assert len(OTHERS) + 1 == before
    for name in ("demo", *OTHERS):
        assert (name, "seller_is_there", name) in found


def test_an_order_that_is_gone_is_named(shipped):
    """
    Its events, its money and what belonged to it are left without it.
    """
    order_id = order_of(shipped)
    lose(shipped, ORDERS, order_id=order_id)
    found = named(shipped)

    assert ("demo", "stream_has_its_row", f"order {order_id}") in found
    assert ("demo", "capture_booked", order_id) in found
    assert ("demo", "row_has_its_order", f"{order_id}/1.1") in found


def test_what_does_not_add_up_is_named(shipped):
    """
    Sums of a fixed size name the key that differs, wherever rows are kept.
    """
    order_id = order_of(shipped)
    lose(shipped, LEDGER, reference=order_id, account="goods")
    lose(shipped, EVENTS, stream_id=order_id, sequence=2)
    lose(shipped, ITEMS, order_id=order_id)
    lose(shipped, WALLETS, seller_id="zz")

    assert {
        ("demo", "capture_is_split_as_paid", order_id),
        ("demo", "sequence_without_gaps", order_id),
        ("demo", "line_is_its_items", order_id),
        ("zz", "stored_can_be_read", "zz: check_ledger"),
    } <= named(shipped)
