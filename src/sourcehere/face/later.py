"""
What is imported when it is first asked for.
"""

from importlib import import_module
from types import ModuleType


def desks() -> ModuleType:
    """
    Import the desks when the first one is asked for.

    With their records they are a tenth of the time to start, which a worker that only
    relays and fires clocks never needs.
    """
    return import_module(".desks", __package__)


def metrics() -> ModuleType:
    """
    Import what tells OpenTelemetry of counts.
    """
    return import_module(".metrics", __package__)


def tracing() -> ModuleType:
    """
    Import what tells OpenTelemetry of spans.
    """
    return import_module(".tracing", __package__)
