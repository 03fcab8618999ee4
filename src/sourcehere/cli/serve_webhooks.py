"""
`sourcehere serve-webhooks`.
"""

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
    from .webhook_server import serve  # noqa: PLC0415 - uvicorn is optional

    with log_on_standard_error():
        serve(WebhookReceiver(ctx.of_all), host=host, port=port)
    counters = ctx.sh.counters
    told = {
        "received": counters.get("intake.webhooks.received", 0),
        "known": counters.get("intake.webhooks.known", 0),
    }
    return Result(told, (facts({name: str(n) for name, n in told.items()}),))
