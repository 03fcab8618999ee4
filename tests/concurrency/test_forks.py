"""
A process that forks, as a server with a preloaded application does: every process has
connections of its own.
"""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sourcehere.testing.storage_base import kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlStorage

FORKED = Path(__file__).with_name("forked.py")
# Python says since 3.12 that a process with threads had better not fork: these do.
QUIET = ("-W", "ignore:This process:DeprecationWarning")


@pytest.mark.slow
@pytest.mark.share(3)
@pytest.mark.parametrize(
    "meanwhile", ["idle", "busy", pytest.param("leaving", marks=pytest.mark.long)]
)
def test_children_use_what_their_parent_opened(made_database_url, meanwhile):
    """
    Six children write through a storage that was opened before the fork, whatever the
    parent does meanwhile: nothing is lost, nothing fails, and no id is made twice.
    """
    done = subprocess.run(
        [sys.executable, *QUIET, str(FORKED), made_database_url, meanwhile],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert {"missing": 0, "ids": 6, "findings": 0} == json.loads(done.stdout)


def said_by_a_child(program):
    """
    Run a *program* of its own, which forks a child that prints, and return that.
    """
    done = subprocess.run(
        [sys.executable, *QUIET, "-c", program],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout.strip()


MEMORY = """
import os, sourcehere
from sourcehere.ports.storage import StorageUnavailableError
sh = sourcehere.open("memory://")
register = sh.staff("ann").sellers.register
register("demo", name="Demo", currency="USD")
if not os.fork():
    try:
        register("other", name="Other", currency="USD")
    except StorageUnavailableError as error:
        print(error.url, error.cause, flush=True)
    os._exit(0)
os.wait()
assert [s.seller_id for s in sh.staff("ann").sellers.list().items] == ["demo"]
"""


def test_a_child_is_told_that_memory_is_not_shared():
    """
    What is kept in memory is refused in a child, whose writes nobody would ever see.
    """
    assert (
        "memory:// it is in the memory of the process that this one was forked from;"
        " open another one here, or a database, which both can use"
    ) == said_by_a_child(MEMORY)


JOINED = """
import os, sqlalchemy
from sourcehere.ports.storage import StorageUnavailableError
from sourcehere_sql import SqlStorage
with sqlalchemy.create_engine("sqlite://").connect() as connection:
    joined = SqlStorage.joined(connection)
    if not os.fork():
        try:
            joined.transact(lambda session: None, read_only=True)
        except StorageUnavailableError as error:
            print(error.cause, flush=True)
        os._exit(0)
    os.wait()
"""


def test_a_child_does_not_join_its_parents_transaction():
    """
    A host's connection is refused in a child of the process that joined it.
    """
    assert (
        "this connection is the parent's; a forked process has its own"
    ) == said_by_a_child(JOINED)


def test_a_child_forked_within_a_transaction_ends_nothing(database_url):
    """
    A child that was forked within a transaction neither commits nor takes back what its
    parent has written in it.
    """
    storage = SqlStorage(database_url, tables=TABLES)
    storage.create_tables()
    children = []

    def work(session):
        session.insert(THINGS, [thing("a")])
        session.add(THINGS, [(("s", "a"), {"order": 1})])
        children.append(os.fork())

    try:
        storage.transact(work, read_only=False)
    except RuntimeError as error:
        os._exit(7 if not children[0] and "parent" in str(error) else 1)
    if not children[0]:
        os._exit(1)

    assert 7 == os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1])
    assert [thing("a", order=1)] == kept(storage, THINGS)
    storage.close()
    gc.collect()  # a connection that was left open would say so


IMPORTING = """
import os, signal, sys, threading
import sourcehere

name, began = sys.argv[1], threading.Event()
assert name not in sys.modules


class Slow:
    @staticmethod
    def find_spec(wanted, path=None, target=None):
        if wanted == name:
            began.set()
            threading.Event().wait(0.5)  # as long as a large module takes


def call():
    with sourcehere.open() as sh:
        sh.staff("ann").sellers.register("demo", name="Demo", currency="GBP")


sourcehere.open().close()
sys.meta_path.insert(0, Slow)
thread = threading.Thread(target=call)
thread.start()
assert began.wait(10)
child = os.fork()
if not child:
    signal.alarm(10)  # it is ended if it hangs
    call()
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
thread.join()
"""


@pytest.mark.slow
@pytest.mark.parametrize("module", ["iso4217", "sourcehere.face.desks"])
def test_a_child_forked_while_a_thread_imports_can_import_too(module):
    """
    What calls import when they first need it is there before the fork, however far
    another thread is with that.
    """
    done = subprocess.run(
        [sys.executable, *QUIET, "-c", IMPORTING, module],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (0, "", "0") == (done.returncode, done.stderr, done.stdout.strip())
