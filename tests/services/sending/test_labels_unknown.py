"""
What became of a label is found out: never lost, and never paid twice in silence.
"""

from datetime import timedelta

import attrs
import pytest
from label_world import buy, opened, state

from sourcehere import LabelDecision
from sourcehere.domain.kernel.address import Address
from sourcehere.domain.kernel.errors import (
    CommandRefusedError,
    InvalidInputError,
    NotFoundError,
)
from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.labels import SoldLabel
from sourcehere.services.base.settings import Settings
from sourcehere.testing.factories import SELLER, STAFF, nothing_moves
from sourcehere.testing.fake_labels import FindingLabelCarrier, LabelCarrier
from sourcehere.testing.fake_shop import Fault

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LOST = (Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.NONSENSE)
SOLD = SoldLabel(
    reference="X1", carrier="Fake Post", tracking_number="FP9", price=Money(5, "EUR")
)
COULD_NOT_LEAVE = "cannot ship"


@pytest.fixture
def post():
    """
    Return a carrier that honours keys.
    """
    return LabelCarrier()


@pytest.fixture
def bench(storage, post, violations):
    """
    Return a bench that buys of it; clean when the test ends.
    """
    yield from opened(storage, violations, post=post)


def rounds(bench, number=1, pause=HOUR):
    """
    Let workers take up what is due.
    """
    for _ in range(number):
        bench.clock.advance(pause)
        bench.app.labels.run()


def lost(bench, post, fault=Fault.LOST_AFTER, **quantities):
    """
    Buy a label of which nobody knows what became; return its order and the label.
    """
    order_id = bench.accepted("1", CUP=2)
    post.faults = [fault]
    label = buy(bench, order_id, **quantities)
    assert "unknown" == label.stage
    return order_id, label


def test_a_worker_counts_the_labels_it_asked_about(bench, post):
    """
    Those of which nobody knew.
    """
    lost(bench, post)
    bench.clock.advance(HOUR)
    assert 1 == bench.sh.worker(name="w1").round().labels
    assert 0 == bench.sh.worker(name="w2").round().labels


def refused(bench, label, act):
    """
    Hold that *act* is refused, naming the label, and changes nothing.
    """
    with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
        act()
    (blocker,) = [b for b in ei.value.blockers if b.code == "label_open"]
    assert label.label_id == blocker.facts["label"]


class TestAskAgain:
    @pytest.mark.parametrize("fault", LOST)
    def test_the_same_key_is_sent_until_it_is_known(self, bench, post, fault):
        """
        One label is paid for, and one parcel leaves.
        """
        order_id, label = lost(bench, post, fault)
        post.faults = [fault, fault]

        rounds(bench, 4)

        assert "bought" == bench.app.labels.get("demo", label.label_id).stage
        assert 1 == len(set(post.keys)) == len(post.paid)
        assert 4 == len(post.keys)
        assert ("shipped", 0) == state(bench, order_id)

    def test_the_same_command_asks_too(self, bench, post):
        """
        At once: somebody waits for it.
        """
        order_id = bench.accepted("1", CUP=1)
        post.faults = [Fault.LOST_AFTER]
        assert "unknown" == buy(bench, order_id, command_id="b").stage

        assert "bought" == buy(bench, order_id, command_id="b").stage
        assert ["L1"] == post.paid
        assert 1 == len(set(post.keys))

    def test_it_asks_no_earlier_where_no_key_is_honoured(self, storage, violations):
        """
        Another call may still be at it.
        """
        post = FindingLabelCarrier(key_ttl=timedelta(0))
        for bench in opened(storage, violations, post=post):
            order_id = bench.accepted("1", CUP=1)
            post.faults = [Fault.LOST_AFTER]
            buy(bench, order_id, command_id="b")

            assert "unknown" == buy(bench, order_id, command_id="b").stage
            bench.clock.advance(HOUR)
            assert "bought" == buy(bench, order_id, command_id="b").stage
            assert 1 == len(post.keys)

    def test_a_pause_that_is_asked_for_is_kept(self, bench, post):
        """
        Nothing happened: the same key, later.
        """
        order_id = bench.accepted("1", CUP=1)
        post.faults = [Fault.THROTTLED]

        assert "planned" == buy(bench, order_id).stage
        rounds(bench, pause=6 * MINUTE)
        assert 1 == len(post.keys)
        rounds(bench, pause=2 * MINUTE)

        assert 2 == len(post.keys)
        assert 1 == len(set(post.keys))
        assert ("shipped", 0) == state(bench, order_id)

    def test_a_decline_of_what_was_lost_frees_its_units(self, bench, post):
        """
        The key says for sure that nothing was bought.
        """
        order_id, label = lost(bench, post, Fault.LOST_BEFORE)
        post.faults = [Fault.DECLINED]

        rounds(bench)

        assert "declined" == bench.app.labels.get("demo", label.label_id).stage
        assert ("awaiting_shipping", 0) == state(bench, order_id)

    def test_what_a_dead_process_left_is_taken_up(self, bench, post, monkeypatch):
        """
        It died while it asked: the label was sold, and that is not kept.
        """
        order_id = bench.accepted("1", CUP=1)

        def die(_):
            raise KeyboardInterrupt

        post.when_asked = die
        monkeypatch.setattr(
            "sourcehere.services.sending.label_calls.ask_outside",
            lambda _watch, _name, calls, **_: [call() for _, call in calls],
        )
        with pytest.raises(KeyboardInterrupt):
            buy(bench, order_id)
        monkeypatch.undo()
        post.when_asked = lambda _: None
        assert ["sending"] == [x.stage for x in bench.app.labels.open()]

        rounds(bench, pause=MINUTE)
        assert ["sending"] == [x.stage for x in bench.app.labels.open()]
        rounds(bench)

        assert () == bench.app.labels.open()
        assert ["L1"] == post.paid
        assert ("shipped", 0) == state(bench, order_id)


