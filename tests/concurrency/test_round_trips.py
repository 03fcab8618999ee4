"""
How often a command waits for PostgreSQL: what is read together, and all that a commit
writes, is one round trip each.
"""

import re
from contextlib import nullcontext

import pytest
from psycopg.pq import PipelineStatus, TransactionStatus

from sourcehere.domain.kernel.money import Money
from sourcehere.domain.shipments.model import TrackingStatus
from sourcehere.ports.storage import Get, RowExistsError
from sourcehere.services.outside import running
from sourcehere.services.sending.shipping import NewParcel
from sourcehere.services.sending.tracking import TrackingFact
from sourcehere.testing.factories import NOON, SELLER, STAFF, open_bench, snapshot
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES as SOME_TABLES
from sourcehere.testing.storage_tables import THINGS, thing
from sourcehere.unit.commit import tabs
from sourcehere.unit.tables import TABLES
from sourcehere_sql import SqlStorage
from sourcehere_sql.opening import open_storage


def follow_connections(storage, follow):
    """
    Call *follow* with the driver's connection of each transaction before it begins.
    """

    def following(take):
        def taken():
            found = take()
            if found is not None:
                follow(found[1].driver_connection)
            return found

        return taken

    at_hand = storage.at_hand
    at_hand.kept, at_hand.lent = following(at_hand.kept), following(at_hand.lent)


class Wires:
    """
    What connections of a storage say.
    """

    def __init__(self, storage, folder):
        self._path = folder / "said"
        self._file = None
        self._connections = set()
        follow_connections(storage, self._follow)

    def _follow(self, connection):
        if self._file is not None and connection not in self._connections:
            self._connections.add(connection)
            connection.pgconn.trace(self._file.fileno())

    def trips(self, do):
        """
        Return how often the server is waited for while something is done.
        """
        with self._path.open("w") as self._file:
            do()
            for connection in self._connections:
                connection.pgconn.untrace()  # and what is buffered is written
            self._connections.clear()
        self._file = None
        trips, is_asked, text = 0, False, self._path.read_text()
        # Statements have lines of their own.
        said = re.findall(r"^[\d-]+ [\d:.]+\t(.)\t\d+\t(\w+)", text, re.MULTILINE)
        for who, what in said:
            if who == "F":
                is_asked = is_asked or what in ("Flush", "Sync", "Query")
            elif is_asked:
                trips, is_asked = trips + 1, False
        return trips


@pytest.fixture
def wired(made_postgres_url, tmp_path):
    """
    A bench whose shop sells cups, of which there is stock, and its wires.
    """
    storage = open_storage(made_postgres_url, TABLES)
    bench = open_bench(storage=storage, connected=["CUP"])
    bench.stocked(CUP=9)
    bench.sync(snapshot("warm", CUP=1))
    yield bench, Wires(storage, tmp_path)
    storage.close()


def test_commands_wait_as_often_as_they_must(wired, monkeypatch):
    """
    An order lives in so many round trips: one to read, one for what depends on it, one
    for all writes and COMMIT.
    """
    # However long the shop takes here, nothing else is claimed meanwhile; and no commit
    # is the one in so many that asks for counts to be folded.
    monkeypatch.setattr(running, "_CLAIM_EVERY", 600)
    monkeypatch.setattr(tabs, "FOLD_EVERY", 1 << 16)
    bench, wires = wired
    app, trips = bench.app, {}
    app.relay.run()  # one of those before may have asked for it
    (name,) = bench.sync(snapshot("1", CUP=2))

    def check_out():
        nonlocal offer
        offer = app.checkouts.checkout("demo", [name], by=SELLER)

    offer = None
    trips["check out"] = wires.trips(check_out)
    trips["pay"] = wires.trips(
        lambda: app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )
    )
    trips["accept"] = wires.trips(lambda: app.shipping.accept("demo", [name], by=STAFF))
    parcel = NewParcel(order_id=name, carrier="L", tracking_number="1")
    trips["ship"] = wires.trips(lambda: app.shipping.ship("demo", parcel, by=STAFF))
    trips["tell"] = wires.trips(app.relay.run)
    trips["tell nothing"] = wires.trips(app.relay.run)
    (sent,) = app.tracking.parcels("demo", name)
    fact = TrackingFact(
        parcel_id=sent.parcel_id,
        key="1",
        status=TrackingStatus.DELIVERED,
        happened_at=NOON,
    )
    trips["deliver"] = wires.trips(
        lambda: app.tracking.record("demo", [fact], by=STAFF)
    )

    (other,) = bench.sync(snapshot("2", CUP=2))
    trips["pay at once"] = wires.trips(
        lambda: app.checkouts.pay_at_most(
            "demo", [other], amount=Money(100_00, "USD"), by=SELLER
        )
    )

    assert {
        "check out": 4,
        "pay": 4,
        "pay at once": 3,
        "accept": 2,
        "ship": 2,
        "tell": 5,
        "tell nothing": 2,
        "deliver": 2,
    } == trips


def test_who_only_reads_waits_once(wired):
    """
    For what is read; the next transaction hears how that one ended.
    """
    bench, wires = wired
    (name,) = bench.sync(snapshot("1", CUP=2))
    reads = {
        "one": lambda: bench.app.orders.get("demo", name),
        "some": lambda: bench.app.orders.find_external("demo", "shop", ["1"]),
    }

    assert {what: wires.trips(read) for what, read in reads.items()} == {
        "one": 1,
        "some": 1,
    }


