"""
Repairs, beside those of everything that was planted: who may, what is refused, what
goes on afterwards.
"""

import attrs
import pytest
from planting import World, anything, fewer, more, of
from test_planted import (
    a_job_lost,
    a_lease_a_year_old,
    a_message_due_in_2500,
    an_order_lost,
    an_unsent_push_superseded,
    five_hundred_minted,
)
from test_planted_more import a_count_of_a_tab_lost, a_hold_lifted_behind_its_order

from sourcehere import (
    SYSTEM,
    Actor,
    ForbiddenError,
    InvalidInputError,
    Money,
    RepairOutdatedError,
    Role,
    schema_of,
    to_dict,
)
from sourcehere.app import App
from sourcehere.domain.wallet.model import Account
from sourcehere.domain.wallet.moves import PURPOSES
from sourcehere.services.repair.advice import ADVICE
from sourcehere.services.repair.plan import RepairPlan
from sourcehere.services.repair.remedies import ANSWERS, STAGES
from sourcehere.testing.factories import NOON, STAFF, dump, nothing_moves
from sourcehere.unit.tables.effects import ATTEMPTS, OUTBOX, SENDS
from sourcehere.unit.tables.orders import ORDERS
from sourcehere.unit.tables.pairing import CONNECTIONS
from sourcehere.unit.tables.repairs import REPAIRS
from sourcehere.unit.tables.shipments import PARCELS
from sourcehere.unit.tables.wallet import LEDGER, WALLETS

ANN = Actor(Role.STAFF, "ann")


@pytest.fixture
def world():
    """
    A database with something of everything.
    """
    return World()


def mend(world, reason="a test"):
    """
    Plan and do, and hold that nothing is left.
    """
    plan = world.app.repairing.plan()
    assert () == plan.left
    done = world.app.repairing.do(plan, reason=reason, by=STAFF)
    assert world.app.audit.run(replay=True).is_clean
    return done.repairs


class TestTable:
    def test_every_invariant_has_an_answer(self, world):
        """
        What the audit looks at is mended, or a person is told what to do.
        """
        looked_at = set(world.app.audit.run(replay=True).checked)

        assert looked_at <= ANSWERS.keys()
        assert ANSWERS.keys() == ADVICE.keys()
        assert all(s.stage in STAGES for a in ANSWERS.values() for s in a.steps)
        assert all(answer.advice for answer in ANSWERS.values())


class TestPlan:
    def test_a_healthy_database_has_an_empty_plan(self, world):
        """
        There is nothing to mend, and doing it does nothing.
        """
        with nothing_moves(world.bench):
            plan = world.app.repairing.plan()
            done = world.app.repairing.do(plan, reason="none", by=STAFF)

        assert plan.is_empty
        assert (0, (), ()) == (plan.found, plan.changes, plan.left)
        assert () == done.repairs

    def test_it_says_from_what_to_what(self, world):
        """
        A change names its finding, its row, and the columns that differ.
        """
        world.rewrite(WALLETS, anything, available=more)
        (change,) = world.app.repairing.plan().changes
        held = world.app.wallets.get("demo").available

        assert ("demo", "wallet_is_its_entries", "demo", "wallet", ("demo",)) == (
            change.seller_id,
            change.invariant,
            change.subject,
            change.table_name,
            change.row_key,
        )
        assert ({"available": held}, {"available": held - 1}) == (
            change.before,
            change.after,
        )

    def test_it_is_plain_data(self, world):
        """
        Programs read a plan as its schema says, without the rows behind it.
        """
        world.rewrite(WALLETS, anything, available=more)
        plan = to_dict(world.app.repairing.plan())

        assert set(plan) == {
            "plan_id",
            "made_at",
            "found",
            "changes",
            "left",
            "is_whole",
        }
        assert set(plan) == set(schema_of(RepairPlan)["properties"])
        assert "row_before" not in plan["changes"][0]

    def test_one_seller_is_planned_without_the_others(self, world):
        """
        Another seller's trouble is not in it.
        """
        world.app.sellers.register("other", name="Other", currency="USD")
        world.rewrite(WALLETS, of(seller_id="demo"), available=more)

        assert world.app.repairing.plan(seller_id="other").is_empty
        assert not world.app.repairing.plan(seller_id="demo").is_empty

    def test_several_troubles_are_mended_at_once(self, world):
        """
        A bad repair is not kept, and those beside it are.
        """
        world.rewrite(WALLETS, anything, available=more)
        an_order_lost(world)
        world.rewrite(PARCELS, of(tracking_number="T2"), status="customs")
        world.rewrite(CONNECTIONS, anything, method="another")
        plan = world.app.repairing.plan()
        world.app.repairing.do(plan, reason="a test", by=STAFF)

        assert ["parcel_is_where_its_tracking_says"] == [f.invariant for f in plan.left]
        named = world.app.audit.run(replay=True).violations
        assert [f.subject for f in plan.left] == [v.subject for v in named]

    def test_progress_is_told(self, world):
        """
        Planning says how many it made anew so far.
        """
        told = []
        world.app.repairing.plan(progress=told.append)

        assert told
        assert sorted(told) == told


