"""
The floors of the benchmarks end in the same rows as ours, in every table.
"""

import sys
from pathlib import Path

import attrs
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
ORDERS, CHUNK = 60, 25


@pytest.fixture(scope="module")
def scripts():
    """
    Return the benchmark scripts as modules.
    """
    sys.path.insert(0, str(BENCHMARKS))
    import million  # noqa: PLC0415 - found by the path above
    import order_life  # noqa: PLC0415 - as above
    import places  # noqa: PLC0415 - as above
    import postgres_place  # noqa: PLC0415 - as above
    import workload  # noqa: PLC0415 - as above

    yield order_life, places, postgres_place, workload, million
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def orders(scripts, tmp_path_factory):
    """
    Return a few parsed orders, and the catalogue they need.
    """
    _, _, _, workload, _ = scripts
    plan, snapshots = workload.read_orders(tmp_path_factory.mktemp("orders"), ORDERS)
    codes = {line.sku.strip().upper() for s in snapshots for line in s.lines}
    rows = tuple(row for row in plan.catalogue if row.code.upper() in codes)
    return attrs.evolve(plan, catalogue=rows), snapshots


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.floors)]
)
def place(request, scripts, orders, tmp_path):
    """
    Return each place where both sides can be run.
    """
    _, places, postgres_place, _, _ = scripts
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        return postgres_place.PostgresPlace(server, orders[0], CHUNK)
    kinds = {"sqlite": places.SqlitePlace, "memory": places.MemoryPlace}
    return kinds[request.param](tmp_path, orders[0], CHUNK)


@pytest.mark.slow
def test_the_whole_life(scripts, place, orders):
    """
    From import to delivery, both write the same rows.
    """
    scripts[0].require_same_rows(place, orders[1], CHUNK)


@pytest.mark.slow
def test_importing(scripts, place, orders):
    """
    Importing alone, both write the same rows.
    """
    scripts[0].require_same_rows(place, orders[1], CHUNK, only_import=True)


@pytest.mark.slow
@pytest.mark.floors
def test_writing_alone(scripts, orders, tmp_path):
    """
    What is recorded of ours and written again is the same rows too.
    """
    order_life, places, *_ = scripts
    place = places.SqlitePlace(tmp_path, orders[0], CHUNK)

    order_life.require_same_replay(place, orders[1], CHUNK)


@pytest.mark.slow
@pytest.mark.floors
def test_a_million_at_a_thousandth(scripts, monkeypatch, capsys):
    """
    The million-order benchmark loads, measures and prints its five ratios.
    """
    million = scripts[4]
    monkeypatch.setattr(sys, "argv", ["million.py", "--orders", "1000"])
    monkeypatch.setattr(million, "TIMES", 10)
    monkeypatch.setattr(million, "ROUNDS", 1)
    monkeypatch.setattr(million, "VARIANTS", 20)

    million.main()

    assert 5 == capsys.readouterr().out.count("(aim: at most")
