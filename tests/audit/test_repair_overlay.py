"""
What lies over stored rows is read as if it had been written.
"""

from hypothesis import given
from hypothesis import strategies as st

from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.kernel.values import frozen
from sourcehere.services.repair.overlay import Overlay
from sourcehere.unit.records import Records


@frozen(kw_only=True)
class Thing:
    """
    A row to lay over others.
    """

    seller_id: str
    name: str
    group: str
    place: int


THINGS = Records("thing", Thing, key=["seller_id", "name"])
BY_GROUP = THINGS.way("by_group", equal=["seller_id", "group"], order=["place"])
SELLERS, NAMES = st.sampled_from("ab"), st.sampled_from(["", "1", "2", "10", "é", "z"])
KEYS = st.tuples(SELLERS, NAMES)
GROUPS, PLACES = st.sampled_from("xy"), st.integers(-2, 2)
ROWS = st.dictionaries(KEYS, st.tuples(GROUPS, PLACES), max_size=8)
OVER = st.dictionaries(KEYS, st.none() | st.tuples(GROUPS, PLACES), max_size=6)


def storage_of(rows):
    """
    Return a storage that has *rows*.
    """
    storage = MemoryStorage([THINGS.table])
    made = [(*key, *rest) for key, rest in rows.items() if rest is not None]
    storage.transact(lambda s: s.insert(THINGS.table, made), read_only=False)
    return storage


def answers(session, group, after, until, limit):
    """
    Return what a session says to questions of every kind.
    """
    table, index = THINGS.table, BY_GROUP.index
    some = index.only(["place", "name"])
    keys = [(s, n) for s in "ab" for n in ("", "10", "é", "no")]
    paged = [
        session.page(
            index,
            ("a", group),
            after=behind,
            until=end,
            limit=limit,
            descending=descending,
        )
        for behind in (None, after)
        for end in (None, until)
        for descending in (False, True)
    ]
    return [
        session.get(table, keys, lock=False),
        session.find(index, [("a", "x"), ("b", group)], lock=False),
        session.get(table.only(table.key), keys, lock=False),
        session.find(some, [("a", "x"), ("b", group)], lock=False),
        session.page(
            some, ("a", "x"), after=None, until=until, limit=limit, descending=False
        ),
        *paged,
        session.page(
            table.primary, (), after=None, until="a", limit=limit, descending=False
        ),
        *(
            {
                k: n
                for k, n in session.totals(index, p, by=["group"], column=c).items()
                if n
            }
            for p in (("a",), ("a", group))
            for c in ("", "place")
        ),
    ]


@given(ROWS, OVER, GROUPS, st.tuples(PLACES, NAMES), PLACES, st.sampled_from([1, 2, 9]))
def test_it_reads_as_if_it_had_been_written(stored, over, group, after, until, limit):
    """
    Every way to read gives the same as a storage in which the changes were made.
    """
    asked = (group, after, until, limit)
    written = storage_of({**stored, **over}).transact(
        lambda session: answers(session, *asked), read_only=True
    )

    def tried(session):
        overlay = Overlay(session)
        for key, rest in over.items():
            overlay.put(THINGS.table, key, None if rest is None else (*key, *rest))
        return answers(overlay, *asked)

    assert written == storage_of(stored).transact(tried, read_only=True)
