"""
What is kept of what a shop was told of its lines makes no sense: somebody edited it.
"""

import attrs
import pytest
from moved_world import Moving

from sourcehere import UnreadableLinesError
from sourcehere.testing.factories import snapshot
from sourcehere.testing.rows import dump
from sourcehere.unit.tables.effects import ATTEMPTS, OUTBOX

GARBAGE = ["no JSON", "[3]", '{"L2":"5"}', '{"L2":-5}', "[" * 100_000]


class Spoiled:
    """
    An order of two lines, of which one was told under the other, and is not to be read.
    """

    def __init__(self, bench):
        self.bench = bench
        order = self.order = Moving(bench, L1=2, L2=3)
        bench.ship(order.order_id, "T1", i1_1=2)
        order.tell(L2=5)
        bench.sh.relay.run()
        self.message_id = self.all(OUTBOX, subject=self.parcel)[0].message_id
        self.right = self.attempt.lines
        assert '{"L2":2}' == self.right

    @property
    def parcel(self):
        (parcel,) = self.bench.app.tracking.parcels("demo", self.order.order_id)
        return parcel.parcel_id

    def all(self, records, **where):
        rows = dump(self.bench.app.storage, [records.table])[records.table.name]
        found = map(records.from_row, rows)
        return [r for r in found if where.items() <= attrs.asdict(r).items()]

    @property
    def attempt(self):
        (attempt,) = self.all(ATTEMPTS, message_id=self.message_id)
        return attempt

    def store(self, lines):
        """
        Let the database say *lines* of the attempt.
        """
        row = ATTEMPTS.to_row(attrs.evolve(self.attempt, lines=lines))
        self.bench.app.storage.transact(
            lambda session: session.replace(ATTEMPTS.table, [row], expected=None),
            read_only=False,
        )

    def put(self, units):
        """
        Let the shop want so many of the line that there is.
        """
        number = f"#{units}"
        told = attrs.evolve(self.order.lined(L2=units), number=number)
        self.bench.shop.put(told)


@pytest.fixture
def spoiled(paired):
    """
    Lend the order; what was spoiled is put back at the end.
    """
    order = Spoiled(paired)
    yield order
    order.store(order.right)


def holds_of(bench, order_id):
    """
    Return (reason, detail) of the open holds.
    """
    order = bench.app.orders.get("demo", order_id)
    return [(hold.reason, hold.detail) for hold in order.holds]


@pytest.mark.parametrize("lines", GARBAGE)
def test_the_order_is_set_aside_and_its_neighbours_come_in(paired, spoiled, lines):
    """
    It is held, listed with what is to be done, and followed once it makes sense again.
    """
    desk = paired.sh.seller("demo")
    name = f"{spoiled.message_id}/1"
    spoiled.store(lines)
    spoiled.put(6)
    paired.shop.put(snapshot("2", CUP=3))
    assert {"told_unreadable": 1} == dict(desk.stores.sync("shop").rejected)

    assert 1 == len(paired.app.orders.find_external("demo", "shop", ["2"])["2"])
    (problem,) = desk.stores.problems("shop")
    assert ("told_unreadable", "1") == (problem.reason, problem.external_id)
    assert name in problem.detail
    held = ("store_data", f"what attempt {name} told the shop cannot be read")
    assert [held] == holds_of(paired, spoiled.order.order_id)
    spoiled.put(7)
    assert {} == dict(desk.stores.sync("shop").rejected)  # known already
    assert [held] == holds_of(paired, spoiled.order.order_id)
    (found,) = paired.app.audit.run(replay=True).violations
    assert ("attempt_tells_its_parcel", name) == (found.invariant, found.subject)

    spoiled.store(spoiled.right)
    desk.stores.rewind("shop")
    desk.stores.sync("shop")
    assert () == tuple(desk.stores.problems("shop"))
    held = ("store_changed", "CUP: the shop wants 2 more")
    assert [held] == holds_of(paired, spoiled.order.order_id)


def test_an_order_that_is_over_is_listed(paired, spoiled):
    """
    Nothing of it can be held any more.
    """
    spoiled.order.end()
    paired.sh.relay.run()
    spoiled.store("no JSON")
    spoiled.put(6)
    desk = paired.sh.seller("demo")
    desk.stores.sync("shop")

    (problem,) = desk.stores.problems("shop")
    assert "told_unreadable" == problem.reason
    assert 1 == len(spoiled.order.parts)


def test_asked_for_by_itself_it_is_set_aside_too(paired, spoiled):
    """
    A webhook leads to the same.
    """
    spoiled.store("no JSON")
    spoiled.put(6)
    paired.clock.advance(paired.app.settings.told_within)
    desk = paired.sh.seller("demo")
    report = desk.stores.reconcile("shop", limit=10)

    assert (1, 0) == (report.rejected, report.changed)
    (problem,) = desk.stores.problems("shop")
    assert "told_unreadable" == problem.reason


def test_a_cancellation_is_followed(paired, spoiled):
    """
    It needs no lines.
    """
    spoiled.store("no JSON")
    paired.shop.put(attrs.evolve(snapshot("1", CUP=5), cancelled=True))
    desk = paired.sh.seller("demo")
    assert {} == dict(desk.stores.sync("shop").rejected)

    ((reason, _),) = holds_of(paired, spoiled.order.order_id)
    assert "store_cancelled" == reason


def test_what_else_is_told_of_the_order_waits_with_words(paired, spoiled):
    """
    Under which lines its other parcels are told follows from it: nobody guesses.
    """
    spoiled.store("no JSON")
    paired.ship(spoiled.order.order_id, "T2")
    paired.sh.relay.run()
    paired.sh.relay.run()

    (dead,) = paired.sh.relay.dead()
    assert f"attempt {spoiled.message_id}/1" in dead.error
    assert "shop_not_told" in [r for r, _ in holds_of(paired, spoiled.order.order_id)]
    spoiled.store(spoiled.right)
    paired.sh.relay.resend("demo", dead.message_id)
    paired.sh.relay.run()
    assert {"L2": 5} == paired.shop.units_sent("1")


def test_whoever_reads_what_was_told_learns_what_cannot_be_read(paired, spoiled):
    spoiled.store("no JSON")
    with pytest.raises(UnreadableLinesError) as ei:
        paired.app.told_parcels.page("demo", "shop", since=None, after="")

    assert (spoiled.message_id, 1) == (ei.value.message_id, ei.value.number)
    assert "no JSON" == ei.value.stored
