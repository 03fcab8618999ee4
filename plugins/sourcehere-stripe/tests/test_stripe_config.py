"""
How an account is connected.
"""

import socket
import subprocess
import sys

import pytest

from sourcehere import Money, SystemClock
from sourcehere.plugins.registry import Registry
from sourcehere.ports.context import Context
from sourcehere.ports.errors import UnauthorizedError, UnknownOutcomeError
from sourcehere.testing.kit.payment_base import reserve
from sourcehere_stripe import StripeConfig, StripeGateway

KEY = "rk_test_4711"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.stripe.com",
        "ftp://localhost",
        "localhost:8420",
        "https://ada@api.stripe.com",
        "https://api.stripe.com/?a=b",
        "https://",
    ],
)
def test_a_key_is_sent_behind_https_only(url):
    """
    Or to this machine.
    """
    with pytest.raises(ValueError, match="where a test server is"):
        StripeConfig(api_key=KEY, base_url=url)
    for good in ("https://api.stripe.com/", "http://127.0.0.1:8420", "http://[::1]:1"):
        StripeConfig(api_key=KEY, base_url=good)


def test_an_address_inside_is_the_operators_to_allow():
    """
    Whoever writes the configuration does not reach into the host's network.
    """
    config = StripeConfig(api_key=KEY, base_url="http://127.0.0.1:9")
    gateway = StripeGateway(config, Context(SystemClock()))
    with pytest.raises(UnauthorizedError, match="private_hosts"):
        gateway.check()
    gateway.close()
    gateway.close()


def test_where_nobody_answers_it_may_have_happened():
    """
    As the line tells it.
    """
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    config = StripeConfig(api_key=KEY, base_url=f"http://127.0.0.1:{port}")
    context = Context(SystemClock(), private_hosts=("127.0.0.1",))
    gateway = StripeGateway(config, context)
    with pytest.raises(UnknownOutcomeError, match="ConnectError"):
        reserve(gateway, Money(1_000, "USD"), "pm_1")
    gateway.close()


@pytest.mark.parametrize(
    "field",
    [
        {"api_key": "pk_test_1"},
        {"return_url": "javascript:alert(1)"},
        {"looks_back_days": 0},
        {"timeout_s": 0},
    ],
)
def test_what_cannot_be_is_refused(field):
    """
    A publishable key pays nothing, and nobody returns to a script.
    """
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        StripeConfig(**{"api_key": KEY, **field})


def test_secrets_are_not_shown():
    """
    Three of them.
    """
    shown = repr(
        StripeConfig(
            api_key=KEY, webhook_secret="whsec_a", webhook_secret_old="whsec_b"
        )
    )
    assert KEY not in shown
    assert "whsec" not in shown


def test_who_lists_plugins_does_not_wait_for_the_sdk():
    """
    It is imported once an account is used.
    """
    words = "import sys, sourcehere_stripe; sys.exit('stripe' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0


def test_it_is_offered_where_it_is_installed():
    """
    By its name, with a configuration that says no more than a key.
    """
    registry = Registry(clock=SystemClock())
    made = registry.payment_provider("stripe", {"api_key": KEY})
    assert isinstance(made, StripeGateway)
    registry.close()
