"""
Calls to the outside run in threads that are used again, and know nothing of each other.
"""

import os
import subprocess
import sys
import threading
from contextvars import ContextVar

import pytest

from sourcehere.services.base import threads
from sourcehere.services.base.threads import start_thread, without_threads

LAST = ContextVar("last", default="nothing")
# Python says since 3.12 that a process with threads had better not fork: this one does.
QUIET = ("-W", "ignore:This process:DeprecationWarning")


@pytest.fixture(autouse=True)
def unused(monkeypatch):
    """
    None is idle before a test, and after it all end.
    """
    idle = []
    monkeypatch.setattr(threads, "_idle", idle)
    yield idle
    for worker in idle:
        worker.inbox.put(None)


def ran(run, name="call"):
    """
    Run something in a thread, and return what it made of that once the thread is idle.
    """
    made, is_made = [], threading.Event()

    def work():
        try:
            made.append(run())
        finally:
            is_made.set()

    wanted = max(len(threads._idle), 1)
    start_thread(work, name=name)
    assert is_made.wait(5)
    wait_for_idle(wanted)
    return made[0]


def wait_for_idle(count):
    """
    Wait until so many threads are idle, or have been.
    """
    for _ in range(400):
        if len(threads._idle) >= count:
            break
        threading.Event().wait(0.005)


def test_a_thread_is_used_again():
    """
    Two calls one after the other run in the same thread, each under its name.
    """
    first = ran(lambda: (threading.get_ident(), threading.current_thread().name), "a")
    second = ran(lambda: (threading.get_ident(), threading.current_thread().name), "b")

    assert first[0] == second[0] != threading.get_ident()
    assert ("a", "b") == (first[1], second[1])


def test_nothing_of_one_call_is_left_for_the_next():
    """
    Neither the caller's context nor what a call set is seen.
    """
    LAST.set("the caller's")

    def call():
        seen = LAST.get()
        LAST.set("the call's")
        return seen

    assert ("nothing", "nothing") == (ran(call), ran(call))


def test_whoever_hangs_keeps_its_thread(unused):
    """
    Another call runs meanwhile, in a thread of its own.
    """
    is_over, hung = threading.Event(), threading.Event()

    def hang():
        hung.set()
        is_over.wait(5)

    start_thread(hang, name="hangs")
    assert hung.wait(5)

    assert 7 == ran(lambda: 7)
    is_over.set()
    wait_for_idle(2)
    assert 2 == len(unused)


def test_an_idle_thread_ends(unused, monkeypatch):
    """
    It waits no longer than it is told to.
    """
    monkeypatch.setattr(threads, "_IDLE_SECONDS", 0.01)

    thread = ran(threading.current_thread)

    thread.join(5)

    assert not thread.is_alive()
    assert [] == unused


def test_what_raises_ends_its_thread_only(monkeypatch):
    """
    It is told as of any thread, and the next call runs.
    """
    told, is_told = [], threading.Event()

    def tell(args):
        told.append(args.exc_value)
        is_told.set()

    monkeypatch.setattr(threading, "excepthook", tell)
    error = ValueError("mine")

    def fail():
        raise error

    start_thread(fail, name="fails")

    assert is_told.wait(5)
    assert [error] == told
    assert 7 == ran(lambda: 7)


def test_without_threads_a_call_runs_where_it_is_started():
    """
    And is done then.
    """
    seen = []
    with without_threads():
        start_thread(lambda: seen.append(threading.get_ident()), name="call")
    assert [threading.get_ident()] == seen


FORKS = """
import os, threading, time
from sourcehere.services.base import threads

threads.start_thread(lambda: None, name="call")
while not threads._idle:
    time.sleep(0.001)
if not os.fork():
    is_done = threading.Event()
    threads.start_thread(is_done.set, name="call")
    print(is_done.wait(5), flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_starts_threads_of_its_own():
    """
    A fork copies no thread, so that none that was idle in the parent is asked.
    """
    done = subprocess.run(
        [sys.executable, *QUIET, "-c", FORKS],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ("True\n", "") == (done.stdout, done.stderr)
