"""
Killed at any moment and started again, the demo carries on to the same report.
"""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from slices import write_slice
from test_story import told, told_in_memory

CHILD = Path(__file__).with_name("kill_child.py")
SEED = 20101201
# `nox -s torture` kills more often.
POINTS = int(os.environ.get("SOURCEHERE_KILLS", "4"))


def points():
    """
    Return seeded points, spread over the story; the last is after an append.
    """
    seeded = random.Random(SEED)
    commits = [
        f"{seeded.randint(1, 12)}:{seeded.choice(['before', 'after'])}"
        for _ in range(POINTS - 2)
    ]
    half = len(commits) // 2
    return [*commits[:half], "1:append", *commits[half:], "2:append"]


def children(url, path, out):
    return subprocess.run(
        [sys.executable, str(CHILD), url, str(path), str(out), " ".join(points())],
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("rows", [240, pytest.param(400, marks=pytest.mark.long)])
def test_kills_change_nothing(database_url, tmp_path, rows):
    """
    After SIGKILL at every seeded point the report and the shop's CSV are as without.
    """
    orders = write_slice(tmp_path / "orders.csv", rows)
    expected = told_in_memory(orders.read_bytes())

    out = tmp_path / "out.csv"
    killed = children(database_url, orders, out)
    said = [f"{point} {-signal.SIGKILL}" for point in points()]
    assert said == killed.stdout.splitlines(), killed.stderr

    assert expected == told(database_url, orders, out)
    keys = [r.split(",", 1)[0] for r in out.read_text("utf-8").splitlines()[1:]]
    assert expected["parcels"] == len(keys) == len(set(keys))
