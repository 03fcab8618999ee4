"""
What is done, told to OpenTelemetry: the only module that knows its tracing.

Spans hold ids, numbers and names of kinds. The text of an error never gets into one: it
may hold what people wrote.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TypeVar

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from ..domain.kernel.errors import InvalidInputError
from ..ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from ..services.base.tracing import Doing, Step

T = TypeVar("T")

_HEADER = "traceparent"
_BESIDE = context.create_key("sourcehere-beside")
_W3C = TraceContextTextMapPropagator()
_DONE, _FAILED = "done", "failed"
_OUTCOMES: tuple[tuple[type[Exception], str], ...] = (
    (DeclinedError, "declined"),
    (ThrottledError, "throttled"),
    (UnauthorizedError, "unauthorized"),
    (UnknownOutcomeError, "unknown"),
    (ProtocolError, "unknown"),  # it answered, and nobody understands what
)


class OpenTelemetrySpans:
    """
    Makes spans of what is done.
    """

    def __init__(
        self, tracer: Tracer | None, parts: Callable[[], Mapping[type, str]]
    ) -> None:
        """
        Make spans by *tracer*; by the global provider's if there is none.

        Args:
            parts: Returns what the parts of desks are called, by their classes; asked
                for the first command.

        Raises:
            InvalidInputError: If *tracer* is none.
        """
        if not isinstance(tracer, Tracer | None):
            raise InvalidInputError(
                field="tracer",
                value=type(tracer).__name__,
                expected="a tracer; `provider.get_tracer(name)` makes one",
            )
        self._tracer = trace.get_tracer("sourcehere") if tracer is None else tracer
        self._asked_for_parts = parts

    @cached_property
    def _parts(self) -> Mapping[type, str]:
        return self._asked_for_parts()

    def traceparent(self) -> str:
        """
        Return what is being done here and now, to be kept; empty for nothing.
        """
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get(_HEADER, "")

    @contextmanager
    def command(self, desk: type, name: str, seller_id: str, /) -> Iterator[None]:
        """
        Tell of a command of a desk, which is done within the block.
        """
        about = {"sourcehere.seller": seller_id} if seller_id else {}
        with self._tracer.start_as_current_span(
            f"{self._parts.get(desk, desk.__name__)}.{name}",
            attributes=about,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                _fail(span, error)
                raise

    @contextmanager
    def under(self, traceparent: str, /) -> Iterator[None]:
        """
        Let what begins within the block be a child of *traceparent*, and linked with
        what is done outside of it.
        """
        kept = trace.get_current_span(_around(traceparent))
        inside = context.set_value(_BESIDE, trace.get_current_span())
        token = context.attach(trace.set_span_in_context(kept, inside))
        try:
            yield
        finally:
            context.detach(token)

    def begin(self, steps: Sequence[Step], /, *, beside: str) -> Doing:
        """
        Begin *steps*, each under its own parent.

        A parent may be of long ago, and of another service: whoever does the steps now
        is no parent, but linked. The first step is what is called under; the others are
        linked with it.
        """
        links = [trace.get_current_span(_around(beside)) if beside else _beside()]
        begun: list[Span] = []
        for step in steps:
            begun.append(self._begun(step, links))
            if len(begun) == 1:
                links = [begun[0], *links]
        return _Begun(begun)

    def _begun(self, step: Step, links: Sequence[Span]) -> Span:
        around = None if step.parent is None else _around(step.parent)
        above = trace.get_current_span(around).get_span_context()
        beside = [span.get_span_context() for span in links]
        return self._tracer.start_span(
            step.name,
            around,
            SpanKind.CLIENT if step.is_call else SpanKind.CONSUMER,
            {f"sourcehere.{name}": value for name, value in step.about.items()},
            [Link(one) for one in beside if one.is_valid and one != above],
        )


class _Begun:
    """
    Spans that have begun and not ended, of what is done together.
    """

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans

    def run(self, work: Callable[[], T], /) -> T:
        """
        Do *work* under the first of them.
        """
        with trace.use_span(
            self._spans[0], record_exception=False, set_status_on_exception=False
        ):
            return work()

    def end(self, errors: Sequence[Exception | None], /) -> None:
        """
        End them, each as it became.
        """
        for span, error in zip(self._spans, errors, strict=True):
            span.set_attribute("sourcehere.outcome", _outcome(error))
            if error is not None:
                _fail(span, error)
            span.end()


def _around(traceparent: str) -> Context:
    """
    Return the context of the span that *traceparent* names; without any, where it names
    none.
    """
    return _W3C.extract({_HEADER: traceparent}, Context())


def _beside() -> Span:
    """
    Return who does what is begun here: also where it is done under something older.
    """
    beside = context.get_value(_BESIDE)
    return beside if isinstance(beside, Span) else trace.get_current_span()


def _outcome(error: Exception | None) -> str:
    if error is None:
        return _DONE
    return next((o for kind, o in _OUTCOMES if isinstance(error, kind)), _FAILED)


def _fail(span: Span, error: BaseException) -> None:
    name = type(error).__name__
    span.set_attribute("error.type", name)
    span.set_status(Status(StatusCode.ERROR, name))
