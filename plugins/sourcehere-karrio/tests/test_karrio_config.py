"""
How a carrier is connected.
"""

import urllib.request

import attrs
import pytest
from easypost_server import KEY
from karrio_lab import KarrioLab, config, service

from sourcehere import Secrets, SystemClock
from sourcehere.plugins.registry import Registry
from sourcehere.ports.context import Context
from sourcehere.ports.errors import ConfigError, UnauthorizedError
from sourcehere_karrio import KarrioCarrier

GIVEN = {
    "carrier": "easypost",
    "secrets": {"api_key": KEY},
    "settings": {"config": {"shipping_options": ["a"]}},
    "options": {"easypost_machinable": True},
    "currency": "USD",
    "origin": {
        "country": "US",
        "street": "1 Dock Rd",
        "city": "Austin",
        "postal_code": "78701",
    },
    "services": [
        {
            "code": "prio",
            "service": "easypost_usps_priority",
            "name": "Priority",
            "carrier": "USPS",
            "days_min": 1,
            "days_max": 3,
        }
    ],
}
DECLARED = {
    "description": "cups",
    "hs_code": "691110",
    "unit_value": "1.50",
    "made_in": "CN",
}


def test_it_is_offered_where_it_is_installed():
    """
    By its name; nobody is asked, and the SDK is not imported.
    """
    registry = Registry(clock=SystemClock())
    made = registry.freight_provider("karrio", GIVEN)
    assert isinstance(made, KarrioCarrier)
    assert ("prio",) == made.methods()
    assert ("USPS",) == made.carriers()
    made.close()
    made.close()
    registry.close()


def test_its_secrets_are_looked_up(monkeypatch):
    """
    Each by itself, as far as the host allows; a setting that is none takes no
    reference.
    """
    monkeypatch.setenv("POST_KEY", KEY)
    registry = Registry(clock=SystemClock(), secrets=Secrets(env=["POST_*"]))
    looked_up = {**GIVEN, "secrets": {"api_key": {"$env": "POST_KEY"}}}
    made = registry.freight_provider("karrio", looked_up)
    assert {"api_key": KEY} == made._asker._config.secrets
    for wrong in (
        {"secrets": {"api_key": {"$env": "HOME"}}},
        {"settings": {"account_country_code": {"$env": "POST_KEY"}}},
    ):
        with pytest.raises(ConfigError) as ei:
            registry.freight_provider("karrio", {**GIVEN, **wrong})
        assert KEY not in str(ei.value)
    registry.close()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"labels_kept_days": 0}, "labels_kept_days"),
        ({"settings": {"test_mode": "yes"}}, "test_mode"),
        ({"settings": {"api_key": "x"}}, "api_key"),
        ({"currency": "dollars"}, "ISO 4217"),
        ({"services": GIVEN["services"] * 2}, "code of their own"),
        ({"label_format": "GIF"}, "label_format"),
        ({"origin": {**GIVEN["origin"], "country": "USA"}}, "country"),
        ({"origin": {**GIVEN["origin"], "street": " "}}, "street"),
        ({"customs": {"description": "cups", "hs_code": "691110"}}, "unit_value"),
        ({"customs": {**DECLARED, "hs_code": "6911"}}, "hs_code"),
        ({"customs": {**DECLARED, "unit_value": "1.005"}}, "minor units"),
    ],
)
def test_what_cannot_be_is_refused(changes, words):
    """
    With the field's name, and no secret.
    """
    registry = Registry(clock=SystemClock())
    with pytest.raises(ConfigError, match=words) as ei:
        registry.freight_provider("karrio", {**GIVEN, **changes})
    assert KEY not in str(ei.value)
    registry.close()


def test_secrets_and_settings_are_not_shown():
    """
    Nor where the sender lives.
    """
    shown = repr(config(settings={"account_country_code": "US-4712"}))
    assert KEY not in shown
    assert "US-4712" not in shown
    assert "Dock" not in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"carrier": "snail"}, "karrio knows no carrier 'snail'"),
        ({"secrets": {}}, "needs the settings api_key"),
        ({"settings": {"apikey": "s3cr3t"}}, "has no setting apikey"),
        ({"secrets": {"api_key": "wrong"}}, "401"),
    ],
)
def test_what_does_not_fit_the_carrier_is_told_by_check(changes, words):
    """
    A person has to act; no value is told.
    """
    lab = KarrioLab()
    with pytest.raises(UnauthorizedError, match=words) as ei:
        lab.connect(**changes).check()
    assert "s3cr3t" not in str(ei.value)
    lab.close()


def test_a_check_asks_for_a_price_and_buys_nothing():
    """
    A place that the carrier does not serve is no wrong key.
    """
    lab = KarrioLab()
    lab.connect().check()
    away = attrs.evolve(config().origin, country="AQ")
    lab.connect(origin=away).check()
    assert [("POST", "/v2/shipments")] * 2 == lab.server.requests
    assert not lab.books()
    lab.close()


def test_an_address_inside_is_the_operators_to_allow():
    """
    A carrier's settings may name a server: it has to be public, and behind https.
    """
    carrier = KarrioCarrier(config(), Context(SystemClock()))
    send = carrier._asker._line.send
    for url in ("https://127.0.0.1:9/x?key=s3cr3t", "https://10.0.0.7/s3cr3t"):
        with pytest.raises(UnauthorizedError, match="private_hosts") as ei:
            send(_request(url))
        assert "s3cr3t" not in str(ei.value)
    with pytest.raises(UnauthorizedError, match="not behind https"):
        send(_request("http://api.labelary.com/v1"))
    with pytest.raises(UnauthorizedError, match="not behind https"):
        send(_request("file:///etc/passwd"))
    carrier.close()


def _request(url):
    return urllib.request.Request(url)


def test_methods_of_a_carrier_are_not_its_services():
    """
    What is not configured is not offered.
    """
    lab = KarrioLab()
    carrier = lab.connect(services=(service("fast"),))
    answer = carrier.quote(lab.served(grams=500))
    assert ["fast"] == [option.method for option in answer.options]
    lab.close()
