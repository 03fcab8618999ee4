"""
Rows may be spread over machines by their seller: every statement of a seller's desk
names the seller.
"""

import re
from contextlib import suppress
from datetime import timedelta

import psycopg
import pytest
from desk_world import METHODS, a_world, arguments, desk_of

from sourcehere import Role, SourceHereError, WorkerStep
from sourcehere.testing.factories import open_bench
from sourcehere.unit.tables import TABLES
from sourcehere_sql import open_storage
from sourcehere_sql.pipeline import Pipeline
from sourcehere_sql.wire import RowCursor

OF_SELLERS = {table.name for table in TABLES if table.key[0] == "seller_id"}
# What the platform has: a copy is on every machine.
OF_THE_PLATFORM = {
    "catalog_entry",
    "circuit",
    "payment_hint",
    "platform_command",
    "product",
    "product_word",
    "provider_connection",
    "salesman",
    "tracking_hint",
    "tracking_walk",
    "variant",
    "warehouse",
    "worker",
}
# Every machine is asked for a carrier's number, of whichever seller; for the number by
# which people call an order, in a range of sellers that is one; whether what a gateway
# moved is another seller's by its name; and whether a bank transfer is.
ASKED_OF_ALL = {
    ("shop.orders.find_number", "orders"),
    ("shop.parcels.find", "parcel"),
    ("shop.wallet.correct_top_up", "top_up"),
    ("shop.wallet.pay_out", "pay_out"),
    ("shop.wallet.top_up", "top_up"),
    ("shop.wallet.top_up_by_card", "payment_attempt"),
    ("shop.wallet.withdraw", "payment_attempt"),
}
# What a worker looks for among all sellers: what is due, and what is to be delivered.
LOOKED_FOR = {
    ("attempts", "payment_attempt"),
    ("deliver", "outbox_message"),
    ("fire", "checkout"),
    ("fire", "dispute"),
    ("fire", "orders"),
    ("fire", "quote_request"),
    ("forget", "inbox_event"),
    ("forget", "told"),
    ("inbox", "inbox_event"),
    ("labels", "label"),
    ("pull", "store"),
}
UNIQUE = """
    SELECT c.relname, i.indexrelid::regclass::text,
        array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'sourcehere'
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indisunique GROUP BY 1, 2
"""
CALLS = [
    (f"shop.{part}.{method}", part, method, access)
    for name, part, method, access in METHODS
    if name == "shop"
]


@pytest.fixture(scope="module")
def statements():
    """
    Return what PostgreSQL is asked from now on.
    """
    asked = []
    patched = pytest.MonkeyPatch()

    def record(kind, name):
        does = getattr(kind, name)

        def recorded(self, query, *given, **more):
            asked.append(query)
            return does(self, query, *given, **more)

        patched.setattr(kind, name, recorded)

    record(RowCursor, "execute")
    record(Pipeline, "send")
    yield asked
    patched.undo()


def nameless(statement):
    """
    Return the table of a seller's that a statement reads or changes without saying
    whose; empty for none.

    The seller has to be equal to one, or one of several: a place in an order is none.
    """
    tables = set(re.findall(r'"(\w+)"(?: AS \w+\b| SET | \(| WHERE|$)', statement))
    behind = re.split(r"\bFROM\b|\bWHERE\b", statement, maxsplit=1)[-1]
    says = statement.startswith("INSERT") or re.search(r'"seller_id" (=|IN)', behind)
    return "" if says else min(tables & OF_SELLERS, default="")


def test_a_nameless_statement_is_seen():
    """
    The look itself is right.
    """
    at = '"sourcehere"."orders"'
    assert "orders" == nameless(f'SELECT t."seller_id" FROM {at} AS t WHERE t."x" = 1')
    assert "orders" == nameless(f'UPDATE {at} SET "x" = 1 WHERE "order_id" = 2')
    ordered = f'SELECT "x" FROM {at} WHERE "x" = 1 ORDER BY "seller_id"'
    assert "orders" == nameless(ordered)
    assert "" == nameless(f'SELECT t."x" FROM {at} AS t WHERE "seller_id" = 1')
    assert "" == nameless('SELECT "x" FROM "sourcehere"."variant" AS t WHERE "x" = 1')


