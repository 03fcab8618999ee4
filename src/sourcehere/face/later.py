"""
What is imported when it is first asked for, or when the process forks.

A child that is forked while another thread imports something waits for ever when it
imports the same: that thread is not there to end it. So it is imported before.
"""

import os
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


def import_all() -> None:
    """
    Import what every call may ask for, and wait for threads that do just now.
    """
    import_module("iso4217")
    desks()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(before=import_all)
