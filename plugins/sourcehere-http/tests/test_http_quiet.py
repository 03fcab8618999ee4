"""
That nothing of what is asked, and of what is answered, gets into a log or an error but
the place and the status.
"""

import logging
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from sourcehere import ManualClock
from sourcehere.ports.context import Context
from sourcehere.ports.errors import UnauthorizedError, UnknownOutcomeError
from sourcehere_http import Api

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Handler(BaseHTTPRequestHandler):
    """
    Says more than it is asked.
    """

    def log_message(self, *_):
        """
        Write nothing of its own.
        """

    def do_GET(self):
        """
        Answer with canaries.
        """
        self.send_response(200)
        self.send_header("Set-Cookie", "sid=canary-cookie")
        self.end_headers()
        self.wfile.write(b'"canary-body"')


@pytest.fixture
def url():
    """
    Return the URL of a server on this machine.
    """
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


def api_at(url, **more):
    """
    Return a client that logs as plugins do.
    """
    context = Context(
        ManualClock(NOW),
        logger=logging.getLogger("sourcehere.plugins.acme"),
        private_hosts=("127.0.0.1",),
    )
    return Api(provider="acme", base_url=url, context=context, **more)


def written(caplog):
    """
    Return what was logged, and who logged it.
    """
    return [(one.name, one.getMessage()) for one in caplog.records]


def test_a_log_has_the_place_and_the_status(url, caplog):
    """
    At any level, and of any of the loggers of what we ask by.
    """
    caplog.set_level(logging.DEBUG)
    api = api_at(url, auth=("canary", "canary"), headers={"X-Token": "canary"})
    api.send("GET", "/orders", params={"email": "canary@buyer.example"})
    api.send("GET", f"{url}/canary-file?signature=canary")

    assert [
        ("sourcehere.plugins.acme", "GET /orders: 200"),
        ("sourcehere.plugins.acme", f"GET {url}: 200"),
    ] == written(caplog)


def test_what_others_ask_is_logged_as_before(url, caplog):
    """
    The same client serves a host's own calls.
    """
    caplog.set_level(logging.INFO)
    api_at(url).send("GET", "/orders")
    with httpx2.Client() as own:
        own.get(f"{url}/theirs")

    assert {"httpx2"} == {name for name, _ in written(caplog)}


def test_an_error_has_the_place_alone(url):
    """
    Also of a whole URL that an API told, whose query lets somebody in.
    """

    def breaks(_):
        msg = "canary"
        raise httpx2.ReadTimeout(msg)

    api = api_at(url, transport=httpx2.MockTransport(breaks))
    with pytest.raises(UnknownOutcomeError) as ei:
        api.send("GET", "https://files.example/canary?signature=canary")
    assert "GET https://files.example: ReadTimeout" == ei.value.detail
    with pytest.raises(UnknownOutcomeError) as ei:
        api.send("GET", "/orders?email=canary")
    assert "GET /orders: ReadTimeout" == ei.value.detail


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        (
            "https://canary:canary@files.example:0/orders",
            "https://files.example:0/orders/x",
        ),
        ("canary:canary@files.example", "files.example/x"),
        ("https:/canary:canary@files.example", "files.example/x"),
        ("//canary:canary@files.example", "files.example/x"),
        ("https://canary:ca/na?ry#c@files.example", "https://files.example/x"),
    ],
)
def test_what_is_no_url_is_told_without_its_credentials(wrong, shown):
    """
    Who typed it knows which it is.
    """
    with pytest.raises(UnauthorizedError) as ei:
        api_at(wrong).send("GET", "/x")

    assert f"{shown!r} is no URL" == ei.value.detail


def test_of_what_an_api_told_the_place_alone_is_shown(url):
    """
    Its path may let somebody in, too.
    """
    told = "https://canary:ca/na?ry@files.example/canary?signature=canary"
    with pytest.raises(UnauthorizedError) as ei:
        api_at(url).send("GET", told)

    assert "'https://files.example' is no URL" == ei.value.detail


def test_an_address_of_the_hosts_network_is_not_told(url):
    """
    A seller who types names would learn where they lead.
    """
    inside = Api(
        provider="acme",
        base_url=url.replace("127.0.0.1", "2130706433"),
        context=Context(ManualClock(NOW)),
    )
    with pytest.raises(UnauthorizedError) as ei:
        inside.send("GET", "/")

    assert ei.value.detail.startswith("2130706433 is not at a public address;")
    assert "127.0.0.1" not in ei.value.detail
