"""
Draw a terminal with what the tutorial's commands say.

    python docs/draw_terminal.py           # write docs/terminal.svg
    python docs/draw_terminal.py --check   # fail when the picture is stale

The words are those of `docs/tutorial.md`, which `docs/retell.py` keeps as the command
says them now.
"""

import io
import sys
from pathlib import Path

from retell import CONSOLE, PAGE, steps_of
from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).parent / "terminal.svg"
LINES = 9  # of what one command says; the rest of a longer answer is left out
# The main path of a store order: how each command of it begins.
SHOWN = (
    "sourcehere sync",
    "sourcehere connections suggest",
    "sourcehere orders pay 1001",
    "sourcehere orders ship 1002",
    "sourcehere relay run",
    "sourcehere orders list",
    "sourcehere audit",
)


def picture() -> str:
    """
    Return the picture as it should be.
    """
    steps = [(command, _shortened(said)) for command, said in _steps()]
    lines = [line for _, said in steps for line in said.splitlines()]
    console = Console(
        record=True,
        width=max(len(line) for line in lines),
        file=io.StringIO(),
        force_terminal=True,
    )
    for command, said in steps:
        console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
        console.print(Text(f"{said}\n"))
    svg = console.export_svg(title="A store order, paid and sent", unique_id="sh")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def _shortened(said: str) -> str:
    lines = said.rstrip("\n").splitlines()
    if len(lines) > LINES:
        lines = [*lines[: LINES - 2], "...", lines[-1]]
    return "\n".join(lines)


def _steps() -> list[tuple[str, str]]:
    page = PAGE.read_text(encoding="utf-8")
    told = [step for block in CONSOLE.findall(page) for step in steps_of(block)]
    found = []
    for beginning in SHOWN:
        same = [step for step in told if step[0].startswith(beginning)]
        assert same, f"the tutorial has no command {beginning!r} any more"
        found.append(same[-1])
    return found


def main() -> int:
    """
    Write the picture, or say that it is stale.
    """
    new = picture()
    if "--check" not in sys.argv:
        PICTURE.write_text(new, encoding="utf-8")
        return 0
    if PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == new:
        return 0
    print("stale: docs/terminal.svg; run python docs/draw_terminal.py")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
