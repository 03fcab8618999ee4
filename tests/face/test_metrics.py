"""
What OpenTelemetry is told: counters, lanes, workers; how often the database is read.
"""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from sourcehere import InvalidInputError
from sourcehere.face.core import SourceHere
from sourcehere.ports.storage import StorageUnavailableError
from sourcehere.testing.factories import open_bench
from sourcehere.testing.fake_shop import Fault

ROOT = Path(__file__).parents[2]


class Fading:
    """
    A storage that passes everything on, unless it is away.

    Attributes:
        reads: How many transactions only read.
    """

    def __init__(self, inner):
        self._inner = inner
        self.is_away = False
        self.reads = 0

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def transact(self, work, /, *, read_only):
        if self.is_away:
            raise StorageUnavailableError(url=self.url, cause="away")
        self.reads += read_only
        return self._inner.transact(work, read_only=read_only)


@pytest.fixture
def fading(storage):
    """
    Return a storage of each kind that can be away.
    """
    return Fading(storage)


@pytest.fixture
def bench(fading):
    """
    Return a bench whose shop sells cups; clean when the test ends.
    """
    made = open_bench(storage=fading)
    made.connect(made.rule("CUP"))
    yield made
    assert made.sh.audit.run().is_clean


@pytest.fixture
def sh(bench):
    """
    Return what a host holds.
    """
    return SourceHere(bench.app)


@pytest.fixture
def reader():
    """
    Return what collects metrics when it is asked.
    """
    return InMemoryMetricReader()


@pytest.fixture
def meter(reader):
    """
    Return the meter of a host.
    """
    provider = MeterProvider(metric_readers=[reader])
    yield provider.get_meter("host")
    provider.shutdown()


def collected(reader):
    """
    Collect: instrument -> what a number is about -> the number.
    """
    data = reader.get_metrics_data()
    if data is None:
        return {}
    return {
        metric.name: {
            tuple(point.attributes.values()): point.value
            for point in metric.data.data_points
        }
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }


def parcels(bench, *names):
    """
    Send orders, so that the shop is to be told of each.
    """
    for name in names:
        bench.ship(bench.accepted(name, CUP=1))


def test_every_counter_is_told(bench, sh, meter, reader):
    """
    By its name, as `sh.counters` has it, when it is asked.
    """
    sh.observe(meter)
    parcels(bench, "1")

    told = collected(reader)["sourcehere.counters"]
    assert told == {(name,): count for name, count in sh.counters.items()}
    assert 1 == told["sending.ship.done",]


def test_who_comes_later_tells_by_the_same_meter(sh, meter, reader):
    """
    A meter makes each instrument once: what is opened anew is told all the same.
    """
    sh.observe(meter).stop()
    assert {} == collected(reader)
    later = sh.observe(meter)
    sh.observe(meter)
    told = collected(reader)["sourcehere.counters"]
    assert told == {(name,): count for name, count in sh.counters.items()}

    sh.observe(meter).stop()
    later.stop()
    assert told == collected(reader)["sourcehere.counters"]


def test_the_lanes_are_told(bench, sh, meter, reader):
    """
    How many messages each connection is owed, since when, and how it is.
    """
    parcels(bench, "1", "2", "3")
    bench.shop.faults += [Fault.DECLINED, Fault.THROTTLED]
    sh.relay.run()
    bench.clock.advance(timedelta(seconds=90))
    sh.observe(meter)

    told = collected(reader)
    lane = "demo/shop"
    assert {
        (lane, "waiting"): 2,
        (lane, "sending"): 0,
        (lane, "dead"): 1,
    } == told["sourcehere.messages"]
    assert {(lane,): 90.0} == told["sourcehere.messages.age"]
    assert {(lane, "throttled"): 1} == told["sourcehere.connection.state"]
    assert sh.relay.status() == sh.relay.load()


def test_jobs_and_rests_are_told(bench, sh, meter, reader):
    """
    Our own jobs are a lane too, and a shop that is paused rests.
    """
    parcels(bench, "1")
    sh.seller("demo").stores.pause("shop")
    sh.observe(meter)

    told = collected(reader)
    assert 1 == told["sourcehere.connection.state"]["demo/shop", "paused"]
    assert sh.relay.status() == sh.relay.load()


def test_workers_are_told(bench, sh, meter, reader):
    """
    Since when each was not seen; not those that were stopped, or gone for a day.
    """
    sh.worker(name="gone").round()
    bench.clock.advance(timedelta(days=1))
    stopped = sh.worker(name="stopped")
    stopped.stop()
    stopped.run()
    sh.worker(name="w1").round()
    bench.clock.advance(timedelta(seconds=7))
    sh.worker(name="w2").round()
    sh.observe(meter)

    told = collected(reader)["sourcehere.worker.age"]
    assert {("w1",): 7.0, ("w2",): 0.0} == told


