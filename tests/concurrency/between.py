"""
A storage in which somebody else comes between two steps of a transaction.
"""

import threading


class Elsewhere:
    """
    Work that somebody else does, in a thread of their own.
    """

    def __init__(self, work):
        self._work = work
        self._error = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - raised by whoever waits
            self._error = error

    def wait(self, *, until=lambda: False):
        """
        Wait for its end, or until something is so.
        """
        while self._thread.is_alive() and not until():
            self._thread.join(0.01)
        if self._error is not None:
            raise self._error


class Between:
    """
    A storage that passes everything on, and once, behind an operation, lets somebody
    else do something: to its end, or until it has to wait for us.

    Attributes:
        others: What somebody else did or is doing; None before.
    """

    def __init__(self, inner):
        self._inner = inner
        self._plan = None
        self.others = None

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def behind(self, operation, table, work):
        """
        Let *work* be done behind the next *operation* on *table*; behind `ask`, as soon
        as its answer is had.
        """
        self._plan = (operation, table, work)

    def transact(self, work, /, *, read_only):
        def watched(session):
            return work(_Watched(session, self))

        return self._inner.transact(watched, read_only=read_only)

    def was_done(self, operation, place):
        """
        Do what was planned, if it was planned for this.
        """
        table = getattr(place, "table", place)
        if self._plan is not None and self._plan[:2] == (operation, table):
            work, self._plan = self._plan[2], None
            self.others = Elsewhere(work)
            self.others.wait(until=self._somebody_waits)

    def _somebody_waits(self):
        with self._inner.engine.connect() as connection:
            locks = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            return connection.exec_driver_sql(locks).scalar() > 0


class _Watched:
    def __init__(self, session, storage):
        self._session = session
        self._storage = storage

    def __getattr__(self, name):
        operation = getattr(self._session, name)

        def watched(place, *arguments, **options):
            answer = operation(place, *arguments, **options)
            self._storage.was_done(name, place)
            return answer

        def asked(wanted):
            answer = operation(wanted)

            def had():
                rows = answer()
                self._storage.was_done(name, wanted.table)
                return rows

            return had

        return asked if name == "ask" else watched
