"""
The server under `sourcehere serve-webhooks`, and those who begin to ask and never do.
"""

import asyncio

import pytest
from uvicorn.server import ServerState

from sourcehere.cli import webhook_server
from sourcehere.receiver import WebhookReceiver
from sourcehere.testing import sample_shop

LINE = b"POST /hooks/demo/shop HTTP/1.1\r\nHost: here\r\n"


@pytest.fixture
def receiver():
    """
    Return a receiver on the sample shop.
    """
    made = WebhookReceiver(sample_shop().sh)
    yield made
    made.close()


def test_half_a_head_is_not_waited_for(receiver, monkeypatch):
    """
    Its connection is closed, as is one that asked before and never again; whoever
    sends a body at the time is answered, though it takes as long.
    """
    monkeypatch.setattr(webhook_server, "HEAD_S", 0.05)

    async def three():
        config = webhook_server.configured(receiver, host="127.0.0.1", port=0)
        config.load()
        loop, state = asyncio.get_running_loop(), ServerState()

        def connected():
            return config.http_protocol_class(
                config=config, server_state=state, app_state={}
            )

        server = await loop.create_server(connected, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        made = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        (_, slow), (_, half), (_, again) = made
        slow.write(LINE + b"Content-Length: 2\r\n\r\nx")
        half.write(LINE)
        again.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n" + LINE)
        read = [
            await asyncio.wait_for(made[n][0].read(), 10) for n in (1, 2)
        ]  # until they are closed
        slow.write(b"x")
        read.append(await asyncio.wait_for(made[0][0].readline(), 10))
        for _, writer in made:
            writer.close()
        server.close()
        return [told.split(b"\r\n")[0] for told in read]

    assert asyncio.run(three()) == [
        b"",
        b"HTTP/1.1 405 Method Not Allowed",
        b"HTTP/1.1 401 Unauthorized",
    ]
