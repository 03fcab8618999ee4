"""
Interleaved rounds, CPU time, the best of each side.
"""

import gc
import os
import re
import subprocess
import sys
import time

_COUNTED = re.compile(r"^==\d+== I +refs: +([\d,]+)$", re.MULTILINE)


def clocked(work):
    """
    Return the CPU seconds of this process that *work* takes.
    """
    gc.collect()
    gc.disable()
    begin = time.process_time()
    work()
    spent = time.process_time() - begin
    gc.enable()
    return spent


def compare(name, ours, floor, *, count, rounds=5, at_most=None):
    """
    Run both in turn, and print the best of each, the ratio and items per second.

    Args:
        ours, floor: Called with the round's number; set-up goes into what they return,
            a function that is measured.
    """
    mine, theirs = [], []
    for turn in range(rounds):
        mine.append(clocked(ours(turn)))
        theirs.append(clocked(floor(turn)))
    best, least = min(mine), min(theirs)
    ratio = best / least
    aim = "" if at_most is None else f"  (aim: at most {at_most})"
    print(f"{name}: {ratio:.2f}{aim}")
    print(f"  ours  {best:9.4f} s CPU  {count / best:12,.0f} a second")
    print(f"  floor {least:9.4f} s CPU  {count / least:12,.0f} a second")
    return ratio


def instructions_of(*run, environment=os.environ):
    """
    Return the instructions of a Python that is given *run*, under cachegrind.
    """
    done = subprocess.run(
        [
            *("valgrind", "--tool=cachegrind", "--cache-sim=no"),
            *("--cachegrind-out-file=/dev/null", sys.executable, *run),
        ],
        check=True,
        env=environment | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )
    (found,) = _COUNTED.findall(done.stderr)
    return int(found.replace(",", ""))
