"""
What an adapter learns of a server's answers, on real sockets.
"""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from sourcehere import ManualClock
from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere_http import Api
from sourcehere_http.failures import retry_after

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Handler(BaseHTTPRequestHandler):
    """
    Answers what the test wants.
    """

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_one(self):
        length = int(self.headers.get("content-length") or 0)
        self.server.seen.append(
            (self.command, self.path, dict(self.headers), self.rfile.read(length))
        )
        status, headers, body, *cut = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + (cut[0] if cut else 0)))
        self.end_headers()
        self.wfile.write(body)
        if cut:
            self.close_connection = True

    do_GET = do_POST = handle_one  # noqa: N815 - so the library calls them


@pytest.fixture
def server():
    """
    Return a server at 127.0.0.1.
    """
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.seen, made.answer = [], (200, {}, b"{}")
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def make(server, *, private=("127.0.0.1",), **more):
    port = server if isinstance(server, int) else server.server_port
    context = Context(ManualClock(NOW), private_hosts=private)
    url = f"http://127.0.0.1:{port}/api/"
    return Api(provider="acme", base_url=url, context=context, **more)


@pytest.fixture
def api(server):
    """
    Return a client of the server.
    """
    made = make(server, headers={"X-Key": "k"}, auth=("ann", "secret"))
    yield made
    made.close()
    made.close()


class TestAsking:
    def test_what_is_sent(self, server, api):
        api.send("POST", "/orders", params={"page": "2"}, json={"a": "é"})
        ((method, path, headers, body),) = server.seen
        assert (method, path) == ("POST", "/api/orders?page=2")
        assert json.loads(body) == {"a": "é"}
        assert headers["X-Key"] == "k"
        assert headers["Authorization"] == "Basic YW5uOnNlY3JldA=="
        assert headers["User-Agent"] == "sourcehere"

    def test_whatever_is_in_a_part_of_a_path_stays_there(self, server, api):
        for name in ("../orders", "a/b?c=d#e", "1 OR 1=1", "%2e%2e"):
            api.send("GET", api.path("orders", name))
        paths = [path for _, path, _, _ in server.seen]
        assert paths == [
            "/api/orders/..%2Forders",
            "/api/orders/a%2Fb%3Fc%3Dd%23e",
            "/api/orders/1%20OR%201%3D1",
            "/api/orders/%252e%252e",
        ]

    @pytest.mark.parametrize("name", ["", ".", ".."])
    def test_what_can_be_no_part_of_a_path_is_declined(self, api, name):
        with pytest.raises(DeclinedError):
            api.path("orders", name)

    def test_numbers_are_exact(self, server, api):
        server.answer = 200, {"X-Total": "3"}, b'{"price": 0.1, "count": 3}'
        reply = api.send("GET", "/")
        assert reply.json() == {"price": Decimal("0.1"), "count": 3}
        assert reply.headers["x-total"] == "3"

    @pytest.mark.parametrize(
        "body", [b"", b"<html>", b'{"a": 1', b"NaN", b"\xff", b"[" * 9**5]
    )
    def test_what_is_no_json_makes_no_sense(self, server, api, body):
        server.answer = 200, {}, body
        with pytest.raises(ProtocolError, match="not JSON"):
            api.send("GET", "/").json()

    @pytest.mark.parametrize(
        "number", [b"1e9999999", b"-1e9999999", b"1e-9999999", b"1e9999999999999999999"]
    )
    def test_a_number_that_nobody_could_write_out_makes_no_sense(
        self, server, api, number
    ):
        """
        As a whole number it would stop the process: `int(Decimal("1e9999999"))`.
        """
        server.answer = 200, {}, b'{"quantity": %s}' % number
        with pytest.raises(ProtocolError, match="not JSON"):
            api.send("GET", "/").json()

    def test_a_refusal_is_the_adapters_to_read(self, server, api):
        server.answer = 404, {}, b'{"code": "gone", "message": "no\\nsuch order"}'
        reply = api.send("GET", "/")
        assert (reply.is_refusal, reply.is_missing) == (True, True)
        with pytest.raises(DeclinedError) as ei:
            reply.needed("reading an order")
        assert ei.value.detail == "reading an order: 404 no such order"


