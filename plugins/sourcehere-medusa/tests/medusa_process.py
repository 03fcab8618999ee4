"""
A real Medusa, installed by npm and started for the tests.
"""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import httpx2
import psycopg
import pytest

HERE = Path(__file__).parent / "medusa_real"
_INSTALL_S, _MIGRATE_S, _START_S = 1_200, 300, 180
_OFF = {
    "MEDUSA_DISABLE_TELEMETRY": "true",
    "NODE_ENV": "test",
    "npm_config_update_notifier": "false",
}
_NAME = "medusa"


def installed() -> Path:
    """
    Return where Medusa is installed, once for all test runs of a user.
    """
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            _give_up(f"there is no {tool}: install Node.js 20 or later, with npm")
    wanted = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    versions = "-".join(wanted.values())
    place = Path(tempfile.gettempdir()) / f"sourcehere-medusa-{os.getuid()}-{versions}"
    if not place.exists():
        # Of several processes one installs, and the others wait for it.
        with Path(f"{place}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.exists():
                _install(place)
    return place


def _install(place: Path) -> None:
    """
    Install under another name: what has the right one is whole.
    """
    half = Path(tempfile.mkdtemp(prefix=f"{place.name}-", dir=place.parent))
    shutil.copy(HERE / "package.json", half)
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"]
    done = subprocess.run(
        ["npm", "install", *quiet],
        cwd=half,
        env=os.environ | _OFF,
        capture_output=True,
        text=True,
        timeout=_INSTALL_S,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(half)
        _give_up(f"npm could not install Medusa: {done.stderr[-2000:]}")
    half.rename(place)


def _give_up(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


class RealMedusa:
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
        where = {"SOCKET": f"{socket}/.s.PGSQL.5432", "DATABASE": _NAME}
        self._env = os.environ | _OFF | where
        self._log = folder / "medusa.log"
        self._migrate(folder)
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                ["node", "server.js"],
                cwd=folder,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._client = httpx2.Client(timeout=60, trust_env=False)
        self.transport = httpx2.HTTPTransport()
        port, self._door = self._ports()
        self.url = f"http://127.0.0.1:{port}"
        self.shop: dict[str, str] = self.door("shop")

    def door(self, name: str, /, **given: object) -> Any:
        """
        Go through the back door.
        """
        url = f"http://127.0.0.1:{self._door}/{name}"
        answer = self._client.post(url, json=given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def admin(self, method: str, path: str, body: object = None, **params: str) -> Any:
        """
        Be the merchant.
        """
        return self._asked(
            self._client.request(
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
        return self._asked(
            self._client.request(method, url, json=body, headers=headers)
        )

    def stop(self) -> None:
        """
        End the server.
        """
        self._client.close()
        self.transport.close()
        self._process.kill()
        self._process.communicate()

    def _asked(self, answer: httpx2.Response) -> Any:
        assert answer.is_success, f"{answer.request.url}: {answer.text}"
        return answer.json()

    def _migrate(self, folder: Path) -> None:
        with self._log.open("w") as log:
            done = subprocess.run(
                ["node", "migrate.js"],
                cwd=folder,
                env=self._env,
                stdout=log,
                stderr=log,
                timeout=_MIGRATE_S,
                check=False,
            )
        if done.returncode:
            pytest.fail(f"Medusa makes no tables: {self._log.read_text()[-2000:]}")

    def _ports(self) -> tuple[str, str]:
        said: Queue[str] = Queue()

        def listen() -> None:
            for line in self._process.stdout or ():
                if line.startswith("LISTENING "):
                    said.put(line)
            said.put("")

        threading.Thread(target=listen, daemon=True).start()
        try:
            line = said.get(timeout=_START_S)
        except Empty:
            line = ""
        if not line:
            self.stop()
            pytest.fail(f"Medusa does not start: {self._log.read_text()[-2000:]}")
        _, port, door = line.split()
        return port, door