class TestMoney:
    def test_what_was_minted_is_taken_back(self, world):
        """
        By a transaction that names it; the entries of both stay.
        """
        before = world.app.wallets.get("demo").available
        five_hundred_minted(world)
        mend(world)
        entries = [e for e in world.all(LEDGER) if e.purpose not in PURPOSES]

        assert before == world.app.wallets.get("demo").available
        assert {("gift", "nobody"), ("adjustment", "minted")} == {
            (e.purpose, e.reference) for e in entries
        }
        assert 0 == sum(
            e.amount_minor for e in entries if e.account == Account.WALLET_AVAILABLE
        )

    def test_an_adjustment_that_takes_back_something_else_is_named(self, world):
        """
        One cent more, and both transactions are unexplained again.
        """
        five_hundred_minted(world)
        mend(world)
        is_it = of(purpose="adjustment", account="wallet_available")
        world.rewrite(LEDGER, is_it, amount_minor=fewer)
        named = {(v.invariant, v.subject) for v in world.app.audit.run().violations}

        assert {
            ("ledger_moves_as_its_purpose", "minted"),
            ("ledger_moves_as_its_purpose", "adjustment:minted"),
            ("ledger_balanced", "adjustment:minted"),
        } <= named

    def test_an_adjustment_of_what_is_explained_is_named(self, world):
        """
        Nobody takes back a capture by one.
        """
        for entry in [e for e in world.all(LEDGER) if e.reference == world.bound]:
            world.make(
                LEDGER,
                attrs.evolve(
                    entry,
                    transaction_id="back",
                    purpose="adjustment",
                    reference=entry.transaction_id,
                    amount_minor=-entry.amount_minor,
                ),
            )
        named = {(v.invariant, v.subject) for v in world.app.audit.run().violations}

        assert ("ledger_moves_as_its_purpose", "back") in named

    def test_what_was_minted_and_spent_is_for_a_person(self, world):
        """
        A wallet never falls below nothing.
        """
        five_hundred_minted(world)
        available = world.app.wallets.get("demo").available
        for entry in [e for e in world.all(LEDGER) if e.transaction_id == "minted"]:
            sign = 1 if entry.amount_minor > 0 else -1
            world.rewrite(
                LEDGER,
                of(transaction_id="minted", entry=entry.entry),
                amount_minor=sign * (available + 500),
            )
        world.rewrite(WALLETS, anything, available=400)
        plan = world.app.repairing.plan()

        assert plan.is_empty
        assert "ledger_moves_as_its_purpose" in {f.invariant for f in plan.left}


