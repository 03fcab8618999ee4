"""
The storage contract: any storage against the model, on random work.
"""

import copy
from collections.abc import Callable, Mapping, Sequence

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from sourcehere.ports.storage import (
    Claim,
    Find,
    Get,
    Index,
    Named,
    Page,
    Reading,
    RowExistsError,
    Session,
    Storage,
)

from ..domain.kernel.values import frozen
from .storage_base import StorageCase, kept, write
from .storage_model import ModelSession
from .storage_tables import (
    BY_CODE,
    BY_GROUP,
    BY_TIME,
    CODES,
    GROUPED,
    LANE,
    LATEST,
    MESSAGES,
    OF_SELLER,
    ORDERED,
    PRESENT,
    TABLES,
    THINGS,
    message,
    thing,
)
from .walks import walk

_STATES = [
    "waiting",
    "waiting",
    "sending",
    "dead",
    "done",
    "superseded",
    "discarded",
]


@frozen
class Call:
    """
    One operation with its arguments.
    """

    name: str
    arguments: tuple[object, ...]
    options: Mapping[str, object] = attrs.field(factory=dict)

    def __call__(self, session: Session | ModelSession) -> object:
        """
        Do it, and return the answer; keys that were left alone come sorted.
        """
        answer = getattr(session, self.name)(*self.arguments, **self.options)
        return sorted(answer) if self.name in ("replace", "add") else answer


sellers = st.sampled_from(["", "r", "s😀"])
ids = st.sampled_from(["", "1", "10", "9", 'é"', "\\中{}"])
groups = st.sampled_from(["a", "b", ""])
numbers = st.integers(-3, 12) | st.integers(-(2**40), 2**40)
times = st.integers(-3, 3) | st.integers(-(10**17), 10**17)
keys = st.tuples(sellers, ids)
things = st.builds(
    thing,
    ids,
    seller_id=sellers,
    group=groups,
    order=numbers,
    made_at=times,
    quantity=st.integers(0, 10),
    note=st.none() | ids,
    weight=st.none() | numbers,
    seen_at=st.none() | times,
    document=st.sampled_from(["{}", '{"a":  "\\\\"}', "[1.0,null]"]),
    version=st.integers(1, 2),
)
codes = st.tuples(sellers, ids, groups)
# A message's position follows from its id: no two in a lane have the same.
messages = st.integers(0, 5).flatmap(
    lambda number: st.builds(
        message,
        st.just(f"{number}"),
        seller_id=sellers,
        channel=groups,
        lane=groups,
        position=st.just(number),
        state=st.sampled_from(_STATES),
        next_at=st.integers(-3, 3),
    )
)
distinct_things = st.lists(things, max_size=4, unique_by=THINGS.key_of)
deltas = st.dictionaries(
    st.sampled_from(["quantity", "quantity_max", "order"]),
    st.integers(-8, 8),
    min_size=1,
)
changes = st.dictionaries(keys, deltas, max_size=4).map(lambda d: list(d.items()))
NOTES = BY_GROUP.only(["note", "version"])
BY_WAY = [BY_GROUP, BY_TIME, OF_SELLER, LATEST, BY_CODE, LANE, NOTES]
indexes = st.sampled_from([*BY_WAY, GROUPED, PRESENT, PRESENT.only(["note"]), ORDERED])


def prefixes(index: Index) -> st.SearchStrategy[tuple[object, ...]]:
    """
    Draw values for the equal columns of *index*.
    """
    return st.tuples(
        *(sellers if name == "seller_id" else groups for name in index.equal)
    )


def _calls(name: str, *arguments: object, **options: object) -> st.SearchStrategy[Call]:
    def strategy(value: object) -> st.SearchStrategy[object]:
        return value if isinstance(value, st.SearchStrategy) else st.just(value)

    return st.builds(
        Call,
        st.just(name),
        st.tuples(*map(strategy, arguments)),
        st.fixed_dictionaries({n: strategy(v) for n, v in options.items()}),
    )


@st.composite
def pages(draw: st.DrawFn) -> Call:
    """
    Draw a page of things by time, the bounds being rows' or nobody's.
    """
    some = PRESENT.only(["note"])
    ways = [BY_TIME, LATEST, BY_TIME.only(["note"]), GROUPED, PRESENT, some, ORDERED]
    index = draw(st.sampled_from(ways))
    tail = (draw(ids),) if "seller_id" in index.equal else draw(keys)
    return draw(
        _calls(
            "page",
            index,
            prefixes(index),
            after=st.none() | times.map(lambda at: (at, *tail)),
            until=st.none() | times,
            limit=st.integers(0, 4),
            descending=st.booleans(),
        )
    )


@st.composite
def totals(draw: st.DrawFn) -> Call:
    """
    Draw a sum or a count of things under a prefix of any length.
    """
    index = draw(st.sampled_from([BY_GROUP, GROUPED]))
    prefix = draw(prefixes(index))
    return draw(
        _calls(
            "totals",
            index,
            prefix[: draw(st.integers(0, 2))],
            by=st.sampled_from([[], ["group"], ["note", "seller_id"], ["seen_at"]]),
            column=st.sampled_from(["", "quantity"]),
        )
    )