class TestReading:
    @pytest.mark.parametrize("body", [b"null", b"{}", b"[null]", b'"no"', b"7"])
    def test_another_shape_makes_no_sense(self, server, api, body):
        server.answer = 200, {}, body
        reply = api.send("GET", "/")
        with pytest.raises(ProtocolError, match="cannot be read"):
            reply.read(lambda told: told["order"]["id"])

    def test_what_is_read_is_returned(self, server, api):
        server.answer = 200, {}, b'{"order": {"id": 7}}'
        assert api.send("GET", "/").read(lambda told: told["order"]["id"]) == 7


class TestFailing:
    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (402, UnauthorizedError),
            (404, DeclinedError),
            (200, ProtocolError),
            (503, DeclinedError),
            (500, UnknownOutcomeError),
        ],
    )
    def test_a_status_means_to_an_api_what_it_says(self, server, status, kind):
        own = {
            402: UnauthorizedError,
            404: DeclinedError,
            200: ProtocolError,
            503: DeclinedError,
        }
        server.answer = status, {"Retry-After": "9"}, b"{}"
        api = make(server, statuses=own)
        with pytest.raises(kind, match=str(status)):
            api.send("GET", "/")
        api.close()

    def test_a_status_of_its_own_may_throttle(self, server):
        server.answer = 403, {"Retry-After": "9"}, b"{}"
        api = make(server, statuses={403: ThrottledError})
        with pytest.raises(ThrottledError) as ei:
            api.send("GET", "/")
        assert ei.value.retry_after == timedelta(seconds=9)
        api.close()

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (401, UnauthorizedError),
            (403, UnauthorizedError),
            (408, UnknownOutcomeError),
            (500, UnknownOutcomeError),
            (502, UnknownOutcomeError),
            (503, UnknownOutcomeError),
            (302, ProtocolError),
            (304, ProtocolError),
        ],
    )
    def test_a_status_is_what_it_means(self, server, api, status, kind):
        server.answer = status, {"Location": "http://169.254.169.254/"}, b"{}"
        if status == 304:
            server.answer = status, {}, b""
        with pytest.raises(kind) as ei:
            api.send("POST", "/orders", json={})
        assert ei.value.provider == "acme"
        assert len(server.seen) == 1

    @pytest.mark.parametrize(
        ("status", "header", "seconds"),
        [
            (429, "7", 7),
            (429, "0.2", 1),
            (429, "", 10),
            (429, "Mon, 02 Mar 2026 12:01:30 GMT", 90),
            (429, "Mon, 02 Mar 2020 12:01:30 GMT", 1),
            (429, "1e12", 86_400),
            (429, "nan", 10),
            (503, "30", 30),
        ],
    )
    def test_who_is_throttled_waits(self, server, api, status, header, seconds):
        server.answer = status, {"Retry-After": header} if header else {}, b"{}"
        with pytest.raises(ThrottledError) as ei:
            api.send("GET", "/")
        assert ei.value.retry_after == timedelta(seconds=seconds)

    def test_a_broken_answer_may_have_had_its_effect(self, server, api):
        server.answer = 200, {}, b'{"a": ', 100
        with pytest.raises(UnknownOutcomeError):
            api.send("POST", "/", json={})

    def test_nobody_there(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with pytest.raises(UnknownOutcomeError, match="ConnectError"):
            make(port).send("GET", "/")

    def test_no_answer_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            with pytest.raises(UnknownOutcomeError, match="ReadTimeout"):
                make(port, timeout_s=0.05).send("GET", "/")

    def test_too_much_is_not_read(self, server, api, monkeypatch):
        monkeypatch.setattr("sourcehere_http.api.BODY_MAX", 100)
        server.answer = 200, {}, b"x" * 101
        with pytest.raises(ProtocolError, match="longer than 100 bytes"):
            api.send("GET", "/")

    def test_no_error_tells_a_secret(self, server, api):
        server.answer = 500, {}, b"{}"
        with pytest.raises(UnknownOutcomeError) as ei:
            api.send("GET", "/")
        assert "secret" not in str(ei.value)


class TestPrivateAddresses:
    def test_a_private_address_is_not_asked(self, server):
        """
        A seller typed the URL.
        """
        with pytest.raises(UnauthorizedError, match="is not at a public address"):
            make(server, private=()).send("GET", "/")
        assert server.seen == []

    @pytest.mark.parametrize(
        "host",
        [
            "localhost",
            "10.0.0.1",
            "169.254.169.254",
            "192.168.1.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
            "2130706433",
            "127.1",
        ],
    )
    def test_no_spelling_of_it_is(self, server, host):
        url = f"http://{host}:{server.server_port}"
        context = Context(ManualClock(NOW))
        api = Api(provider="acme", base_url=url, context=context)
        with pytest.raises((UnauthorizedError, UnknownOutcomeError)):
            api.send("GET", "/")
        assert server.seen == []

    def test_the_address_that_was_looked_at_is_asked(self, monkeypatch):
        """
        A name that is public at first and private at the second look gains nothing: it
        is looked up once.
        """
        looks = []
        real = socket.getaddrinfo

        def once(host, *arguments, **more):
            if host != "shop.example":
                return real(host, *arguments, **more)
            looks.append(host)
            address = "93.184.215.14" if len(looks) == 1 else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]

        asked = []
        monkeypatch.setattr(socket, "getaddrinfo", once)
        monkeypatch.setattr(
            "httpx2.HTTPTransport.handle_request",
            lambda _self, request: asked.append(request) or _answer(),
        )
        context = Context(ManualClock(NOW))
        api = Api(provider="acme", base_url="https://shop.example", context=context)
        api.send("GET", "/orders")
        (request,) = asked
        assert looks == ["shop.example"]
        assert str(request.url) == "https://93.184.215.14/orders"
        assert request.headers["host"] == "shop.example"
        assert request.extensions["sni_hostname"] == "shop.example"


