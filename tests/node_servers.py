"""
Other people's servers that run on Node.js: installed by npm once, started for tests.
"""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NoReturn

import httpx2
import pytest

_START_S = 180
_QUIET = ("--no-audit", "--no-fund", "--ignore-scripts")


def installed(
    name: str, here: Path, off: Mapping[str, str], *, seconds: int, omits: str = ""
) -> Path:
    """
    Return where the packages of a folder's `package.json` are installed, once for all
    test runs of a user.

    Args:
        off: Environment variables that turn telling home off.

        seconds: How long npm may take.

        omits: A kind of dependencies that is left out, such as `optional`.
    """
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            _give_up(f"there is no {tool}: install Node.js 20 or later, with npm")
    wanted = json.loads((here / "package.json").read_text("utf-8"))["dependencies"]
    versions = "-".join(wanted.values())
    place = Path(tempfile.gettempdir()) / f"sourcehere-{name}-{os.getuid()}-{versions}"
    command = ["npm", "install", *_QUIET, *([f"--omit={omits}"] if omits else [])]
    if not place.exists():
        # Of several processes one installs, and the others wait for it.
        with Path(f"{place}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.exists():
                _install(place, here, command, os.environ | off, seconds)
    return place


def _install(
    place: Path,
    here: Path,
    command: Sequence[str],
    env: Mapping[str, str],
    seconds: int,
) -> None:
    """
    Install under another name: what has the right one is whole.
    """
    half = Path(tempfile.mkdtemp(prefix=f"{place.name}-", dir=place.parent))
    shutil.copy(here / "package.json", half)
    done = subprocess.run(
        command,
        cwd=half,
        env=env,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(half)
        _give_up(f"npm could not install {place.name}: {done.stderr[-2000:]}")
    half.rename(place)


def _give_up(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


class NodeServer:
    """
    A server with a back door: it prints `LISTENING`, its port and the door's.

    Args:
        script: What Node.js runs.

        log: Where its errors go, behind what is there.
    """

    def __init__(
        self, script: Path, folder: Path, env: Mapping[str, str], log: Path
    ) -> None:
        self._log = log
        with log.open("a") as errors:
            self._process = subprocess.Popen(
                ["node", str(script)],
                cwd=folder,
                env=os.environ | env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.client = httpx2.Client(timeout=60, trust_env=False)
        port, self._door = self._ports()
        self.address = f"http://127.0.0.1:{port}"

    def door(self, name: str, /, **given: object) -> Any:
        """
        Go through the back door.
        """
        url = f"http://127.0.0.1:{self._door}/{name}"
        answer = self.client.post(url, json=given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def stop(self) -> None:
        """
        End the server.
        """
        self.client.close()
        self._process.kill()
        self._process.communicate()

    def _ports(self) -> tuple[str, str]:
        said: Queue[str] = Queue()

        def listen() -> None:
            # To its end: a server whose words nobody reads stops some time.
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
            pytest.fail(f"it does not start: {self._log.read_text()[-2000:]}")
        _, port, door = line.split()
        return port, door
