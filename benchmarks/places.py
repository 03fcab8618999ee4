"""
Where the life of orders is kept: each place gives both sides fresh copies of one start.
"""

import itertools
import sqlite3
from contextlib import closing, contextmanager

from floors import hand_run, memory_life, sqlite_life, sqlite_rows
from recording import RecordingStorage
from workload import BY_NAME, floor_facts, opened, set_up

from sourcehere.testing.factories import dump


class SqlitePlace:
    """
    SQLite files in a folder.
    """

    name = "SQLite"

    def __init__(self, folder, plan, chunk):
        self._folder, self._chunk = folder, chunk
        self._numbers = itertools.count()
        self._start = folder / "start.db"
        with opened(f"sqlite:///{self._start}", chunk=chunk) as sh:
            set_up(sh, plan)

    def _copy(self):
        path = self._folder / f"copy{next(self._numbers)}.db"
        with (
            closing(sqlite3.connect(self._start)) as old,
            closing(sqlite3.connect(path)) as new,
        ):
            old.backup(new)
        return path

    def ours(self):
        """
        Open a fresh copy.
        """
        return opened(f"sqlite:///{self._copy()}", chunk=self._chunk)

    def recorded(self):
        """
        Open a fresh copy that keeps what is written to it.
        """
        recording = RecordingStorage(self.ours().storage)
        return opened(storage=recording, chunk=self._chunk), recording

    def floor(self):
        """
        Return a function that runs the floor, one that closes, and one that dumps.
        """
        path = self._copy()
        db = sqlite_life.connect(path)

        def run(snapshots, *, only_import):
            write = sqlite_life.writer(db, BY_NAME)
            facts = floor_facts(
                lambda table, names: db.execute(hand_run.select(names, table))
            )
            hand_run.live(facts, snapshots, self._chunk, write, only_import=only_import)
            db.close()

        return run, lambda: self._rows(path)

    def replay(self, prepared):
        """
        Return a function that writes *prepared* rows alone, and one that dumps.
        """
        path = self._copy()
        db = sqlite_life.connect(path)

        def run():
            sqlite_rows.write(db, prepared)
            db.close()

        return run, lambda: self._rows(path)

    @staticmethod
    def _rows(path):
        with opened(f"sqlite:///{path}", chunk=1) as sh:
            return dump(sh.storage)


class MemoryPlace:
    """
    Dicts in this process.
    """

    name = "memory"

    def __init__(self, _folder, plan, chunk):
        self._plan, self._chunk = plan, chunk

    def ours(self):
        """
        Open and fill a memory.
        """
        sh = opened("memory://", chunk=self._chunk)
        set_up(sh, self._plan)
        return sh

    def floor(self):
        """
        Return a function that runs the floor, and one that dumps.
        """
        tables = memory_life.tables_of(dump(self.ours().storage), BY_NAME)

        def run(snapshots, *, only_import):
            write = memory_life.writer(tables, BY_NAME)
            facts = floor_facts(
                lambda table, names: memory_life.columns(tables, BY_NAME, table, names)
            )
            hand_run.live(facts, snapshots, self._chunk, write, only_import=only_import)

        def rows():
            return {
                name: [kept[key] for key in sorted(kept)]
                for name, kept in tables.items()
            }

        return run, rows


KINDS = ("sqlite", "memory", "postgresql")


@contextmanager
def open_place(name, folder, plan, chunk):
    """
    Return the place called *name*, one of `KINDS`.
    """
    if name == "postgresql":
        from postgres_place import serving  # noqa: PLC0415 - needs a server

        with serving(plan, chunk) as place:
            yield place
    else:
        kind = {"sqlite": SqlitePlace, "memory": MemoryPlace}[name]
        yield kind(folder, plan, chunk)
