"""
Who is interrupted while it waits for a turn, has one or gives it back, keeps nobody
from having the next one.
"""

import contextlib
import itertools

import pytest

from sourcehere.ports import waiting
from sourcehere.ports.waiting import one_call
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlOptions, SqlStorage, nesting, storage, turns

from .interruptions import InterruptedWorkError, interrupted_at

ORDER = THINGS.position["order"]


@pytest.mark.parametrize("read_only", [False, True])
def test_the_next_call_is_served(database_url, read_only):
    """
    At whichever line it is interrupted: a thread is not busy for ever, and a turn that
    nobody has is free.
    """
    options = SqlOptions(pool_size=1, busy_seconds=0.5)
    made = SqlStorage(database_url, tables=TABLES, options=options)
    with contextlib.closing(made):
        made.create_tables()
        keep(made, THINGS, [thing("a")])
        for number in itertools.count(1):
            with (
                contextlib.suppress(InterruptedWorkError),
                interrupted_at(number, storage, nesting, turns) as where,
            ):
                made.transact(
                    lambda s: s.page(
                        THINGS.primary,
                        (),
                        after=None,
                        until=None,
                        limit=9,
                        descending=False,
                    ),
                    read_only=read_only,
                )
            if not where:
                break
            made.transact(
                lambda s: s.add(THINGS, [(("s", "a"), {"order": 1})]), read_only=False
            )

        (after,) = kept(made, THINGS)

    assert number > 20
    assert thing("a")[ORDER] + number - 1 == after[ORDER]


def test_what_was_waited_is_forgotten_with_its_call():
    """
    A call that is interrupted while it begins or ends leaves nothing of its budget to
    the next ones of its thread.
    """

    def call():
        with one_call() as waited:
            waited.spend(3)

    def left():
        with one_call() as waited:
            return waited.seconds

    for number in itertools.count(1):
        with (
            contextlib.suppress(InterruptedWorkError),
            interrupted_at(number, waiting) as where,
        ):
            call()
        assert 0 == left(), where
        if not where:
            break
    assert number > 5
