"""
Webhooks of shops, received within a FastAPI application.

    SOURCEHERE_DB=sqlite:///orders.db uvicorn fastapi_app:app --port 8000

Shops post to `/hooks/SELLER/STORE`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import sourcehere
from sourcehere.receiver import WebhookReceiver

# The environment variables that configurations of shops may refer to.
secrets = sourcehere.Secrets(env=["SHOP_TOKEN", "SHOP_SECRET"])
sh = sourcehere.open(os.environ["SOURCEHERE_DB"], secrets=secrets)
receiver = WebhookReceiver(sh)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """
    Close the order core when the server stops.
    """
    yield
    receiver.close()
    sh.close()


app = FastAPI(lifespan=lifespan)
app.mount("/hooks", receiver)


@app.get("/health")
def health() -> dict[str, str]:
    """
    Say that the application is there.
    """
    return {"status": "ok"}
