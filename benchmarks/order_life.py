"""
The life of store orders, through the services, against floors written by hand.

    python benchmarks/order_life.py [--on sqlite|postgresql|memory]
        [--orders 2000] [--chunk 100] [--rounds 5]
    python benchmarks/order_life.py --import --orders 10000 --chunk 1000

Both start from the same parsed snapshots and end in the same rows, compared table by
table before anything is measured. CPU time of this process, interleaved, best of the
rounds; on PostgreSQL the server's own time is therefore in neither.
"""

import argparse
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

from floors import sqlite_rows
from harness import clocked, compare
from places import KINDS, open_place
from workload import FIRST_ID, counted_ids, live, read_orders

from sourcehere.testing.factories import dump
from sourcehere.unit.tables.effects import SENDS

# (where, orders a commit, whether only imported) -> at most so many times the floor.
AIMS = {
    ("memory", 100, False): 4,
    ("sqlite", 1000, True): 2,
    ("sqlite", 100, False): 2.5,
    ("sqlite", 1, False): 3,
    ("postgresql", 1000, True): 1.5,
    ("postgresql", 100, False): 2.5,
}


def require_same_rows(place, snapshots, chunk, *, only_import=False):
    """
    Run both sides once with the same ids, and hold every table against the other.
    """
    with place.ours() as sh, counted_ids(FIRST_ID):
        live(sh, snapshots, chunk, only_import=only_import)
        assert sh.audit.run(replay=True).is_clean
        ours = dump(sh.storage)
    run, rows = place.floor()
    run(snapshots, only_import=only_import)
    _require_equal(ours, rows())


def require_same_replay(place, snapshots, chunk):
    """
    Record what ours writes, write it again alone, and hold the tables together.
    """
    sh, recording = place.recorded()
    with sh, counted_ids(FIRST_ID):
        live(sh, snapshots, chunk)
        ours = dump(sh.storage)
    run, rows = place.replay(sqlite_rows.prepare(recording.transactions))
    run()
    _require_equal(ours, rows())


def _require_equal(ours, floor):
    ours["send"], floor["send"] = map(_without_durations, (ours["send"], floor["send"]))
    for name, kept in ours.items():
        different = [
            pair for pair in zip(kept, floor[name], strict=True) if pair[0] != pair[1]
        ]
        assert not different, (name, different[0])


def _without_durations(rows):
    place = SENDS.table.position["took"]
    return [(*row[:place], None, *row[place + 1 :]) for row in rows]


def recorded_rows(place, snapshots, chunk, *, only_import):
    """
    Return every row that ours writes, as texts and tuples.
    """
    sh, recording = place.recorded()
    with sh:
        live(sh, snapshots, chunk, only_import=only_import)
    return sqlite_rows.prepare(recording.transactions)


def asked_for(description, *, orders, **more):
    """
    Return what is asked for at the shell; *more* are further numbers, with what they
    are if nothing is said.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--on", default="sqlite", choices=KINDS)
    for name, number in {"orders": orders, "chunk": 100, "rounds": 5, **more}.items():
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--import", action="store_true", dest="only_import")
    return parser.parse_args()


@contextmanager
def prepared(given):
    """
    Prepare a place on which both sides can live, and the orders.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        plan, snapshots = read_orders(folder, given.orders)
        place = stack.enter_context(open_place(given.on, folder, plan, given.chunk))
        yield place, snapshots


def main():
    """
    Measure, and print the ratio.
    """
    given = asked_for(__doc__, orders=2000)
    with prepared(given) as (place, snapshots):
        require_same_rows(place, snapshots, given.chunk, only_import=given.only_import)
        measure(place, snapshots, given)


def sides(place, snapshots, given):
    """
    Return ours and the floor: each makes a run on a fresh copy when it is called.
    """

    def ours(_turn):
        sh = place.ours()

        def run():
            live(sh, snapshots, given.chunk, only_import=given.only_import)
            sh.close()

        return run

    def floor(_turn):
        run, _ = place.floor()
        return lambda: run(snapshots, only_import=given.only_import)

    return ours, floor


def measure(place, snapshots, given):
    """
    Compare round by round, each side on a fresh copy.
    """
    what = "importing orders" if given.only_import else "the life of orders"
    name = f"{what} on {place.name}, {given.chunk} a commit"
    sizes = {"count": given.orders, "rounds": given.rounds}
    aim = AIMS.get((given.on, given.chunk, given.only_import))
    compare(name, *sides(place, snapshots, given), at_most=aim, **sizes)
    if given.on == "sqlite":
        prepared = recorded_rows(
            place, snapshots, given.chunk, only_import=given.only_import
        )
        rows = sum(len(r) for t in prepared for _, r in t)
        print(f"  writing its {rows:,} rows alone, all prepared beforehand:")
        replay = min(clocked(place.replay(prepared)[0]) for _ in range(given.rounds))
        print(f"  {replay:15.4f} s CPU  {given.orders / replay:12,.0f} a second")


if __name__ == "__main__":
    main()
