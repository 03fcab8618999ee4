"""
A storage in which somebody else comes between two steps of a transaction.
"""

import threading


def elsewhere(work):
    """
    Run *work* to its end as somebody else, in a thread of its own.
    """
    failed = []

    def run():
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised by whoever waits
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    for error in failed:
        raise error


class Between:
    """
    A storage that passes everything on, and once, behind an operation, lets somebody
    else do something.
    """

    def __init__(self, inner):
        self._inner = inner
        self._plan = None
        self.is_over = False

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def behind(self, operation, table, work):
        """
        Let *work* be done behind the next *operation* on *table*.
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
            elsewhere(work)
            self.is_over = True


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

        return watched
