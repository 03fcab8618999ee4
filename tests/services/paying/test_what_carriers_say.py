"""
What a seller hears of carriers: who is left out and why, word for word.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import (
    DisconnectedError,
    FailedEarlierError,
    FreightRequest,
    Money,
)
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.freight.errors import FreightUnavailableError
from sourcehere.domain.freight.model import FreightAnswer, LeftOut
from sourcehere.domain.kernel.errors import Blocker
from sourcehere.ports.errors import (
    ConfigError,
    DeclinedError,
    ProtocolError,
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
    ListingCarrier,
    answering,
    option,
)
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.catalog import VARIANTS
from sourcehere.unit.tables.contacts import CONTACTS
from sourcehere.unit.tables.freight import PROVIDERS

REQUEST = FreightRequest(country="US", weight_grams=300, currency="USD")
DECLINED = DeclinedError(provider="acme", detail="no")
GONE = UnknownOutcomeError(provider="acme", detail="timed out")


@pytest.fixture
def storage():
    """
    Memory alone: what a carrier says does not depend on it.
    """
    return MemoryStorage(TABLES)


@pytest.fixture
def acme():
    """
    A carrier to tell what to do.
    """
    return FakeCarrier()


@pytest.fixture
def other():
    """
    One that lists two methods.
    """
    return ListingCarrier(listed=["air", "sea"], answer=answering(option("air", 700)))


@pytest.fixture
def freight(storage, acme, other):
    """
    The freight service, with two carriers and no rate card; its bench.
    """
    bench = open_bench(storage=storage, plugins=[FakeCarriers(acme=acme, other=other)])
    bench.app.freight.move("card", "disconnect", by=STAFF)
    for name in ("acme", "other"):
        bench.app.freight.connect(
            name, provider="fake_carrier", config={"carrier": name}, by=STAFF
        )
    bench.connect(bench.rule("CUP"))
    return bench.app.freight, bench


class TestLeftOut:
    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            (
                ThrottledError(
                    provider="acme", detail="slow", retry_after=timedelta(minutes=1)
                ),
                "throttled",
            ),
            (
                UnauthorizedError(provider="acme", detail="who are you"),
                "unauthorized",
            ),
            (DECLINED, "no_answer"),
            (GONE, "no_answer"),
        ],
    )
    def test_who_does_not_answer(self, freight, acme, fault, code):
        """
        The others' options are shown, and it is named with its reason.
        """
        acme.answer = fault
        words = f"{type(fault).__name__}: {fault}"
        answer = freight[0].quote(REQUEST)

        assert ["air"] == [one.method for one in answer.options]
        assert (
            LeftOut("", code, f"acme does not answer: {words}", "acme"),
        ) == answer.left_out

    def test_who_cannot_be_made(self, freight):
        """
        Its configuration does not fit any more.
        """
        service, bench = freight

        def work(session):
            (row,) = session.get(PROVIDERS.table, [("acme",)], lock=True)
            changed = attrs.evolve(PROVIDERS.from_row(row), config={})
            session.replace(PROVIDERS.table, [PROVIDERS.to_row(changed)], expected=None)

        bench.app.storage.transact(work, read_only=False)
        (left_out,) = service.quote(REQUEST).left_out

        assert ("", "misconfigured", "acme") == (
            left_out.method,
            left_out.code,
            left_out.connection,
        )

    def test_every_method_it_lists(self, freight, acme, other):
        """
        One by one, beside what others leave out.
        """
        heavy = LeftOut("std", "too_heavy", "no more than 100 g")
        acme.answer = FreightAnswer((option("mail", 100),), (heavy,))
        other.answer = GONE
        words = "other does not answer: UnknownOutcomeError: acme: timed out"
        answer = freight[0].quote(REQUEST)

        assert (
            LeftOut("std", "too_heavy", "no more than 100 g", "acme"),
            LeftOut("air", "no_answer", words, "other"),
            LeftOut("sea", "no_answer", words, "other"),
        ) == answer.left_out

    def test_two_that_do_not_answer(self, freight, acme, other):
        """
        Both are named; without any way the errors of both are told.
        """
        acme.answer, other.answer = DECLINED, GONE

        with pytest.raises(FreightUnavailableError) as ei:
            freight[0].quote(REQUEST)
        assert ({"acme": DECLINED, "other": GONE}, "", "") == (
            ei.value.errors,
            ei.value.method,
            ei.value.order_id,
        )
        assert DECLINED is ei.value.__cause__

    def test_where_nobody_fails_no_way_is_an_answer(self, freight, acme, other):
        """
        An empty list says that nobody goes there.
        """
        acme.answer = other.answer = answering()

        assert FreightAnswer((), ()) == freight[0].quote(REQUEST)


class TestOrder:
    def test_the_cheapest_is_first(self, freight, acme):
        """
        Then by method, then by connection.
        """
        acme.answer = answering(option("sea", 700), option("air", 700), option("x", 1))
        answer = freight[0].quote(REQUEST)

        assert [("x", "acme"), ("air", "acme"), ("air", "other"), ("sea", "acme")] == [
            (one.method, one.connection) for one in answer.options
        ]


class TestAskedAgain:
    def ask(self, desk, number):
        """
        Ask a question that was not asked before.
        """
        request = FreightRequest(country="US", weight_grams=number, currency="USD")
        return [out.connection for out in desk.ask(request).answer.left_out]

    def test_three_questions_in_a_row_are_too_many(self, freight, acme):
        """
        An answer in between begins the count anew.
        """
        desk = freight[0].desk()
        for number, answer in enumerate(
            [DECLINED, DECLINED, answering(option()), DECLINED, DECLINED]
        ):
            acme.answer = answer
            self.ask(desk, number)
        assert 5 == len(acme.asked)
        self.ask(desk, 5)
        assert 6 == len(acme.asked)

        assert ["acme"] == self.ask(desk, 6)
        assert 6 == len(acme.asked)

    def test_one_that_is_down_is_not_asked_again(self, freight, acme):
        """
        The reason it gave is told for every question.
        """
        desk = freight[0].desk()
        acme.answer = GONE

        assert (["acme"], ["acme"]) == (self.ask(desk, 1), self.ask(desk, 2))
        assert 1 == len(acme.asked)

    def test_a_command_that_comes_again_asks_nobody(self, freight, acme):
        """
        The offer is read from where it was stored.
        """
        _, bench = freight
        order_ids = bench.sync(snapshot(CUP=1))
        first, again = (
            bench.app.checkouts.checkout("demo", order_ids, by=SELLER, command_id="c")
            for _ in range(2)
        )

        assert first == again
        assert 1 == len(acme.asked)


def test_of_an_address_that_is_gone_only_the_country_is_told(freight, acme):
    """
    The order itself knows where it goes to, and no more.
    """
    _, bench = freight
    (order_id,) = bench.sync(snapshot(CUP=1))

    def work(session):
        rows = session.page(
            CONTACTS.table.primary,
            (),
            after=None,
            until=None,
            limit=9,
            descending=False,
        )
        keys = [CONTACTS.table.key_of(row) for row in rows]
        session.delete(CONTACTS.table, keys)

    bench.app.storage.transact(work, read_only=False)
    bench.app.checkouts.checkout("demo", [order_id], by=SELLER)

    assert [("US", frozenset({"country"}))] == [
        (request.country, request.fields_given) for request in acme.asked
    ]


class TestNeeded:
    def errors(self, bench, method):
        """
        Check an order out by a method; return who did not answer.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        if method:
            bench.app.orders.choose_shipping("demo", [order_id], method, by=SELLER)
        with nothing_moves(bench), pytest.raises(FreightUnavailableError) as ei:
            bench.app.checkouts.checkout("demo", [order_id], by=SELLER)
        assert (method, order_id) == (ei.value.method, ei.value.order_id)
        return sorted(ei.value.errors)

    @pytest.mark.parametrize(
        ("method", "names"),
        [
            ("", ["acme", "other", "raw"]),
            ("boat", ["acme", "raw"]),
            ("acme:boat", ["acme"]),
            ("other:air", ["other"]),
        ],
    )
    def test_only_who_may_have_it_is_named(self, freight, acme, other, method, names):
        """
        Of carriers that do not answer: all, those that do not list what they have, or
        the one whose method it is.
        """
        service, bench = freight
        service.connect(
            "raw", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
        )
        acme.answer = other.answer = GONE

        assert names == self.errors(bench, method)

    @pytest.mark.parametrize(
        ("method", "words"),
        [
            ("", "no method can be used: acme: not there; air: not by air"),
            ("other:air", "other:air cannot be used: air: not by air"),
            ("other:sea", "other:sea cannot be used: no provider offers it"),
        ],
    )
    def test_why_there_is_no_way(self, freight, acme, other, method, words):
        """
        Each method that is left out with its reason, or only the one that is wanted.
        """
        _, bench = freight
        acme.answer = FreightAnswer((), (LeftOut("", "country", "not there"),))
        other.answer = FreightAnswer((), (LeftOut("air", "country", "not by air"),))
        (order_id,) = bench.sync(snapshot(CUP=1))
        if method:
            bench.app.orders.choose_shipping("demo", [order_id], method, by=SELLER)
        (blocker,) = bench.app.checkouts.why_not_paid("demo", order_id, by=SELLER)

        assert Blocker("no_freight_option", words) == blocker

    def test_what_is_in_it_is_told(self, freight, acme):
        """
        What all of it measures, and what carriers restrict.
        """
        _, bench = freight
        (order_id,) = bench.sync(snapshot(CUP=2))

        def work(session):
            key = (bench.variants["CUP"],)
            (row,) = session.get(VARIANTS.table, [key], lock=True)
            changed = attrs.evolve(
                VARIANTS.from_row(row), attributes=("battery",), volume_mm3=6_000
            )
            session.replace(VARIANTS.table, [VARIANTS.to_row(changed)], expected=None)

        bench.app.storage.transact(work, read_only=False)
        bench.app.checkouts.checkout("demo", [order_id], by=SELLER)

        assert [(12_000, frozenset({"battery"}))] == [
            (request.volume_mm3, request.attributes) for request in acme.asked
        ]


