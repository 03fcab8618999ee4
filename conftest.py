"""
What every test can use, here and in the plugins.
"""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
import zlib
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings
from psycopg import _queries
from xdist.scheduler import LoadScopeScheduling

gc.disable()  # until everything is collected, see `pytest_collection`
pytest.register_assert_rewrite("sourcehere.testing")
sys.dont_write_bytecode = False  # other processes of this run need it, too

ROOT = Path(__file__).parent

pytest_plugins = ["databases"]

# Some tests start a command dozens of times: let it keep what it has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# psycopg keeps 128 statements that it has read; these tests have 500.
_queries._query2pg = lru_cache(1000)(_queries._query2pg_nocache)  # noqa: SLF001 - it has no setting

# Files live in memory where there is room: no test pulls the plug, and the disk's
# confirmations would be half of the time.
IN_MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - pytest makes its own folder
if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


# Tests in these folders are the same on every storage: each is given one in so many.
THE_SAME = {"doors", "face", "security", "services"}
SLOW_TO_START = {"sourcehere-vendure"}
SHARE = {"memory": 1, "sqlite": 12, "postgresql": 16}


def pytest_addoption(parser):
    """
    Offer `--everywhere`, which holds unless the whole suite is run by its name only.
    """
    parser.addoption(
        "--everywhere",
        action="store_true",
        default=None,
        help="run every test on every storage, not on databases a share of them only",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """
    Decide how much is run; processes of this run are told.
    """
    if config.option.everywhere is None:
        is_whole = config.args_source == config.ArgsSource.TESTPATHS
        config.option.everywhere = not is_whole


class WholeFiles(LoadScopeScheduling):
    """
    Hands out what belongs together to one process, in the order of collection.
    """

    def _split_scope(self, nodeid):
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """
    Let processes run whole files: what a file shares is then made once.
    """
    config.option.loadscopereorder = False
    return WholeFiles(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """
    Leave out what `--everywhere` runs besides.

    What a database does is tested on each, whole: contracts, migrations, races, walks.
    Services do the same on all of them, so that databases are given some of their
    tests: always the same, and of every file about as many. Of slow tests with many
    cases, the first of so many are run, as they are marked (`share`).
    """
    if config.option.everywhere:
        return
    seen = Counter()
    left_out = {
        item
        for item in items
        if not (is_in_share_of_storage(item) and is_in_share_of_cases(item, seen))
    }
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    weights = Counter()
    for item in items:
        weights[group_of(item.nodeid)] += weight_of(item)
    items.sort(key=lambda item: -weights[group_of(item.nodeid)])


def group_of(nodeid):
    """
    Return what one process runs of which the test is a part: a file, or the tests of a
    server that starts slowly.
    """
    file = nodeid.partition("::")[0]
    folder = file.split("/")[1]
    return folder if folder in SLOW_TO_START else file


def weight_of(item):
    """
    Return about how long a test takes beside others: the longest files are run first,
    so that no process is left with one at the end.
    """
    is_slow = item.get_closest_marker("slow") or group_of(item.nodeid) in SLOW_TO_START
    return 20 if is_slow else 1


def is_in_share_of_cases(item, seen):
    """
    Tell whether a case of a test is one of those that stand for the others: the first,
    and then each of as many as its mark says.
    """
    mark = item.get_closest_marker("share")
    if mark is None or getattr(item, "callspec", None) is None:
        return True
    name = item.nodeid.partition("[")[0]
    seen[name] += 1
    return seen[name] % mark.args[0] == 1


def is_in_share_of_storage(item):
    """
    Tell whether a test belongs to the share that its storage is given.
    """
    chosen = any(
        mark.args[0] == "new_storage" for mark in item.iter_markers("parametrize")
    )
    kind = getattr(item, "callspec", None) and item.callspec.params.get("new_storage")
    if kind is None or chosen or item.path.relative_to(ROOT).parts[1] not in THE_SAME:
        return True
    name = f"{item.path.relative_to(ROOT).as_posix()}::{item.name}".replace(kind, "")
    return zlib.crc32(name.encode()) % SHARE[kind] == 0


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """
    Keep what is there before the first test from being looked through for garbage.

    Modules and collected tests are a million objects that nobody will free: looking
    through them while they are made was a fifth of the time of collecting.
    """
    found = yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
    return found


@pytest.fixture(scope="session")
def check_types():
    """
    Give what runs mypy with arguments, one run at a time, and returns what it has done.

    All share the cache that `mypy` has in this folder: our own modules, which are read
    for each of them, take twenty times as long without it.
    """
    cache_dir = ROOT / ".mypy_cache"
    cache_dir.mkdir(exist_ok=True)

    def run(*arguments, **options):
        command = [sys.executable, "-m", "mypy", f"--cache-dir={cache_dir}", *arguments]
        with (cache_dir / "turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            return subprocess.run(  # noqa: S603 - ours
                command, check=False, capture_output=True, text=True, **options
            )

    return run