@pytest.mark.slow
def test_every_statement_of_a_sellers_desk_names_the_seller(postgres_url, statements):
    """
    Whatever its methods do, refusals included.
    """
    bench, values = a_world(open_storage(postgres_url, TABLES))
    seen, unnamed = 0, set()
    for name, part, method, access in CALLS:
        roles = sorted(access.roles & {Role.SELLER, Role.STAFF})
        for role in roles[:1]:
            called = getattr(getattr(desk_of(bench, "shop", role), part), method)
            given = arguments(bench, values, name, called)
            del statements[:]
            with suppress(SourceHereError):
                called(**given)
            seen += len(statements)
            unnamed |= {(name, nameless(one)) for one in statements if nameless(one)}
    bench.app.close()

    assert seen > 500
    assert ASKED_OF_ALL == unnamed


@pytest.mark.slow
def test_what_a_worker_looks_for_among_all_sellers_is_known(postgres_url, statements):
    """
    What it finds is done seller by seller: every other statement of a round says whose
    rows it is about.
    """
    bench, _ = a_world(open_storage(postgres_url, TABLES))
    worker, seen, unnamed = bench.sh.worker(name="w"), 0, set()
    for _ in range(4):
        bench.clock.advance(timedelta(days=3))
        for step in WorkerStep:
            del statements[:]
            worker.do(step)
            seen += len(statements)
            unnamed |= {(step, nameless(one)) for one in statements if nameless(one)}
    bench.app.close()

    assert seen > 100
    assert LOOKED_FOR == unnamed


def test_every_unique_key_of_a_sellers_table_has_the_seller(postgres_url):
    """
    A machine knows its own rows only: what is unique is so for one seller.
    """
    open_storage(postgres_url, TABLES).close()
    plain = postgres_url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(plain) as connection:
        keys = connection.execute(UNIQUE).fetchall()
    of_sellers = [(table, key) for table, _, key in keys if table in OF_SELLERS]
    with_a_seller = {table for table, _, key in keys if "seller_id" in key}

    assert OF_SELLERS == {table for table, _ in of_sellers}
    assert [] == [pair for pair in of_sellers if "seller_id" not in pair[1]]
    assert set() == with_a_seller - OF_SELLERS
    for table in TABLES:
        if table.name in OF_SELLERS:
            assert "seller_id" == table.key[0]


def test_what_belongs_to_the_platform_is_known():
    """
    A new table of the platform's is put there on purpose.
    """
    assert OF_THE_PLATFORM == {table.name for table in TABLES} - OF_SELLERS


def part_by_seller(url):
    """
    Let each table of sellers be four by the hash of the seller, as machines would have
    them; PostgreSQL refuses that for a unique key without the seller.
    """
    plain = url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(plain) as connection:
        for name in sorted(OF_SELLERS):
            table, whole = f"sourcehere.{name}", f"sourcehere.{name}_whole"
            like = f"(LIKE {whole} INCLUDING ALL) PARTITION BY HASH (seller_id)"
            connection.execute(f"ALTER TABLE {table} RENAME TO {name}_whole")
            connection.execute(f"CREATE TABLE {table} {like}")
            connection.execute(f"DROP TABLE {whole}")
            for part in range(4):
                connection.execute(
                    f"CREATE TABLE {table}_{part} PARTITION OF {table}"
                    f" FOR VALUES WITH (MODULUS 4, REMAINDER {part})"
                )


@pytest.mark.slow
def test_orders_live_in_tables_that_are_parted_by_seller(postgres_url):
    """
    Without a change: taken in, paid, sent and told, with a clean audit.
    """
    open_storage(postgres_url, TABLES).close()
    part_by_seller(postgres_url)
    bench = open_bench(storage=open_storage(postgres_url, TABLES), connected=["CUP"])
    for number in range(5):
        bench.ship(bench.accepted(f"o{number}", CUP=1), f"T{number}")
    bench.sh.worker(name="w").round()

    assert [f"T{number}" for number in range(5)] == sorted(
        told.tracking_number for told in bench.shop.fulfilments.values()
    )
    assert () == bench.app.audit.run(replay=True).violations
    bench.app.close()