class TestTwoRuns:
    def test_the_slower_one_answers_as_the_faster(self, freight, acme, other):
        """
        While a carrier thinks, the same command runs once more, and is done first: one
        checkout is stored, and both tell of it and of what it left out.
        """
        _, bench = freight
        good, bad = bench.sync(snapshot("1", CUP=1), snapshot("2", SOCK=1))
        offers = []

        def checkout():
            return bench.app.checkouts.checkout(
                "demo", [good, bad], by=SELLER, each=True, command_id="c"
            )

        def think(_):
            acme.answer = answering(option())
            offers.append(checkout())
            return answering(option())

        acme.answer = think
        slower = checkout()
        (faster,) = offers

        assert (faster.checkout_id, faster.plans) == (slower.checkout_id, slower.plans)
        assert [bad] == list(slower.refused) == list(faster.refused)
        assert isinstance(slower.refused[bad], FailedEarlierError)
        assert "wrong_state" in faster.refused[bad].codes
        assert other.asked


class TestResting:
    @pytest.mark.parametrize(("why", "words"), [("strike", " (strike)"), ("", "")])
    def test_who_is_paused(self, freight, acme, why, words):
        """
        Nobody asks it; why is told where somebody said so, and not kept.
        """
        freight[0].move("acme", "pause", by=STAFF, why=why)
        quotes = freight[0].desk().ask(REQUEST)
        told = f"fake_carrier: the connection is paused{words}"
        error = quotes.failed["acme"].error

        assert (
            LeftOut(
                "",
                "no_answer",
                f"acme does not answer: {told}",
                "acme",
            ),
        ) == quotes.answer.left_out
        assert (told, "fake_carrier: the connection is paused") == (
            str(error),
            error.kept_words,
        )
        assert [] == acme.asked

    def test_who_is_disconnected_is_nobody(self, freight):
        """
        It is not among those that are asked, and is connected again before use.
        """
        freight[0].move("acme", "disconnect", by=STAFF)

        assert ["other"] == [one.name for one in freight[0].providers()]
        with pytest.raises(DisconnectedError) as ei:
            freight[0].get("acme")
        assert "freight connection acme is disconnected; connect it again first" == (
            str(ei.value)
        )

    def test_codes_are_short_where_there_is_one(self, freight):
        """
        Once two are connected a checkout names the connection where it has to.
        """
        service, _ = freight
        assert not service.desk().ask(REQUEST).is_of_one
        service.move("other", "disconnect", by=STAFF)

        assert service.desk().ask(REQUEST).is_of_one


