"""
Bugs to plant in a copy of the sources, each of a kind that was seen somewhere, and the
runs that have to find them: `python tests/simulator/planted_bugs.py [NAME ...]`.

`planted_bugs.txt` names each, the files below `src/sourcehere` that it changes, the
lines that stand there once, and those that take their place.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "src" / "sourcehere"
SECONDS = 60

Change = tuple[str, str, str]


def planted() -> dict[str, list[Change]]:
    """
    Return every bug: name -> the changes that make it.
    """
    bugs: dict[str, list[Change]] = {}
    changes: list[Change] = []
    for line in (HERE / "planted_bugs.txt").read_text().splitlines():
        mark, text = line[:1], line[1:]
        if mark == "#":
            changes = bugs.setdefault(text.strip(), [])
        elif mark == "@":
            changes.append((text.strip(), "", ""))
        elif mark in {"-", "+"}:
            name, old, new = changes.pop()
            old, new = (
                (f"{old}{text}\n", new) if mark == "-" else (old, f"{new}{text}\n")
            )
            changes.append((name, old, new))
    return bugs


def plant(changes: list[Change], into: Path) -> None:
    """
    Copy the sources below *into*, with *changes* made.
    """
    root = into / "sourcehere"
    shutil.copytree(SOURCES, root, ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in changes:
        text = (root / name).read_text()
        assert text.count(old) == 1, (name, old)
        (root / name).write_text(text.replace(old, new))


def hunt(changes: list[Change], *, seconds: int = SECONDS) -> tuple[float, str]:
    """
    Run the simulator with *changes* made; return how long it took to fail, and how.

    The words are empty if it did not within the time.
    """
    with tempfile.TemporaryDirectory() as folder:
        plant(changes, Path(folder))
        began = time.monotonic()
        run = subprocess.run(
            [
                *(sys.executable, "-m", "sourcehere.testing.simulator"),
                *("--steps", "40000", "--seconds", str(seconds)),
            ],
            env={**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        took = time.monotonic() - began
    if run.returncode == 0:
        return took, ""
    return took, (run.stdout + run.stderr).strip().splitlines()[-1]


def main() -> int:
    """
    Hunt for every bug, or those named; print a table, and fail if one is not found.
    """
    bugs = planted()
    wanted = {name: bugs[name] for name in sys.argv[1:] or bugs}
    print("| planted | found after | by |\n|---|---|---|", flush=True)
    missed = 0
    with ThreadPoolExecutor(2) as pool:
        hunts = {name: pool.submit(hunt, changes) for name, changes in wanted.items()}
        for name, hunted in hunts.items():
            took, words = hunted.result()
            missed += not words
            how = words.replace("|", "/")[:110] or "NOT FOUND"
            print(f"| {name} | {took:.0f} s | {how} |", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
