"""
A host that traces: its spans, here and in other processes.

Told the URL of a database, this works once on what waits there, and says its spans.
"""

import json
import sys

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import sourcehere
from sourcehere.testing.factories import (
    NOON,
    FakePlatforms,
    ManualClock,
    snapshot,
)
from sourcehere.testing.fake_shop import FakeShop


class Host:
    """
    A host's OpenTelemetry, which keeps the spans that it is told of.
    """

    def __init__(self):
        self._kept = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.tracer = self.provider.get_tracer("host")

    def taken(self, *names):
        """
        Return the spans that ended since they were last taken, in that order.

        Args:
            names: Only those of these names; all if not given.
        """
        spans = self._kept.get_finished_spans()
        self._kept.clear()
        return [span for span in spans if not names or span.name in names]


def place(span):
    """
    Return a span's trace, and what it is called within.
    """
    context = span.get_span_context()
    return f"{context.trace_id:032x}", f"{context.span_id:016x}"


def parent(span):
    """
    Return the same of its parent; None of one that begins a trace.
    """
    above = span.parent
    return above and (f"{above.trace_id:032x}", f"{above.span_id:016x}")


def about(span):
    """
    Return what is said of a span, under names as short as ours.
    """
    return {
        name.removeprefix("sourcehere."): value
        for name, value in span.attributes.items()
    }


def main(url):
    """
    Do a worker's round on the database at *url*, and print what was told of it.
    """
    platforms, host = FakePlatforms(), Host()
    shop = platforms.shops["shop"] = FakeShop()
    shop.put(snapshot("1", CUP=1))
    clock = ManualClock(NOON)
    with sourcehere.open(url, plugins=[platforms], clock=clock) as sh:
        sh.trace(host.tracer)
        sh.worker(name="other").round()
    told = [
        [span.name, span.kind.name, parent(span), about(span)] for span in host.taken()
    ]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
