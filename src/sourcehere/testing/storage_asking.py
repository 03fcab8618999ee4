"""
The storage contract: asking for several things before the first answer is had.
"""

import threading

from sourcehere.ports.storage import Find, Get, Named, Page, Row, Session, Storage

from .storage_base import StorageCase, keep, read, write
from .storage_tables import (
    BY_GROUP,
    BY_TIME,
    LANE,
    MESSAGES,
    PRESENT,
    RESTS,
    THINGS,
    changed,
    message,
    thing,
)


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

    def test_what_rows_name_is_found_at_once(self, storage: Storage) -> None:
        """
        Once each, sorted by key, by whichever way the naming rows are found; nothing
        where these are not found themselves, or name nothing that is there.
        """
        ones = [
            message("1", connection="y", lane="a"),
            message("2", connection="x", lane="b"),
            message("3", connection="y", lane="b", state="done"),
            message("4", connection="gone", lane="c"),
        ]
        keep(storage, MESSAGES, ones)
        x, y = ("x", 1), ("y", 2)
        keep(storage, RESTS, [x, y, ("z", 3)])
        lanes = [("s", "store", lane) for lane in ("b", "a")]

        def ask(session: Session) -> list[list[Row]]:
            told = Find(LANE, lanes[:1])
            answers = [
                session.ask(Named(RESTS, Get(MESSAGES, [("s", "1")]))),
                session.ask(Named(RESTS, Get(MESSAGES, [("s", n) for n in "3214"]))),
                session.ask(Named(RESTS, Find(LANE, lanes))),
                session.ask(Named(RESTS, told, found=session.ask(told))),
                session.ask(Named(RESTS.only(("connection",)), told)),
                session.ask(Named(RESTS, Get(MESSAGES, [("s", "4"), ("s", "5")]))),
                session.ask(Named(RESTS, Find(LANE, []))),
            ]
            return [answer() for answer in reversed(answers)][::-1]

        expected: list[list[Row]]
        expected = [[y], [x, y], [x, y], [x, y], [("x",), ("y",)], [], []]
        assert expected == read(storage, ask)

    def test_rows_that_a_way_does_not_find_name_nothing(self, storage: Storage) -> None:
        """
        A way that leaves out some rows leaves out what they name.
        """
        here, gone = thing("a", group="g", quantity=1), thing("b", group="g")
        keep(storage, THINGS, [here, gone])
        wanted = Named(THINGS, Find(PRESENT, [("g",)]))

        assert [here] == read(storage, lambda s: s.ask(wanted)())

    def test_what_rows_name_is_locked(self, storage: Storage) -> None:
        """
        Whoever asks for it under lock waits for who has it, and sees what that wrote.
        """
        keep(storage, MESSAGES, [message("1", connection="x")])
        keep(storage, RESTS, [("x", 1)])
        locked = threading.Event()
        found: list[Row] = []

        def ask(session: Session) -> None:
            named = Named(RESTS, Get(MESSAGES, [("s", "1")]), lock=True)
            found[:] = session.ask(named)()

        def other() -> None:
            locked.wait(10)
            write(storage, ask)

        def change(session: Session) -> None:
            session.get(RESTS, [("x",)], lock=True)
            locked.set()
            threading.Event().wait(0.1)  # long enough for whoever would not wait
            session.replace(RESTS, [("x", 2)], expected=None)

        asking = threading.Thread(target=other)
        asking.start()
        write(storage, change)
        asking.join()

        assert found == [("x", 2)]

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
