"""
What the tests of adapters are given.
"""

import json

import httpx2
import pytest

from sourcehere import SystemClock
from sourcehere.ports.context import Context
from sourcehere.testing.kit import FaultLine
from sourcehere.testing.kit.lab_case import failure_of
from sourcehere_http import Api
from sourcehere_http.testing import BreakingTransport, LabServerError


def shop(answer):
    """
    Return an API whose server in memory is *answer*.
    """
    return Api(
        provider="acme",
        base_url="https://shop.example",
        context=Context(SystemClock()),
        transport=BreakingTransport(FaultLine(), httpx2.MockTransport(answer)),
    )


def test_what_a_lab_does_wrong_is_not_told_of_the_adapter():
    """
    It names the request that the server in memory did not stand.
    """
    api = shop(lambda request: httpx2.Response(200, json=json.loads(request.content)))
    with pytest.raises(LabServerError, match=r"at GET /orders\?page=1: JSONDecodeErr"):
        failure_of(lambda: api.send("GET", "/orders?page=1"))


def test_what_a_lab_asserts_is_told_as_it_is():
    """
    Such as a document that a schema does not allow.
    """

    def answer(_):
        assert not "the document is wrong"

    with pytest.raises(AssertionError, match="the document is wrong"):
        shop(answer).send("GET", "/orders")


def test_a_broken_line_is_one():
    """
    What the transport itself tells stays the transport's.
    """

    def answer(request):
        msg = "away"
        raise httpx2.ConnectError(msg, request=request)

    assert "ConnectError" in str(failure_of(lambda: shop(answer).send("GET", "/")))


@pytest.mark.parametrize(
    ("path", "arrives"),
    [
        ("/orders/../customers?page=1", "/customers?page=1"),
        ("/orders/17/..//18", "/orders/18"),
        ("/orders/17%2F..%2F18", "/orders/17%2F..%2F18"),
        ("/orders/17", "/orders/17"),
    ],
)
def test_a_path_leads_where_servers_let_it(path, arrives):
    """
    What is quoted is one name.
    """
    asked = []

    def answer(request):
        asked.append((request.url.raw_path.decode(), request.content))
        return httpx2.Response(200)

    inner = BreakingTransport(FaultLine(), httpx2.MockTransport(answer))
    request = httpx2.Request("POST", "https://shop.example/", content=b"told")
    request.url = request.url.copy_with(raw_path=path.encode())
    inner.handle_request(request)

    assert [(arrives, b"told")] == asked