class TestTelling:
    def told(self, world):
        """
        Return the keys that the shop was sent, one a call.
        """
        return [send.key for send in world.all(SENDS)]

    def test_a_lost_push_is_sent_under_its_key(self, world):
        """
        The shop is told once, as it would have been.
        """
        parcel_id = world.bench.ship(world.bound_accepted(), "T7")
        (lost,) = [m for m in world.all(OUTBOX) if m.subject == parcel_id]
        world.lose(OUTBOX, of(message_id=lost.message_id))
        mend(world)
        (made,) = [m for m in world.all(OUTBOX) if m.subject == parcel_id]

        assert lost.message_id != made.message_id
        assert (lost.key, lost.payload, lost.lane, lost.connection) == (
            made.key,
            made.payload,
            made.lane,
            made.connection,
        )
        before = len(self.told(world))
        world.app.relay.run()
        assert [lost.key] == self.told(world)[before:]

    def test_a_lost_push_that_arrived_is_not_sent_again(self, world):
        """
        Its attempts are left: it is written anew under its id, and is done.
        """
        sent = world.push("T2")
        world.lose(OUTBOX, of(message_id=sent.message_id))
        mend(world)
        made = world.push("T2")

        assert (sent.message_id, sent.key, "done") == (
            made.message_id,
            made.key,
            made.state,
        )
        before = self.told(world)
        world.app.relay.run()
        assert before == self.told(world)

    def test_a_lost_push_that_may_have_arrived_keeps_its_key(self, world):
        """
        Nobody knows what became of the call: the next one has the same key.
        """
        sent = world.push("T2")
        world.lose(OUTBOX, of(message_id=sent.message_id))
        world.rewrite(ATTEMPTS, of(message_id=sent.message_id), state="unknown")
        mend(world)
        before = len(self.told(world))
        world.app.relay.run()

        assert {sent.key} == set(self.told(world)[before:])
        assert "done" == world.push("T2").state
        assert world.app.audit.run(replay=True).is_clean

    def test_a_push_that_was_corrected_meanwhile_is_not_written(self, world):
        """
        The newer push says it all; the plan is old.
        """
        parcel_id = world.bench.ship(world.bound_accepted(), "T7")
        world.lose(OUTBOX, of(subject=parcel_id))
        plan = world.app.repairing.plan()
        world.app.shipping.correct_tracking(
            "demo",
            world.bound,
            parcel_id,
            carrier="post",
            tracking_number="T8",
            by=STAFF,
        )
        with nothing_moves(world.bench), pytest.raises(RepairOutdatedError) as ei:
            world.app.repairing.do(plan, reason="late", by=STAFF)

        assert "demo" == ei.value.seller_id

    @pytest.mark.parametrize(
        "plant", [an_unsent_push_superseded, a_message_due_in_2500, a_lease_a_year_old]
    )
    def test_what_hung_is_delivered(self, world, plant):
        """
        The next round of a worker sends it, once.
        """
        _, message_id = plant(world)
        mend(world)
        world.app.relay.recover()
        world.app.relay.run()
        message = next(m for m in world.all(OUTBOX) if m.message_id == message_id)

        assert "done" == message.state
        assert 1 == self.told(world).count(message.key)
        assert world.app.audit.run(replay=True).is_clean

    def test_a_lost_job_is_done(self, world):
        """
        The orders that wait for a connection are tried.
        """
        _, key = a_job_lost(world)
        mend(world)
        world.app.relay.run()
        (job,) = [m for m in world.all(OUTBOX) if m.key == key]

        assert ("job", "done") == (job.channel, job.state)


class TestRows:
    def test_a_lost_order_goes_on(self, world):
        """
        Made of its events, it is accepted, shipped and told.
        """
        before = next(o for o in world.all(ORDERS) if o.order_id == world.bound)
        an_order_lost(world)
        mend(world)
        after = next(o for o in world.all(ORDERS) if o.order_id == world.bound)
        world.bench.ship(world.bound_accepted(), "T7")
        world.app.relay.run()

        assert before == after
        assert "done" == world.push("T7").state
        assert world.app.audit.run(replay=True).is_clean

    def test_a_hold_is_there_again(self, world):
        """
        An order whose hold was lifted behind its back cannot be paid.
        """
        _, _ = a_hold_lifted_behind_its_order(world)
        mend(world)
        held = next(o for o in world.all(ORDERS) if o.external_id == "9")

        assert ["staff"] == [hold.reason for hold in held.holds]


