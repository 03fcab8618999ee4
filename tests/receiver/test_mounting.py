"""
The receiver on real servers: alone, and within applications of others.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

import sourcehere

EXAMPLES = Path(__file__).parents[2] / "examples" / "webhooks"
SECRET, SHOP = "hush", "lantern.myshopify.com"
ENV = {"SHOP_TOKEN": "shpat_0", "SHOP_SECRET": SECRET}
UVICORN = (sys.executable, "-m", "uvicorn", "--app-dir", str(EXAMPLES), "--port", "0")
ALONE = (sys.executable, "-m", "sourcehere.cli", "serve-webhooks", "--port", "0")
COMMANDS = {
    "alone": ALONE,
    "fastapi": (*UVICORN, "fastapi_app:app"),
    "litestar": (*UVICORN, "litestar_app:app"),
    "django": (*UVICORN, "django_app:app"),
}


@pytest.fixture
def url(tmp_path, monkeypatch):
    """
    Return a database with a shop on Shopify in it.
    """
    found = f"sqlite:///{tmp_path}/orders.db"
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    with sourcehere.open(found, secrets=sourcehere.Secrets(env=tuple(ENV))) as sh:
        sh.staff("ann").sellers.register("demo", name="Demo", currency="USD")
        config = {
            "shop": SHOP,
            "token": {"$env": "SHOP_TOKEN"},
            "webhook_secret": {"$env": "SHOP_SECRET"},
        }
        stores = sh.seller("demo").stores
        stores.connect("site", platform="shopify", config=config, check=False)
    return found


@pytest.fixture
def serve(url):
    """
    Return a function that starts a server and returns its address.
    """
    started = []

    def start(command):
        environment = os.environ | ENV | {"SOURCEHERE_DB": url}
        environment["SOURCEHERE_SECRETS_ENV"] = " ".join(ENV)
        process = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                return found[0]
        pytest.fail("it did not start")

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def signed(body, secret=SECRET):
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {
        "X-Shopify-Topic": "orders/updated",
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Event-Id": "e-1",
    }


@pytest.mark.slow
@pytest.mark.share(2)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_webhook_is_received(serve, url, name):
    base = serve(COMMANDS[name])
    hooks = f"{base}/hooks/demo/site"
    body = json.dumps({"id": 1_001, "note": "é"}).encode()
    with httpx2.Client(trust_env=False) as client:
        answers = [
            client.post(hooks, content=body, headers=signed(body)).status_code,
            client.post(hooks, content=body, headers=signed(body)).status_code,
            client.post(hooks, content=body + b" ", headers=signed(body)).status_code,
            client.post(hooks, content=b"x" * 10**6 + b"y").status_code,
            client.get(hooks).status_code,
            client.post(f"{base}/hooks/demo/other", content=body).status_code,
        ]
        if name != "alone":
            assert client.get(f"{base}/health").json() == {"status": "ok"}
    assert answers == [200, 200, 401, 413, 405, 410]
    with sourcehere.open(url) as sh:
        (event,) = sh.staff("ann").inbox.list().items
        assert (event.event_id, event.orders) == ("orders/updated:e-1", ("1001",))
