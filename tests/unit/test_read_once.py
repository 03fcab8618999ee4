"""
What a command reads, it reads once: what it locks afterwards is read again under that
lock, and nothing else is.
"""

from collections import Counter

import pytest

from sourcehere import Money, TrackingStatus
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.ports.storage import Get
from sourcehere.services.sending.shipping import NewParcel
from sourcehere.services.sending.tracking import TrackingFact
from sourcehere.testing.factories import NOON, SELLER, STAFF, open_bench, snapshot
from sourcehere.unit.reading import Asked


class Reading:
    """
    A storage that notes which rows are asked for by their keys in each transaction.
    """

    def __init__(self, inner):
        self._inner = inner
        self.transactions = []

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def transact(self, work, /, *, read_only):
        noted = Counter()
        self.transactions.append(noted)
        return self._inner.transact(
            lambda session: work(_Noting(session, noted)), read_only=read_only
        )

    def repeated(self):
        """
        Return the rows that one transaction read without a lock more than once.
        """
        return [row for noted in self.transactions for row, n in noted.items() if n > 1]


class _Noting:
    def __init__(self, session, noted):
        self._session = session
        self._noted = noted

    def __getattr__(self, name):
        return getattr(self._session, name)

    def get(self, table, keys, /, *, lock):
        self._note(table, keys, lock=lock)
        return self._session.get(table, keys, lock=lock)

    def ask(self, wanted, /):
        if isinstance(wanted, Get):
            self._note(wanted.table, wanted.keys, lock=wanted.lock)
        return self._session.ask(wanted)

    def _note(self, table, keys, *, lock):
        if not lock:
            self._noted.update((table.name, key) for key in set(keys))


@pytest.fixture
def storage():
    return Reading(MemoryStorage())


@pytest.fixture
def had(monkeypatch):
    """
    List, in turn, what was asked for and then had.
    """
    noted, have = [], Asked.all

    def note(asked):
        noted.append(asked)  # kept, so that no other one is where it was
        return have(asked)

    monkeypatch.setattr(Asked, "all", note)
    return noted


@pytest.mark.parametrize("at_once", [False, True], ids=["offered", "at once"])
def test_an_order_s_commands_read_nothing_twice(storage, had, at_once):
    """
    From the shop to delivery, with an offer and without one; nor are records made twice
    of what was read.
    """
    bench = open_bench(storage=storage, connected=["CUP"])
    bench.stocked(CUP=9)
    storage.transactions.clear()

    app = bench.app
    (name,) = bench.sync(snapshot("1", CUP=2))
    if at_once:
        most = Money(100_00, "USD")
        app.checkouts.pay_at_most("demo", [name], amount=most, by=SELLER)
    else:
        offer = app.checkouts.checkout("demo", [name], by=SELLER)
        app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )
    app.shipping.accept("demo", [name], by=STAFF)
    parcel = NewParcel(order_id=name, carrier="L", tracking_number="1")
    app.shipping.ship("demo", parcel, by=STAFF)
    app.relay.run()
    (sent,) = app.tracking.parcels("demo", name)
    fact = TrackingFact(
        parcel_id=sent.parcel_id,
        key="1",
        status=TrackingStatus.DELIVERED,
        happened_at=NOON,
    )
    app.tracking.record("demo", [fact], by=STAFF)

    assert len(storage.transactions) > 8
    assert [] == storage.repeated()
    assert len(had) > 20
    assert len(had) == len(set(map(id, had)))
