"""
What is remembered of what was read is bounded, however long a process lives.
"""

from sourcehere.domain.kernel.actor import Actor, Role
from sourcehere.unit.text.json_text import actor_of


def test_actors_are_remembered_up_to_a_number():
    """
    A process that has met many sellers remembers those whom it met last.
    """
    for number in range(5_000):
        actor_of(f"seller:s{number}")
    before = actor_of.cache_info()

    assert Actor(Role.SELLER, "s4999") == actor_of("seller:s4999")
    assert before.hits + 1 == actor_of.cache_info().hits
    assert before.currsize < 5_000
    assert Actor(Role.SELLER, "s0") == actor_of("seller:s0")
    assert before.misses + 1 == actor_of.cache_info().misses
