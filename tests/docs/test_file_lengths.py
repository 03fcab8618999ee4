"""
A file holds one idea, which four hundred lines are enough for.
"""

from pathlib import Path

import sourcehere

ROOT = Path(sourcehere.__file__).parents[2]
LINES_MAX = 400
FOLDERS = ("src", "plugins/*/src", "examples", "benchmarks")


def test_no_file_is_longer_than_can_be_read():
    """
    Code that people write stays within 400 lines a file; migrations are generated.
    """
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
        for root in ROOT.glob(folder)
        for path in root.rglob("*.py")
        if path.parts[-3:-1] != ("migrations", "versions")
    }

    assert len(lengths) > 300
    assert {} == {path: n for path, n in lengths.items() if n > LINES_MAX}
