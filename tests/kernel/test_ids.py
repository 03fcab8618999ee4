"""
Ids are UUIDs of version 7, each greater than every id made before.
"""

import threading
import time
import uuid

from sourcehere.domain.kernel.ids import new_id

COUNT = 5_000


class TestNewId:
    def test_it_is_a_uuid_of_version_7(self):
        """
        Version and variant are those of RFC 9562, written in lower case.
        """
        made = new_id()
        parsed = uuid.UUID(made)

        assert 7 == parsed.version
        assert uuid.RFC_4122 == parsed.variant
        assert str(parsed) == made

    def test_it_begins_with_the_millisecond(self):
        """
        The first 48 bits are milliseconds since 1970, borrowed a little ahead at most.
        """
        before = time.time_ns() // 1_000_000
        millisecond = uuid.UUID(new_id()).int >> 80
        after = time.time_ns() // 1_000_000

        # Tests before this one may have taken more ids than their milliseconds hold.
        assert before <= millisecond <= after + 60_000

    def test_ids_only_grow(self):
        """
        As text, each id is greater than the one before, thousands a millisecond.
        """
        made = [new_id() for _ in range(COUNT)]

        assert sorted(set(made)) == made

    def test_threads_never_share_one(self):
        """
        Ids made by several threads at a time are all different, and grow in each.
        """
        found: list[list[str]] = [[] for _ in range(4)]
        start = threading.Barrier(len(found))

        def make(mine):
            start.wait()
            mine.extend(new_id() for _ in range(COUNT))

        threads = [threading.Thread(target=make, args=(mine,)) for mine in found]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert 4 * COUNT == len({name for mine in found for name in mine})
        assert all(sorted(mine) == mine for mine in found)