def test_the_database_is_read_no_more_often_than_asked(
    bench, sh, fading, meter, reader
):
    """
    All gauges share one reading, which is as old as `every` allows.
    """
    sh.observe(meter, every=timedelta(seconds=30))
    before = fading.reads
    collected(reader)
    collected(reader)
    once = fading.reads - before
    parcels(bench, "1")
    bench.clock.advance(timedelta(seconds=29))
    old = collected(reader)
    bench.clock.advance(timedelta(seconds=1))
    new = collected(reader)

    assert 2 == once  # lanes and workers
    assert "sourcehere.messages" not in old
    assert 1 == new["sourcehere.messages"]["demo/shop", "waiting"]


def test_while_the_database_is_away_counters_are_told(bench, sh, fading, meter, reader):
    """
    Then no gauge tells anything, which is counted; afterwards they go on.
    """
    parcels(bench, "1")
    sh.observe(meter)
    fading.is_away = True
    away = collected(reader)
    fading.is_away = False
    bench.clock.advance(timedelta(seconds=15))
    back = collected(reader)

    assert {"sourcehere.counters"} == set(away)
    assert 1 == back["sourcehere.counters"]["outside.metrics.failed",]
    assert 1 == back["sourcehere.messages"]["demo/shop", "waiting"]


def test_what_is_stopped_or_closed_tells_nothing(bench, sh, meter, reader):
    """
    Nothing is told, and the database is left alone, once a host is done with it.
    """
    parcels(bench, "1")
    first = sh.observe(meter)
    assert "sourcehere.messages" in collected(reader)

    first.stop()
    assert {} == collected(reader)


def test_closing_ends_them(meter, reader):
    """
    What is closed tells nothing any more.
    """
    bench = open_bench()
    sh = SourceHere(bench.app)
    sh.observe(meter)
    bench.connect(bench.rule("CUP"))
    assert "sourcehere.counters" in collected(reader)

    sh.close()
    assert {} == collected(reader)


def test_a_negative_time_is_refused(sh, meter, reader):
    """
    How often the database is read cannot be less than never ago.
    """
    with pytest.raises(InvalidInputError) as ei:
        sh.observe(meter, every=timedelta(seconds=-1))

    assert "every" == ei.value.field
    assert {} == collected(reader)


def test_what_is_no_meter_is_refused(sh):
    """
    Such as the provider that makes them, however often it is given.
    """
    for wrong in (MeterProvider(), MeterProvider, "sourcehere", 5):
        for _ in range(2):
            with pytest.raises(InvalidInputError) as ei:
                sh.observe(wrong)
            assert ("meter", type(wrong).__name__) == (ei.value.field, ei.value.value)
    with pytest.raises(InvalidInputError) as ei:
        sh.observe(every=15)
    assert "every" == ei.value.field


def test_units_and_names_are_the_documented_ones(bench, sh, meter, reader):
    """
    Each instrument is in the table of the guide, with its unit.
    """
    parcels(bench, "1")
    sh.worker(name="w").round()
    parcels(bench, "2")
    sh.observe(meter)

    (resource,) = reader.get_metrics_data().resource_metrics
    (scope,) = resource.scope_metrics
    units = {metric.name: metric.unit for metric in scope.metrics}
    page = (ROOT / "docs" / "guides" / "operating.md").read_text("utf-8")
    rows = re.findall(r"^\| `(sourcehere\.[a-z.]+)` \| `(\S+)` \|", page, re.MULTILINE)
    assert units == dict(rows)


WITHOUT = """
import sys
sys.modules["opentelemetry"] = None  # as where it is not installed
import sourcehere
from sourcehere.face.metrics import MetricsUnavailableError
with sourcehere.open("memory://") as sh:
    try:
        sh.observe()
    except MetricsUnavailableError as error:
        print(error.package, str(error), sh.worker(name="w").round().rounds, sep="|")
"""


@pytest.mark.slow
def test_without_the_extra_everything_else_works():
    """
    Who asks for metrics is told what to install.
    """
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )

    words = "metrics need the package opentelemetry-api: pip install 'sourcehere[otel]'"
    assert ("", f"opentelemetry-api|{words}|1\n") == (done.stderr, done.stdout)


def test_nothing_is_imported_before_it_is_asked_for():
    """
    Opening imports no OpenTelemetry.
    """
    code = "import sys, sourcehere; sourcehere.open('memory://').relay.run();"
    code += "assert 'opentelemetry' not in sys.modules"

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
