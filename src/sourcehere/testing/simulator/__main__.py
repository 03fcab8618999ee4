"""
`python -m sourcehere.testing.simulator`: runs with one seed after the other.
"""

import argparse
import json
import sys
from collections import Counter

import attrs

from ...domain.kernel.clock import stopwatch
from .simulator import SimulationError, simulate_at


def main() -> int:
    """
    Make runs until all are made, or the time is over; stop at the first that fails.
    """
    given = _arguments()
    until = stopwatch() + given.seconds if given.seconds else float("inf")
    runs = given.runs if given.runs or given.seconds else 1
    made, steps, done = 0, 0, Counter[str]()
    while (not runs or made < runs) and stopwatch() < until:
        seed = given.seed + made
        try:
            url = given.on.format(seed=seed)
            run = simulate_at(url, seed=seed, steps=given.steps)
        except SimulationError as error:
            _say(json.dumps({"failed": str(error)}) if given.json else str(error))
            return 1
        made, steps = made + 1, steps + run.steps
        done.update({**run.done, **run.happened})
        if given.json:
            _say(json.dumps(attrs.asdict(run)))
        elif sys.stderr.isatty():
            sys.stderr.write(f"\r{made} runs, {steps} steps")
    if not given.json:
        listed = ", ".join(f"{name} {count}" for name, count in sorted(done.items()))
        _say(f"{made} runs, {steps} steps: all as it must be ({listed})")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sourcehere.testing.simulator",
        description="Sellers, shops, clerks, carriers, gateways and workers do what"
        " they like, everything fails now and then, and in the end all is as it must"
        " be.",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    parser.add_argument("--steps", type=int, default=20_000, help="of each run")
    parser.add_argument("--runs", type=int, default=0, help="how many; one")
    parser.add_argument("--seconds", type=float, default=0, help="how long at most")
    parser.add_argument(
        "--on",
        default="memory://",
        help="an empty database for each run, such as sqlite:////tmp/{seed}.db",
    )
    parser.add_argument("--json", action="store_true", help="a line of JSON for each")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
