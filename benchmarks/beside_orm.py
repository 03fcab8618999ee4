"""
The life of orders beside the same written by hand with SQLAlchemy's ORM.

    python benchmarks/beside_orm.py [--on sqlite|postgresql] [--orders 500]
        [--chunk 1] [--rounds 3] [--round-trip MS]

500 orders of three lines, which the seller's lots serve: taken in, paid and allocated,
accepted, shipped, told to the shop, delivered. The other side keeps what a careful
engineer would, in 14 tables: money, lots, movements, events, an outbox. It has no
pairing by rules, quotes, promises, disputes or audit.

CPU time is this process's, so on PostgreSQL the server's is in neither; orders a second
are by the clock. In turns, the best of the rounds. Two orders live before them that are
not counted: what a process does once (the calendar of holidays is imported when the
first order is priced, statements are compiled, the collector of garbage looks at all
that was imported) is no part of an order. On PostgreSQL
some orders more pass a process in between, which counts round trips and statements;
with `--round-trip` all do, and it lets each answer come later.
"""

import argparse
import gc
import itertools
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from operator import itemgetter
from pathlib import Path

import psycopg
from peers.goods import GOODS, NOW, freight_of, lots_for, orders_of
from peers.network import wire
from peers.orm_life import OrmLife
from peers.our_life import OurLife
from postgres_place import served

from sourcehere import ManualClock

MONEY = 10**10
_COUNTED = 20
_FIRST = 2  # orders that live before anything is counted
STEPS = ("create", "pay", "accept", "ship", "tell", "deliver")


class SqliteFiles:
    """
    New files in a folder.
    """

    wire = None

    def __init__(self, folder):
        self._folder, self._numbers = folder, itertools.count()

    def url(self):
        """
        Return the URL of an empty database.
        """
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"


class PostgresDatabases:
    """
    New databases of a server, which is asked directly, or by a wire.
    """

    _numbers = itertools.count()

    def __init__(self, server, wire=None):
        self._server, self.wire = server, wire

    def url(self):
        """
        Return the URL of an empty database.
        """
        name = f"peer{next(self._numbers)}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        if self.wire is None:
            given = self._server.replace("/postgres?", f"/{name}?")
            return given.replace("postgresql://", "postgresql+psycopg://")
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.wire.port}/{name}"


@contextmanager
def databases(kind, round_trip):
    """
    Open somewhere to make databases, and somewhere where what passes is counted.
    """
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            yield SqliteFiles(Path(folder)), None
            return
        server = stack.enter_context(served())
        with psycopg.connect(server.get_uri()) as connection:
            found = connection.execute("SHOW unix_socket_directories").fetchone()
        socket = f"{found[0]}/.s.PGSQL.5432"
        behind = stack.enter_context(wire(socket, round_trip))
        counted = PostgresDatabases(server.get_uri(), behind)
        direct = PostgresDatabases(server.get_uri())
        yield (counted if round_trip else direct), counted


class Measured:
    """
    What each step took: CPU, time by the clock, round trips, statements.
    """

    def __init__(self, behind):
        self._behind = behind
        self.steps = {name: [0.0, 0.0, 0, 0] for name in STEPS}

    def run(self, name, step, *given):
        """
        Take a step, and note what it took.
        """
        before = self._now()
        done = step(*given)
        spent = self.steps[name]
        for place, (now, then) in enumerate(zip(self._now(), before, strict=True)):
            spent[place] += now - then
        return done

    def total(self, place):
        """
        Return the sum of all steps.
        """
        return sum(spent[place] for spent in self.steps.values())

    def _now(self):
        counts = self._behind.counts() if self._behind else (0, 0)
        return (time.process_time(), time.perf_counter(), *counts)


def live(life, snapshots, chunk, measured, tell):
    """
    Take all from the shop to delivery, so many a commit.
    """
    for start in range(0, len(snapshots), chunk):
        part = snapshots[start : start + chunk]
        numbers = [f"T{one.external_id}" for one in part]
        names = measured.run("create", life.create, part)
        measured.run("pay", life.pay, names)
        measured.run("accept", life.accept, names)
        measured.run("ship", life.ship, names, numbers)
        measured.run("tell", tell, chunk)
        measured.run("deliver", life.deliver, names)


def lived(life, snapshots, chunk, wire, tell):
    """
    Take all from the shop to delivery, and return what it took, but of the first few.
    """
    live(life, snapshots[:_FIRST], _FIRST, Measured(None), tell)
    gc.collect()
    measured = Measured(wire)
    live(life, snapshots[_FIRST:], chunk, measured, tell)
    return measured


def ours(place, snapshots, chunk):
    """
    Measure this library.
    """
    life = OurLife(place.url(), chunk)
    life.fill(GOODS, lots_for(len(snapshots)), MONEY)
    measured = lived(life, snapshots, chunk, place.wire, life.tell)
    found = life.ended()
    life.sh.close()
    return measured, found


def theirs(place, snapshots, chunk):
    """
    Measure the other.
    """
    life = OrmLife(place.url(), ManualClock(NOW), freight_of)
    life.fill(GOODS, lots_for(len(snapshots)), MONEY)
    tell = partial(life.tell, push=itemgetter("number"))
    measured = lived(life, snapshots, chunk, place.wire, tell)
    found = life.ended()
    life.close()
    return measured, found


def main():
    """
    Measure in turns, and print both.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--chunk", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--round-trip", type=float, default=0, help="milliseconds")
    given = parser.parse_args()
    snapshots = orders_of(_FIRST + given.orders)
    sides = {"ours": ours, "by hand": theirs}
    best = {}
    with databases(given.on, given.round_trip / 1000) as (place, counting):
        for _ in range(given.rounds):
            ended = set()
            for name, side in sides.items():
                measured, found = side(place, snapshots, given.chunk)
                ended.add(found)
                kept = best.setdefault(name, [measured, measured])
                for which in (0, 1):
                    kept[which] = min(kept[which], measured, key=_by(which))
            if len(ended) != 1:
                sys.exit(f"they ended differently: {ended}")
        some = snapshots[: _FIRST + max(2 * given.chunk, _COUNTED)]
        passed = {
            name: side(counting, some, given.chunk)[0] if counting else None
            for name, side in sides.items()
        }
    show(best, passed, len(some) - _FIRST, given)


def _by(place):
    return lambda measured: measured.total(place)


def show(best, passed, some, given):
    """
    Print what each side took of an order, and of each step.
    """
    print(f"{given.orders} orders on {given.on}, {given.chunk} a commit:")
    count = given.orders
    for name, (cpu, clock) in best.items():
        print(
            f"  {name:8}{cpu.total(0) / count * 1000:8.2f} ms CPU an order"
            f"{count / clock.total(1):8.0f} orders/s"
        )
    mine, other = best["ours"], best["by hand"]
    print(
        f"  CPU: 1/{other[0].total(0) / mine[0].total(0):.2f};"
        f" orders a second: {other[1].total(1) / mine[1].total(1):.2f}x"
    )
    print("  an order, by step, ours and by hand: ms CPU (round trips, statements)")
    for step in STEPS:
        sides = [
            f"{best[name][0].steps[step][0] / count * 1000:8.2f}"
            f"{_passed(passed[name], step, some)}"
            for name in best
        ]
        print(f"  {step:10}{''.join(f'{side:>26}' for side in sides)}")


def _passed(measured, step, count):
    if measured is None:
        return ""
    _, _, trips, statements = measured.steps[step]
    return f" ({trips / count:.2f}, {statements / count:.2f})"


if __name__ == "__main__":
    main()
