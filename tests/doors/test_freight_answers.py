"""
What a carrier answers is checked: one wrong option is left out, the others go on.
"""

import enum

import pytest

from sourcehere import FreightRequest, Money
from sourcehere.cli.errors import exit_code
from sourcehere.domain.freight.errors import FreightUnavailableError
from sourcehere.domain.freight.model import FreightAnswer, LeftOut
from sourcehere.domain.kernel.connections import ConnectionTroubleError
from sourcehere.ports.errors import ProtocolError
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

REQUEST = FreightRequest(
    country="US", weight_grams=300, fields_given=("country", "name"), currency="USD"
)


@pytest.fixture
def acme():
    """
    Return a carrier to tell what to answer.
    """
    return FakeCarrier()


@pytest.fixture
def bench(storage, acme):
    """
    A bench with a rate card and the carrier `acme`; clean when the test ends.
    """
    made = open_bench(storage=storage, plugins=[FakeCarriers(acme=acme)])
    made.app.freight.connect(
        "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
    )
    for sku in ("CUP", "HAT"):
        made.connect(made.rule(sku))
    yield made
    assert () == made.app.audit.run(replay=True).violations


def generated(*options):
    """
    Offer options that can be walked only once.
    """
    return (one for one in options)


def left_out_of(bench):
    """
    Return what is left out of the carrier's answer: method, code and words.
    """
    answer = bench.app.freight.quote(REQUEST)
    return [
        (out.method, out.code, out.words)
        for out in answer.left_out
        if out.connection == "acme"
    ]


class TestOptions:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            (
                {"price": Money(-4900, "USD")},
                "options[0].price: '-49.00 USD' is not 0 or more",
            ),
            ({"price": 1.5}, "options[0].price: '1.5' is not Money"),
            (
                {"price": Money(10**14, "USD")},
                "options[0].price.minor: 100000000000000",
            ),
            ({"days_min": None}, "options[0].days_min: None is not a whole number"),
            ({"days_min": -1}, "options[0].days_min: -1 is not 0 or more"),
            (
                {"days_max": 4},
                "options[0].days_max: 4 is not 5 or more, as days_min is",
            ),
            ({"days_max": 9999}, "options[0].days_max: 9999 is not 1000 or less"),
            ({"days_max": True}, "options[0].days_max: True is not a whole number"),
            ({"name": ""}, "options[0].name: '' is not a text that begins"),
            ({"name": "x\x00"}, "options[0].name: 'x\\\\x00' is not a text without"),
            ({"name": "n" * 201}, "options[0].name: 'nnn"),
            ({"chargeable_grams": -1}, "options[0].chargeable_grams: -1 is not 0 or"),
            ({"chargeable_grams": 2**70}, "options[0].chargeable_grams: "),
        ],
    )
    def test_one_that_makes_no_sense_is_left_out(self, bench, acme, changes, words):
        """
        It is left out with a reason that names the field; the good one is offered.
        """
        acme.answer = answering(option("bad", **changes), option("good", 70))
        (order_id,) = bench.sync(snapshot(CUP=1))
        offer = bench.app.checkouts.checkout("demo", [order_id], by=SELLER)

        (reason,) = left_out_of(bench)
        assert ("bad", "bad_answer") == reason[:2]
        assert reason[2].startswith(words)
        assert ("good", "acme", 70) == (
            offer.plans[0].method,
            offer.plans[0].connection,
            offer.plans[0].freight_minor,
        )

    @pytest.mark.parametrize(
        ("method", "shown"),
        [
            (None, ""),
            ("", ""),
            ("  ", "  "),
            ("a\x00b", "a\\x00b"),
            ("\ud800", "\\ud800"),
            ("m" * 101, "m" * 79 + "…"),
            (7, "7"),
        ],
    )
    def test_a_method_without_a_usable_code_is_left_out(
        self, bench, acme, method, shown
    ):
        """
        What cannot be stored or typed is no code; the reason can be read all the same.
        """
        acme.answer = answering(option("x", method=method), option("good", 70))
        answer = bench.app.freight.quote(REQUEST)

        assert ["good", "std", "express"] == [o.method for o in answer.options]
        (reason,) = left_out_of(bench)
        assert (shown, "bad_answer") == reason[:2]
        assert reason[2].startswith("options[0].method: ")

    def test_another_currency_is_left_out(self, bench, acme):
        """
        A price in another currency than asked is no fault, but cannot be charged.
        """
        acme.answer = answering(option("euro", price=Money(1, "EUR")))

        words = "options[0].price: priced in EUR, wanted in USD"
        assert [("euro", "other_currency", words)] == left_out_of(bench)

    def test_of_two_with_one_method_the_first_counts(self, bench, acme):
        """
        The second is left out, though it is cheaper.
        """
        acme.answer = answering(option("a", 70), option("a", 1))
        answer = bench.app.freight.quote(REQUEST)

        assert ("a", 70) == (answer.options[0].method, answer.options[0].price.minor)
        words = "options[1].method: 'a' is not unique in the answer"
        assert [("a", "bad_answer", words)] == left_out_of(bench)

    def test_what_is_no_option_is_left_out(self, bench, acme):
        """
        Something else among the options is named by its place.
        """
        acme.answer = answering("std", option("good", 70))

        words = "options[0]: 'std' is not a FreightOption"
        assert [("", "bad_answer", words)] == left_out_of(bench)

    def test_a_member_of_an_enum_is_kept_as_its_text(self, bench, acme):
        """
        A code may be a member of an enum of texts; every storage keeps its value.
        """
        kind = enum.StrEnum("kind", {"SLOW": "slow"})
        acme.answer = answering(option("x", 70, method=kind.SLOW))
        (order_id,) = bench.sync(snapshot(CUP=1))
        bench.pay(order_id)

        assert "slow" == bench.app.orders.get("demo", order_id).method


