"""
Plugins are told of events, may veto, and a plugin that fails harms nobody else.
"""

from datetime import timedelta

import pytest

from sourcehere import CommandRefusedError, Money, NewProduct, NewVariant, Price
from sourcehere.domain.orders.events import OrderPaid
from sourcehere.plugins import hookimpl
from sourcehere.ports.hooks import MatchScore, Veto
from sourcehere.testing.factories import SELLER, STAFF, open_bench, snapshot


class Listener:
    """
    Writes down the events of orders it is told of, and fails as often as it is told to.
    """

    def __init__(self):
        self.heard = []
        self.failures = 0

    @hookimpl
    def sourcehere_event(self, event):
        if self.failures and event.stream == "order":
            self.failures -= 1
            msg = "out of paper"
            raise RuntimeError(msg)
        if event.stream == "order":
            self.heard.append((event.stream_id, event.sequence, event.event.NAME))


class OtherListener(Listener):
    """
    The same, under another name.
    """


class Guard:
    """
    Vetoes commands by name.
    """

    def __init__(self, *commands):
        self.commands = commands
        self.asked = []

    @hookimpl
    def sourcehere_check_transition(self, transition):
        self.asked.append(
            (transition.command, transition.state_before, transition.state_after)
        )
        if transition.command in self.commands:
            return Veto("not_on_sunday", "nobody works today")
        return None


BROKEN = "/srv/operator/rules.toml"


class BrokenGuard:
    """
    Fails whenever it is asked.
    """

    @hookimpl
    def sourcehere_check_transition(self, transition):
        raise RuntimeError(BROKEN, transition.command)


def names(listener):
    return [name for _, _, name in listener.heard]


class TestEvents:
    def test_subscribers_hear_everything_after_the_commit_in_order(self):
        """
        A subscriber is told nothing before the relay runs, then every event, in order.
        """
        listener = Listener()
        bench = open_bench(plugins=[listener])
        bench.connect(bench.rule("CUP"))
        order_id = bench.paid("1", CUP=1)
        before = list(listener.heard)
        bench.app.relay.run()
        bench.app.relay.run()

        assert [] == before
        assert [(order_id, 1), (order_id, 2)] == [h[:2] for h in listener.heard]
        assert ["order.imported", "order.paid"] == names(listener)
        assert "order.paid" == OrderPaid.NAME

    def test_one_that_fails_is_told_again_and_the_others_at_once(self):
        """
        A plugin that raises hears the event later; others hear it now, and the order
        is as it was committed.
        """
        failing, other = Listener(), OtherListener()
        bench = open_bench(plugins=[failing, other])
        failing.failures = 2
        bench.connect(bench.rule("CUP"))
        order_id = bench.paid("1", CUP=1)
        bench.app.relay.run()
        first = (names(failing), names(other))
        for _ in range(3):
            bench.clock.advance(timedelta(minutes=5))
            bench.app.relay.run()

        assert ([], ["order.imported", "order.paid"]) == first
        assert ["order.imported", "order.paid"] == names(failing)
        assert "awaiting_shipping" == bench.app.orders.get("demo", order_id).state
        assert () == bench.app.audit.run(replay=True).violations

    def test_one_that_never_listens_is_dead_and_visible(self):
        """
        After the last try the message is dead, says why, and can be sent again.
        """
        listener = Listener()
        bench = open_bench(plugins=[listener])
        listener.failures = 8
        bench.sync(snapshot("1", CUP=1))
        for _ in range(8):
            bench.clock.advance(timedelta(days=1))
            bench.app.relay.run()
        (dead,) = bench.app.relay.dead()
        bench.app.relay.resend("demo", dead.message_id, by=STAFF)
        bench.app.relay.run()

        name = f"{__name__}.Listener"
        words = f"ProtocolError: {name}: RuntimeError: out of paper"
        assert (name, words) == (
            dead.subject,
            dead.error,
        )
        assert ["order.imported"] == names(listener)

    def test_nobody_listens_nothing_is_owed(self):
        """
        Without subscribers no message is written.
        """
        bench = open_bench()
        bench.sync(snapshot("1", CUP=1))

        waiting = bench.app.relay.waiting()
        assert {m.kind for m in waiting} <= {"fold_tabs"}  # one commit in 64 asks so