class TestRecord:
    def test_each_row_is_on_record(self, world):
        """
        What it was and is, for which finding, when, by whom and why.
        """
        world.rewrite(WALLETS, anything, available=more)
        held = world.app.wallets.get("demo").available
        plan = world.app.repairing.plan()
        world.app.repairing.do(plan, reason="ticket 7", by=ANN)
        (kept,) = world.all(REPAIRS)

        assert (1, "demo", plan.plan_id, NOON, ANN, "ticket 7") == (
            kept.number,
            kept.seller_id,
            kept.plan_id,
            kept.repaired_at,
            kept.actor,
            kept.reason,
        )
        assert ("wallet_is_its_entries", "wallet", ("demo",)) == (
            kept.invariant,
            kept.table_name,
            kept.row_key,
        )
        assert ({"available": held}, {"available": held - 1}) == (
            kept.before,
            kept.after,
        )

    def test_they_are_counted_on(self, world):
        """
        The next repair of a seller has the next number.
        """
        for _ in range(2):
            world.rewrite(WALLETS, anything, available=more)
            mend(world)

        assert [1, 2] == [repair.number for repair in world.all(REPAIRS)]

    def test_nothing_personal_is_kept(self, world):
        """
        Names and addresses are not in it, whatever was rewritten.
        """
        an_order_lost(world)
        mend(world)
        contact = world.app.orders.get("demo", world.bound)
        told = repr(dump(world.app.storage, [REPAIRS.table]))

        assert contact
        assert "Street" not in told
        assert "Ada" not in told


class TestOutdated:
    def test_what_moved_meanwhile_is_not_written_over(self, world):
        """
        Money that came in since the plan was made stays.
        """
        world.rewrite(WALLETS, anything, available=more)
        plan = world.app.repairing.plan()
        world.app.wallets.top_up("demo", Money(100, "USD"), reference="2", by=STAFF)
        with nothing_moves(world.bench), pytest.raises(RepairOutdatedError) as ei:
            world.app.repairing.do(plan, reason="late", by=STAFF)

        assert ("demo", "wallet demo") == (ei.value.seller_id, ei.value.about)
        mend(world)

    def test_two_plans_of_one_trouble_mend_it_once(self, world):
        """
        The second is refused: a count is not added twice.
        """
        a_count_of_a_tab_lost(world)
        first, second = (world.app.repairing.plan() for _ in range(2))
        world.app.repairing.do(first, reason="first", by=STAFF)
        with nothing_moves(world.bench), pytest.raises(RepairOutdatedError) as ei:
            world.app.repairing.do(second, reason="second", by=STAFF)

        assert "repair 1" == ei.value.about
        assert world.app.audit.run().is_clean

    def test_what_it_was_made_of_may_not_move_either(self, world):
        """
        A job for a connection that was changed since is not written.
        """
        a_job_lost(world)
        plan = world.app.repairing.plan()
        (made, *_) = world.all(CONNECTIONS)
        world.app.pairing.remove("demo", made.connection_id, by=STAFF)

        with pytest.raises(RepairOutdatedError):
            world.app.repairing.do(plan, reason="late", by=STAFF)


class Dying:
    """
    A storage whose process dies after so many writing transactions.
    """

    def __init__(self, storage, writes):
        self._storage = storage
        self._writes = writes
        self.url = storage.url

    def transact(self, work, /, *, read_only):
        """
        Run *work*, unless the process is dead.
        """
        if not read_only:
            if not self._writes:
                raise KeyboardInterrupt
            self._writes -= 1
        return self._storage.transact(work, read_only=read_only)


