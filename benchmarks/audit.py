"""
The audit: CPU seconds for 10,000 orders, and peak memory at 2,000 and 20,000.

    python benchmarks/audit.py [--orders 10000] [--rounds 3]
        [--on sqlite memory postgresql] [--memory-at 2000 20000] [--by-check]

Orders live from import to delivery first. A round holds all rows against each other;
the replay makes every order anew of its events besides, and its own time is what it
takes longer. Reading every row once, page by page, is the floor: nothing that looks at
all rows can be faster on this storage. A database is audited by a process of its own,
as `sourcehere audit` does. Peak memory is that of a process of its own,
less what it had before the audit. By check, each one's own time is told, with what it
reads; reading orders with what belongs to them is one of them.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import process_time
from unittest.mock import patch

from harness import clocked
from places import KINDS
from workload import live, opened, read_orders, set_up

from sourcehere.services.audit import audit
from sourcehere.unit.tables import ALL_RECORDS

PER = 10_000
CHUNK = 1000
AIMS = {"set checks": 1.0, "replay": 5.0}


@contextmanager
def urled(kind, folder):
    """
    Yield the URL of an empty database.
    """
    if kind == "postgresql":
        from postgres_place import served  # noqa: PLC0415 - needs a server

        with served() as server:
            yield server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)
    else:
        yield {"sqlite": f"sqlite:///{folder / 'orders.db'}", "memory": "memory://"}[
            kind
        ]


def filled(url, folder, count):
    """
    Open *url* with so many orders that are delivered.
    """
    plan, snapshots = read_orders(folder, count)
    sh = opened(url, chunk=CHUNK)
    set_up(sh, plan)
    live(sh, snapshots, CHUNK)
    return sh


def read_everything(sh):
    """
    Read every row once.
    """

    def work(session):
        for records in ALL_RECORDS:
            table, after, rows = records.table, None, [()]
            while rows:
                rows = session.page(
                    table.primary,
                    (),
                    after=after,
                    until=None,
                    limit=500,
                    descending=False,
                )
                after = table.key_of(rows[-1]) if rows else after

    sh.storage.transact(work, read_only=True)


def measure(name, sh, given):
    """
    Print what the checks of so many orders take.
    """
    count, rounds = given.orders, given.rounds
    assert sh.audit.run(replay=True).is_clean
    times = {
        what: min(clocked(work) for _ in range(rounds)) * PER / count
        for what, work in (
            ("floor", lambda: read_everything(sh)),
            ("set checks", sh.audit.run),
            ("both", lambda: sh.audit.run(replay=True)),
        )
    }
    times["replay"] = times.pop("both") - times["set checks"]
    print(f"the audit of {PER:,} orders on {name}, of {count:,}:")
    for what, seconds in times.items():
        aim = f"  (aim: at most {AIMS[what]})" if what in AIMS else ""
        print(f"  {what:12}{seconds:9.2f} s CPU{aim}")
    if given.by_check:
        measure_checks(sh, rounds)


def measure_checks(sh, rounds):
    """
    Print what each check takes, the slowest first.
    """
    least = {}
    for _ in range(rounds):
        spent = Counter()
        with ExitStack() as stack:
            for name in ("_BEFORE", "_OF_ORDERS", "_AFTER", "_OF_PLATFORM"):
                checks = tuple(clocking(c, spent) for c in getattr(audit, name))
                stack.enter_context(patch.object(audit, name, checks))
            read = iterating(audit.order_batches, spent)
            stack.enter_context(patch.object(audit, "order_batches", read))
            sh.audit.run()
        for name, seconds in spent.items():
            least[name] = min(seconds, least.get(name, seconds))
    for name, seconds in sorted(least.items(), key=lambda one: -one[1]):
        print(f"  {name:24}{seconds:9.3f} s CPU")


def clocking(check, spent):
    """
    Return *check*, which notes how long it takes.
    """

    def run(*given):
        began = process_time()
        try:
            check(*given)
        finally:
            spent[check.__name__] += process_time() - began

    run.__name__ = check.__name__
    return run


def iterating(batches, spent):
    """
    Return *batches*, which note how long it takes to read each.
    """

    def run(scope):
        began = process_time()
        for batch in batches(scope):
            spent[batches.__name__] += process_time() - began
            yield batch
            began = process_time()

    return run


def peak():
    """
    Return the most memory that this process had so far, in MB.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    (most,) = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(most) / 1024


def measure_memory(url):
    """
    Audit *url* with a replay, and print by how many MB the process grew.
    """
    with opened(url, chunk=CHUNK) as sh:
        assert sh.audit.run(seller_id="nobody").checked
        before = peak()
        sh.audit.run()
        checked = peak()
        assert sh.audit.run(replay=True).is_clean
        print(f"{checked - before:.1f} {peak() - checked:.1f} {peak():.0f}")


def compare_memory(folder, counts):
    """
    Audit databases of different sizes, each in a process of its own.
    """
    for count in counts:
        url = f"sqlite:///{folder / f'{count}.db'}"
        filled(url, folder, count).close()
        told = subprocess.run(
            [sys.executable, __file__, "--memory-of", url],
            check=True,
            capture_output=True,
            text=True,
        )
        checks, replay, whole = told.stdout.split()
        print(
            f"peak memory at {count:,} orders on SQLite: the checks {checks} MB more,"
            f" a replay {replay} MB more, {whole} MB in all"
        )


def main():
    """
    Measure on each storage, then the memory itself.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=PER)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--on", nargs="+", choices=KINDS, default=["sqlite", "memory"])
    parser.add_argument("--memory-at", type=int, nargs="*", default=[2_000, 20_000])
    parser.add_argument("--by-check", action="store_true")
    parser.add_argument("--memory-of", default="")
    parser.add_argument("--checks-of", default="")
    given = parser.parse_args()
    if given.memory_of:
        measure_memory(given.memory_of)
        return
    if given.checks_of:
        with opened(given.checks_of, chunk=CHUNK) as sh:
            measure(given.on[0], sh, given)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in given.on:
            with urled(kind, folder) as url, filled(url, folder, given.orders) as sh:
                if kind == "memory":
                    measure(kind, sh, given)
                else:
                    sh.close()
                    again = [*sys.argv[1:], "--on", kind, "--checks-of", url]
                    subprocess.run([sys.executable, __file__, *again], check=True)
        compare_memory(folder, given.memory_at)


if __name__ == "__main__":
    main()