class TestVetoes:
    def test_a_veto_refuses_and_nothing_moves(self):
        """
        A vetoed command is refused with the plugin's name and words.
        """
        bench = open_bench(plugins=[Guard("pay")])
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        before = (bench.app.orders.get("demo", order_id), bench.balance())
        with pytest.raises(CommandRefusedError) as ei:
            bench.pay(order_id)

        (blocker,) = ei.value.blockers
        assert "vetoed" == blocker.code
        assert {"plugin": f"{__name__}.Guard", "code": "not_on_sunday"} == blocker.facts
        assert before == (bench.app.orders.get("demo", order_id), bench.balance())

    def test_all_vetoes_come_together(self):
        """
        Every plugin is asked, and one that fails counts as a veto that names it.
        """
        bench = open_bench(plugins=[Guard("cancel"), BrokenGuard()])
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        report = bench.app.orders.cancel("demo", [order_id], by=SELLER)

        assert [
            {"plugin": f"{__name__}.Guard", "code": "not_on_sunday"},
            {"plugin": f"{__name__}.BrokenGuard", "code": "plugin_failed"},
        ] == [blocker.facts for blocker in report.failed[order_id].blockers]

    def test_what_a_guard_raises_is_the_operators(self):
        """
        It may name a path or a host: sellers are told whom to ask, and the fault is
        kept beside those of plugins.
        """
        bench = open_bench(plugins=[BrokenGuard()])
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        report = bench.app.orders.cancel("demo", [order_id], by=SELLER)

        (blocker,) = report.failed[order_id].blockers
        assert "it failed; ask whoever runs the platform" in blocker.words
        assert BROKEN not in blocker.words
        faults = bench.app.registry.faults
        assert len(faults) == len(set(faults))
        assert any(BROKEN in fault.error for fault in faults)

    @pytest.mark.parametrize(
        ("answer", "code", "words"),
        [
            ("no", "plugin_failed", "it answered str instead of Veto or None"),
            (Veto("late", None), "plugin_failed", "are no texts"),
            (Veto(3, "no"), "plugin_failed", "are no texts"),
            (Veto("a\0", "b\ud800\n"), "a\\x00", "objects: b\\ud800\\n"),
            (Veto("late", "w" * 501), "late", "w" * 499 + "…"),
        ],
    )
    def test_what_makes_no_sense_is_a_veto_that_can_be_shown(self, answer, code, words):
        """
        It refuses the command all the same, in words that every storage can keep.
        """

        class Odd:
            @hookimpl
            def sourcehere_check_transition(self, transition):  # noqa: ARG002 - its name
                return answer

        bench = open_bench(plugins=[Odd()])
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        report = bench.app.orders.cancel("demo", [order_id], by=SELLER)

        (blocker,) = report.failed[order_id].blockers
        assert code == blocker.facts["code"]
        assert blocker.words.endswith(words)

    def test_facts_are_never_asked_about(self):
        """
        An import, a recognition and a shop's cancellation happen whatever plugins say.
        """
        guard = Guard("cancel")
        bench = open_bench(plugins=[guard])
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        bench.connect(bench.rule("CUP"))
        bench.sync(snapshot("1", cancelled=True, CUP=1))

        assert "cancelled" == bench.app.orders.get("demo", order_id).state
        assert [] == guard.asked

    def test_a_guard_is_told_the_move(self):
        """
        It is told the command, the state before and the state after.
        """
        guard = Guard()
        bench = open_bench(plugins=[guard])
        bench.connect(bench.rule("CUP"))
        order_id = bench.accepted("1", CUP=2)
        bench.ship(order_id, "T1", i1_1=1)

        assert [
            ("pay", "awaiting_payment", "awaiting_shipping"),
            ("accept", "awaiting_shipping", "awaiting_shipping"),
            ("ship", "awaiting_shipping", "partially_shipped"),
        ] == guard.asked


