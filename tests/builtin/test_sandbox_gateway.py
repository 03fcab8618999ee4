"""
The gateway that pretends: what its tokens do, and the file that it keeps.
"""

import json
from datetime import timedelta

import pytest

from sourcehere.builtin.sandbox_gateway import SandboxConfig, SandboxGateway
from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import (
    ConfigError,
    DeclinedError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.factories import NOON, ManualClock

USD = Money.parse("10", "USD")
LONG_AGO = NOON - timedelta(days=9)


@pytest.fixture
def books(tmp_path):
    """
    Return where its books are.
    """
    return tmp_path / "books.jsonl"


@pytest.fixture
def opened(books):
    """
    Return what opens the gateway, as each process does.
    """

    def make(**more):
        config = SandboxConfig(path=books.name, **more)
        return SandboxGateway(config, folder=str(books.parent), clock=ManualClock(NOON))

    return make


def reserve(gateway, source, name="a"):
    """
    Reserve ten dollars.
    """
    return gateway.authorize(USD, source, reference=name, idempotency_key=f"{name}-key")


def take(gateway, made, name="c"):
    """
    Take what was reserved.
    """
    return gateway.capture(
        made.gateway_id, made.amount, reference=name, idempotency_key=f"{name}-key"
    )


def give_back(gateway, taken, name="r", minor=1000):
    """
    Return some of what was taken.
    """
    amount = Money(minor, "USD")
    return gateway.refund(
        taken.gateway_id, amount, reference=name, idempotency_key=f"{name}-key"
    )


class TestTokens:
    """
    What each of them is for.
    """

    def test_a_card_is_charged(self, opened):
        """
        And is known by another process.
        """
        taken = take(opened(), reserve(opened(), "tok_visa"))
        assert (PaymentOutcome.SUCCEEDED, USD) == (taken.outcome, taken.amount)
        assert taken == opened().find("c")

    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("tok_declined", "the bank of the card says no"),
            ("tok_declined_too", "the bank of the card says no"),
            ("visa", "no token of this gateway: they begin with tok_"),
        ],
    )
    def test_a_card_is_declined(self, opened, books, source, words):
        """
        Nothing is kept.
        """
        with pytest.raises(DeclinedError) as ei:
            reserve(opened(), source)
        assert words == ei.value.detail
        assert "" == books.read_text()

    @pytest.mark.parametrize(
        ("source", "outcome"),
        [
            ("tok_3ds", PaymentOutcome.SUCCEEDED),
            ("tok_3ds_declined", PaymentOutcome.DECLINED),
        ],
    )
    def test_a_payer_decides(self, opened, source, outcome):
        """
        By the time that it is looked up, and not before; what was decided stays.
        """
        made = reserve(opened(), source)
        assert PaymentOutcome.PENDING is made.outcome
        assert "https://sandbox.invalid/au_1" == made.redirect_url
        with pytest.raises(DeclinedError, match="has not agreed"):
            take(opened(), made)
        for _ in range(2):
            found = opened().find("a")
            assert (outcome, "") == (found.outcome, found.redirect_url)

    def test_an_answer_is_lost(self, opened):
        """
        Once: with the same key it is told.
        """
        made = reserve(opened(), "tok_lost")
        with pytest.raises(UnknownOutcomeError):
            take(opened(), made)
        assert opened().find("c") == take(opened(), made)

    def test_a_bank_takes_back(self, opened):
        """
        All of it, and nothing of that can be returned.
        """
        taken = take(opened(), reserve(opened(), "tok_chargeback"))
        (back,) = opened().chargebacks(taken.gateway_id)
        assert ("cb_of_ca_2", USD, NOON) == (
            back.gateway_id,
            back.amount,
            back.taken_at,
        )
        with pytest.raises(DeclinedError, match="took it back"):
            give_back(opened(), taken)
        honest = take(opened(), reserve(opened(), "tok_visa", "b"), "d")
        assert () == opened().chargebacks(honest.gateway_id)


