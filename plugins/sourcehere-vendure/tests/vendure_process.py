"""
A real Vendure, installed by npm and started for the tests.
"""

import threading
from pathlib import Path
from typing import Any

import httpx2
import node_servers

HERE = Path(__file__).parent / "vendure_server"
_OFF = {"VENDURE_DISABLE_TELEMETRY": "true", "npm_config_update_notifier": "false"}


def installed() -> Path:
    """
    Return where Vendure is installed.
    """
    return node_servers.installed("vendure", HERE, _OFF, seconds=600)


class VendureServer(node_servers.NodeServer):
    """
    A server with its back door; everything is asked one after the other.

    Vendure on SQLite has one connection, on which two transactions would become one.
    """

    def __init__(self, place: Path, folder: Path) -> None:
        env = _OFF | {"NODE_PATH": str(place / "node_modules")}
        super().__init__(HERE / "server.js", folder, env, folder / "vendure.log")
        self._inner = httpx2.HTTPTransport()
        self._lock = threading.Lock()
        self.url = f"{self.address}/admin-api"
        self.transport = _OneByOne(self._inner, self._lock)

    def door(self, name: str, /, **given: object) -> Any:
        """
        Go through the back door.
        """
        with self._lock:
            return super().door(name, **given)

    def stop(self) -> None:
        """
        End the server.
        """
        self._inner.close()
        super().stop()


class _OneByOne(httpx2.BaseTransport):
    """
    The network, for one request at a time; open until the server is stopped.
    """

    def __init__(self, inner: httpx2.BaseTransport, lock: threading.Lock) -> None:
        self._inner, self._lock = inner, lock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        Ask, and read the answer to its end.
        """
        with self._lock:
            response = self._inner.handle_request(request)
            response.read()
            return response
