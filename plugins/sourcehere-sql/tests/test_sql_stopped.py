"""
A worker's process that is stopped within a transaction (SIGSTOP, a frozen container).
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sourcehere.ports.storage import BusyError
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlOptions, SqlStorage

from .stopped import BEFORE, A

SCRIPT = Path(__file__).with_name("stopped.py")
LONG = 30


@pytest.fixture
def stopped(postgres_url):
    """
    Return what starts the process and waits until the system has stopped it.
    """
    started = []

    def start(before):
        command = [sys.executable, SCRIPT, postgres_url, before]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("before", BEFORE)
def test_its_locks_hold_up_nobody_for_ever(postgres_url, stopped, before):
    """
    Who waits for them ends its transaction; when it goes on, it does its work anew.
    """
    options = SqlOptions(busy_seconds=0.1, idle_seconds=0.5)
    storage = SqlStorage(postgres_url, tables=TABLES, options=options)
    storage.create_tables()
    keep(storage, THINGS, [thing("a", order=0)])
    process = stopped(before)

    busy, until = 0, time.monotonic() + LONG
    while True:
        try:
            storage.transact(
                lambda s: s.add(THINGS, [(A, {"order": 1})]), read_only=False
            )
        except BusyError:
            busy += 1
            assert time.monotonic() < until
        else:
            break
    process.send_signal(signal.SIGCONT)
    said, _ = process.communicate(timeout=LONG)

    assert busy
    assert ("2\n", 0) == (said, process.returncode)
    own = 1 if before == "a write" else 0
    assert [thing("a", order=1 + own + 100)] == kept(storage, THINGS)
    storage.close()
