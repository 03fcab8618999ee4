"""
Which tests are asked about a mutant, the most promising first.
"""

from collections import defaultdict

from making import Mutant

LONG = 0.5  # seconds: such a test is asked when all others had nothing to say
QUICK = 0.001  # seconds: no test counts as quicker


class Learned:
    """
    How long each test takes, and which run which lines. Tests are known by their place.

    Attributes:
        seconds: By test.

        by_line: (file below `src/sourcehere`, line) -> tests.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.by_line: dict[tuple[str, int], set[int]] = {}


class Choice:
    """
    Chooses tests, and learns from what they say.
    """

    def __init__(self, learned: Learned) -> None:
        self.seconds = learned.seconds
        self._by_line = learned.by_line
        self._killers: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._worth = _worth(learned)

    def of(self, mutant: Mutant, *, seconds: float) -> tuple[list[int], int]:
        """
        Return the tests to ask, and how many there would be.

        Those come first that killed a mutant of the same function. Behind them, as long
        as there is time, come those that in the shortest time run lines of its file
        which few others run: they tell apart what the plain case does not.
        """
        reach: set[int] = set()
        for line in mutant.lines:
            reach |= self._by_line.get((mutant.file, line), set())
        killers = self._killers[mutant.file, mutant.function]
        worth = self._worth[mutant.file]
        others = sorted(
            reach.difference(killers),
            key=lambda n: (
                self.seconds[n] > LONG,
                -worth[n] / (self.seconds[n] + QUICK),
            ),
        )
        chosen: list[int] = []
        for number in (*(n for n in killers if n in reach), *others):
            if not chosen or self.seconds[number] <= seconds:
                seconds -= self.seconds[number]
                chosen.append(number)
        return chosen, len(reach)

    def note(self, mutant: Mutant, *, killer: int) -> None:
        """
        Remember which test killed it.
        """
        killers = self._killers[mutant.file, mutant.function]
        if killer in killers:
            killers.remove(killer)
        killers.insert(0, killer)


def _worth(learned: Learned) -> dict[str, dict[int, float]]:
    """
    Share each line of a file out among the tests that run it; return the sums.
    """
    found: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for (file, _), tests in learned.by_line.items():
        for number in tests:
            found[file][number] += 1 / len(tests)
    return found