@st.composite
def replacements(draw: st.DrawFn) -> Call:
    """
    Draw new rows for some things or messages, whatever was there, or where it is of a
    version, or what it will be.
    """
    table, rows = draw(
        st.tuples(st.just(THINGS), distinct_things)
        | st.tuples(
            st.just(MESSAGES),
            st.lists(messages, max_size=4, unique_by=MESSAGES.key_of),
        )
    )
    versions = st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows))
    expected = st.one_of(st.none(), versions, st.just(rows))
    return draw(_calls("replace", table, rows, expected=expected))


@frozen
class Asked:
    """
    Things to ask a session for before the first answer is had.
    """

    wanted: Sequence[Reading]

    def __call__(self, session: Session | ModelSession) -> object:
        """
        Ask for all, and have the last answer first.
        """
        answers = [session.ask(one) for one in self.wanted]
        return [answer() for answer in reversed(answers)]


def _found_by(ways: st.SearchStrategy[Index]) -> st.SearchStrategy[Find]:
    return ways.flatmap(
        lambda index: st.builds(
            Find, st.just(index), st.lists(prefixes(index), max_size=3), st.booleans()
        )
    )


gets = st.builds(Get, st.just(THINGS), st.lists(keys, max_size=4), st.booleans())
of_things: st.SearchStrategy[Get | Find] = st.one_of(
    gets, _found_by(indexes.filter(lambda index: index.table.whole is THINGS))
)
readings: st.SearchStrategy[Reading] = st.one_of(
    gets,
    _found_by(indexes),
    st.builds(Named, st.just(THINGS), of_things, st.booleans()),  # each names itself
    st.builds(Page, st.just(BY_TIME), prefixes(BY_TIME), st.integers(0, 4)),
)
calls: st.SearchStrategy[Call | Asked] = st.one_of(
    st.builds(Asked, st.lists(readings, max_size=4)),
    _calls("get", THINGS, st.lists(keys, max_size=4), lock=st.booleans()),
    indexes.flatmap(
        lambda index: _calls(
            "find", index, st.lists(prefixes(index), max_size=3), lock=st.booleans()
        )
    ),
    pages(),
    totals(),
    _calls("insert", THINGS, st.lists(things, max_size=3)),
    _calls("insert", CODES, st.lists(codes, min_size=1, max_size=1)),
    _calls("insert_new", THINGS, st.lists(things, max_size=4)),
    _calls("insert_new", CODES, st.lists(codes, min_size=1, max_size=1)),
    _calls("insert_new", MESSAGES, st.lists(messages, max_size=4)),
    replacements(),
    _calls("add", THINGS, changes),
    _calls("delete", st.sampled_from([THINGS, CODES]), st.lists(keys, max_size=3)),
    _calls(
        "claim",
        MESSAGES,
        st.builds(
            Claim,
            ids,
            now=st.integers(-3, 3),
            lease_until=times,
            limit=st.integers(0, 3),
            without=st.lists(ids, max_size=2).map(tuple),
        ),
    ),
)


class _GiveUpError(Exception):
    """
    Raised by work that gives up.
    """


class StorageMachine(RuleBasedStateMachine):
    """
    Runs the same transactions on a storage and on the model.
    """

    def __init__(self, storage: Storage) -> None:
        super().__init__()
        self.storage = storage
        self.model = ModelSession()

    @initialize()
    def empty(self) -> None:
        """
        Begin with no rows: the storage serves many runs.
        """
        for table in TABLES:
            rows = kept(self.storage, table)
            keys = [table.key_of(row) for row in rows]
            write(self.storage, lambda s, t=table, k=keys: s.delete(t, k))  # type: ignore[misc]  # bound now

    @rule(work=st.lists(calls, min_size=1, max_size=5), gives_up=st.booleans())
    def transact(self, work: list[Call | Asked], *, gives_up: bool) -> None:
        """
        Do *work* in one transaction; both answer alike, or both refuse.
        """

        def run(session: Session | ModelSession) -> list[object]:
            answers = [call(session) for call in work]
            if gives_up:
                raise _GiveUpError
            return answers

        trial = ModelSession()
        trial.rows = copy.deepcopy(self.model.rows)
        expected = _outcome(lambda: run(trial))
        if isinstance(expected, list):
            self.model = trial

        assert _outcome(lambda: write(self.storage, run)) == expected

    @invariant()
    def same_rows(self) -> None:
        """
        Both hold the same rows.
        """
        for table in TABLES:
            rows = self.model.rows[table.name]
            assert kept(self.storage, table) == [rows[key] for key in sorted(rows)]


def _outcome(run: Callable[[], list[object]]) -> object:
    """
    Return the answers of *run*, or what refused it.
    """
    try:
        return run()
    except RowExistsError as error:
        return f"{error.kind} exists"
    except _GiveUpError:
        return "given up"


class ModelContract(StorageCase):
    """
    On any work, a storage does what the simple model does.
    """

    examples = 40

    def test_agrees_with_the_model(self, storage: Storage) -> None:
        """
        Random transactions, some of which fail, have the model's answers and rows.
        """
        walk(lambda: StorageMachine(storage), examples=self.examples, steps=15)
