"""
localstripe, somebody else's server with the API of Stripe, in a process of its own.
"""

import http.server
import queue
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest
from stripe_server import KEY

_MAIN = Path(__file__).with_name("localstripe_main.py")
_START_S = 60


class LocalStripe:
    """
    A server, and its back door: its own API, asked without the adapter.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(_MAIN)], stdout=subprocess.PIPE, text=True
        )
        giving_up = threading.Timer(_START_S, self._process.kill)
        giving_up.start()
        line = self._process.stdout.readline()
        giving_up.cancel()
        if not line.startswith("LISTENING "):
            self.stop()
            pytest.fail("localstripe does not start")
        self.url = f"http://127.0.0.1:{int(line.split()[1])}"
        self._client = httpx2.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=60,
            trust_env=False,
        )

    def ask(self, method, path, **form):
        """
        Ask it itself.
        """
        given = {"data": form} if method == "POST" else {"params": form}
        return self._client.request(method, path, **given)

    def send(self, path, form):
        """
        Pass a form on, as it was written.
        """
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._client.post(path, content=form.encode(), headers=headers)

    def all(self, kind):
        """
        Return all objects of a kind, in the order in which they were made.
        """
        return self.ask("GET", f"/v1/{kind}", limit="100000").json()["data"]

    def tell(self, url, secret, kind):
        """
        Let it tell of one kind of event.
        """
        form = {"url": url, "secret": secret, "events[]": kind}
        assert self.ask("POST", "/_config/webhooks/one", **form).status_code == 200

    def empty(self):
        """
        Forget everything.
        """
        assert self.ask("DELETE", "/_config/data").status_code == 200

    def stop(self):
        """
        End the server.
        """
        if hasattr(self, "_client"):
            self._client.close()
        self._process.kill()
        self._process.communicate()


class Listener:
    """
    Where webhooks arrive.
    """

    def __enter__(self):
        """
        Listen on a free port.
        """
        heard = self._heard = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.put((body, {n.lower(): v for n, v in self.headers.items()}))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def heard(self):
        """
        Return the body and the headers of what comes next.
        """
        return self._heard.get(timeout=_START_S)

    def __exit__(self, *_):
        """
        Listen no more.
        """
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
