"""
karrio's requests over a real connection.
"""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sourcehere import SystemClock
from sourcehere.ports.context import Context
from sourcehere.ports.errors import UnknownOutcomeError
from sourcehere_karrio.sdk import load
from sourcehere_karrio.wire import Call, Line


class Handler(BaseHTTPRequestHandler):
    """
    Tells what it was asked; the path says with which status.
    """

    def do_POST(self):
        """
        Answer.
        """
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(self.path)
        told = json.dumps(
            {
                "body": body.decode(),
                "type": self.headers.get("Content-Type"),
                "key": self.headers.get("X-Api-Key"),
            }
        ).encode()
        self.send_response(int(self.path.strip("/")))
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        """
        Say nothing.
        """


@pytest.fixture
def server():
    """
    Serve on this machine.
    """
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def line():
    """
    Open connections to this machine.
    """
    context = Context(SystemClock(), private_hosts=("127.0.0.1",))
    made = Line(context, 5.0, None)
    yield made
    made.close()


def ask(server, status, **given):
    """
    Ask as carriers' packages do.
    """
    url = f"http://127.0.0.1:{server.server_port}/{status}"
    return load().lib.request(url=url, method="POST", **given)


def test_a_request_arrives_as_karrio_wrote_it(server, line):
    """
    And so does the answer, a refusal included.
    """
    call = Call(line)
    with call.is_made():
        given = {"data": "a=1", "headers": {"X-Api-Key": "k"}}
        told = json.loads(ask(server, 200, **given))
        refused = json.loads(ask(server, 422, data=b"b"))
    form = "application/x-www-form-urlencoded"
    assert {"body": "a=1", "type": form, "key": "k"} == told
    assert "b" == refused["body"]
    assert [200, 422] == [exchange.status for exchange in call.exchanges]
    assert {("POST", "/200"), ("POST", "/422")} == {
        (exchange.method, exchange.path) for exchange in call.exchanges
    }


def test_a_url_is_not_told(line):
    """
    Some carriers have their keys in it.
    """
    with socket.create_server(("127.0.0.1", 0)) as door:
        call, port = Call(line), door.getsockname()[1]
    url = f"http://127.0.0.1:{port}/x?key=s3cr3t"
    with call.is_made(), pytest.raises(UnknownOutcomeError) as ei:
        load().lib.request(url=url, method="POST")
    assert f"karrio: POST http://127.0.0.1:{port}: ConnectError" == str(ei.value)


def test_a_failure_is_not_tried_again(server, line):
    """
    Whatever the package asks for.
    """
    call = Call(line)
    with call.is_made(), pytest.raises(UnknownOutcomeError) as ei:
        ask(server, 503, max_retries=3, retry_delay=0.0)
    with call.is_made(), pytest.raises(UnknownOutcomeError):
        ask(server, 200)
    assert ["/503"] == server.asked
    assert ei.value is call.failed


def test_threads_of_a_package_belong_to_its_call(server, line):
    """
    Side by side, in either of karrio's ways.
    """
    lib, call = load().lib, Call(line)
    with call.is_made():
        lib.run_concurently(lambda _: ask(server, 200), [1, 2])
        lib.run_asynchronously(lambda _: ask(server, 200), [1, 2])
    assert 4 == len(call.exchanges)


def test_calls_of_others_go_on_as_before(server):
    """
    A host may use karrio by itself.
    """
    assert json.loads(ask(server, 200, data="mine"))["body"] == "mine"
    assert ["/200"] == server.asked
