"""
Writes down, row by row, what a run changes, so that a floor can write the same rows.
"""

from collections import defaultdict


class RecordingStorage:
    """
    Passes everything on, and keeps per committed transaction what was written.

    A statement is (table, verb, columns, rows): `insert` with whole rows, `update` with
    the values of *columns* followed by the key, `add` with numbers followed by the key,
    `delete` with keys.
    """

    def __init__(self, inner):
        self.inner = inner
        self.transactions = []

    @property
    def url(self):
        return self.inner.url

    def close(self):
        self.inner.close()

    def transact(self, work, /, *, read_only):
        if read_only:
            return self.inner.transact(work, read_only=True)
        written = []

        def recorded(session):
            written.clear()
            return work(_RecordingSession(session, written))

        result = self.inner.transact(recorded, read_only=False)
        if written:
            self.transactions.append(list(written))
        return result


class _RecordingSession:
    def __init__(self, session, written):
        self._session = session
        self._written = written
        for name in ("ask", "get", "find", "page", "totals"):
            setattr(self, name, getattr(session, name))

    def _keep(self, table, verb, columns, rows):
        if rows:
            self._written.append((table, verb, tuple(columns), list(rows)))

    def insert(self, table, rows, /):
        self._session.insert(table, rows)
        self._keep(table, "insert", (), rows)

    def insert_new(self, table, rows, /):
        fresh = self._session.insert_new(table, rows)
        self._keep(table, "insert", (), fresh)
        return fresh

    def replace(self, table, rows, /, *, expected):
        keys = [table.key_of(row) for row in rows]
        before = {table.key_of(r): r for r in self._session.get(table, keys, lock=True)}
        left = self._session.replace(table, rows, expected=expected)
        skipped = set(left)
        self._updates(
            table, before, [r for r in rows if table.key_of(r) not in skipped]
        )
        return left

    def _updates(self, table, before, rows):
        names = [column.name for column in table.columns]
        groups = defaultdict(list)
        for row in rows:
            key = table.key_of(row)
            changed = [i for i, v in enumerate(row) if v != before[key][i]]
            if changed:
                columns = tuple(names[i] for i in changed)
                groups[columns].append((*(row[i] for i in changed), *key))
        for columns, values in groups.items():
            self._keep(table, "update", columns, values)

    def add(self, table, changes, /):
        refused = self._session.add(table, changes)
        groups = defaultdict(list)
        for key, deltas in changes:
            if key not in refused:
                groups[tuple(deltas)].append((*deltas.values(), *key))
        for columns, values in groups.items():
            self._keep(table, "add", columns, values)
        return refused

    def delete(self, table, keys, /):
        self._session.delete(table, keys)
        self._keep(table, "delete", (), keys)

    def claim(self, table, request, /):
        rows = self._session.claim(table, request)
        columns = ("state", "epoch", "worker", "lease_until")
        places = [table.position[name] for name in columns]
        values = [(*(row[p] for p in places), *table.key_of(row)) for row in rows]
        self._keep(table, "update", columns, values)
        return rows