class TestKilled:
    def test_the_rest_is_done_by_doing_it_again(self, world):
        """
        One seller is repaired, then the process dies; the other is repaired next time.
        """
        world.app.sellers.register("other", name="Other", currency="USD")
        for name in ("demo", "other"):
            world.rewrite(WALLETS, of(seller_id=name), available=more)
        plan = world.app.repairing.plan()
        dying = world.app.over(Dying(world.app.storage, 1))
        assert isinstance(dying, App)
        with pytest.raises(KeyboardInterrupt):
            dying.repairing.do(plan, reason="killed", by=STAFF)

        assert ["demo"] == [repair.seller_id for repair in world.all(REPAIRS)]
        done = world.app.repairing.do(plan, reason="again", by=STAFF)
        assert ["demo", "other"] == [r.seller_id for r in done.repairs]
        assert ["killed", "again"] == [r.reason for r in done.repairs]
        assert world.app.audit.run(replay=True).is_clean


class TestDesk:
    def test_the_host_says_who_of_the_staff(self, world):
        """
        At the host's own desk a name is staff's; without one it is the host's.
        """
        sh = world.bench.sh
        for by, actor in (("ann", ANN), ("", SYSTEM)):
            world.rewrite(WALLETS, anything, available=more)
            done = sh.repair.do(sh.repair.plan(), reason="a test", by=by)
            assert [actor] == [repair.actor for repair in done.repairs]

    def test_a_lost_message_is_written_anew_by_staff(self, world):
        """
        A row with times, from the plan to the database.
        """
        desk = world.bench.sh.staff("ann")
        world.lose(OUTBOX, lambda m: m.channel == "store")
        plan = desk.repair.plan()
        assert [c.table_name for c in plan.changes] == ["outbox_message"]

        desk.repair.do(plan, reason="it was lost")

        assert world.app.audit.run(replay=True).is_clean

    def test_staff_repair_as_themselves(self, world):
        """
        A desk is that of who sits there.
        """
        desk = world.bench.sh.staff("bo")
        world.rewrite(WALLETS, anything, available=more)
        plan = desk.repair.plan()
        with nothing_moves(world.bench), pytest.raises(ForbiddenError):
            desk.repair.do(plan, reason="a test", by="ann")

        (done,) = desk.repair.do(plan, reason="a test", by="bo").repairs
        assert Actor(Role.STAFF, "bo") == done.actor

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "two\nlines"])
    def test_a_reason_is_a_line(self, world, reason):
        """
        Without one, nothing is written.
        """
        world.rewrite(WALLETS, anything, available=more)
        plan = world.bench.sh.repair.plan()
        with nothing_moves(world.bench), pytest.raises(InvalidInputError) as ei:
            world.bench.sh.repair.do(plan, reason=reason)

        assert "reason" == ei.value.field

    def test_they_are_listed_page_by_page(self, world):
        """
        Of one seller or of all, oldest first.
        """
        sh = world.bench.sh
        for _ in range(3):
            world.rewrite(WALLETS, anything, available=more)
            mend(world)
        first = sh.repair.list(limit=2)
        rest = sh.repair.list(limit=2, after=first.next)

        assert [1, 2, 3] == [r.number for r in (*first, *rest)]
        assert 3 == len(sh.repair.list(seller_id="demo"))
        assert 0 == len(sh.repair.list(seller_id="other"))


def test_what_a_lost_row_hid_is_named_then(world):
    """
    An order and its parcels are gone: the order is made anew, its parcels are for a
    person, and the plan says so before.
    """
    world.lose(PARCELS, of(order_id=world.sent))
    world.lose(ORDERS, of(order_id=world.sent))
    plan = world.app.repairing.plan()
    world.app.repairing.do(plan, reason="a disk", by=STAFF)
    named = world.app.audit.run(replay=True).violations

    assert {"orders"} == {change.table_name for change in plan.changes}
    assert plan.is_whole
    assert {
        ("order_marks_its_parcels", world.sent),
        ("parcels_are_what_shipped", world.sent),
    } <= {(f.invariant, f.subject) for f in plan.left}
    assert {(v.invariant, v.subject) for v in named} == {
        (f.invariant, f.subject) for f in plan.left
    }