def _answer():
    return httpx2.Response(200, json={})


def test_a_pause_is_a_time_that_ends():
    assert retry_after("-5", now=NOW) == timedelta(seconds=1)
    assert retry_after("tomorrow", now=NOW) == timedelta(seconds=10)


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "shop.example",
            "shop.example/api",
            "",
            "http://",
            "https:///api",
            "ftp://shop.example",
            "javascript:1",
            "http://shop.example:99999",
            "http://shop.example:http",
            "http://shop example",
            "http://[::1",
        ],
    )
    def test_what_is_no_url_is_a_wrong_configuration(self, url):
        """
        Whoever typed it is told, and nobody waits for a line that cannot be.
        """
        asked = []
        transport = httpx2.MockTransport(asked.append)
        context = Context(ManualClock(NOW))
        api = Api(provider="acme", base_url=url, context=context, transport=transport)

        with pytest.raises(UnauthorizedError, match="is no URL") as ei:
            api.send("GET", "/orders")

        assert repr(f"{url.rstrip('/')}/orders") in str(ei.value)
        assert [] == asked

    def test_a_host_that_nobody_knows_is_named(self):
        """
        It may be known later: nothing is said of the outcome.
        """
        context = Context(ManualClock(NOW))
        api = Api(provider="acme", base_url="https://shop.invalid", context=context)

        with pytest.raises(UnknownOutcomeError) as ei:
            api.send("GET", "/orders")

        assert "acme: GET /orders: shop.invalid is not known" == str(ei.value)
