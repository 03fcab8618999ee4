"""
What a receiver answers, and what it keeps.
"""

import asyncio
import threading
import time
from datetime import timedelta

import pytest
from traced import Host, parent, place

from sourcehere.ports.storage_errors import StorageUnavailableError
from sourcehere.receiver import WebhookReceiver
from sourcehere.testing import sample_shop

PATH = "/hooks/demo/shop"


class World:
    """
    A receiver on the sample shop.
    """

    def __init__(self, **more):
        self.demo = sample_shop()
        self.receiver = WebhookReceiver(self.demo.sh, **more)

    def hook(self, *orders, **more):
        return self.demo.site.webhook("orders/updated", *orders, **more)

    def kept(self):
        return [e.event_id for e in self.demo.desk.inbox.list().items]


@pytest.fixture
def world():
    """
    Return a receiver with the usual limits.
    """
    made = World()
    yield made
    made.receiver.close()


async def ask(receiver, body, headers, path=PATH, method="POST", parts=None):
    sent, told = list(parts or [body]), []

    async def receive():
        if not sent:
            return {"type": "http.disconnect"}
        part = sent.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(sent)}

    async def send(message):
        told.append(message)

    named = [(n.lower().encode(), v.encode()) for n, v in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named}
    await receiver(scope, receive, send)
    start, end = told
    assert end["type"] == "http.response.body"
    return start["status"], dict(start["headers"]), end["body"]


def post(receiver, body, headers, **more):
    return asyncio.run(ask(receiver, body, headers, **more))


def test_what_is_signed_is_kept(world):
    hook = world.hook("1001", event_id="e-1")
    status, headers, body = post(world.receiver, hook.body, hook.headers)
    assert (status, body) == (200, b"OK")
    assert headers[b"content-length"] == b"2"
    assert world.kept() == ["e-1"]
    assert post(world.receiver, hook.body, hook.headers)[0] == 200
    assert world.kept() == ["e-1"]


def test_the_span_of_its_request_is_what_it_is_kept_under(world):
    """
    Such as one that the host's instrumentation of ASGI makes.
    """
    host, hook = Host(), world.hook("1001", event_id="e-1")
    world.demo.sh.trace(host.tracer)
    with host.tracer.start_as_current_span("POST /hooks"):
        assert post(world.receiver, hook.body, hook.headers)[0] == 200
    received, request = host.taken()

    assert received.name == "inbox.receive"
    assert parent(received) == place(request)
    (event,) = world.demo.desk.inbox.list().items
    assert event.traceparent.split("-")[1:3] == list(place(received))


def test_a_body_in_parts_is_one(world):
    hook = world.hook("1001", event_id="e-1")
    parts = [hook.body[:3], b"", hook.body[3:]]
    assert post(world.receiver, b"", hook.headers, parts=parts)[0] == 200
    assert world.kept() == ["e-1"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/hooks/demo/shop/", 200),
        ("/demo/shop", 200),
        ("/hooks/demo/other", 410),
        ("/hooks/nobody/shop", 410),
        ("/hooks/de mo/shop", 400),
        ("/shop", 404),
        ("/", 404),
        ("", 404),
    ],
)
def test_the_path_says_whose_it_is(world, path, status):
    hook = world.hook("1001")
    assert post(world.receiver, hook.body, hook.headers, path=path)[0] == status
    assert len(world.kept()) == (status == 200)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_posts_are_taken(world, method):
    hook = world.hook("1001")
    status, headers, _ = post(world.receiver, hook.body, hook.headers, method=method)
    assert (status, headers[b"allow"]) == (405, b"POST")
    assert world.kept() == []


def test_a_changed_body_is_refused(world):
    hook = world.hook("1001")
    status, _, body = post(world.receiver, hook.body + b" ", hook.headers)
    assert (status, body) == (401, b"Unauthorized")
    assert world.kept() == []


def test_half_a_body_is_refused(world):
    hook = world.hook("1001")

    async def broken():
        sent = [hook.body[:5]]

        async def receive():
            if sent:
                body = sent.pop()
                return {"type": "http.request", "body": body, "more_body": True}
            return {"type": "http.disconnect"}

        told = []

        async def send(message):
            told.append(message)

        named = [(n.lower().encode(), v.encode()) for n, v in hook.headers.items()]
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": named}
        await world.receiver(scope, receive, send)
        return told[0]["status"]

    assert asyncio.run(broken()) == 401
    assert world.kept() == []


