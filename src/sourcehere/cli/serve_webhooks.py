"""
`sourcehere serve-webhooks`.
"""

import sys
from importlib.util import find_spec

from ..receiver import WebhookReceiver
from .context import Ctx
from .errors import UsageError
from .logs import log_on_standard_error
from .output import Result, facts


def run(*, ctx: Ctx, host: str = "127.0.0.1", port: int = 8000) -> Result:
    """
    Receive what shops tell by webhook, until interrupted: at `/SELLER/STORE` behind
    any path, such as `/hooks/demo/site`.

    It keeps what it is told; `sourcehere worker` follows it. Put a server that ends
    TLS in front, and tell the shop its address with `sourcehere stores subscribe`.

    Args:
        host: On which of this machine's addresses to listen.

        port: And on which port; 0 for any that is free.
    """
    if find_spec("uvicorn") is None:
        message = "uvicorn is not installed; `pip install 'sourcehere[receiver]'`"
        raise UsageError(message)
    with log_on_standard_error():
        _serve(WebhookReceiver(ctx.of_all), host=host, port=port)
    counters = ctx.sh.counters
    told = {
        "received": counters.get("intake.webhooks.received", 0),
        "known": counters.get("intake.webhooks.known", 0),
    }
    return Result(told, (facts({name: str(n) for name, n in told.items()}),))


def _serve(receiver: WebhookReceiver, *, host: str, port: int) -> None:
    import uvicorn  # noqa: PLC0415 - optional

    config = uvicorn.Config(
        receiver, host=host, port=port, log_level="warning", lifespan="off"
    )
    socket = config.bind_socket()
    socket.listen(config.backlog)  # from now on nobody is refused
    where, bound = socket.getsockname()[:2]
    print(f"receiving at http://{where}:{bound}/", file=sys.stderr, flush=True)  # noqa: T201 - said while it runs
    uvicorn.Server(config).run(sockets=[socket])
    receiver.close()
