"""
Webhooks of shops, received within a Litestar application.

    SOURCEHERE_DB=sqlite:///orders.db uvicorn litestar_app:app --port 8000

Shops post to `/hooks/SELLER/STORE`.
"""

import os

from litestar import Litestar, asgi, get

import sourcehere
from sourcehere.receiver import WebhookReceiver

# The environment variables that configurations of shops may refer to.
secrets = sourcehere.Secrets(env=["SHOP_TOKEN", "SHOP_SECRET"])
sh = sourcehere.open(os.environ["SOURCEHERE_DB"], secrets=secrets)
receiver = WebhookReceiver(sh)


@get("/health", sync_to_thread=False)
def health() -> dict[str, str]:
    """
    Say that the application is there.
    """
    return {"status": "ok"}


def close() -> None:
    """
    Close the order core when the server stops.
    """
    receiver.close()
    sh.close()


hooks = asgi("/hooks", is_mount=True, copy_scope=True)(receiver.__call__)
# Litestar configures the root logger unless it is told not to.
app = Litestar([health, hooks], on_shutdown=[close], logging_config=None)