def test_a_header_that_is_there_twice_is_no_signature(world):
    hook = world.hook("1001")

    async def twice():
        named = [(n.lower().encode(), v.encode()) for n, v in hook.headers.items()]
        scope = {"type": "http", "method": "POST", "path": PATH}
        told = []

        async def receive():
            return {"type": "http.request", "body": hook.body, "more_body": False}

        async def send(message):
            told.append(message)

        await world.receiver(scope | {"headers": named + named}, receive, send)
        return told[0]["status"]

    assert asyncio.run(twice()) == 401


class TestLimits:
    def test_a_length_that_is_told_is_not_read(self, world):
        hook = world.hook("1001")
        headers = {**hook.headers, "Content-Length": "1000001"}
        assert post(world.receiver, hook.body, headers)[0] == 413

    def test_a_length_that_is_not_told_is_not_read_further(self, world):
        read = []

        def parts():
            for _ in range(100):
                read.append(1)
                yield b"x" * 100_000

        source = parts()

        async def endless():
            async def receive():
                return {
                    "type": "http.request",
                    "body": next(source),
                    "more_body": True,
                }

            told = []

            async def send(message):
                told.append(message)

            scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
            await world.receiver(scope, receive, send)
            return told[0]["status"]

        assert asyncio.run(endless()) == 413
        assert len(read) == 11

    def test_a_body_that_does_not_come_is_not_waited_for(self, world, monkeypatch):
        monkeypatch.setattr("sourcehere.receiver._READ_S", 0.02)

        async def silent():
            async def receive():
                await asyncio.sleep(60)

            told = []

            async def send(message):
                told.append(message)

            scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
            await world.receiver(scope, receive, send)
            return told[0]["status"]

        assert asyncio.run(silent()) == 408

    def test_too_many_at_once_are_told_to_come_again(self):
        world = World(at_once=1, waiting_max=1)
        hooks = [world.hook("1001", event_id=f"e-{n}") for n in range(3)]
        real = world.receiver._keep
        world.receiver._keep = lambda *a: time.sleep(0.05) or real(*a)

        async def three():
            asked = [ask(world.receiver, h.body, h.headers) for h in hooks]
            return await asyncio.gather(*asked)

        answers = asyncio.run(three())
        assert sorted(status for status, _, _ in answers) == [200, 200, 503]
        refused = next(headers for status, headers, _ in answers if status == 503)
        assert refused[b"retry-after"] == b"30"
        assert len(world.kept()) == 2
        world.receiver.close()

    def test_whoever_sends_a_body_slowly_is_in_nobodys_way(self):
        """
        Some hundred that each send a byte now and then, with no signature, keep no shop
        from being heard.
        """
        world = World(at_once=1, waiting_max=1)
        hook = world.hook("1001", event_id="e-1")

        async def ten_slow_ones():
            may_end, answers = asyncio.Event(), []

            async def receive():
                if may_end.is_set():
                    return {"type": "http.disconnect"}
                reading.set()
                await may_end.wait()
                return {"type": "http.request", "body": b"x", "more_body": True}

            async def send(message):
                answers.append(message.get("status"))

            reading = asyncio.Event()
            scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
            slow = [
                asyncio.ensure_future(world.receiver(scope, receive, send))
                for _ in range(10)
            ]
            await reading.wait()
            heard = await ask(world.receiver, hook.body, hook.headers)
            may_end.set()
            await asyncio.gather(*slow)
            return heard[0], [status for status in answers if status]

        assert asyncio.run(ten_slow_ones()) == (200, [401] * 10)
        assert world.kept() == ["e-1"]
        world.receiver.close()

    def test_bodies_that_are_read_are_no_longer_than_what_may_wait(self):
        """
        Together; what was read of one that is refused is let go, so that the next is
        heard.
        """
        world = World(at_once=1, waiting_max=0)
        most = world.demo.sh.settings.webhook_max
        hook = world.hook("1001", event_id="e-1")

        async def two_long_ones():
            is_full, may_end = asyncio.Event(), asyncio.Event()
            sent, answers = [b"x" * (most - 1), b""], []

            async def receive():
                if len(sent) == 1:
                    is_full.set()
                    await may_end.wait()
                part = sent.pop(0)
                return {"type": "http.request", "body": part, "more_body": bool(sent)}

            async def send(message):
                answers.append(message.get("status"))

            scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
            long = asyncio.ensure_future(world.receiver(scope, receive, send))
            await is_full.wait()
            while_full = await ask(world.receiver, hook.body, hook.headers)
            may_end.set()
            await long
            after = await ask(world.receiver, hook.body, hook.headers)
            return while_full[0], answers[0], after[0]

        assert asyncio.run(two_long_ones()) == (503, 401, 200)
        assert world.kept() == ["e-1"]
        world.receiver.close()

    def test_a_slow_database_is_not_waited_for(self):
        """
        What is kept all the same is known when it is told again.
        """
        world = World(answer_within=timedelta(milliseconds=20))
        hook = world.hook("1001", event_id="e-1")
        real = world.receiver._keep
        world.receiver._keep = lambda *a: time.sleep(0.1) or real(*a)
        assert post(world.receiver, hook.body, hook.headers)[0] == 503
        world.receiver.close()
        assert world.kept() == ["e-1"]

    @pytest.mark.parametrize("is_answered", [True, False])
    def test_nothing_piles_up_behind_a_database_that_hangs(self, is_answered):
        """
        Whoever was told to come again, or has gone, is waited for by nobody: bodies
        are not held until the database is back.
        """
        within = timedelta(milliseconds=20 if is_answered else 5000)
        world = World(answer_within=within, at_once=1, waiting_max=1)
        may_go_on, real = threading.Event(), world.receiver._keep
        world.receiver._keep = lambda *a: may_go_on.wait(10) and real(*a)

        async def told(number):
            hook = world.hook("1001", event_id=f"e-{number}")
            asked = ask(world.receiver, hook.body, hook.headers)
            try:
                return (await asyncio.wait_for(asked, 0.05 + is_answered))[0]
            except TimeoutError:
                return 0  # it hung up

        async def one_after_the_other():
            return [await told(number) for number in range(4)]

        answers = asyncio.run(one_after_the_other())
        may_go_on.set()
        world.receiver.close()

        assert [503 if is_answered else 0] * 4 == answers
        assert world.kept() == ["e-0"]


