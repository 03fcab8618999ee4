"""
A real Medusa, installed by npm and started for the tests.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import node_servers
import psycopg
import pytest

HERE = Path(__file__).parent / "medusa_real"
_MIGRATE_S = 300
_OFF = {
    "MEDUSA_DISABLE_TELEMETRY": "true",
    "NODE_ENV": "test",
    "npm_config_update_notifier": "false",
}
_NAME = "medusa"


def installed() -> Path:
    """
    Return where Medusa is installed.
    """
    return node_servers.installed("medusa", HERE, _OFF, seconds=1_200, omits="optional")


class RealMedusa(node_servers.NodeServer):
    """
    A server with its back door, in a database of its own.

    Args:
        place: Where it is installed.

        postgres: The URL of a server that has none called `medusa` yet.
    """

    def __init__(self, place: Path, folder: Path, postgres: str) -> None:
        for path in HERE.glob("*.js*"):
            shutil.copy(path, folder)
        (folder / "node_modules").symlink_to(place / "node_modules")
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_NAME}".encode())
        (socket,) = parse_qs(urlsplit(postgres).query)["host"]
        env = _OFF | {"SOCKET": f"{socket}/.s.PGSQL.5432", "DATABASE": _NAME}
        log = folder / "medusa.log"
        _migrate(folder, env, log)
        super().__init__(folder / "server.js", folder, env, log)
        self.transport = httpx2.HTTPTransport()
        self.url = self.address
        self.shop: dict[str, str] = self.door("shop")

    def admin(self, method: str, path: str, body: object = None, **params: str) -> Any:
        """
        Be the merchant.
        """
        return self._asked(
            self.client.request(
                method,
                f"{self.url}/admin{path}",
                json=body,
                params=params,
                auth=(self.shop["key"], ""),
            )
        )

    def store(self, method: str, path: str, body: object = None) -> Any:
        """
        Be a customer.
        """
        headers = {"x-publishable-api-key": self.shop["publishable"]}
        url = f"{self.url}/store{path}"
        return self._asked(self.client.request(method, url, json=body, headers=headers))

    def stop(self) -> None:
        """
        End the server.
        """
        self.transport.close()
        super().stop()

    def _asked(self, answer: httpx2.Response) -> Any:
        assert answer.is_success, f"{answer.request.url}: {answer.text}"
        return answer.json()


def _migrate(folder: Path, env: Mapping[str, str], log: Path) -> None:
    with log.open("w") as said:
        done = subprocess.run(
            ["node", "migrate.js"],
            cwd=folder,
            env=os.environ | env,
            stdout=said,
            stderr=said,
            timeout=_MIGRATE_S,
            check=False,
        )
    if done.returncode:
        pytest.fail(f"Medusa makes no tables: {log.read_text()[-2000:]}")
