"""
Rates become options, or reasons.
"""

import attrs
import httpx2
import pytest
from karrio_lab import KarrioLab, service

from sourcehere import Money
from sourcehere.domain.freight.model import FreightParcel
from sourcehere.ports.errors import ProtocolError, ThrottledError, UnauthorizedError

RATE = {
    "id": "r1",
    "carrier": "USPS",
    "service": "Priority",
    "rate": "4.25",
    "currency": "USD",
    "delivery_days": 2,
}


@pytest.fixture
def lab():
    """
    Return an account.
    """
    made = KarrioLab()
    yield made
    made.close()


def answered(lab, *rates, messages=(), status=200):
    """
    Let EasyPost answer with rates.
    """
    told = {"id": "shp_9", "rates": list(rates), "messages": list(messages)}
    lab.server.own["/shipments"] = httpx2.Response(status, json=told)


def quote(lab, carrier=None, **changes):
    """
    Ask for 500 g.
    """
    request = attrs.evolve(lab.served(grams=500), **changes)
    return (carrier or lab.connect()).quote(request)


def test_an_option_has_the_carrier_s_days_or_ours(lab):
    """
    Where it tells none, those of the configuration.
    """
    days = {o.method: (o.days_min, o.days_max) for o in quote(lab).options}
    assert {"prio": (2, 2), "fast": (1, 4)} == days
    for told, expected in ((0, (0, 0)), (3.0, (3, 3)), (2.5, (1, 4)), (-1, (1, 4))):
        answered(lab, {**RATE, "delivery_days": told})
        (option,) = quote(lab).options
        assert expected == (option.days_min, option.days_max)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"country": "ZZ"}, "address_incomplete"),
        ({"origin": "CN"}, "origin_not_served"),
        ({"currency": "EUR"}, "other_currency"),
        ({"attributes": ("battery",)}, "restricted"),
    ],
)
def test_what_cannot_be_is_not_asked(lab, changes, code):
    """
    Each method is left out with the reason.
    """
    services = tuple(service(name, refuses=("battery",)) for name in ("prio", "fast"))
    answer = quote(lab, lab.connect(services=services), **changes)
    assert [("prio", code), ("fast", code)] == [
        (one.method, one.code) for one in answer.left_out
    ]
    assert not lab.server.requests


def test_a_service_that_does_not_take_it_leaves_the_others(lab):
    """
    One is asked for, and one is left out.
    """
    services = (service("prio", refuses=("battery",)), service("fast"))
    answer = quote(lab, lab.connect(services=services), attributes=("battery",))
    assert ["fast"] == [option.method for option in answer.options]
    assert ["restricted"] == [one.code for one in answer.left_out]


def test_a_price_that_fits_no_currency_is_left_out(lab):
    """
    Half a cent is not rounded. karrio rounds the text to cents itself, where it has
    more: what is left is what it tells.
    """
    yen = {**RATE, "rate": "1200.50", "currency": "JPY"}
    answered(lab, yen)
    answer = quote(lab, lab.connect(currency="JPY"), currency="JPY")
    reasons = {one.method: one.code for one in answer.left_out}
    assert {"prio": "bad_answer", "fast": "not_offered"} == reasons


def test_a_price_in_another_currency_is_left_out(lab):
    """
    One that names none is in that of the connection.
    """
    answered(lab, {**RATE, "currency": "CAD"}, {**RATE, "service": "Express"})
    answer = quote(lab)
    assert [Money(425, "USD")] == [option.price for option in answer.options]
    assert [("prio", "other_currency")] == [(o.method, o.code) for o in answer.left_out]
    bare = {name: value for name, value in RATE.items() if name != "currency"}
    answered(lab, bare)
    assert [Money(425, "USD")] == [option.price for option in quote(lab).options]


def test_of_two_rates_the_first_counts(lab):
    """
    It is the one that would be bought.
    """
    answered(lab, RATE, {**RATE, "rate": "1.00"})
    assert [Money(425, "USD")] == [option.price for option in quote(lab).options]


def test_another_account_s_trouble_leaves_rates(lab):
    """
    EasyPost asks several accounts, and tells what is wrong with each.
    """
    words = {"carrier": "UPS", "type": "rate_error", "message": "Unauthorized"}
    answered(lab, RATE, messages=[words])
    assert ["prio"] == [option.method for option in quote(lab).options]
    answered(lab, messages=[words])
    with pytest.raises(UnauthorizedError):
        quote(lab)


def test_nothing_of_an_answer_is_logged(lab, caplog):
    """
    karrio's reader warns of fields that it does not know, with what is in them.
    """
    answered(lab, {**RATE, "to": "Ann Ames"})
    assert quote(lab).options
    assert "Ann" not in caplog.text


def test_neither_a_rate_nor_a_reason_is_no_answer(lab):
    """
    It would blame the parcel.
    """
    answered(lab)
    with pytest.raises(ProtocolError, match="neither a rate nor a reason"):
        quote(lab)


def test_a_refusal_is_a_reason_of_every_method(lab):
    """
    In the carrier's words, or with its status where it has none.
    """
    told = {"error": {"code": "SHIPMENT.INVALID", "message": "no such postal code"}}
    lab.server.own["/shipments"] = httpx2.Response(422, json=told)
    for one in quote(lab).left_out:
        assert "SHIPMENT.INVALID: no such postal code" == one.words
    lab.server.own["/shipments"] = httpx2.Response(404, text="<html>gone</html>")
    assert {"it answered 404"} == {one.words for one in quote(lab).left_out}


def test_what_karrio_cannot_ask_for_is_a_reason(lab):
    """
    EasyPost prices one box; nothing was sent.
    """
    two = (FreightParcel(250), FreightParcel(250))
    answer = quote(lab, parcels=two)
    assert {"not_offered"} == {one.code for one in answer.left_out}
    assert "karrio can make no request of it" in answer.left_out[0].words
    assert not lab.server.requests


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        ("APIKEY.INACTIVE", "no", UnauthorizedError),
        ("401", "no", UnauthorizedError),
        ("", "invalid API key", UnauthorizedError),
        ("RATE_LIMITED", "wait", ThrottledError),
        ("", "Too many requests", ThrottledError),
        ("", "goods need an authorization of the authorities", None),
        ("", "house 401 is not on this street", None),
    ],
)
def test_messages_that_speak_of_us_are_no_reasons(lab, code, words, error):
    """
    Who is refused or throttled blames no parcel.
    """
    told = {"error": {"code": code, "message": words}}
    lab.server.own["/shipments"] = httpx2.Response(400, json=told)
    if error is None:
        assert quote(lab).left_out
        return
    with pytest.raises(error):
        quote(lab)