class Taste:
    """
    Likes variants by name, and fails at the sight of one.
    """

    def __init__(self, likes, fails_at="", words="as it is"):
        self.likes = likes
        self.words = words
        self.fails_at = fails_at
        self.asked = []

    @hookimpl
    def sourcehere_score_match(self, listing, candidate):
        self.asked.append((listing.sku, candidate.sku))
        if candidate.sku == self.fails_at:
            msg = "no taste"
            raise RuntimeError(msg)
        return MatchScore(self.likes, self.words) if candidate.sku == "JUG" else None


def ambiguous(bench):
    """
    Add a jug whose barcode is the cup's SKU, and suggest for both shop SKUs.
    """
    jug = NewVariant(
        sku="JUG", barcode="CUP", weight_grams=9, prices=(Price(Money(1, "USD")),)
    )
    bench.app.catalog.add(NewProduct(title="A jug", variants=(jug,)), by=STAFF)
    return bench.app.pairing.suggest("demo", "shop", ["CUP", "HAT"])


class TestScores:
    def test_opinions_rank_what_facts_leave_open(self):
        """
        Of two variants for one SKU the liked one comes first; each opinion is kept,
        and nobody is asked where there is no choice.
        """
        taste = Taste(90)
        found = ambiguous(open_bench(plugins=[taste]))

        assert ["same_barcode", "same_sku", "same_sku"] == [s.reason for s in found]
        assert [(f"{__name__}.Taste", 90)] == [
            (o.plugin, o.points) for o in found[0].opinions
        ]
        assert {"CUP"} == {sku for sku, _ in taste.asked}

    def test_one_that_fails_has_no_opinion(self):
        """
        A plugin that raises is left out of the ranking and recorded as a fault.
        """
        bench = open_bench(plugins=[Taste(90, fails_at="JUG")])
        found = ambiguous(bench)

        assert [(), (), ()] == [s.opinions for s in found]
        (fault,) = bench.app.registry.faults
        assert "sourcehere_score_match: RuntimeError: no taste" == fault.error

    def test_nonsense_is_no_opinion(self):
        """
        Points beyond 100 are dropped and recorded.
        """
        bench = open_bench(plugins=[Taste(101)])

        assert [(), (), ()] == [s.opinions for s in ambiguous(bench)]
        assert 1 == len(bench.app.registry.faults)

    @pytest.mark.parametrize("points", ["90", None, 9.5, True])
    def test_points_are_a_whole_number(self, points):
        """
        Anything else is dropped and recorded, and the suggestions are made.
        """
        bench = open_bench(plugins=[Taste(points)])

        assert [(), (), ()] == [s.opinions for s in ambiguous(bench)]
        (fault,) = bench.app.registry.faults
        assert "is no MatchScore of 0 to 100" in fault.error

    @pytest.mark.parametrize(
        ("words", "kept"),
        [("a\0b", ["a\\x00b"]), ("w" * 501, ["w" * 499 + "…"]), (3, [])],
    )
    def test_words_can_be_kept(self, words, kept):
        """
        They are made storable; what is no text is no opinion.
        """
        bench = open_bench(plugins=[Taste(90, words=words)])

        assert kept == [o.words for s in ambiguous(bench) for o in s.opinions]

    def test_two_of_one_class_have_an_opinion_each(self):
        """
        The second has a number behind its name, as a second listener has.
        """
        found = ambiguous(open_bench(plugins=[Taste(90), Taste(40)]))

        name = f"{__name__}.Taste"
        assert [(name, 90), (f"{name}#2", 40)] == [
            (o.plugin, o.points) for o in found[0].opinions
        ]
