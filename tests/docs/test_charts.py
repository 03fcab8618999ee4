"""
The drawings under docs/charts/ are what the classes say.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_no_drawing_is_stale():
    """
    Every drawing equals what the chart's class draws now.
    """
    done = subprocess.run(
        [sys.executable, "docs/draw_charts.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stdout)
