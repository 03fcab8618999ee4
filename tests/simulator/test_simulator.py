"""
The simulator: the same seed is the same run, whatever is below it; and runs hold.
"""

from functools import cache, partial

import pytest
from planted_bugs import SOURCES, planted

from sourcehere.builtin.memory import MemoryStorage
from sourcehere.testing.simulator import Faults, simulate
from sourcehere.testing.simulator.simulator import digest_of
from sourcehere.unit.tables import TABLES

# Together about a minute of one core.
SEEDS, STEPS = range(1, 8), 25_000
PLANTED = planted()
empty = partial(MemoryStorage, TABLES)


@cache
def wanted():
    """
    Return a run in memory, made once: it is what others of its seed have to be.
    """
    return simulate(empty(), seed=5, steps=4_000)


class TestDeterminism:
    def test_a_seed_is_the_same_run_on_every_storage(self, new_storage):
        """
        Every row of every table is the same, ids and times included.
        """
        storage = new_storage()

        found = simulate(storage, seed=5, steps=4_000)

        assert wanted().digest == found.digest == digest_of(storage)
        assert (wanted().done, wanted().happened) == (found.done, found.happened)

    def test_another_seed_is_another_run(self):
        """
        What decides everything is the seed.
        """
        one, other = (simulate(empty(), seed=seed, steps=1_000) for seed in (1, 2))
        assert one.digest != other.digest

    def test_without_faults_everybody_gets_through(self):
        """
        Nothing fails, nobody is killed, and every kind of thing is done.
        """
        run = simulate(empty(), seed=29, steps=40_000, faults=Faults())
        assert (0, 0) == (run.happened["faults"], run.happened["kills"])
        assert {"pay", "ship", "track", "receive"} <= run.done.keys()
        by_card = {"top_up_by_card", "pay_by_card", "withdraw_money"}
        assert by_card <= run.done.keys()
        assert {"buy_label", "void_label", "end_connection"} <= run.done.keys()
        assert {"ask_quote", "quote_open", "accept_quote"} <= run.done.keys()
        assert {"hold", "count_locally"} <= run.done.keys()
        assert {"open_dispute", "take_dispute", "offer"} <= run.done.keys()
        assert {"count_shelf", "restock"} <= run.done.keys()
        assert {"give_goodwill", "take_back_goodwill"} <= run.done.keys()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_runs_end_as_they_must(seed):
    """
    Whatever failed on the way: nothing is lost, done twice, or left behind.
    """
    run = simulate(empty(), seed=seed, steps=STEPS)
    assert STEPS == run.steps
    assert run.happened["kills"] > 0
    assert run.happened["faults"] > 0


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_can_be_planted(name):
    """
    What it changes still stands in the sources, once: `nox -s bugs` hunts for them.
    """
    for file, old, new in PLANTED[name]:
        assert old != new
        assert 1 == (SOURCES / file).read_text("utf-8").count(old), file
