"""
The files that start workers start workers.
"""

import configparser
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

import sourcehere
from sourcehere import Settings
from sourcehere.cli.entry import make_app

FOLDER = Path(__file__).parents[2] / "examples" / "deploy"
WITHIN = Settings().push_within.total_seconds()


def require_command(words):
    """
    Accept the words of a shell that the command understands.
    """
    path, *tokens = words
    assert path.endswith("sourcehere")
    command, _, _ = make_app().parse_args(
        tokens, exit_on_error=False, print_error=False
    )
    assert command is not None


def test_the_unit_of_systemd():
    """
    It starts the command, and leaves it the time that a call may take.
    """
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str
    unit.read(FOLDER / "sourcehere-worker.service")
    service = unit["Service"]

    require_command(shlex.split(service["ExecStart"]))
    assert "SIGTERM" == service["KillSignal"]
    assert int(service["TimeoutStopSec"]) > WITHIN


def test_no_worker_takes_the_root_for_the_folder_of_shops():
    """
    Files of shops are read below where it is started: where it may write, and never /.
    """
    unit = (FOLDER / "sourcehere-worker.service").read_text()
    image = (FOLDER / "Dockerfile").read_text()

    (state,) = re.findall(r"^StateDirectory=(.+)$", unit, re.MULTILINE)
    assert [f"%S/{state}"] == re.findall(r"^WorkingDirectory=(.+)$", unit, re.MULTILINE)
    (user,) = re.findall(r"^RUN useradd .* (\w+)$", image, re.MULTILINE)
    assert [f"/home/{user}"] == re.findall(r"^WORKDIR (.+)$", image, re.MULTILINE)


def test_the_deployment_of_kubernetes():
    """
    The same, for each command of its containers and its probe.
    """
    text = (FOLDER / "kubernetes.yaml").read_text()
    pod = yaml.safe_load(text)["spec"]["template"]["spec"]
    (upgrade,), (worker,) = pod["initContainers"], pod["containers"]

    require_command(upgrade["command"])
    require_command(worker["command"])
    *shell, probe = worker["livenessProbe"]["exec"]["command"]
    assert ["sh", "-c"] == shell
    require_command(shlex.split(probe))
    assert {"POD"} == {entry["name"] for entry in worker["env"]}
    assert pod["terminationGracePeriodSeconds"] > WITHIN
    # A name could be root's: the kubelet would not start it.
    assert pod["securityContext"]["runAsNonRoot"]
    image = (FOLDER / "Dockerfile").read_text()
    assert int(re.search(r"^USER (\d+)$", image, re.MULTILINE)[1]) > 0


@pytest.mark.long
def test_the_container_of_docker(sqlite_url):
    """
    Its process is the worker itself: healthy once it has done a round, ended by
    SIGTERM in good order, and then not healthy.
    """
    text = (FOLDER / "Dockerfile").read_text()
    health = json.loads(re.search(r"HEALTHCHECK .*\\\n +CMD (.*)", text)[1])
    start = json.loads(re.search(r"ENTRYPOINT (.*)", text)[1])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "SOURCEHERE_DB": sqlite_url}
    with sourcehere.open(sqlite_url) as sh:
        sh.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")
        assert 1 == subprocess.run(health, env=env, check=False).returncode
        process = subprocess.Popen(start, env=env)
        deadline = time.monotonic() + 60
        while not sh.relay.workers() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert 0 == subprocess.run(health, env=env, check=False).returncode
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(60)
        (beat,) = sh.relay.workers()

    assert beat.stopped_at is not None
    assert 1 == subprocess.run(health, env=env, check=False).returncode


@pytest.mark.parametrize("name", sorted(p.name for p in FOLDER.iterdir()))
def test_the_page_shows_each_file(name):
    """
    No file is left out of the page, and none is another one there.
    """
    page = (FOLDER.parents[1] / "docs" / "guides" / "deploying.md").read_text()
    assert f"`examples/deploy/{name}`" in page
    assert f"\n{(FOLDER / name).read_text()}```\n" in page