class TestReasons:
    def test_what_is_no_reason_says_so(self, bench, acme):
        """
        A reason that is no text is replaced; a text is kept as it can be shown.
        """
        acme.answer = FreightAnswer(
            (),
            (
                LeftOut("a", "too_heavy", 5),
                LeftOut("b", "too_heavy", "too\x00heavy"),
                None,
            ),
        )

        assert [
            ("a", "bad_answer", "left_out[0].words: 5 is not a text"),
            ("b", "too_heavy", "too\\x00heavy"),
            ("", "bad_answer", "left_out[2]: None is not a LeftOut"),
        ] == left_out_of(bench)

    def test_facts_are_numbers_and_texts(self, bench, acme):
        """
        Anything else is no fact, and a text that no storage keeps is none either.
        """
        acme.answer = FreightAnswer(
            (),
            (
                LeftOut("a", "too_long", "no", facts={"limit_mm": 5, "of": "box"}),
                LeftOut("b", "too_long", "no", facts={"of": "a\x00b"}),
                LeftOut("b", "too_long", "no", facts={"limit_mm": 1.5}),
                LeftOut("c", "too_long", "no", facts=7),
            ),
        )
        found = [
            (out.code, dict(out.facts))
            for out in bench.app.freight.quote(REQUEST).left_out
            if out.connection == "acme"
        ]

        assert [
            ("too_long", {"limit_mm": 5, "of": "box"}),
            ("bad_answer", {}),
            ("bad_answer", {}),
            ("bad_answer", {}),
        ] == found


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (None, "answer: None is not a FreightAnswer"),
            ({"options": []}, "answer: a dict is not a FreightAnswer"),
            (generated(option()), "answer: a generator is not a"),
            (FreightAnswer(generated(option()), ()), "options: a generator is not a"),
            (FreightAnswer((), None), "left_out: None is not a tuple"),
            (
                FreightAnswer(tuple(option(f"m{n}") for n in range(501)), ()),
                "options: '501 of them' is not 500 or fewer",
            ),
            (KeyError("price"), "KeyError: 'price'"),
        ],
    )
    def test_what_is_none_leaves_its_connection_out(self, bench, acme, answer, words):
        """
        The connection is left out with the reason; the rate card is offered.
        """
        acme.answer = answer
        (order_id,) = bench.sync(snapshot(CUP=1))
        (plan,) = bench.app.checkouts.checkout("demo", [order_id], by=SELLER).plans

        (reason,) = left_out_of(bench)
        assert ("", "no_answer") == reason[:2]
        begin = "acme does not answer: ProtocolError: fake_carrier 'acme': "
        assert reason[2].startswith(begin + words)
        assert ("std", "card") == (plan.method, plan.connection)

    def test_it_is_a_typed_error_where_it_is_needed(self, bench, acme):
        """
        An order that chose its method is refused with the connection; plugin and error
        are the cause. A script sees a counterparty's exit code.
        """
        acme.answer = KeyError("price")
        (order_id,) = bench.sync(snapshot(CUP=1))
        bench.app.orders.choose_shipping("demo", [order_id], "acme:slow", by=SELLER)

        with nothing_moves(bench), pytest.raises(FreightUnavailableError) as ei:
            bench.app.checkouts.checkout("demo", [order_id], by=SELLER)
        error, told = ei.value.__cause__, ei.value.errors["acme"]
        assert isinstance(error, ProtocolError)
        assert ("fake_carrier", "acme") == (error.provider, error.connection)
        assert isinstance(told, ConnectionTroubleError)
        assert ("acme", True) == (told.connection, told.may_pass)
        assert error is told.__cause__
        assert ("acme:slow", order_id) == (ei.value.method, ei.value.order_id)
        assert 4 == exit_code(ei.value)


class Days(int):
    """
    A number that says another of itself.
    """

    def __int__(self):
        return -9


def test_a_number_is_what_it_is(bench, acme):
    """
    Whatever a class of the carrier's own says of it: the others are offered all the
    same.
    """
    acme.answer = answering(option(days_min=Days(1), days_max=2))
    found = bench.app.freight.quote(REQUEST).options

    assert [("acme", 1)] == [
        (one.connection, one.days_min) for one in found if one.connection == "acme"
    ]
