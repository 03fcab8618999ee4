"""
The examples of an HTTP API: orders over FastAPI and over Litestar, as their documents
say.
"""

import asyncio
import importlib
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import httpx2
import jsonschema
import pytest

import sourcehere
from sourcehere import Blocker, CommandRefusedError, Money
from sourcehere.testing.factories import open_bench, shop_lines, snapshot

EXAMPLES = Path(__file__).parents[2] / "examples" / "api"
APPS = ["fastapi_app", "litestar_app"]
JSON = "application/json"
DEEP = b'{"order_ids":' + b"[" * 50_000 + b"]" * 50_000 + b"}"


@pytest.fixture(params=APPS)
def world(request, monkeypatch):
    """
    Return an application over an order core in memory with an order to be paid.
    """
    bench = open_bench(connected=["CUP"], top_up=1)
    monkeypatch.setenv("SOURCEHERE_DB", "memory://")
    monkeypatch.setattr(sourcehere, "open", lambda _url: bench.sh)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    app = importlib.import_module(request.param).app
    yield app, bench
    for name in APPS:
        sys.modules.pop(name, None)


@asynccontextmanager
async def client_of(app):
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as made:
        yield made


def asked(app, *requests):
    """
    Ask one thing after the other; return status and JSON of each.
    """

    async def ask():
        async with client_of(app) as client:
            said = []
            for method, path, more in requests:
                answer = await client.request(method, path, **more)
                said.append((answer.status_code, answer.json()))
            return said

    return asyncio.run(ask())


def resolved(document, schema):
    """
    Return a validator of a schema within a document.
    """
    whole = {**schema, "components": document["components"]}
    return jsonschema.Draft202012Validator(whole)


def schema_at(document, path, method):
    """
    Return what an address answers with, and its refusals.
    """
    told = document["paths"][path][method]["responses"]
    return [told[n]["content"]["application/json"]["schema"] for n in ("200", "4XX")]


def test_orders_are_listed_shown_priced_and_paid(world):
    """
    Each answer is as the document says; what is refused says why.
    """
    app, bench = world
    told = attrs.evolve(snapshot("1"), lines=shop_lines({"CUP": 2}))
    (order_id,) = bench.sync(told)
    home = "/sellers/demo"
    ((_, document),) = asked(app, ("GET", "/openapi.json", {}))
    listed, shown, offered, none, wrong = asked(
        app,
        ("GET", f"{home}/orders?tab=awaiting_payment&limit=1", {}),
        ("GET", f"{home}/orders/{order_id}", {}),
        ("POST", f"{home}/offers", {"json": {"order_ids": [order_id]}}),
        ("GET", f"{home}/orders/none", {}),
        ("GET", f"{home}/orders?after=garbage", {}),
    )
    total = offered[1]["total"]
    agreed = {
        "checkout_id": offered[1]["checkout_id"],
        "total": total["amount"],
        "currency": total["currency"],
    }
    payments, key = f"{home}/payments", {"Idempotency-Key": "once"}
    ann = bench.sh.staff("ann").seller("demo")
    ann.wallet.top_up(Money.parse("100", total["currency"]), reference="T-9")
    less, paid, again = asked(
        app,
        ("POST", payments, {"json": {**agreed, "total": "0.01"}}),
        ("POST", payments, {"json": agreed, "headers": key}),
        ("POST", payments, {"json": agreed, "headers": key}),
    )

    assert [200, 200, 200, 404, 400, 409, 200, 200] == [
        one[0] for one in (listed, shown, offered, none, wrong, less, paid, again)
    ]
    assert [order_id] == [one["order_id"] for one in listed[1]["items"]]
    assert paid == again
    assert "awaiting_shipping" == bench.app.orders.get("demo", order_id).state
    for path, method, answer in [
        ("/sellers/{seller_id}/orders", "get", listed),
        ("/sellers/{seller_id}/orders/{order_id}", "get", shown),
        ("/sellers/{seller_id}/offers", "post", offered),
        ("/sellers/{seller_id}/payments", "post", paid),
    ]:
        good, bad = schema_at(document, path, method)
        resolved(document, good).validate(answer[1])
        resolved(document, bad).validate(less[1])
        assert not resolved(document, good).is_valid(none[1])


