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
    orders, (path, count) = "", (tmp_path / "orders.csv", 6_000)
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


def test_what_nobody_knows_is_told_of_nobody(sqlite_url, monkeypatch, capsys):
    """
    Nothing is opened then.
    """
    monkeypatch.setenv("SOURCEHERE_OTEL", "traces logs")

    assert 2 == main(["--db", sqlite_url, "worker", "--once"])
    assert "SOURCEHERE_OTEL" in capsys.readouterr().err
