"""
Change the library a little at a time, and list the changes that no test notices:
`python tests/mutants/mutate.py [PACKAGE | FILE ...]`.

`survivors.txt` names those that may live, each below its reason.
"""

import argparse
import math
import random
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from asking import ask
from making import SOURCES, Mutant, mutants_of

PACKAGES = (
    *("domain/orders", "domain/warehouse", "domain/wallet"),
    *("services/paying", "services/refunds"),
)
EXPLAINED = Path(__file__).with_name("survivors.txt")
SHORT = 3  # seconds


def explained() -> dict[str, str]:
    """
    Return the reason of each mutant that may live, by its text.
    """
    reasons: dict[str, str] = {}
    reason, text = "", ""
    for line in [*EXPLAINED.read_text("utf-8").splitlines(), ""]:
        if text and line[:1] not in {"-", "+"}:
            reasons[text] = reason
            text = ""
        if line.startswith("#"):
            reason = line.removeprefix("#").strip()
        elif line:
            text = f"{text}\n{line}" if text else line
    return reasons


class Report:
    """
    Counts what the tests say, and prints whatever lives without a reason.
    """

    def __init__(self) -> None:
        self._reasons = explained()
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._alive: set[str] = set()
        self._files: set[str] = set()
        self._began = 0.0

    def is_explained(self, mutant: Mutant) -> bool:
        """
        Tell whether it has a reason to live.
        """
        return str(mutant) in self._reasons

    def note(self, mutant: Mutant, said: str) -> None:
        """
        Count one mutant.
        """
        self._began = self._began or time.monotonic()
        words, text = said.partition(" ")[0], str(mutant)
        self._files.add(str(mutant.file))
        outcome = "killed"
        if words in {"survived", "unreached", "broken"}:
            self._alive.add(text)
            outcome = "explained" if self.is_explained(mutant) else "unexplained"
        if outcome == "unexplained":
            print(f"{text}\n  {said}", flush=True)
        self._counts[str(Path(mutant.file).parent)][outcome] += 1

    def close(self, *, is_all: bool) -> int:
        """
        Print the table; return how many mutants live without a reason, or have a reason
        and do not live.

        Args:
            is_all: Whether all mutants of these packages were asked about.
        """
        gone = [
            text
            for text in self._reasons
            if is_all and text not in self._alive and self._is_asked_about(text)
        ]
        for text in gone:
            print(f"{text}\n  has a reason, and does not live")
        print("| package | mutants | killed | explained | unexplained | rate |")
        print("|---|---|---|---|---|---|")
        total = sum(self._counts.values(), Counter[str]())
        for name, counts in {**self._counts, "all": total}.items():
            print(_row(name, counts))
        minutes = (time.monotonic() - self._began) / 60
        killed, number = total["killed"], total.total()
        low, high = _interval(killed, number)
        print(f"{number / minutes:.0f} a minute")
        if not is_all:
            print(f"of all, {low:.1%} to {high:.1%} are killed (19 times of 20)")
        return total["unexplained"] + len(gone)

    def _is_asked_about(self, text: str) -> bool:
        return text.split()[1] in self._files


def _row(name: str, counts: Counter[str]) -> str:
    number = counts.total()
    parts = [str(counts[word]) for word in ("killed", "explained", "unexplained")]
    rate = f"{counts['killed'] / number:.1%}"
    return f"| {' | '.join([name, str(number), *parts, rate])} |"


def _interval(killed: int, number: int) -> tuple[float, float]:
    """
    Return between which rates that of all mutants is, by Wilson, at 95 %.
    """
    z = 1.96
    rate, whole = killed / number, 1 + z * z / number
    middle = rate + z * z / (2 * number)
    off = z * math.sqrt(rate * (1 - rate) / number + (z / (2 * number)) ** 2)
    return (middle - off) / whole, (middle + off) / whole


def _files_of(path: Path) -> list[Path]:
    return [path] if path.suffix == ".py" else sorted(path.glob("*.py"))


def main() -> int:
    """
    Ask about the mutants of some packages or files, or of those that have to stand the
    test.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    parser.add_argument("--seconds", type=float, default=90, help="of tests, a mutant")
    parser.add_argument("--sample", type=int, help="so many at random, not all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    options = parser.parse_args()
    mutants = [
        mutant
        for package in options.packages
        for path in _files_of(SOURCES / package)
        for mutant in mutants_of(path)
    ]
    if options.sample:
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    report = Report()
    failed = ask(
        mutants,
        # Who may live is not asked about for long.
        seconds=lambda m: SHORT if report.is_explained(m) else options.seconds,
        answer=report.note,
    )
    return failed or min(report.close(is_all=not options.sample), 1)


if __name__ == "__main__":
    sys.exit(main())