class TestFailing:
    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (StorageUnavailableError(url="sqlite:///x", cause="away"), 503),
            (RuntimeError("boom"), 500),
        ],
    )
    def test_what_went_wrong_is_not_told(self, world, monkeypatch, error, status):
        def fail(*_, **__):
            raise error

        monkeypatch.setattr(type(world.demo.sh.inbox), "receive", fail)
        hook = world.hook("1001")
        answered, _, body = post(world.receiver, hook.body, hook.headers)
        assert answered == status
        assert b"boom" not in body
        assert b"sqlite" not in body

    def test_a_shop_that_is_disconnected_is_gone(self, world):
        world.demo.shop.stores.disconnect("shop")
        hook = world.hook("1001")
        assert post(world.receiver, hook.body, hook.headers)[0] == 410

    def test_a_paused_shop_is_heard(self, world):
        world.demo.shop.stores.pause("shop")
        hook = world.hook("1001")
        assert post(world.receiver, hook.body, hook.headers)[0] == 200

    def test_what_makes_no_sense_is_not_asked_for_again(self, world):
        hook = world.hook("1001", event_id="x" * 300)
        assert post(world.receiver, hook.body, hook.headers)[0] == 400


def test_a_server_may_start_and_stop_it(world):
    async def live():
        sent = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
        told = []

        async def receive():
            return sent.pop(0)

        async def send(message):
            told.append(message["type"])

        await world.receiver({"type": "lifespan"}, receive, send)
        return told

    assert asyncio.run(live()) == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


def test_whoever_wants_a_websocket_is_refused(world):
    """
    In so many words: a server whose application ends without one logs a fault of ours.
    """
    told = []

    async def connect():
        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            told.append(message["type"])

        await world.receiver({"type": "websocket", "path": PATH}, receive, send)

    asyncio.run(connect())
    assert told == ["websocket.close"]