class TestUnitsAreBound:
    def test_nothing_else_sends_or_refunds_them(self, bench, post):
        """
        Neither by hand, nor by another label; nor is the order cancelled.
        """
        order_id, label = lost(bench, post, i1_1=1)
        app = bench.app

        refused(bench, label, lambda: bench.ship(order_id))
        refused(bench, label, lambda: buy(bench, order_id))
        refused(
            bench,
            label,
            lambda: app.orders.refund_units("demo", order_id, {"1.1": 2}, by=STAFF),
        )
        refused(bench, label, lambda: app.orders.refund_all("demo", order_id, by=STAFF))
        refused(
            bench,
            label,
            lambda: app.disputes.request_cancel("demo", order_id, by=SELLER),
        )
        bench.ship(order_id, i1_1=1)  # the other one
        refused(
            bench,
            label,
            lambda: app.shipping.short_ship_rest("demo", order_id, by=STAFF),
        )
        rounds(bench)
        assert ("shipped", 0) == state(bench, order_id)

    @pytest.mark.parametrize("command", ["ship", "refund_units"])
    def test_what_could_be_about_none_is_not_offered(self, bench, post, command):
        """
        While a unit is left without a label the command is; of the last one it is not,
        and says which label it waits for.
        """
        order_id, label = lost(bench, post, i1_1=1)
        orders = bench.sh.staff("ann").seller("demo").orders

        assert command in orders.allowed(order_id)
        assert () == orders.why_not(order_id, command)
        bench.ship(order_id, i1_1=1)
        assert command not in orders.allowed(order_id)
        (why,) = orders.why_not(order_id, command)
        name = label.label_id
        assert ("label_open", {"label": name}) == (why.code, dict(why.facts))
        assert (
            f"label {name} is being bought for what is left; wait for it, or resolve it"
        ) == why.words
        rounds(bench)
        assert ("shipped", 0) == state(bench, order_id)

    def test_its_address_stays(self, bench, post):
        """
        It may be printed already.
        """
        order_id, label = lost(bench, post)
        address = Address("US", city="Elsewhere")

        refused(
            bench,
            label,
            lambda: bench.app.orders.correct_address(
                "demo", order_id, address, by=STAFF
            ),
        )


class TestFind:
    def test_what_was_bought_is_found(self, storage, violations):
        """
        Where the carrier honours no key, it is searched by it.
        """
        post = FindingLabelCarrier(key_ttl=timedelta(0))
        for bench in opened(storage, violations, post=post):
            order_id, label = lost(bench, post)
            rounds(bench)

            assert "bought" == bench.app.labels.get("demo", label.label_id).stage
            assert 1 == len(post.keys) == len(post.paid)
            assert ("shipped", 0) == state(bench, order_id)

    def test_what_was_not_bought_is_absent(self, storage, violations):
        """
        Its units are free; not before the call can be over.
        """
        post = FindingLabelCarrier(key_ttl=timedelta(0))
        for bench in opened(storage, violations, post=post):
            order_id, label = lost(bench, post, Fault.LOST_BEFORE)
            rounds(bench, pause=4 * MINUTE)
            assert "unknown" == bench.app.labels.get("demo", label.label_id).stage
            rounds(bench)

            assert "absent" == bench.app.labels.get("demo", label.label_id).stage
            assert ("awaiting_shipping", 0) == state(bench, order_id)


class TestStray:
    def test_a_label_that_cannot_be_used_is_voided(self, bench, post):
        """
        The order was held while the carrier was asked.
        """
        order_id = bench.accepted("1", CUP=1)

        def hold(call):
            if call == "buy":
                bench.app.orders.hold("demo", order_id, detail="wait", by=STAFF)

        post.when_asked = hold
        label = buy(bench, order_id)

        assert "stray" == label.stage
        assert COULD_NOT_LEAVE in label.error
        assert ("awaiting_shipping", 0) == state(bench, order_id)
        rounds(bench)
        assert "void" == bench.app.labels.get("demo", label.label_id).stage
        assert [] == post.paid

    def test_one_that_is_not_taken_back_waits_for_a_person(self, bench, post):
        """
        Who has it taken back, or accepts what it costs.
        """
        for decision, stage in (("kept", "kept"), ("void", "void")):
            order_id = bench.accepted(stage, CUP=1)
            post.when_asked = lambda call, name=order_id: (
                bench.app.orders.hold("demo", name, detail="wait", by=STAFF)
                if call == "buy"
                else None
            )
            label = buy(bench, order_id)
            post.faults = [Fault.DECLINED]
            rounds(bench)
            assert ["stuck"] == [x.stage for x in bench.app.labels.open()]

            ended = bench.app.labels.resolve(
                "demo", label.label_id, LabelDecision(decision), sold=None, by=STAFF
            )

            assert stage == ended.stage
            assert () == bench.app.labels.open()