def test_what_no_text_is_has_an_answer(world):
    """
    Half a character is refused in words, and nothing breaks as these are sent.
    """
    app, _ = world
    half = {"content": b'{"order_ids": ["\\ud800"]}'}
    home = "/sellers/demo"
    for request in (
        ("POST", f"{home}/offers", half | {"headers": {"content-type": JSON}}),
        ("GET", f"{home}/orders?after=%ED%A0%80", {}),
        ("GET", f"{home}/orders/%00", {}),
    ):
        ((status, told),) = asked(app, request)
        assert 400 <= status < 500
        assert told


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "orders?tab=nonsense", b""),
        ("GET", "orders?limit=abc", b""),
        ("POST", "offers", b"{}"),
        ("POST", "offers", b'{"order_ids": [1]}'),
        ("POST", "offers", b"{bad"),
        ("POST", "offers", b"[]"),
        pytest.param("POST", "offers", DEEP, id="deep"),
        ("POST", "payments", b'{"checkout_id": "x", "total": 1, "currency": "USD"}'),
    ],
)
def test_what_the_framework_refuses_is_told_alike(world, method, path, body):
    """
    In the one form that the document says, and by no other status of its own.
    """
    app, _ = world
    more = {"content": body, "headers": {"content-type": JSON}} if body else {}
    (_, document), (status, told) = asked(
        app, ("GET", "/openapi.json", {}), (method, f"/sellers/demo/{path}", more)
    )
    assert (400, "InvalidInputError") == (status, told["type"])
    address = f"/sellers/{{seller_id}}/{path.partition('?')[0]}"
    answers = document["paths"][address][method.lower()]["responses"]
    assert {"200", "4XX", "5XX"} == set(answers)
    for kind in ("4XX", "5XX"):
        schema = answers[kind]["content"][JSON]["schema"]
        resolved(document, schema).validate(told)


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("GET", "orders?limit=abc", b"", "limit"),
        ("GET", "orders?tab=nonsense", b"", "tab"),
        ("POST", "offers", b"{}", "order_ids"),
    ],
)
def test_the_part_that_the_framework_refuses_is_named(world, method, path, body, named):
    """
    So that whoever asked knows which one to put right.
    """
    app, _ = world
    more = {"content": body, "headers": {"content-type": JSON}} if body else {}
    ((_, told),) = asked(app, (method, f"/sellers/demo/{path}", more))

    assert named in told["message"]
    assert "/sellers" not in told["message"]


def test_a_client_that_is_made_of_the_document_has_names_to_call(world):
    """
    Operations are called as people would call them, and what is taken is in the
    document: a client need not ask to know that an id is none.
    """
    app, _ = world
    ((_, document),) = asked(app, ("GET", "/openapi.json", {}))
    operations = [one for path in document["paths"].values() for one in path.values()]
    taken = {
        one["name"].lower(): one["schema"]
        for operation in operations
        for one in operation["parameters"]
    }
    bodies = {}
    for operation in operations:
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"][JSON]["schema"]
            bodies |= document["components"]["schemas"][schema["$ref"].split("/")[-1]][
                "properties"
            ]

    names = ["list_orders", "show_order", "open_offer", "pay"]
    assert names == [operation["operationId"] for operation in operations]
    assert (1, 500) == (taken["limit"]["minimum"], taken["limit"]["maximum"])
    for name in ("seller_id", "order_id"):
        told = resolved(document, taken[name])
        assert told.is_valid("lantern-shop")
        assert not any(told.is_valid(no) for no in ("", "-", "a b", "a/b", "x" * 65))
    assert 255 == taken["idempotency-key"]["maxLength"]
    assert not resolved(document, bodies["order_ids"]).is_valid([])
    assert not resolved(document, bodies["total"]).is_valid("1,00")
    assert not resolved(document, bodies["currency"]).is_valid("dollars")


def test_an_offer_that_is_asked_for_twice_by_one_key_is_one(world):
    """
    So that a client may repeat whatever was not answered; another request by the key
    is refused.
    """
    app, bench = world
    first, second = bench.sync(snapshot("1", CUP=2), snapshot("2", CUP=2))
    key, path = {"Idempotency-Key": "once"}, "/sellers/demo/offers"
    one, again, other = asked(
        app,
        ("POST", path, {"json": {"order_ids": [first]}, "headers": key}),
        ("POST", path, {"json": {"order_ids": [first]}, "headers": key}),
        ("POST", path, {"json": {"order_ids": [second]}, "headers": key}),
    )

    assert (200, one) == (one[0], again)
    assert (422, "IdempotencyConflictError") == (other[0], other[1]["type"])


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nowhere", 404, "NotFoundError"),
        ("GET", "/sellers//orders", 404, "NotFoundError"),
        ("GET", "/sellers/a%2Fb/orders", 404, "NotFoundError"),
        ("DELETE", "/sellers/demo/orders", 405, "InvalidInputError"),
        ("PUT", "/sellers/demo/offers", 405, "InvalidInputError"),
    ],
)
def test_an_address_that_is_none_is_not_taken_for_a_wrong_request(
    world, method, path, status, kind
):
    """
    It is not found, and a method that an address does not have is not allowed: in the
    one form, since an id with a slash in it makes another address of one that is.
    """
    app, _ = world
    ((_, document), told) = asked(app, ("GET", "/openapi.json", {}), (method, path, {}))

    assert (status, kind) == (told[0], told[1]["type"])
    _, bad = schema_at(document, "/sellers/{seller_id}/orders", "get")
    resolved(document, bad).validate(told[1])


