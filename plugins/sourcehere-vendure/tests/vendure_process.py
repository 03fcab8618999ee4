"""
A real Vendure, installed by npm and started for the tests.
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

import httpx2
import pytest

HERE = Path(__file__).parent / "vendure_server"
_INSTALL_S, _START_S = 600, 180
_OFF = {"VENDURE_DISABLE_TELEMETRY": "true", "npm_config_update_notifier": "false"}


def installed() -> Path:
    """
    Return where Vendure is installed, once for all test runs of a user.
    """
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            _give_up(f"there is no {tool}: install Node.js 20 or later, with npm")
    wanted = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    versions = "-".join(wanted.values())
    name = f"sourcehere-vendure-{os.getuid()}-{versions}"
    place = Path(tempfile.gettempdir()) / name
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
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(
        command,
        cwd=half,
        env=os.environ | _OFF,
        capture_output=True,
        text=True,
        timeout=_INSTALL_S,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(half)
        _give_up(f"npm could not install Vendure: {done.stderr[-2000:]}")
    half.rename(place)


def _give_up(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


class VendureServer:
    """
    A server with its back door; everything is asked one after the other.

    Vendure on SQLite has one connection, on which two transactions would become one.
    """

    def __init__(self, place: Path, folder: Path) -> None:
        self._log = folder / "vendure.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                ["node", str(HERE / "server.js")],
                cwd=folder,
                env=os.environ | _OFF | {"NODE_PATH": str(place / "node_modules")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._inner = httpx2.HTTPTransport()
        self._client = httpx2.Client(timeout=60, trust_env=False)
        self._lock = threading.Lock()
        port, self._door = self._ports()
        self.url = f"http://127.0.0.1:{port}/admin-api"
        self.transport = _OneByOne(self._inner, self._lock)

    def door(self, name: str, /, **given: object) -> Any:
        """
        Go through the back door.
        """
        with self._lock:
            url = f"http://127.0.0.1:{self._door}/{name}"
            answer = self._client.post(url, json=given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def stop(self) -> None:
        """
        End the server.
        """
        self._client.close()
        self._inner.close()
        self._process.kill()
        self._process.communicate()

    def _ports(self) -> tuple[str, str]:
        said: Queue[str] = Queue()

        def listen() -> None:
            for line in self._process.stdout or ():
                if line.startswith("LISTENING "):
                    said.put(line)
                    return
            said.put("")

        threading.Thread(target=listen, daemon=True).start()
        try:
            line = said.get(timeout=_START_S)
        except Empty:
            line = ""
        if not line:
            self.stop()
            pytest.fail(f"Vendure does not start: {self._log.read_text()[-2000:]}")
        _, port, door = line.split()
        return port, door


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
