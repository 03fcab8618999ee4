"""
The storage contract: messages are claimed in order, once, and one at a time per lane.
"""
# ruff: noqa: SIM300 - tests that ship: expected values first, and exact

import pytest

from sourcehere.ports.storage import Claim, Storage, Table

from .storage_base import StorageCase, keep, kept, write
from .storage_tables import MESSAGES, RESTS, changed, message, row_of, value_of


class ClaimContract(StorageCase):
    """
    Messages are claimed in order, once, and one at a time per lane.
    """

    @staticmethod
    def _claim(
        storage: Storage,
        *,
        now: int = 100,
        limit: int = 10,
        without: tuple[str, ...] = (),
        only: tuple[str, ...] = (),
        resting: Table | None = None,
    ) -> list[str]:
        request = Claim("me", now, now + 60, limit, without, only, resting)
        rows = write(storage, lambda session: session.claim(MESSAGES, request))
        return [str(value_of(MESSAGES, row, "message_id")) for row in rows]

    def test_a_claimed_message_is_ours(self, storage: Storage) -> None:
        """
        A claim sets state, worker and lease, raises the epoch, keeps all else.
        """
        before = message("m", next_at=-5, epoch=3, worker="old", body='{"a":  1}')
        keep(storage, MESSAGES, [before])

        request = Claim("me", now=100, lease_until=160, limit=1)
        taken = write(storage, lambda s: s.claim(MESSAGES, request))

        after = changed(
            MESSAGES, before, state="sending", epoch=4, worker="me", lease_until=160
        )
        assert [after] == taken
        assert [after] == kept(storage, MESSAGES)
        assert [] == self._claim(storage)

    def test_only_waiting_messages_that_are_due(self, storage: Storage) -> None:
        """
        A message is free when it waits and its time has come, not a moment before.
        """
        rows = [message(state, state=state) for state in ("sending", "done", "dead")]
        rows += [message("now", next_at=100), message("soon", next_at=101)]
        keep(storage, MESSAGES, rows)

        assert ["now"] == self._claim(storage, now=100)
        assert ["soon"] == self._claim(storage, now=101)

    def test_oldest_first_up_to_the_limit(self, storage: Storage) -> None:
        """
        Messages are taken by time, then seller, then id, no more than asked for.
        """
        rows = [
            message("d", next_at=3),
            message("a", next_at=7),
            message("c", next_at=5, seller_id="r"),
            message("b", next_at=5),
            message("e", next_at=5),
        ]
        keep(storage, MESSAGES, rows)

        assert [] == self._claim(storage, limit=0)
        assert ["d", "c"] == self._claim(storage, limit=2)
        assert ["b", "e", "a"] == self._claim(storage, limit=9)

    @pytest.mark.parametrize(
        ("earlier", "is_free"),
        [
            ("waiting", False),
            ("sending", False),
            ("dead", False),
            ("unknown", False),
            ("done", True),
            ("superseded", True),
            ("discarded", True),
        ],
    )
    def test_an_unfinished_message_parks_its_lane(
        self, storage: Storage, earlier: str, *, is_free: bool
    ) -> None:
        """
        Whatever is not over holds back what stands behind it in its lane.
        """
        rows = [
            message("1", lane="l", position=1, state=earlier, next_at=999),
            message("2", lane="l", position=2),
            message("3", lane="l", position=3),
        ]
        keep(storage, MESSAGES, rows)

        assert (["2"] if is_free else []) == self._claim(storage)
        assert [] == self._claim(storage)

    def test_lanes_do_not_hold_up_each_other(self, storage: Storage) -> None:
        """
        A lane is one seller's, in one channel; others go on.
        """
        rows = [
            message("1", lane="l", position=1, state="dead"),
            message("2", lane="l", position=2),
            message("3", lane="k", position=2),
            message("4", lane="l", position=2, channel="payment"),
            message("5", lane="l", position=2, seller_id="r"),
        ]
        keep(storage, MESSAGES, rows)

        assert ["3", "4", "5"] == sorted(self._claim(storage))

    def test_connections_can_be_left_alone(self, storage: Storage) -> None:
        """
        Messages of a connection that is named stay; they do not count for the limit.
        """
        rows = [
            message("1", connection="s/slow"),
            message("2", connection='s/it\'s "quoted"'),
            message("3", connection="s/well"),
            message("4"),
        ]
        keep(storage, MESSAGES, rows)

        slow = ("s/slow", 's/it\'s "quoted"')
        assert ["3"] == self._claim(storage, limit=1, without=slow)
        assert ["4"] == self._claim(storage, without=slow)
        assert ["1", "2"] == self._claim(storage, without=("s/nobody",))

    def test_connections_can_be_asked_for(self, storage: Storage) -> None:
        """
        Messages of no others are taken, nor count for the limit; what is to be left
        alone stays all the same.
        """
        rows = [
            message("1", connection="s/slow"),
            message("2"),
            message("3", connection="s/well", next_at=5),
            message("4", connection="s/well", next_at=4),
            message("5", connection='s/it\'s "quoted"', next_at=6),
        ]
        keep(storage, MESSAGES, rows)

        some = ("s/well", 's/it\'s "quoted"')
        assert [] == self._claim(storage, only=("s/nobody",))
        assert ["4"] == self._claim(storage, limit=1, only=some)
        assert ["5"] == self._claim(storage, only=some, without=("s/well",))
        assert ["3"] == self._claim(storage, only=some)
        assert ["2"] == self._claim(storage, only=("",))
        assert ["1"] == self._claim(storage)

    def test_connections_that_rest_are_left_alone(self, storage: Storage) -> None:
        """
        Until their time has come: it is then that they are asked for again.
        """
        rows = [
            message("1", connection="s/slow"),
            message("2", connection="s/well"),
            message("3"),
            message("4", connection="s/slow", next_at=7),
        ]
        keep(storage, MESSAGES, rows)
        rests = [
            row_of(RESTS, connection="s/slow", next_at=101),
            row_of(RESTS, connection="s/well", next_at=100),
        ]
        keep(storage, RESTS, rests)

        assert ["2"] == self._claim(storage, limit=1, resting=RESTS)
        assert [] == self._claim(storage, only=("s/slow",), resting=RESTS)
        assert [] == self._claim(storage, without=("",), resting=RESTS)
        assert ["3"] == self._claim(storage, resting=RESTS)
        assert ["1"] == self._claim(storage, now=101, limit=1, resting=RESTS)
        assert ["4"] == self._claim(storage)

    def test_a_lane_goes_on_when_its_first_is_done(self, storage: Storage) -> None:
        """
        Finishing a message frees the next one, by position and not by time.
        """
        rows = [
            message("b", lane="l", position=1, next_at=9),
            message("a", lane="l", position=2, next_at=1),
        ]
        keep(storage, MESSAGES, rows)

        assert ["b"] == self._claim(storage)
        done = changed(MESSAGES, rows[0], state="done", epoch=1)
        write(storage, lambda s: s.replace(MESSAGES, [done], expected=[1]))
        assert ["a"] == self._claim(storage)
