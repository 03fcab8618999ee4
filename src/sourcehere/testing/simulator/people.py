"""
Somebody who does one thing after the other, in a process that may end at any step.

What they mean to do they write down first, with its command id. Where they are not told
what became of it they ask again, in another process if need be, until they are told.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from ...app import App
from ...domain.kernel.errors import (
    ConflictError,
    CounterpartyError,
    SourceHereError,
)
from .scheduler import Actor, KilledError
from .world import World
from .wrong import WrongError

_ASKS_AGAIN = 0.05  # how likely something is asked again that was answered
_UNSURE = (CounterpartyError, ConflictError)
Act = Callable[[], None]


def _ignored(_: object) -> None:
    """
    Do nothing about it.
    """


@attrs.define
class Intent:
    """
    Something that somebody means to do, once.

    Attributes:
        call: Asks for it; asked again, it is the same command.

        answered: Told the answer, once.
    """

    name: str
    call: Callable[[App], object]
    answered: Callable[[Any], None] = _ignored


class Person:
    """
    Does what they like, of what they may.

    Attributes:
        likely: How likely they go on when it is their turn.
    """

    likely = 1.0

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.pending: Intent | None = None
        self._commands = 0
        self._app: App | None = None

    @property
    def app(self) -> App:
        """
        The library, in the process that this person works with now.
        """
        assert self._app is not None
        return self._app

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do, and how often beside one another.
        """
        raise NotImplementedError

    def begin(self) -> None:
        """
        Do what a new process does first.
        """

    def live(self, actor: Actor) -> None:
        """
        Go on and on; whenever the process is killed, in another one.
        """
        with self.world.determined():
            while True:
                try:
                    self._app = self.world.process()
                    self.begin()
                    while True:
                        self.turn()
                except KilledError:
                    if not self.world.scheduler.revive(actor):
                        raise

    def turn(self) -> None:
        """
        Do one thing.
        """
        self.world.scheduler.step()
        if self.pending is not None:
            self.finish(self.app)
            return
        acts = self.acts()
        often = self.world.scheduler.often
        weights = [weight * often(act.__qualname__) for weight, act in acts]
        act = acts[self.draw(weights)][1]
        try:
            act()
        except SourceHereError:
            self.world.refusals += 1

    def draw(self, weights: Sequence[float]) -> int:
        """
        Choose a place, the likelier the greater its weight.
        """
        left = self.world.random.random() * sum(weights)
        for place, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return place
        return len(weights) - 1

    def chance(self, likely: float) -> bool:
        """
        Draw whether something that is so *likely* happens.
        """
        return self.world.random.random() < likely

    def number(self, least: int, most: int) -> int:
        """
        Draw a number.
        """
        return least + int(self.world.random.random() * (most - least + 1))

    def one(self, things: Sequence[Any]) -> Any:
        """
        Draw one of *things*; None if there are none.
        """
        return things[self.number(0, len(things) - 1)] if things else None

    def new_name(self) -> str:
        """
        Make a command id, or another name that nobody else has.
        """
        self._commands += 1
        return f"{self.name}-{self._commands}"

    def command(
        self,
        name: str,
        call: Callable[[App, str], object],
        answered: Callable[[Any], None] = _ignored,
        *,
        under: str = "",
    ) -> None:
        """
        Mean to give a command, and try it: *call* is told its id.

        Args:
            under: Its id, where it is another thing's name too.
        """
        command_id = under or self.new_name()
        self.do(Intent(name, lambda app: call(app, command_id), answered))

    def do(self, intent: Intent) -> None:
        """
        Write down what is meant to be done, and try it.
        """
        self.pending = intent
        self.finish(self.app)

    def finish(self, app: App) -> None:
        """
        Try what is written down.

        Raises:
            WrongError: If it is answered otherwise when it is asked again.
        """
        intent = self.pending
        assert intent is not None
        world = self.world
        try:
            answer = intent.call(app)
        except _UNSURE:
            world.unsure += 1
            return
        except SourceHereError:
            self.pending = None
            world.refusals += 1
            return
        failed = getattr(answer, "failed", {})
        if any(isinstance(error, _UNSURE) for error in failed.values()):
            world.unsure += 1
            return
        self.pending = None
        intent.answered(answer)
        world.done[intent.name] += 1
        if not failed and self.chance(_ASKS_AGAIN):
            self._ask_again(intent, answer)

    def _ask_again(self, intent: Intent, answer: object) -> None:
        try:
            again = intent.call(self.app)
        except _UNSURE:
            return
        except SourceHereError as error:
            told = f"{intent.name} was done, and refused when asked again: {error}"
            raise WrongError(told) from error
        if getattr(again, "failed", None):
            return
        if again != answer:
            told = f"{intent.name}: first {answer}, then {again}"
            raise WrongError(told)
