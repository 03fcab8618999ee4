"""
`sourcehere worker`, as a service runs it.
"""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import sourcehere

STARTED = "import sys; from sourcehere.cli import main; sys.exit(main())"


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_in_good_order(sqlite_url, told):
    """
    A signal ends it between two rounds; it says what it did, and that it has stopped.
    """
    with sourcehere.open(sqlite_url) as sh:
        sh.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", STARTED, "--db", sqlite_url, "--json"),
                *("worker", "--every", "60", "--name", "w1"),
            ],
            stdout=subprocess.PIPE,
            env=dict(os.environ),
        )
        deadline = time.monotonic() + 60
        while not sh.relay.workers() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(told)
        out, _ = process.communicate(timeout=60)
        (beat,) = sh.relay.workers()

    assert 0 == process.returncode
    said = json.loads(out)
    assert ("w1", 1, 0) == (said["worker"], said["rounds"], said["failed"])
    assert ("w1", 1) == (beat.worker, beat.rounds)
    assert beat.stopped_at >= beat.seen_at


def test_a_worker_that_works_once_has_stopped(shop):
    """
    It is no worker that somebody waits for.
    """
    shop.ok("worker --once --name w1")
    (beat,) = shop.json("worker status")

    assert ("w1", 1) == (beat["worker"], beat["rounds"])
    assert beat["stopped_at"] is not None
    assert [] == shop.json("worker status --name w2")
