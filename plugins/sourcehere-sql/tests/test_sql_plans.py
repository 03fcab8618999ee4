"""
Every declared way in is an index that the databases use, without sorting.
"""

import itertools
import re

import psycopg
import pytest
from psycopg import sql

from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.effects import CIRCUITS, OUTBOX
from sourcehere_sql import (
    SqlStorage,
    open_storage,
    sqlite_statements,
    statements,
)

AT = '"'  # no prefix
PAGES = list(itertools.product([False, True], repeat=3))
INDEXES = [
    index for table in TABLES for index in (table.primary, *table.indexes.values())
]


@pytest.fixture
def sqlite(sqlite_url):
    """
    Return a function that explains a statement on SQLite.
    """
    storage = SqlStorage(sqlite_url, tables=TABLES)
    storage.create_tables()

    def explain(text):
        parameters = tuple(0 for _ in range(text.count("?")))
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
        return [row[3] for row in rows]

    with storage.engine.connect() as connection:
        yield explain
    storage.close()


def _scans(plan):
    """
    List the steps that read a whole table or sort.
    """
    return [
        step
        for step in plan
        if (step.startswith("SCAN") and "INDEX" not in step and "CONSTANT" not in step)
        or "TEMP B-TREE" in step
    ]


def test_pages_use_their_index(sqlite):
    """
    On SQLite no page of any declared way in reads a whole table or sorts.
    """
    for index, (after, until, descending) in itertools.product(INDEXES, PAGES):
        if index.equal and (index.unique or not index.sort_columns):
            continue  # one row at most
        if not (index.equal or after or until):
            continue  # the first rows of the table
        text = statements.select_page(
            index, AT, "?", after=after, until=until, descending=descending
        )
        assert [] == _scans(sqlite(text)), (index.name, text)


def test_finds_use_their_index(sqlite):
    """
    On SQLite neither one prefix nor many make a whole table be read.
    """
    for index in INDEXES:
        if index.equal:
            table, order, told = index.table, index.sort_columns, index.found_if
            one = statements.select_equal(table, AT, index.equal, order, "?", told)
            assert [] == _scans(sqlite(one)), index.name
            many = sqlite_statements.select_batch(table, AT, index.equal, 4, told)
            plan = [step for step in sqlite(many) if step != "SCAN w"]
            assert [] == _scans(plan), index.name


@pytest.mark.parametrize("only", [False, True])
def test_claims_use_their_indexes(sqlite, *, only):
    """
    On SQLite a claim looks up the waiting messages, what stands before each, and
    whether its connection rests; one for some connections, too.
    """
    plan = sqlite(
        sqlite_statements.claim(OUTBOX.table, AT, only=only, resting=CIRCUITS.table)
    )

    assert [] == [
        step for step in plan if step.startswith("SCAN") and "INDEX" not in step
    ]
    assert any("outbox_message_by_state (state=? AND next_at<?)" in s for s in plan)
    assert any("outbox_message_lane" in step for step in plan)
    assert any("SEARCH r USING" in step for step in plan)


def test_pages_use_their_index_on_postgresql(postgres_url):
    """
    On PostgreSQL every page can be had from an index in order, text order included.
    """
    storage = SqlStorage(postgres_url, tables=TABLES)
    storage.create_tables()
    with storage.engine.connect() as connection:
        connection.exec_driver_sql("SET enable_seqscan = off; SET enable_sort = off")
        for index, (after, until, descending) in itertools.product(INDEXES, PAGES):
            if not index.sort_columns or index.unique:
                continue
            text = statements.select_page(
                index,
                '"sourcehere"."',
                "$",
                after=after,
                until=until,
                descending=descending,
            )
            numbers = itertools.count(1)
            text = re.sub(r"\$", lambda _, n=numbers: f"${next(n)}", text)
            plan = connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {text}")
            steps = " ".join(plan.scalars())
            assert "Seq Scan" not in steps, (index.name, steps)
            assert "Sort" not in steps, (index.name, steps)
    storage.close()


@pytest.mark.parametrize(
    ("said", "used"), [("", "1.1"), ("2.5", "2.5"), ("1.1", "1.1")]
)
def test_pages_are_taken_to_be_near(postgres_url, said, used):
    """
    Connections of ours say that pages are in memory, unless somebody has said it of the
    database: what is cheap for a small table is kept while it grows.
    """
    if said:
        with psycopg.connect(
            postgres_url.replace("+psycopg", ""), autocommit=True
        ) as admin:
            name = sql.Identifier(admin.info.dbname)
            text = sql.SQL("ALTER DATABASE {} SET random_page_cost = {}")
            admin.execute(text.format(name, said))
    storage = open_storage(postgres_url, TABLES)

    (cost,) = storage.transact(
        lambda session: session.select("SHOW random_page_cost", ()), read_only=True
    )
    storage.close()
    assert (used,) == cost
