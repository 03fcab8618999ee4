"""
Who goes on: one actor at a time, chosen by a seeded generator at each step.

Every actor is a thread, and only the one that was chosen runs. So the same seed makes
the same run, whatever the machine does.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from random import Random

import attrs

_STAYS = 0.3  # how likely an actor goes on by itself
_FREEZES = (
    0.0004  # how likely one is not run for a while, as a process on a busy machine
)
_FROZEN_MAX = 400  # steps
_OFTEN = (0.25, 1.0, 1.0, 4.0)


class KilledError(BaseException):
    """
    The process of an actor ends here, in the middle of whatever it does.
    """


@attrs.define(eq=False)
class Actor:
    """
    Something that does one thing after the other.

    Attributes:
        likely: How likely it is run when it is its turn.

        is_dead: Whether its process was killed, and it has not begun anew.

        wakes_at: The step before which it is not run.

        waits_for: Who holds what it waits for, if anybody.
    """

    name: str
    run: Callable[["Actor"], None]
    likely: float = 1.0
    is_dead: bool = False
    is_over: bool = False
    wakes_at: int = 0
    waits_for: "Actor | None" = None
    turn: threading.Lock = attrs.field(factory=threading.Lock)


class SimulatedClock:
    """
    A clock that moves a little at every step, and more when it is told to.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._here = threading.local()

    def now(self) -> datetime:
        """
        Return the present of the run.
        """
        found: datetime = getattr(self._here, "at", self.at)
        return found

    @contextmanager
    def standing_at(self, at: datetime) -> Iterator[None]:
        """
        Let it stand still for this thread: what is done inside began then.
        """
        self._here.at = at
        try:
            yield
        finally:
            del self._here.at

    def advance(self, step: timedelta) -> None:
        """
        Move forward by *step*.
        """
        self.at += step

    def seconds(self) -> float:
        """
        Return a stopwatch's seconds.
        """
        return self.at.timestamp()


class Scheduler:
    """
    Runs actors, one at a time.

    Attributes:
        random: Every choice of the run is drawn from it.

        steps: How many steps were taken.

        kills: How likely an actor's process ends at a step.
    """

    def __init__(self, seed: int, clock: SimulatedClock) -> None:
        self.random = Random(seed)  # noqa: S311 - it decides a run, and hides nothing
        self.clock = clock
        self._seed = seed
        self._often: dict[str, float] = {}
        self.steps = 0
        self.kills = 0.0
        self.kill_count = 0
        self._until = 0
        self._actors: list[Actor] = []
        self._running: Actor | None = None
        self._is_ending = False
        self._main = threading.Lock()
        self._main.acquire()
        self._failure: BaseException | None = None

    def add(self, name: str, run: Callable[[Actor], None], *, likely: float) -> None:
        """
        Add an actor, which calls *run* once and is over when it returns.
        """
        self._actors.append(Actor(name, run, likely))

    def often(self, what: str) -> float:
        """
        Return how often something is done in this run, beside what is usual: what is
        found only where one thing is rare and another one common has runs of its own.
        """
        if what not in self._often:
            drawn = Random(f"{self._seed} {what}")  # noqa: S311 - it hides nothing
            self._often[what] = drawn.choice(_OFTEN)
        return self._often[what]

    @property
    def actor(self) -> Actor | None:
        """
        Who runs now; None outside of a run.
        """
        return self._running

    def run(self, steps: int) -> None:
        """
        Run all actors for *steps* steps; then they are killed where they are.

        Raises:
            BaseException: What an actor failed with, if one did.
        """
        self._until = self.steps + steps
        for actor in self._actors:
            actor.turn.acquire()
            threading.Thread(
                target=self._live, args=(actor,), daemon=True, name=actor.name
            ).start()
        self._hand_on()
        self._main.acquire()  # until the last one is over
        self._running = None
        if self._failure is not None:
            raise self._failure

    def step(self) -> None:
        """
        Let time pass, and others do something; outside of a run, nothing happens.

        Raises:
            KilledError: If the actor's process ends here.
        """
        me = self._running
        if me is None:
            return
        if me.is_dead or self._is_ending:
            raise KilledError
        self.steps += 1
        draw = self.random.random
        self.clock.advance(timedelta(milliseconds=1 + int(draw() * 400)))
        if self.steps >= self._until:
            self._is_ending = True
            raise KilledError
        if draw() < self.kills:
            self.kill()
        if draw() < _FREEZES:
            me.wakes_at = self.steps + 1 + int(draw() * _FROZEN_MAX)
        elif draw() < _STAYS:
            return
        self._yield(me)

    def sleep(self, most: int) -> None:
        """
        Let the actor that runs not be run for up to *most* steps.
        """
        if self._running is not None:
            self._running.wakes_at = self.steps + int(self.random.random() * most)

    def kill(self) -> None:
        """
        End the process of the actor that runs.

        Raises:
            KilledError: Always.
        """
        assert self._running is not None
        self._running.is_dead = True
        self.kill_count += 1
        raise KilledError

    def revive(self, actor: Actor) -> bool:
        """
        Let an actor whose process ended go on in another; false if the run is over.
        """
        actor.is_dead = False
        return not self._is_ending

    def wait_for(self, owner: Actor) -> None:
        """
        Let the actor that runs wait until *owner* lets go of what it holds.
        """
        me = self._running
        assert me is not None
        me.waits_for = owner
        self._yield(me)

    def has_let_go(self, owner: Actor) -> None:
        """
        Let those go on who wait for *owner*.
        """
        for actor in self._actors:
            if actor.waits_for is owner:
                actor.waits_for = None

    def waits_in_a_circle(self, owner: Actor) -> bool:
        """
        Tell whether *owner* waits, by itself or by others, for the actor that runs.
        """
        seen: Actor | None = owner
        while seen is not None:
            if seen is self._running:
                return True
            seen = seen.waits_for
        return False

    def _yield(self, me: Actor) -> None:
        chosen = self._choose()
        if chosen is not me:
            self._running = chosen
            chosen.turn.release()
            me.turn.acquire()
        if me.is_dead or self._is_ending:
            raise KilledError

    def _choose(self) -> Actor:
        free = [a for a in self._actors if not a.is_over and a.waits_for is None]
        awake = [a for a in free if a.wakes_at <= self.steps]
        draw = self.random.random
        while awake:
            chosen = awake[int(draw() * len(awake))]
            if chosen.likely == 1 or draw() < chosen.likely:
                return chosen
        return min(free, key=lambda a: a.wakes_at)

    def _live(self, actor: Actor) -> None:
        actor.turn.acquire()
        try:
            with suppress(KilledError):  # the run is over
                actor.run(actor)
        except BaseException as error:  # noqa: BLE001 - told to whoever runs this
            self._failure = self._failure or error
            self._is_ending = True
        actor.is_over = True
        self.has_let_go(actor)
        self._hand_on()

    def _hand_on(self) -> None:
        """
        Let somebody else run, or end the run with the last one.
        """
        left = [a for a in self._actors if not a.is_over]
        if not left:
            self._main.release()
            return
        if self._is_ending:
            chosen = left[0]
            chosen.waits_for = None
        else:
            chosen = self._choose()
        self._running = chosen
        chosen.turn.release()
