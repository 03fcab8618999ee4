"""
What the life of orders is made of: the CPU time of each function, beside the floor's.

    python benchmarks/functions.py [--on sqlite|postgresql|memory]
        [--orders 1000] [--chunk 100] [--rounds 5] [--top 25]
    python benchmarks/functions.py --import --chunk 1000 --orders 4000

Calls are counted by cProfile, and timed by the CPU clock of the thread. What the
profiler itself takes is measured on an empty function, and taken off both sides of
each call. The rest is scaled to the CPU time of the process without a profiler, so that
the groups add up to it, and the last column to the ratio that `order_life.py` prints.

A function's own time includes what it calls that is written in C: JSON, SQLite, dicts.
"""

import cProfile
import pstats
import re
import time
from collections import Counter

from harness import clocked
from order_life import asked_for, prepared, sides
from work_groups import GROUPS, OTHERS, THREADS, group_of

_GENERATED = re.compile(r"<attrs generated methods ([\w.]+)\.(\w+)>")
_AFTER = ("/src/", "/site-packages/", "/benchmarks/", "/lib/python3.11/")
_EMPTY_CALLS = 200_000


class Costs:
    """
    Calls and CPU seconds of each function, added over rounds.
    """

    def __init__(self, toll):
        self._toll = toll
        self.calls, self.seconds = Counter(), Counter()
        self.plain, self.threads = [], []

    def add(self, run, profiled):
        """
        Run once without a profiler and once with it.
        """
        before = time.thread_time()
        whole = clocked(run)
        self.plain.append(whole)
        self.threads.append(max(whole - (time.thread_time() - before), 0))
        profile = cProfile.Profile(time.thread_time, builtins=False)
        clocked(lambda: profile.runcall(profiled))
        self._take(pstats.Stats(profile).stats)

    def _take(self, stats):
        made = Counter()
        for _, _, _, _, callers in stats.values():
            for caller, (calls, *_) in callers.items():
                made[caller] += calls
        for function, (_, calls, own, _, _) in stats.items():
            self.calls[function] += calls
            taken = self._toll * (calls + made[function]) / 2
            self.seconds[function] += max(own - taken, 0)

    def each(self, count):
        """
        Return (function, calls an item, microseconds an item), dearest first.
        """
        best = self.plain.index(min(self.plain))
        whole, threads = self.plain[best], min(self.threads)
        scale = (whole - threads) / self.seconds.total() / count * 1e6
        runs = len(self.plain) * count
        found = [
            (named(function), self.calls[function] / runs, seconds * scale)
            for function, seconds in self.seconds.most_common()
        ]
        return [*found, ((THREADS, ""), 0, threads / count * 1e6)]


def toll():
    """
    Return the seconds that the profiler adds to one call.
    """

    def empty():
        pass

    def calls():
        for _ in range(_EMPTY_CALLS):
            empty()

    profile = cProfile.Profile(time.thread_time, builtins=False)
    profiled = min(clocked(lambda: profile.runcall(calls)) for _ in range(3))
    return (profiled - min(clocked(calls) for _ in range(3))) / _EMPTY_CALLS


def named(function):
    """
    Return (path, name) of a function, the path as it is imported.
    """
    path, line, name = function
    generated = _GENERATED.fullmatch(path)
    if generated:
        home, made = generated.groups()
        return f"attrs/{home.replace('.', '/')}.py", f"{made}.{name}"
    for mark in _AFTER:
        _, found, rest = path.rpartition(mark)
        if found:
            return rest, f"{name} (line {line})" if name[0] == "<" else name
    return path, name


def print_groups(ours, floor, ratio_of):
    """
    Print what each group of functions takes, with the floor's, in the order of
    `GROUPS`; *ratio_of* is what the whole floor takes.
    """
    print("| what | calls | µs | floor µs | of the floor |")
    print("|---|---|---|---|---|")
    sums = [Counter(), Counter(), Counter()]
    for (path, name), calls, micros in ours:
        group = group_of(path, name)
        sums[0][group] += calls
        sums[1][group] += micros
    for (path, name), _, micros in floor:
        sums[2][group_of(path, name)] += micros
    for group in (*(name for name, _ in GROUPS), OTHERS, THREADS):
        if any(one[group] for one in sums):
            _print_row(group, *(one[group] for one in sums), ratio_of)
    _print_row("all", *(one.total() for one in sums), ratio_of)


def _print_row(what, calls, micros, floor, ratio_of):
    share = f"{micros / ratio_of:.2f}"
    print(f"| {what} | {calls:,.0f} | {micros:,.0f} | {floor:,.0f} | {share} |")


def print_functions(costs, top):
    """
    Print the dearest functions, and the rest as one.
    """
    print("\n| function | calls | µs | of all |")
    print("|---|---|---|---|")
    whole = sum(micros for _, _, micros in costs)
    for (path, name), calls, micros in costs[:top]:
        share = f"{micros / whole:.1%}"
        print(f"| `{path}` `{name}` | {calls:,.1f} | {micros:,.1f} | {share} |")
    rest = costs[top:]
    micros = sum(micros for _, _, micros in rest)
    calls = sum(calls for _, calls, _ in rest)
    words = f"the other {len(rest):,}"
    print(f"| {words} | {calls:,.1f} | {micros:,.1f} | {micros / whole:.1%} |\n")


def main():
    """
    Run both sides, and print both tables.
    """
    given = asked_for(__doc__, orders=1000, top=25)
    with prepared(given) as (place, snapshots):
        costs = [Costs(toll()), Costs(toll())]
        both = sides(place, snapshots, given)
        for turn in range(-1, given.rounds):
            for side, cost in zip(both, costs, strict=True):
                if turn < 0:  # what is made when it is first used
                    side(turn)()
                else:
                    cost.add(side(turn), side(turn))
    ours, floor = (cost.each(given.orders) for cost in costs)
    whole = sum(micros for _, _, micros in floor)
    print_groups(ours, floor, whole)
    print_functions(ours, given.top)
    print("The floor:")
    print_functions(floor, 10)


if __name__ == "__main__":
    main()
