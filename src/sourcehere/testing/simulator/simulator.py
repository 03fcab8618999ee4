"""
A run: everybody does what they like on one storage, everything fails now and then, and
in the end all is as it must be.

The same seed makes the same run, on every storage.
"""

import hashlib
from collections.abc import Mapping

from ...app import compose
from ...domain.kernel.clock import stopwatch
from ...domain.kernel.values import frozen
from ...ports.storage import Storage
from ..rows import dump
from .cast import cast_of
from .checks import check
from .settling import settle
from .world import Faults, World, usual_faults
from .wrong import WrongError


class SimulationError(AssertionError):
    """
    A run in which something was not as it must be.

    Attributes:
        seed, steps: How to make the same run again: that seed, at least those steps.
    """

    def __init__(self, *, seed: int, steps: int, words: str) -> None:
        super().__init__(f"seed {seed}, step {steps}: {words}")
        self.seed = seed
        self.steps = steps


@frozen(kw_only=True)
class Simulated:
    """
    What happened in a run.

    Attributes:
        digest: Of every row that was stored: the same for the same seed and steps.

        done: Command -> how often it was done.

        happened: Faults, waits and kills -> how often.

        seconds: How long it took, without the checks at its end.
    """

    seed: int
    steps: int
    digest: str
    done: Mapping[str, int]
    happened: Mapping[str, int]
    seconds: float


def simulate(
    storage: Storage, *, seed: int, steps: int, faults: Faults | None = None
) -> Simulated:
    """
    Make a run on an empty *storage*, and hold at its end that all is as it must be.

    Args:
        seed: What decides everything that happens.

        steps: How many times it is decided who goes on: at every transaction, read and
            call to a shop or a gateway.

        faults: How likely everything fails; as usual if not given.

    Raises:
        SimulationError: If anything is not as it must be.
    """
    began = stopwatch()
    world = World(storage, seed, usual_faults() if faults is None else faults)
    people = cast_of(world)
    try:
        world.scheduler.kills = world.faults.kills
        world.scheduler.run(steps)
        seconds = stopwatch() - began
        settle(world, people)
        check(world)
    except Exception as error:
        is_told = isinstance(error, WrongError)
        words = str(error) if is_told else f"{type(error).__name__}: {error}"
        raise SimulationError(
            seed=seed, steps=world.scheduler.steps, words=words
        ) from error
    happened = {
        **world.storage.counts,
        "kills": world.scheduler.kill_count,
        "refusals": world.refusals,
        "unsure": world.unsure,
    }
    return Simulated(
        seed=seed,
        steps=world.scheduler.steps,
        digest=digest_of(storage),
        done=dict(sorted(world.done.items())),
        happened=happened,
        seconds=seconds,
    )


def simulate_at(
    url: str = "memory://", *, seed: int, steps: int, faults: Faults | None = None
) -> Simulated:
    """
    Make a run on the empty database at *url*, as `simulate` does on a storage.

    Raises:
        SimulationError: If anything is not as it must be.
    """
    with compose(url) as app:
        return simulate(app.storage, seed=seed, steps=steps, faults=faults)


def digest_of(storage: Storage) -> str:
    """
    Return a digest of every row.
    """
    made = hashlib.sha256()
    for name, rows in sorted(dump(storage).items()):
        for row in sorted(rows, key=repr):
            made.update(f"{name}{row!r}\n".encode("utf-8", "surrogatepass"))
    return made.hexdigest()[:16]
