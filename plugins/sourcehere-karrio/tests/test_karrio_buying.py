"""
Labels: what was sold is never told as refused, and what was not never as sold.
"""

import attrs
import easypost_server
import httpx2
import pytest
from karrio_lab import KarrioLab, buy, config

from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.testing.kit import WireFault
from sourcehere_karrio.asking import Told
from sourcehere_karrio.failures import Said
from sourcehere_karrio.own import Own
from sourcehere_karrio.sales import Answers
from sourcehere_karrio.sdk import load
from sourcehere_karrio.wire import Exchange


@pytest.fixture
def lab():
    """
    Return an account.
    """
    made = KarrioLab()
    yield made
    made.close()


@pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_what_may_be_sold_is_not_told_as_refused(lab, fault, after):
    """
    Whichever of the three requests fails: a shipment that costs nothing, the sale, and
    the file. What is sold has its number, also where its file does not come.
    """
    lab.line.fail(fault, after=after)
    error = sold = None
    try:
        sold = buy(lab)
    except ProviderError as raised:
        error = raised
    assert lab.line.heal()
    booked = lab.books()
    if after == 2:
        assert [sold.reference] == [one.reference for one in booked]
        return
    assert sold is None
    if booked:
        assert isinstance(error, UnknownOutcomeError | ProtocolError), repr(error)
    assert not isinstance(error, DeclinedError)


def test_nothing_is_sent_behind_a_failure_nor_twice(lab):
    """
    karrio and its carriers' packages would try again.
    """
    lab.line.fail(WireFault.AFTER, after=1)
    with pytest.raises(UnknownOutcomeError):
        buy(lab)
    assert ["/v2/shipments", "/v2/shipments/shp_0001/buy"] == [
        path for _, path in lab.server.requests
    ]


def test_what_else_fails_behind_a_sale_is_unknown(lab):
    """
    Of a carrier whose answers only karrio reads: nobody may send the same key again.
    """
    carrier = lab.connect()
    carrier._labels._answers._own = Own()
    lab.line.fail(WireFault.THROTTLED, after=2)
    with pytest.raises(UnknownOutcomeError, match="may be done"):
        buy(lab, carrier)


@pytest.mark.parametrize("sent", ["/v1/labels", "/oauth/token"])
def test_a_refusal_behind_a_sale_is_none_of_the_sale(sent):
    """
    Such as of its file; behind what only opens the door it is one.
    """
    exchanges = (
        Exchange("POST", sent, 200, b"{}"),
        Exchange("GET", "/v1/labels/1.pdf", 404, b""),
    )
    answers = Answers(config(), Own())
    error = UnknownOutcomeError if sent == "/v1/labels" else DeclinedError
    with pytest.raises(error, match="404"):
        answers.sold(config().services[0], Told(None, (), exchanges), None)


@pytest.mark.parametrize("words", ["a note", "Authentication failed", ""])
@pytest.mark.parametrize(
    ("facts", "matter"),
    [
        ({"shipment_identifier": "S1"}, "label S1 is sold, and its number is not told"),
        (
            {"docs": {"label": "JVBERg=="}},
            "without a name is sold, and its number is not told",
        ),
        (
            {"shipment_identifier": "S1", "tracking_number": "T1", "price": 1.005},
            "label S1, number T1, .* its price makes no sense: 1.005 USD",
        ),
    ],
)
def test_what_was_sold_is_named_whatever_else_is_told(words, facts, matter):
    """
    A label without a number or a price, with a message beside it, is no refusal: it
    would be bought once more, and a person finds it by its name.
    """
    sdk = load()
    price = facts.get("price", 1.0)
    rate = {"carrier_name": "c", "carrier_id": "c", "service": "s", "currency": "USD"}
    details = sdk.lib.to_object(
        sdk.models.ShipmentDetails,
        {
            "carrier_name": "c",
            "carrier_id": "c",
            "docs": {},
            "shipment_identifier": "",
            "tracking_number": "",
            "selected_rate": {**rate, "total_charge": price},
            **{name: told for name, told in facts.items() if name != "price"},
        },
    )
    messages = (Said("W1", words),) if words else ()
    exchanges = (Exchange("POST", "/v1/labels", 200, b"{}"),)
    answers = Answers(config(), Own())
    with pytest.raises(ProtocolError, match=matter):
        answers.sold(config().services[0], Told(details, messages, exchanges), None)


@pytest.mark.parametrize(
    "told", [{"rate": "4.255"}, {"rate": None}, {"currency": None}, {"currency": "XXX"}]
)
def test_a_label_of_easypost_with_an_odd_price_is_named(lab, monkeypatch, told):
    """
    It is sold, and paid for.
    """
    rate = easypost_server._rate
    monkeypatch.setattr(easypost_server, "_rate", lambda *of: rate(*of) | told)
    with pytest.raises(ProtocolError) as ei:
        buy(lab)

    (booked,) = lab.books()
    named = f"label {booked.reference}, number {booked.tracking_number}, is sold"
    assert named in str(ei.value)


def test_a_refusal_repeats_nobody(lab):
    """
    Carriers say whose address they do not like, and what key they got.
    """
    words = (
        "Ann Ames, 1 High St, 02110 Boston, ann@example.org, +1 617 555 0199:"
        " no such address (key EZTK-4711)"
    )
    told = {"error": {"code": "ADDRESS.WRONG", "message": words}}
    lab.server.own["/shipments"] = httpx2.Response(422, json=told)
    with pytest.raises(DeclinedError, match="no such address") as ei:
        buy(lab)
    assert "ADDRESS.WRONG" in str(ei.value)
    for secret in ("Ann", "High", "02110", "Boston", "ann@", "555", "4711"):
        assert secret not in str(ei.value)


def test_a_method_that_there_is_not_is_not_sold(lab):
    """
    Nor what the service does not take.
    """
    with pytest.raises(DeclinedError, match="no method 'slow'"):
        buy(lab, method="slow")
    services = (attrs.evolve(lab._config.services[0], refuses=("battery",)),)
    goods = attrs.evolve(lab.served(grams=300), attributes=("battery",))
    with pytest.raises(DeclinedError, match="takes no battery"):
        buy(lab, lab.connect(services=services), consignment=goods)
    assert not lab.server.requests


def test_credentials_that_are_refused_in_words_are_no_refusal(lab):
    """
    Carriers say so with a 200, or a 400.
    """
    told = {"error": {"code": "X", "message": "Authentication failed"}}
    for status in (200, 400):
        lab.server.own["/shipments"] = httpx2.Response(status, json=told)
        with pytest.raises(UnauthorizedError):
            buy(lab)