def test_a_method_that_an_address_has_is_named(world):
    """
    In `Allow`, as HTTP has it.
    """

    async def allowed():
        async with client_of(world[0]) as client:
            return (await client.put("/sellers/demo/offers")).headers["allow"]

    assert "POST" in asyncio.run(allowed())


def test_what_is_broken_is_told_in_the_one_form_too(world, monkeypatch):
    """
    Without a word of what it is, which is for the log.
    """
    app, bench = world

    def break_down(*_, **__):
        words = "secret"
        raise RuntimeError(words)

    monkeypatch.setattr(type(bench.sh), "seller", break_down)

    async def ask():
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://here"
        ) as client:
            document = (await client.get("/openapi.json")).json()
            return document, await client.get("/sellers/demo/orders")

    document, answer = asyncio.run(ask())
    assert 500 == answer.status_code
    _, bad = schema_at(document, "/sellers/{seller_id}/orders", "get")
    resolved(document, bad).validate(answer.json())
    assert "counterparty" == answer.json()["family"]
    assert "secret" not in answer.text


def test_an_answer_repeats_no_more_than_people_read(world):
    """
    Of a word that is none, which may be as long as an address may be.
    """
    ((status, told),) = asked(
        world[0], ("GET", f"/sellers/demo/orders?tab={'x' * 20_000}", {})
    )

    assert 400 == status
    assert len(str(told)) < 1500


def test_a_payment_that_was_refused_is_made_under_its_key(world):
    """
    A refusal is not what a key keeps: there may be money by the next time.
    """
    app, bench = world
    (order_id,) = bench.sync(snapshot("1", CUP=2))
    home, key = "/sellers/demo", {"Idempotency-Key": "once"}
    ((_, offer),) = asked(
        app, ("POST", f"{home}/offers", {"json": {"order_ids": [order_id]}})
    )
    total = offer["total"]
    agreed = {
        "checkout_id": offer["checkout_id"],
        "total": total["amount"],
        "currency": total["currency"],
    }
    request = ("POST", f"{home}/payments", {"json": agreed, "headers": key})
    (poor,) = asked(app, request)
    ann = bench.sh.staff("ann").seller("demo")
    ann.wallet.top_up(Money.parse("100", total["currency"]), reference="T-9")
    paid, again = asked(app, request, request)

    assert [402, 200] == [poor[0], paid[0]]
    assert paid == again
    assert total == paid[1]["paid"][order_id]


def test_an_empty_wallet_and_a_key_used_twice_are_told_apart(world):
    """
    From what has changed meanwhile, and from what makes no sense.
    """
    app, bench = world
    told = attrs.evolve(snapshot("1"), lines=shop_lines({"CUP": 2}))
    (order_id,) = bench.sync(told)
    home, both = "/sellers/demo", {"order_ids": [order_id]}
    ((_, offer),) = asked(app, ("POST", f"{home}/offers", {"json": both}))
    total = offer["total"]
    agreed = {
        "checkout_id": offer["checkout_id"],
        "total": total["amount"],
        "currency": total["currency"],
    }
    payments, key = f"{home}/payments", {"Idempotency-Key": "once"}
    ann = bench.sh.staff("ann").seller("demo")
    (poor,) = asked(app, ("POST", payments, {"json": agreed}))
    ann.wallet.top_up(Money.parse("100", total["currency"]), reference="T-9")
    paid, other = asked(
        app,
        ("POST", payments, {"json": agreed, "headers": key}),
        ("POST", payments, {"json": {**agreed, "total": "0.01"}, "headers": key}),
    )

    assert [
        (402, "InsufficientFundsError"),
        (200, None),
        (422, "IdempotencyConflictError"),
    ] == [(status, body.get("type")) for status, body in (poor, paid, other)]


def test_what_is_not_for_who_asks_is_forbidden(world):
    """
    Though it is a refusal with reasons, as others are.
    """
    app, _ = world
    blocker = Blocker("role_not_allowed", "it is for staff")
    error = CommandRefusedError(
        kind="order", id="1", command="accept", blockers=[blocker]
    )
    module = f"{type(app).__name__.lower()}_app"

    assert 403 == sys.modules[module].refused(None, error).status_code