class TestPayouts:
    """
    What was moved, in sums.
    """

    def test_each_operation_is_in_one(self, opened):
        """
        Of its currency, with its fee; the same sums are told again.
        """
        gateway = opened(fee_minor=30)
        taken = take(gateway, reserve(gateway, "tok_visa"))
        give_back(gateway, taken, minor=400)
        (first,) = gateway.payouts(LONG_AGO)
        take(gateway, reserve(gateway, "tok_chargeback", "b"), "d")

        again, second = opened(fee_minor=30).payouts(LONG_AGO)

        assert first == again
        assert [("ca_2", 1000, 30), ("re_3", -400, 0)] == entries_of(first)
        assert Money(570, "USD") == first.amount
        assert [("ca_6", 1000, 30), ("cb_of_ca_6", -1000, 0)] == entries_of(second)
        assert Money(-30, "USD") == second.amount
        assert [] == list(gateway.payouts(NOON + timedelta(seconds=1)))


def entries_of(payout):
    """
    Return name, amount and fee of each entry.
    """
    return [(e.gateway_id, e.amount.minor, e.fee.minor) for e in payout.entries]


def line(**more):
    """
    Write a line of the books, which may say what makes no sense.
    """
    at = NOON.isoformat()
    said = {
        "kind": "authorize",
        "at": at,
        "name": "au_1",
        "of": [],
        "outcome": "pending",
    }
    return f"{json.dumps({**said, 'currency': 'USD', 'minor': 1000, **more})}\n"


class TestBooks:
    """
    The file.
    """

    @pytest.mark.parametrize("torn", ["{", '{"kind": "capture", "na'])
    def test_a_line_that_was_torn_is_cut_off(self, opened, books, torn):
        """
        Nobody was told of it.
        """
        made = reserve(opened(), "tok_visa")
        whole = books.read_bytes()
        books.write_bytes(whole + torn.encode())

        assert made == opened().find("a")
        taken = take(opened(), made)
        assert taken == opened().find("c")
        assert books.read_bytes().startswith(whole)
        assert 2 == len(books.read_text().splitlines())

    @pytest.mark.parametrize(
        "text",
        [
            "sku,title\n",
            "[]\n",
            '{"of": 1}\n',
            "{}\n",
            "a note of mine",
            '{"currency": "USD", "methods": []}',
            line(kind="decided", of=["au_1"]),
            line() + line(kind="decided", of=[]),
            line(kind="payout", of=["ca_2"]),
            line(kind="sale"),
            line(outcome="maybe"),
            line(minor="1000"),
            line(minor=-1),
            line(currency="dollars"),
            line(at="yesterday"),
            line(at="2026-03-02T12:00:00"),
        ],
    )
    def test_another_file_is_left_as_it_is(self, opened, books, text):
        """
        And its name is told.
        """
        books.write_text(text)
        with pytest.raises(UnauthorizedError, match=r"books\.jsonl: this file is not"):
            opened().check()
        with pytest.raises(UnauthorizedError):
            reserve(opened(), "tok_visa")
        assert text == books.read_text()

    def test_who_waits_too_long_comes_back_later(self, opened, books, monkeypatch):
        """
        Nothing happened meanwhile.
        """
        monkeypatch.setattr("sourcehere.builtin.sandbox_books.LOCK_SECONDS", 0.0)
        first, second = opened(), opened()
        with first._books(), pytest.raises(ThrottledError):
            reserve(second, "tok_visa")
        assert "" == books.read_text()

    @pytest.mark.parametrize(
        ("path", "folder", "fee", "fields"),
        [
            ("../books", "/srv", 0, ["path"]),
            ("/etc/books", "/srv", 0, ["path"]),
            ("books", "", 0, ["path"]),
            ("books", "/srv", -1, ["fee_minor"]),
        ],
    )
    def test_a_wrong_configuration_is_refused(self, path, folder, fee, fields):
        """
        Before a file is opened.
        """
        config = SandboxConfig(path=path, fee_minor=fee)
        with pytest.raises(ConfigError) as ei:
            SandboxGateway(config, folder=folder, clock=ManualClock(NOON))
        assert fields == [problem.field for problem in ei.value.problems]
