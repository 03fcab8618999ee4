"""
The storage contract: asking for several things before the first answer is had.
"""

import threading

from sourcehere.ports.storage import Find, Get, Page, Row, Session, Storage

from .storage_base import StorageCase, keep, read, write
from .storage_tables import BY_GROUP, BY_TIME, THINGS, changed, thing


class AskingContract(StorageCase):
    """
    What is asked for together is answered as if it had been read one by one.
    """

    def test_questions_are_answered_as_by_reading(self, storage: Storage) -> None:
        """
        Rows come in the same order as from the methods of a session, in any order of
        having them; nothing wanted is nothing found.
        """
        rows = [thing(name, group=name, made_at=9 - int(name)) for name in "1234"]
        keep(storage, THINGS, rows)
        keys = [("s", "3"), ("s", "1"), ("s", "x")]

        def ask(session: Session) -> list[list[Row]]:
            answers = [
                session.ask(Get(THINGS, keys)),
                session.ask(Find(BY_GROUP, [("s", "4"), ("s", "2")])),
                session.ask(Page(BY_TIME, ("s",), 3)),
                session.ask(Page(BY_TIME, ("s",), 3, descending=True)),
                session.ask(Get(THINGS, keys[1:2])),
                session.ask(Find(BY_GROUP, [])),
                session.ask(Get(THINGS.only(("seller_id", "thing_id")), keys)),
            ]
            return [answer() for answer in reversed(answers)][::-1]

        assert [
            [rows[0], rows[2]],
            [rows[1], rows[3]],
            [rows[3], rows[2], rows[1]],
            [rows[0], rows[1], rows[2]],
            [rows[0]],
            [],
            [("s", "1"), ("s", "3")],
        ] == read(storage, ask)

    def test_an_answer_is_as_of_when_it_was_asked_for(self, storage: Storage) -> None:
        """
        What the session wrote before is seen, what it wrote after is not.
        """
        keep(storage, THINGS, [thing("a")])

        def ask(session: Session) -> list[Row]:
            session.add(THINGS, [(("s", "a"), {"order": 1})])
            answer = session.ask(Get(THINGS, [("s", "a")]))
            session.add(THINGS, [(("s", "a"), {"order": 1})])
            session.insert(THINGS, [thing("b")])
            return answer()

        before = changed(THINGS, thing("a"), order=thing("a")[3] + 1)  # type: ignore[operator]  # a number
        assert [before] == write(storage, ask)

    def test_what_is_asked_for_behind_a_lock_is_read_under_it(
        self, storage: Storage
    ) -> None:
        """
        Who has a row locked adds another; whoever asked for the lock, then for both,
        sees both.
        """
        keep(storage, THINGS, [thing("a", group="g")])
        locked = threading.Event()
        found: list[list[Row]] = []

        def ask(session: Session) -> None:
            lock = session.ask(Get(THINGS, [("s", "a")], lock=True))
            both = session.ask(Find(BY_GROUP, [("s", "g")]))
            found[:] = [lock(), both()]

        def other() -> None:
            locked.wait(10)
            write(storage, ask)

        def change(session: Session) -> None:
            session.get(THINGS, [("s", "a")], lock=True)
            locked.set()
            session.insert(THINGS, [thing("b", group="g")])

        asking = threading.Thread(target=other)
        asking.start()
        write(storage, change)
        asking.join()

        a, b = thing("a", group="g"), thing("b", group="g")
        assert [[a], [a, b]] == found