class TestWhyNot:
    def test_what_is_missing_is_told(self, storage):
        """
        To the cent: who has just enough can pay.
        """
        bench = open_bench(storage=storage, top_up=899)
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1))
        checkouts = bench.app.checkouts
        words = (
            "it costs 9.00 USD, and the wallet holds 8.99 USD: 0.01 USD is missing;"
            " top up the wallet"
        )
        facts = {
            "needed": "9.00 USD",
            "available": "8.99 USD",
            "missing": "0.01 USD",
        }

        with nothing_moves(bench):
            assert (
                Blocker("insufficient_funds", words, facts),
            ) == checkouts.why_not_paid("demo", order_id, by=SELLER)
        bench.app.wallets.top_up("demo", Money(1, "USD"), reference="T2", by=STAFF)
        assert () == checkouts.why_not_paid("demo", order_id, by=SELLER)

    def test_a_carrier_that_is_down_is_a_reason(self, freight, acme, other):
        """
        By the name of its error.
        """
        acme.answer = other.answer = GONE
        _, bench = freight
        (order_id,) = bench.sync(snapshot(CUP=1))
        (blocker,) = bench.app.checkouts.why_not_paid("demo", order_id, by=SELLER)

        assert "freight_unavailable" == blocker.code


class TestConnecting:
    @pytest.mark.parametrize("do", ["check", "change", "connect"])
    def test_a_check_that_breaks_names_plugin_and_connection(self, freight, acme, do):
        """
        Whatever a plugin raises is told as its mistake; nothing is stored.
        """
        service, bench = freight
        acme.check_fault = KeyError("region")
        config = {"carrier": "acme"}
        commands = {
            "check": lambda: service.check("acme"),
            "change": lambda: service.change("acme", config=config, by=STAFF),
            "connect": lambda: service.connect(
                "acme", provider="fake_carrier", config=config, by=STAFF
            ),
        }

        with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
            commands[do]()
        assert ("fake_carrier", "acme") == (ei.value.provider, ei.value.connection)

    def test_it_is_made_with_its_name(self, freight, acme):
        """
        Each time, so that its log and its limits are its own.
        """
        service, _ = freight
        service.change("acme", config={"carrier": "acme"}, by=STAFF)
        service.check("acme")

        assert {"acme"} == {context.connection for context in acme.contexts}

    def test_an_unchecked_one_is_not_tried(self, freight, acme):
        """
        Only where somebody said so.
        """
        service, _ = freight
        before = acme.checked
        service.connect(
            "raw",
            provider="fake_carrier",
            config={"carrier": "acme"},
            by=STAFF,
            check=False,
        )
        service.change("raw", config={"carrier": "acme"}, by=STAFF, check=False)
        assert before == acme.checked
        service.change("raw", config={"carrier": "acme"}, by=STAFF)

        assert before + 1 == acme.checked

    def test_why_it_rests_is_what_was_said(self, freight):
        """
        Nothing, where nothing was said; the newer of two reasons; and nothing is left
        of it behind.
        """
        service, bench = freight

        assert ("paused", "") == state_of(service.move("acme", "pause", by=STAFF))
        again = service.move("acme", "pause", by=STAFF, why="strike")
        assert ("paused", "strike") == state_of(again)
        with nothing_moves(bench):
            service.move("acme", "pause", by=STAFF, why="strike")
            service.move("acme", "pause", by=STAFF)
        newer = service.move("acme", "pause", by=STAFF, why="fog")
        assert ("paused", "fog") == state_of(newer)
        assert ("active", "") == state_of(service.move("acme", "resume", by=STAFF))

    def test_odd_settings_are_a_mistake_of_the_caller(self, freight):
        """
        Names that are no texts are refused as any other that does not fit.
        """
        service, bench = freight
        odd = {1: "a", "carrier": "acme"}

        with nothing_moves(bench), pytest.raises(ConfigError):
            service.connect("odd", provider="fake_carrier", config=odd, by=STAFF)
        with nothing_moves(bench), pytest.raises(ConfigError):
            service.change("acme", config=odd, by=STAFF)


def state_of(connection):
    """
    Return the state of a connection and why.
    """
    return connection.state, connection.why
