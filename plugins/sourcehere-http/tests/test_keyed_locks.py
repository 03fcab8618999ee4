"""
Locks by name.
"""

from sourcehere_http.locks import KeyedLocks


def test_a_key_has_one_lock():
    locks = KeyedLocks()
    assert locks.of("shop", "1") is locks.of("shop", "1")
    assert locks.of("shop", "1") is not locks.of("shop", "2")


def test_a_lock_that_is_held_is_not_forgotten():
    locks = KeyedLocks()
    with locks.of("held"):
        held = locks.of("held")
        for number in range(3_000):
            locks.of(number)
        assert locks.of("held") is held
    assert len(locks._locks) <= 1_024
