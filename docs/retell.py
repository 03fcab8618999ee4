"""
Run what the tutorial types, and write down what the command said.

    python docs/retell.py           # write the outputs into docs/tutorial.md
    python docs/retell.py --check   # fail where the command says something else now

Ids and times differ at every run: an id of the page stands for the id that took its
place in this run, and times are not compared. Days of arrival are, so every run is on
the same day: the clock goes on from then.
"""

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from sourcehere.cli import main as sourcehere
from sourcehere.domain.kernel.clock import SystemClock

DAY = datetime(2026, 11, 24, 15, 40, tzinfo=UTC)  # a Tuesday
PAGE = Path(__file__).parent / "tutorial.md"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FILE = re.compile(r'```\w+ title="([^"]+)"\n(.*?)```', re.DOTALL)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def steps_of(block: str) -> list[tuple[str, str]]:
    """
    Part a console block into (command, what the page says it answers).
    """
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


class Telling:
    """
    One run of the tutorial in an empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ids: dict[str, str] = {}
        self._began = datetime.now(UTC)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SOURCEHERE")}
        self._environment = {**kept, "NO_COLOR": "1"}

    def run(self, command: str) -> str:
        """
        Return what the command says, ids of the page put in as they are in this run.
        """
        typed = ID.sub(lambda found: self._ids.get(found[0], found[0]), command)
        words = shlex.split(typed)
        own = words[0] == "sourcehere"
        code, said = self._here(words[1:]) if own else self._in_a_shell(typed)
        assert code == 0, f"$ {command}\n{said}"
        return said if not said or said.endswith("\n") else f"{said}\n"

    def _here(self, words: list[str]) -> tuple[int, str]:
        # In this process: forty starts of the command would take half a minute.
        out, err = io.StringIO(), io.StringIO()
        with (
            chdir(self._folder),
            patch.dict(os.environ, self._environment, clear=True),
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(SystemClock, "now", self._now),
        ):
            code = sourcehere(words)
        return code, out.getvalue() + err.getvalue()

    def _now(self) -> datetime:
        return DAY + (datetime.now(UTC) - self._began)

    def _in_a_shell(self, command: str) -> tuple[int, str]:
        done = subprocess.run(  # noqa: S602 - the page is ours
            command,
            shell=True,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def in_the_page_s_words(self, said: str, page: str) -> str:
        """
        Return *said* with the page's ids and times, where only these differ.
        """
        for new, old in zip(ID.findall(said), ID.findall(page), strict=False):
            self._ids.setdefault(old, new)
        known = {new: old for old, new in self._ids.items()}
        told = ID.sub(lambda found: known.get(found[0], found[0]), said)
        times = iter(TIME.findall(page))
        return TIME.sub(lambda found: next(times, found[0]), told)


def retell(text: str) -> str:
    """
    Return the page with what the command says now.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in FILE.findall(text):
            (folder / file).write_text(content, encoding="utf-8")
        telling = Telling(folder)

        def told(found: re.Match[str]) -> str:
            lines = []
            for command, page in steps_of(found[1]):
                said = telling.in_the_page_s_words(telling.run(command), page)
                lines.append(f"$ {command}\n{said}")
            return f"```console\n{''.join(lines)}```"

        return CONSOLE.sub(told, text)


def main() -> int:
    """
    Write the page, or say where it is stale.
    """
    old = PAGE.read_text(encoding="utf-8")
    new = retell(old)
    if "--check" not in sys.argv:
        PAGE.write_text(new, encoding="utf-8")
        return 0
    for before, after in zip(old.splitlines(), new.splitlines(), strict=False):
        if before != after:
            print(f"docs/tutorial.md says:\n{before}\nthe command says:\n{after}")
            break
    return 0 if old == new else 1


if __name__ == "__main__":
    raise SystemExit(main())
