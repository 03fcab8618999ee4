"""
Whether a host's OpenTelemetry is told what is done, as spans (extra: `otel`).
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from ..app import App
from ..domain.kernel.errors import CallerError
from ..services.base.tracing import Spans

if TYPE_CHECKING:  # optional: imported when first asked
    from opentelemetry.trace import Tracer


class TracesUnavailableError(CallerError):
    """
    Spans whose library is not installed.
    """

    def __init__(self, *, package: str) -> None:
        super().__init__(
            f"spans need the package {package}: pip install 'sourcehere[otel]'"
        )
        self.package = package


class Traces:
    """
    That a host's OpenTelemetry is told of spans; `SourceHere.trace` makes it.
    """

    def __init__(
        self,
        app: App,
        tracer: "Tracer | None",
        parts: Callable[[], Mapping[type, str]],
    ) -> None:
        """
        Begin to tell *tracer*, and nobody else any more.

        Args:
            parts: Returns what the parts of desks are called, by their classes.

        Raises:
            InvalidInputError: If *tracer* is none.

            TracesUnavailableError: If opentelemetry-api is not installed.
        """
        try:
            home = import_module(".spans", __package__)
        except ModuleNotFoundError:
            raise TracesUnavailableError(package="opentelemetry-api") from None
        self._watch = app.watch
        self._spans: Spans = home.OpenTelemetrySpans(tracer, parts)
        self._watch.spans = self._spans

    def stop(self) -> None:
        """
        Tell nothing any more, and keep nothing with what is owed.
        """
        if self._watch.spans is self._spans:
            self._watch.spans = None
