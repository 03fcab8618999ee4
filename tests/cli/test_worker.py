"""
`sourcehere worker`, as a service runs it.
"""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from opentelemetry.sdk.trace import TracerProvider

import sourcehere
from sourcehere import Money, NewProduct, NewVariant, Price, Tab
from sourcehere.cli import main

HEADER = "order_number,sku,title,quantity,unit_price,placed_at,customer,country\n"
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
    assert "" == shop.refused("worker status --within 99999999999", 1)
    for seconds in ("0", "-60"):
        words = shop.refused(f"worker status --within={seconds}", 2)
        assert f"--within {seconds}: say 1 second or more" in words


def test_told_to_stop_it_ends_within_a_large_first_sync(sqlite_url, tmp_path):
    """
    SIGTERM ends it between two pages; what came in stays, and the next goes on.
    """
    orders, (path, count) = "", (tmp_path / "orders.csv", 2_000)
    for number in range(count):
        orders += f"{number},CUP,Cup,1,4.00,2030-12-01 08:26,17,GB\n"
    path.write_text(HEADER + orders)
    config = {
        "path": str(path),
        "fulfilments_path": str(tmp_path / "sent.csv"),
        "currency": "GBP",
    }
    with sourcehere.open(sqlite_url, folder=tmp_path) as sh:
        sh.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")
        stores = sh.seller("lamps").stores
        stores.connect("site", platform="file", config=config)
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", STARTED, "--db", sqlite_url, "--json"),
                *("worker", "--every", "60", "--name", "w1"),
            ],
            stdout=subprocess.PIPE,
            env={**os.environ, "SOURCEHERE_FOLDER": str(tmp_path)},
        )
        deadline = time.monotonic() + 60
        while not came_in(sh) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
        first = came_in(sh)
        rest = stores.sync("site")

    assert 0 == process.returncode
    assert (1, 0) == (json.loads(out)["read"], json.loads(out)["failed"])
    assert 0 < first < count
    assert (count - first, "") == (rest.orders, rest.stopped)


def came_in(sh):
    return sh.seller("lamps").orders.counts()[Tab.ALL]


TRACED = """
import sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from sourcehere.cli import main

provider = TracerProvider()
line = lambda span: f"{span.name} {span.parent and span.parent.trace_id:032x}\\n"
exporter = ConsoleSpanExporter(out=sys.stderr, formatter=line)
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
sys.exit(main())
"""


def test_it_tells_whoever_traces(sqlite_url):
    """
    SOURCEHERE_OTEL says so: a job is done under the command that asked for it.
    """
    with sourcehere.open(sqlite_url) as sh:
        sh.trace(TracerProvider().get_tracer("host"))
        sh.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")
        desk = sh.staff("ann")
        variant = NewVariant(
            sku="CUP", weight_grams=200, prices=(Price(Money(100, "GBP")),)
        )
        (cup,) = desk.catalog.add(NewProduct(title="Cup", variants=(variant,))).variants
        desk.catalog.discontinue(cup.variant_id)
        jobs = list(sh.relay.waiting())
    words = [sys.executable, "-c", TRACED, "--db", sqlite_url, "worker", "--once"]
    env = {**os.environ, "SOURCEHERE_OTEL": "traces"}
    ran = subprocess.run(words, capture_output=True, text=True, env=env, check=True)

    told = [f"relay.{job.kind} {job.traceparent.split('-')[1]}" for job in jobs]
    assert "relay.drop_variant" in ran.stderr
    assert sorted(told) == sorted(ran.stderr.splitlines())


LINE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (\w+) sourcehere\.outside: (.*)\n"


def test_it_says_on_standard_error_why_it_waits(sqlite_url, tmp_path):
    """
    A database that cannot be used is told while the worker waits for it: a line with
    the time, what is wrong, and nothing of a traceback.
    """
    url = f"{sqlite_url}?busy_seconds=0.05"
    sourcehere.open(url).close()
    words = [sys.executable, "-c", STARTED, "--db", url, "worker", "--name", "w1"]
    log, ends = tmp_path / "log", time.monotonic() + 60
    with (
        closing(sqlite3.connect(tmp_path / "orders.db")) as other,
        log.open("w") as told,
    ):
        other.execute("BEGIN IMMEDIATE")
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=told)
        while "\n" not in log.read_text() and time.monotonic() < ends:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    level, said = re.match(LINE, log.read_text()).groups()

    waits = "waiting for the database: step=recover error=BusyError: storage sqlite:///"
    assert "WARNING" == level
    assert said.startswith(waits)
    assert "database is locked" in said
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("level", ["info", "warning", ""])
def test_how_much_it_tells_is_said(sqlite_url, level):
    """
    SOURCEHERE_LOG says so: what is only done is told from INFO on.
    """
    words = [sys.executable, "-c", STARTED, "--db", sqlite_url, "worker", "--once"]
    env = {**os.environ, "SOURCEHERE_LOG": level}
    ran = subprocess.run(words, capture_output=True, text=True, env=env, check=True)

    assert (level == "info") is ("INFO sourcehere.outside: worker s" in ran.stderr)
    assert (level == "info") is bool(ran.stderr)


LOGGED = """
import logging, sys
from sourcehere.cli import main

logging.basicConfig(level="INFO", stream=sys.stdout, format="mine: %(message)s")
sys.exit(main())
"""


def test_who_has_set_up_logs_is_told_alone(sqlite_url):
    """
    Nothing is added to where somebody lets logs go.
    """
    words = [sys.executable, "-c", LOGGED, "--db", sqlite_url, "worker", "--once"]
    env = {**os.environ, "SOURCEHERE_LOG": "info"}
    ran = subprocess.run(words, capture_output=True, text=True, env=env, check=True)

    assert "mine: worker started: worker=" in ran.stdout
    assert "" == ran.stderr


def test_a_level_that_nobody_knows_is_refused(tmp_path, monkeypatch, capsys):
    """
    Nothing is opened then, and the levels are named.
    """
    monkeypatch.setenv("SOURCEHERE_LOG", "loud")

    for command in (["worker", "--once"], ["serve-webhooks"]):
        assert 2 == main(["--db", f"sqlite:///{tmp_path}/none.db", *command])
        said = capsys.readouterr().err
        assert "SOURCEHERE_LOG" in said
        assert "one of debug, info, warning, error" in said
    assert [] == list(tmp_path.iterdir())


def test_what_nobody_knows_is_told_of_nobody(sqlite_url, monkeypatch, capsys):
    """
    Nothing is opened then.
    """
    monkeypatch.setenv("SOURCEHERE_OTEL", "traces logs")

    assert 2 == main(["--db", sqlite_url, "worker", "--once"])
    assert "SOURCEHERE_OTEL" in capsys.readouterr().err