class TestResolve:
    def test_a_person_finds_out_that_it_was_bought(self, storage, violations):
        """
        Where the carrier can be asked no more: its parcel leaves.
        """
        post = LabelCarrier(key_ttl=timedelta(0))
        for bench in opened(storage, violations, post=post):
            order_id, label = lost(bench, post)
            rounds(bench)
            assert ["manual"] == [x.stage for x in bench.app.labels.open()]
            assert 1 == len(post.keys)
            with nothing_moves(bench), pytest.raises(CommandRefusedError):
                resolve(bench, label, LabelDecision.VOID)
            for decision in (LabelDecision.BOUGHT, LabelDecision.NOT_BOUGHT):
                sold = None if decision is LabelDecision.BOUGHT else SOLD
                with nothing_moves(bench), pytest.raises(InvalidInputError):
                    resolve(bench, label, decision, sold)

            ended = resolve(bench, label, LabelDecision.BOUGHT, SOLD, command_id="r")

            again = resolve(bench, label, LabelDecision.BOUGHT, SOLD, command_id="r")
            assert ("bought", "FP9") == (ended.stage, ended.tracking_number)
            assert ended == again
            assert ("shipped", 0) == state(bench, order_id)

    def test_a_person_finds_out_that_it_was_not(self, bench, post):
        """
        Its units are free. What the carrier says later all the same is voided.
        """
        order_id, label = lost(bench, post, Fault.LOST_BEFORE)

        ended = resolve(bench, label, LabelDecision.NOT_BOUGHT)

        assert ("declined", 0) == (ended.stage, state(bench, order_id)[1])
        late = bench.app.labels._sold(label, SOLD)
        assert "stray" == late.stage
        assert late == bench.app.labels._sold(label, SOLD)

    def test_a_label_that_is_not_there(self, bench):
        """
        Refused.
        """
        with pytest.raises(NotFoundError):
            bench.app.labels.resolve(
                "demo", "no", LabelDecision.KEPT, sold=None, by=STAFF
            )

    def test_a_call_that_slept_writes_over_no_decision(self, bench, post):
        """
        It comes back with a refusal after a person has decided.
        """
        order_id = bench.accepted("1", CUP=1)
        post.faults = [Fault.LOST_BEFORE]
        label = buy(bench, order_id)
        asked = attrs.evolve(label, epoch=label.epoch - 1)
        resolve(bench, label, LabelDecision.NOT_BOUGHT)

        with nothing_moves(bench):
            bench.app.labels._not_sold(asked, said(post), is_first=True)

        assert "bought" == buy(bench, order_id).stage

    def test_what_is_tried_too_often_waits_for_a_person(self, storage, violations):
        """
        It is shown, and asked no more.
        """
        post = LabelCarrier()
        settings = Settings(deliveries_max=3)
        for bench in opened(storage, violations, settings, post=post):
            _, label = lost(bench, post)
            post.faults = [Fault.LOST_AFTER] * 9
            rounds(bench, 9)

            assert "manual" == bench.app.labels.get("demo", label.label_id).stage
            assert 3 == len(post.keys)
            resolve(bench, label, LabelDecision.BOUGHT, SOLD)


def resolve(bench, label, decision, sold=None, command_id=""):
    """
    Decide as staff.
    """
    return bench.app.labels.resolve(
        "demo", label.label_id, decision, sold=sold, by=STAFF, command_id=command_id
    )


def said(post):
    """
    Return what the carrier says when it declines.
    """
    post.faults = [Fault.DECLINED]
    with pytest.raises(DeclinedError) as ei:
        post.buy_label(None, idempotency_key="another")
    return ei.value


def test_the_label_of_another_parcel_is_none(bench, post):
    """
    A carrier that answers with what it sold before sold nothing that anybody knows of:
    its number is told of one parcel only, and the same key is sent again.
    """
    first = buy(bench, bench.accepted("1", CUP=2))
    order_id = bench.accepted("2", CUP=2)
    post.sold_instead = SoldLabel(
        reference=first.reference,
        carrier=first.carrier,
        tracking_number=first.tracking_number,
        price=Money(5, "EUR"),
    )
    second = buy(bench, order_id)
    assert "unknown" == second.stage
    assert "awaiting_shipping" == bench.app.orders.get("demo", order_id).state
    assert f"{first.reference!r} is the label of another parcel" in second.error
    post.sold_instead = None
    rounds(bench)
    again = bench.app.labels.get("demo", second.label_id)

    assert "bought" == again.stage
    assert "shipped" == bench.app.orders.get("demo", order_id).state
    assert first.tracking_number != again.tracking_number
