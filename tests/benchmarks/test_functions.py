"""
What an order's life is made of: every function counted once, and every group named.
"""

import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.floors
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def scripts():
    """
    Return the benchmark scripts as modules.
    """
    sys.path.insert(0, str(BENCHMARKS))
    import functions  # noqa: PLC0415 - found by the path above
    import work_groups  # noqa: PLC0415 - as above

    yield functions, work_groups
    sys.path.remove(str(BENCHMARKS))


def test_the_groups_add_up(scripts, monkeypatch, capsys):
    """
    The calls and the time of the groups are those of the functions.
    """
    functions, _ = scripts
    arguments = ["--on", "memory", "--orders", "20", "--rounds", "1", "--top", "5"]
    monkeypatch.setattr(sys, "argv", ["functions.py", *arguments])

    functions.main()

    groups, ours, floor = capsys.readouterr().out.split("|---|\n")[1:]
    whole = sum(_numbers(groups)[:-1])
    assert _numbers(groups)[-1] == pytest.approx(whole, abs=len(_numbers(groups)))
    assert whole == pytest.approx(sum(_numbers(ours)), abs=len(_numbers(groups)))
    assert 6 == len(_numbers(ours))
    assert 11 == len(_numbers(floor))


def _numbers(table):
    lines = [line.split("|") for line in table.splitlines() if line.startswith("| ")]
    return [float(line[3].replace(",", "")) for line in lines if line[3] != " µs "]


def test_every_module_of_a_life_has_a_group(scripts):
    """
    Code of ours is never among what else is called.
    """
    _, work_groups = scripts
    root = Path(__file__).parents[2]
    ours = {"domain", "services", "unit", "doors", "plugins"}
    paths = [
        path.relative_to(root / "src").as_posix()
        for room in ours
        for path in (root / "src" / "sourcehere" / room).rglob("*.py")
    ]

    assert not [p for p in paths if work_groups.group_of(p, "f") == work_groups.OTHERS]
