"""
What Stripe refuses, in the words of the ports.
"""

import logging
from datetime import timedelta

import httpx2
import pytest
from stripe_lab import StripeLab
from stripe_server import KEY
from stripe_wire import refused

from sourcehere import Money
from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.testing.kit import WireFault
from sourcehere.testing.kit.payment_base import reserve
from sourcehere_stripe import StripeConfig, StripeGateway

TEN = Money(1_000, "USD")
BAD = "invalid_request_error"


def answering(lab, answer):
    """
    Return an adapter that is always answered the same.
    """
    transport = httpx2.MockTransport(lambda _: answer)
    return StripeGateway(StripeConfig(api_key=KEY), Context(lab.clock), transport)


@pytest.fixture
def lab():
    """
    Return an account without payments.
    """
    return StripeLab()


@pytest.mark.parametrize(
    ("status", "kind", "writing", "looking"),
    [
        (400, BAD, DeclinedError, ProtocolError),
        (404, BAD, DeclinedError, ProtocolError),
        (402, "card_error", DeclinedError, ProtocolError),
        (400, "idempotency_error", ProtocolError, ProtocolError),
        (409, "idempotency_error", UnknownOutcomeError, UnknownOutcomeError),
        (401, BAD, UnauthorizedError, UnauthorizedError),
        (403, BAD, UnauthorizedError, UnauthorizedError),
        (429, BAD, ThrottledError, ThrottledError),
        (500, "api_error", UnknownOutcomeError, UnknownOutcomeError),
        (424, "api_error", ProtocolError, ProtocolError),
    ],
)
def test_each_refusal_has_its_meaning(lab, status, kind, writing, looking):
    """
    One of a payment says that nothing happened; one of a search is no "there is none".
    """
    gateway = answering(lab, refused(status, kind, "no", code="x"))
    with pytest.raises(writing) as ei:
        reserve(gateway, TEN, "pm_1")
    assert type(ei.value) is writing
    with pytest.raises(looking) as ei:
        gateway.find("A")
    assert type(ei.value) is looking


def test_a_pause_is_as_long_as_stripe_says(lab):
    """
    By its header.
    """
    gateway = lab.connect()
    lab.line.fail(WireFault.THROTTLED)
    with pytest.raises(ThrottledError) as ei:
        reserve(gateway, TEN, lab.card())
    assert ei.value.retry_after == timedelta(seconds=3)


def test_a_refusal_keeps_to_itself_what_is_somebodys(lab):
    """
    Numbers and addresses are blanked; ids and the sense are kept.
    """
    words = "No such pm_1: 4242 4242 4242 4242, ada@payer.example, at least 50 cents"
    gateway = answering(lab, refused(400, BAD, words))
    with pytest.raises(DeclinedError) as ei:
        reserve(gateway, TEN, "pm_1")
    assert ei.value.detail == "authorizing: No such pm_1: ..., ... at least 50 cents"


@pytest.mark.parametrize("status", [200, 400, 402])
def test_an_answer_that_cannot_be_read_is_not_repeated(lab, status):
    """
    It may have the payer's name: neither in the error, nor in what is shown with it.
    """
    gateway = answering(lab, httpx2.Response(status, text='{"name": "Ada Payer"'))
    with pytest.raises(ProtocolError) as ei:
        reserve(gateway, TEN, "pm_1")
    assert "Ada" not in str(ei.value)
    assert ei.value.__suppress_context__


def test_the_sdk_logs_no_bodies(lab, caplog):
    """
    Also where the host logs everything; only where somebody asks for it by name.
    """
    caplog.set_level(logging.DEBUG)
    reserve(lab.connect(), TEN, lab.card())

    assert [one for one in caplog.records if one.name == "stripe"] == []


def test_a_key_that_may_not_read_something_is_told_what(lab):
    """
    Whoever connects the account sees which permission is missing.
    """
    gateway = lab.connect()
    gateway.check()
    for path, words in [
        ("/v1/disputes", "reading disputes"),
        ("/v1/balance_transactions", "reading balance transactions"),
        ("/v1/charges", "reading charges"),
    ]:
        lab.server.forbidden = {path}
        with pytest.raises(UnauthorizedError, match=words):
            gateway.check()


def test_trying_the_key_changes_nothing(lab):
    """
    It only reads.
    """
    lab.connect().check()

    assert {method for method, *_ in lab.server.asked} == {"GET"}


def test_a_key_with_other_arguments_says_so(lab):
    """
    And not that nothing happened: under the key something did.
    """
    gateway, card = lab.connect(), lab.card()
    reserve(gateway, TEN, card)
    with pytest.raises(ProtocolError, match="key was used for something else"):
        reserve(gateway, TEN + TEN, card)
