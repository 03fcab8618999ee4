"""
A carrier that does not answer stops only what needs it.
"""

import subprocess
import sys
import textwrap
import threading
from datetime import timedelta
from functools import partial

import attrs
import pytest

from sourcehere import (
    DisconnectedError,
    FailedEarlierError,
    FreightRequest,
    Settings,
)
from sourcehere.app import compose
from sourcehere.domain.freight.errors import FreightUnavailableError
from sourcehere.domain.freight.model import FreightAnswer, LeftOut
from sourcehere.ports.errors import (
    DeclinedError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.testing.factories import (
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_carrier import (
    FakeCarrier,
    FakeCarriers,
    answering,
    option,
)

THROTTLED = ThrottledError(
    provider="acme", detail="slow down", retry_after=timedelta(minutes=1)
)
FAULTS = [
    THROTTLED,
    UnauthorizedError(provider="acme", detail="who are you"),
    UnknownOutcomeError(provider="acme", detail="timed out"),
    DeclinedError(provider="acme", detail="no"),
    KeyError("price"),
    ConnectionResetError("gone"),
]


def connect(bench, *names):
    """
    Connect carriers, each under its own name.
    """
    for name in names:
        bench.app.freight.connect(
            name, provider="fake_carrier", config={"carrier": name}, by=STAFF
        )


def checkout(bench, *order_ids, **options):
    """
    Check out as the seller.
    """
    return bench.app.checkouts.checkout("demo", order_ids, by=SELLER, **options)


@pytest.fixture
def acme():
    """
    Return a carrier to tell what to do.
    """
    return FakeCarrier()


@pytest.fixture
def bench(storage, acme):
    """
    A bench with a rate card and `acme`, which has 150 ms; clean when the test ends.
    """
    made = open_bench(
        storage=storage,
        plugins=[
            FakeCarriers(acme=acme, broken=FakeCarrier(make_fault=KeyError("region")))
        ],
        settings=Settings(freight_within=timedelta(milliseconds=150)),
    )
    connect(made, "acme")
    made.connect(made.rule("CUP"))
    yield made
    assert () == made.app.audit.run(replay=True).violations


@pytest.fixture
def hanging(acme):
    """
    Let the carrier hang until the test ends.
    """
    end = threading.Event()
    acme.answer = lambda _: end.wait() and answering(option())
    yield acme
    end.set()


class TestDown:
    @pytest.mark.parametrize("fault", FAULTS, ids=lambda f: type(f).__name__)
    def test_orders_go_by_the_others(self, bench, acme, fault):
        """
        An order for the cheapest way, and one with a rate card's method, are priced.
        """
        acme.answer = fault
        first, second = bench.sync(snapshot("1", CUP=1), snapshot("2", CUP=1))
        bench.app.orders.choose_shipping("demo", [second], "express", by=SELLER)
        offer = checkout(bench, first, second)

        assert ["std", "express"] == [plan.method for plan in offer.plans]
        assert ["card", "card"] == [plan.connection for plan in offer.plans]

    def test_only_the_order_that_needs_it_is_refused(self, bench, acme):
        """
        Checked out order by order, the other is offered and can be paid; a repeat of
        the command says the same.
        """
        acme.answer = THROTTLED
        first, second = bench.sync(snapshot("1", CUP=1), snapshot("2", CUP=1))
        bench.app.orders.choose_shipping("demo", [second], "acme:fast", by=SELLER)
        offer = checkout(bench, first, second, each=True, command_id="c")
        again = checkout(bench, first, second, each=True, command_id="c")

        assert [first] == [plan.order_id for plan in offer.plans]
        error = offer.refused[second]
        assert isinstance(error, FreightUnavailableError)
        assert {"acme": THROTTLED} == error.errors
        assert (
            f"order {second}: no freight for method 'acme:fast': acme does not answer:"
            " ThrottledError: acme: slow down"
        ) == str(error)
        assert isinstance(again.refused[second], FailedEarlierError)
        assert str(error) == again.refused[second].words

    def test_where_no_way_is_left_the_list_is_refused(self, bench, acme):
        """
        Nobody else delivers there, so it is the carrier's fault that is told.
        """
        acme.answer = THROTTLED
        (order_id,) = bench.sync(snapshot(CUP=1_400))

        with nothing_moves(bench), pytest.raises(FreightUnavailableError) as ei:
            checkout(bench, order_id)
        assert {"acme": THROTTLED} == ei.value.errors
        assert ("", order_id) == (ei.value.method, ei.value.order_id)
        assert THROTTLED is ei.value.__cause__

    def test_its_own_text_can_be_kept(self, bench, acme):
        """
        A plugin's error may say anything; what is stored with the command is clean.
        """
        acme.answer = DeclinedError(provider="acme", detail="no\x00\ud800" * 999)
        (order_id,) = bench.sync(snapshot(CUP=1_400))
        offer = checkout(bench, order_id, each=True, command_id="c")

        assert (
            "any method: acme does not answer: DeclinedError: acme: no\\x00\\ud800no"
            in str(offer.refused[order_id])
        )
        assert 700 > len(str(offer.refused[order_id]))

    @pytest.mark.parametrize("error", [OSError, partial(DeclinedError, provider="a")])
    def test_its_secrets_are_not_told(self, bench, acme, error):
        """
        What a carrier declines is shown to sellers and kept, but for its secrets; what
        else it raises is shown to staff, so too.
        """
        text = "GET /rates?token=s3cr3t failed"
        bench.app.freight.change(
            "acme", config={"carrier": "acme", "token": "s3cr3t"}, by=STAFF
        )
        acme.answer = OSError(text) if error is OSError else error(detail=text)
        (order_id,) = bench.sync(snapshot(CUP=1_400))
        offer = checkout(bench, order_id, each=True)
        answer = bench.app.freight.quote(request())

        words = "GET /rates?token=*** failed"
        assert all(words in one.words for one in answer.left_out)
        assert (error is not OSError) == (words in str(offer.refused[order_id]))
        assert "s3cr3t" not in str(offer.refused[order_id])

    def test_its_answers_tell_no_secret_either(self, bench, acme):
        """
        The words of a reason, and a value that is refused, are shown to sellers.
        """
        bench.app.freight.change(
            "acme", config={"carrier": "acme", "token": "s3cr3t"}, by=STAFF
        )
        out = LeftOut("x", "late", "see /rates?token=s3cr3t")
        odd = attrs.evolve(option(), method="my s3cr3t\n")
        acme.answer = FreightAnswer((odd,), (out,))
        answer = bench.app.freight.quote(request())
        said = [o.words for o in answer.left_out if o.connection == "acme"]

        assert "see /rates?token=***" == said[1]
        assert said[0].startswith("options[0].method: 'my ***")
        assert "s3cr3t" not in repr(answer)

    def test_a_factory_that_fails_names_plugin_and_connection(self, storage):
        """
        A provider that cannot be made any more is left out like one that is down.
        """
        acme = FakeCarrier()
        plugins = [FakeCarriers(acme=acme)]
        connect(open_bench(storage=storage, plugins=plugins), "acme")
        acme.make_fault = KeyError("region")
        later = open_bench_again(storage, plugins)
        (out,) = [
            o for o in later.freight.quote(request()).left_out if o.connection == "acme"
        ]

        assert (
            "acme does not answer: DeclinedError: fake_carrier: connection 'acme'"
            " cannot be made: KeyError: 'region'"
        ) == out.words

    def test_one_that_cannot_be_made_is_not_connected(self, bench):
        """
        A factory that fails refuses the connection, naming plugin and connection.
        """
        with nothing_moves(bench), pytest.raises(DeclinedError) as ei:
            connect(bench, "broken")
        assert (
            "fake_carrier: connection 'broken' cannot be made: KeyError: 'region'"
        ) == str(ei.value)


def open_bench_again(storage, plugins):
    """
    Open another app over the same storage.
    """
    return compose(storage=storage, plugins=plugins, load_entry_points=False)


def request(country="US"):
    """
    Ask for a small parcel.
    """
    return FreightRequest(
        country=country,
        weight_grams=300,
        fields_given=("country", "name"),
        currency="USD",
    )


class TestHanging:
    def test_it_is_left_out_in_time(self, bench, hanging):
        """
        It is left out with that reason; the rate card is offered.
        """
        answer = bench.app.freight.quote(request())

        (out,) = [o for o in answer.left_out if o.connection == "acme"]
        assert (
            "acme does not answer: TimedOutError: fake_carrier: no answer within"
            " 0.15 s" == out.words
        )
        assert ["std", "express"] == [o.method for o in answer.options]
        assert 1 == len(hanging.asked)

    @pytest.mark.slow
    def test_the_process_may_end(self):
        """
        A call that never returns does not keep the process alive.
        """
        script = """
            import threading
            from datetime import timedelta
            from sourcehere import FreightRequest, Settings
            from sourcehere.testing.factories import STAFF, open_bench
            from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers

            acme = FakeCarrier(answer=lambda _: threading.Event().wait())
            bench = open_bench(
                plugins=[FakeCarriers(acme=acme)],
                settings=Settings(freight_within=timedelta(milliseconds=500)),
            )
            bench.app.freight.connect(
                "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
            )
            request = FreightRequest(country="US", weight_grams=300, currency="USD")
            print(len(bench.app.freight.quote(request).options))
        """
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )

        assert "1\n" == done.stdout

    def test_connections_are_asked_side_by_side(self, storage):
        """
        Each waits until the other was asked too, and both answer.
        """
        met = threading.Barrier(2, timeout=5)
        carriers = {
            name: FakeCarrier(answer=lambda _: met.wait() < 2 and answering(option()))
            for name in ("a", "b")
        }
        bench = open_bench(storage=storage, plugins=[FakeCarriers(**carriers)])
        connect(bench, "a", "b")
        answer = bench.app.freight.quote(request())

        assert ["a:std", "b:std", "card:std", "card:express"] == [
            option.full_code for option in answer.options
        ]


class TestAskedOnce:
    @pytest.mark.parametrize(
        ("fault", "times"),
        [
            (THROTTLED, 1),
            (UnauthorizedError(provider="acme", detail="no"), 1),
            (UnknownOutcomeError(provider="acme", detail="timed out"), 1),
            (DeclinedError(provider="acme", detail="no"), 3),
            (ConnectionResetError("gone"), 3),
        ],
        ids=lambda f: type(f).__name__,
    )
    def test_a_dead_carrier_is_not_asked_for_each_order(
        self, bench, acme, fault, times
    ):
        """
        Ten different questions of one checkout ask it once, or three times where each
        might have been the fault of the question.
        """
        acme.answer = fault
        orders = [snapshot(str(n), CUP=n) for n in range(1, 11)]
        offer = checkout(bench, *bench.sync(*orders))

        assert 10 == len(offer.plans)
        assert times == len(acme.asked)

    def test_the_next_checkout_asks_again(self, bench, acme):
        """
        What was down is asked by the next checkout.
        """
        acme.answer = THROTTLED
        (order_id,) = bench.sync(snapshot(CUP=1))
        checkout(bench, order_id)
        acme.answer = answering(option("fast", 1))
        (plan,) = checkout(bench, order_id).plans

        assert ("fast", "acme", 1) == (plan.method, plan.connection, plan.freight_minor)

    def test_an_odd_question_is_not_the_carrier_s_end(self, bench, acme):
        """
        One question that it fails at leaves it out of that order only.
        """

        def answer(asked):
            if asked.weight_grams == 600:
                raise KeyError(600)
            return answering(option("fast", 1))

        acme.answer = answer
        orders = [snapshot(str(n), CUP=n) for n in range(1, 4)]
        offer = checkout(bench, *bench.sync(*orders))

        assert ["fast", "std", "fast"] == [plan.method for plan in offer.plans]

    def test_pricing_anew_asks_nothing_again(self, bench, acme):
        """
        An order that is left out gives back its stock and the others are priced anew:
        neither a carrier that answered nor one that is down is asked again.
        """
        bench.stocked(CUP=3)
        acme.answer = answering(option("fast", 1))
        bad, good = bench.sync(snapshot("1", CUP=3), snapshot("2", CUP=1))
        bench.app.orders.choose_shipping("demo", [bad], "acme:slow", by=SELLER)
        offer = checkout(bench, bad, good, each=True)
        assert [1] == [plan.items[0].quantity_from_lots for plan in offer.plans]
        # The second order comes from the cloud now, which is in the same country.
        assert [(900, "CN"), (300, "CN")] == [
            (request.weight_grams, request.origin) for request in acme.asked
        ]
        acme.answer, acme.asked = THROTTLED, []
        checkout(bench, bad, good, each=True)

        assert 1 == len(acme.asked)

    def test_an_equal_question_is_asked_once(self, bench, acme):
        """
        Orders that weigh the same and go to the same place share an answer.
        """
        orders = [snapshot(str(n), CUP=2) for n in range(1, 6)]
        checkout(bench, *bench.sync(*orders))

        assert 1 == len(acme.asked)


class TestResting:
    def test_a_paused_carrier_is_not_asked(self, bench, acme):
        """
        Its methods are left out with the reason; taken up again, it is asked.
        """
        freight = bench.sh.staff("ann").freight
        freight.pause("acme", why="strike")
        (order_id,) = bench.sync(snapshot(CUP=1_400))
        acme.asked.clear()
        with nothing_moves(bench), pytest.raises(FreightUnavailableError) as ei:
            checkout(bench, order_id)
        assert "the connection is paused (strike)" in str(ei.value)
        assert [] == acme.asked
        assert ["paused"] == [c.state for c in freight.list() if c.name == "acme"]
        freight.resume("acme")

        assert checkout(bench, order_id).plans

    def test_a_disconnected_one_is_not_used_until_it_is_connected(self, bench, acme):
        """
        Nobody can choose its methods, and the list says so.
        """
        freight = bench.sh.staff("ann").freight
        freight.disconnect("acme")
        assert "disconnected" == {c.name: c.state for c in freight.list()}["acme"]
        for use in (freight.resume, freight.pause, freight.check):
            with nothing_moves(bench), pytest.raises(DisconnectedError):
                use("acme")
        connect(bench, "acme")

        assert "active" == {c.name: c.state for c in freight.list()}["acme"]
        assert acme.checked

    def test_its_credentials_can_be_tried(self, bench, acme):
        """
        Nothing is changed by it.
        """
        acme.check_fault = FAULTS[1]
        with nothing_moves(bench), pytest.raises(UnauthorizedError):
            bench.sh.staff("ann").freight.check("acme")