def test_a_page_of_a_shop_waits_as_often_as_it_must(wired):
    """
    Once for how far the shop was read, once for all that its orders are held against,
    once for all writes and COMMIT.
    """
    bench, wires = wired
    bench.shop.put(snapshot("1", CUP=2))

    assert 3 == wires.trips(lambda: bench.app.stores.sync("demo", "shop"))


def test_a_hundred_parcels_wait_as_often_as_one(wired):
    """
    What is bound to lots is read for all parcels of a commit together.
    """
    bench, wires = wired
    names = [bench.accepted(str(number), CUP=1) for number in range(1, 4)]
    first, *others = [
        NewParcel(order_id=name, carrier="L", tracking_number=name) for name in names
    ]

    one = wires.trips(lambda: bench.app.shipping.ship_many("demo", [first], by=STAFF))
    two = wires.trips(lambda: bench.app.shipping.ship_many("demo", others, by=STAFF))

    assert one == two


@pytest.fixture
def things(postgres_url):
    """
    A storage with a thing in it.
    """
    made = SqlStorage(postgres_url, tables=SOME_TABLES)
    made.create_tables()
    keep(made, THINGS, [thing("a", quantity=1)])
    yield made
    made.close()


class Refused:
    """
    Work whose second write is refused, and that reads afterwards.
    """

    def __init__(self, write):
        self._write = write
        self.answers = []

    def __call__(self, session):
        self.answers.append(None)
        session.insert(THINGS, [thing(f"run {len(self.answers)}")])
        self.answers[-1] = self._write(session)
        session.get(THINGS, [("s", "a")], lock=False)


def test_what_was_refused_is_found_out_with_care(things):
    """
    Work whose write was refused is done once more: then it is told at once, and what it
    wrote in haste is gone.
    """
    missing, stale = ("s", "x"), [7]
    writes = {
        "stale": lambda s: s.replace(THINGS, [thing("a")], expected=stale),
        "missing": lambda s: s.replace(THINGS, [thing("x")], expected=None),
        "too many": lambda s: s.add(THINGS, [(("s", "a"), {"quantity": -2})]),
        "one of two": lambda s: s.add(
            THINGS, [(key, {"quantity": 1}) for key in (("s", "a"), missing)]
        ),
    }
    answers = {}
    for name, write in writes.items():
        work = Refused(write)
        things.transact(work, read_only=False)
        answers[name] = work.answers
        keys = [row[:2] for row in kept(things, THINGS)]
        assert [("s", "a"), ("s", "run 2")] == keys
        things.transact(lambda s: s.delete(THINGS, [("s", "run 2")]), read_only=False)

    a = ("s", "a")
    assert {
        "stale": [[], [a]],
        "missing": [[], [missing]],
        "too many": [[], [a]],
        "one of two": [[], [missing]],
    } == answers


def test_a_key_that_is_taken_is_named_with_care(things):
    """
    A refused insertion is raised where it was made, when the work is done again.
    """
    work = Refused(lambda session: session.insert(THINGS, [thing("a")]))

    with pytest.raises(RowExistsError) as ei:
        things.transact(work, read_only=False)

    assert ("thing", "('s', 'a')") == (ei.value.kind, ei.value.key)
    assert [None, None] == work.answers
    assert [thing("a", quantity=1)] == kept(things, THINGS)


def test_an_answer_that_was_there_says_nothing_of_what_was_sent_since(things):
    """
    A question that was answered with another one is no answer to a write behind both.
    """

    def work(session):
        first = session.ask(Get(THINGS, [("s", "a")]))
        second = session.ask(Get(THINGS, [("s", "a")]))
        first()
        session.insert(THINGS, [thing("a")])
        second()

    with pytest.raises(RowExistsError):
        things.transact(work, read_only=False)

    assert [thing("a", quantity=1)] == kept(things, THINGS)


@pytest.mark.parametrize("ends", ["well", "refused", "raises", "both"])
def test_a_connection_goes_back_as_it_came(things, ends):
    """
    However a transaction ended, the driver begins and ends the next one as it did.
    """

    def work(session):
        session.get(THINGS, [("s", "a")], lock=True)
        if ends in ("refused", "both"):
            session.insert(THINGS, [thing("a")])
        if ends in ("raises", "both"):
            raise LookupError

    expected = {"well": (), "raises": LookupError}.get(ends, RowExistsError)
    with pytest.raises(expected) if expected else nullcontext():
        things.transact(work, read_only=False)

    _, pooled = things.at_hand.kept()
    connection = pooled.driver_connection
    assert not connection.autocommit
    assert PipelineStatus.OFF == connection.pgconn.pipeline_status
    assert TransactionStatus.IDLE == connection.info.transaction_status
    pooled.close()


def test_an_interrupted_connection_is_not_used_again(things):
    """
    Whoever is interrupted while an answer is on its way leaves no connection behind
    that would take it for an answer to the next one's question.
    """
    interrupted = []

    def interrupt_once(connection):
        def wait(*_):
            del connection.wait
            interrupted.append(connection)
            raise KeyboardInterrupt

        if not interrupted:
            connection.wait = wait

    follow_connections(things, interrupt_once)
    with pytest.raises(KeyboardInterrupt):
        kept(things, THINGS)

    assert [connection.closed for connection in interrupted] == [True]
    assert [thing("a", quantity=1)] == kept(things, THINGS)


def test_a_refusal_counts_more_than_what_followed_from_it(things):
    """
    What the work itself raises after a write that was refused in haste is not told.
    """

    def work(session):
        left_alone = session.add(THINGS, [(("s", "a"), {"quantity": -2})])
        if not left_alone:
            raise LookupError
        return left_alone

    assert [("s", "a")] == things.transact(work, read_only=False)
