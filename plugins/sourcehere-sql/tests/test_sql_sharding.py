"""
Rows may be spread over machines by their seller: every statement of a seller's desk
names the seller.
"""

import re
from contextlib import suppress

import pytest
from desk_world import METHODS, a_world, arguments, desk_of

from sourcehere import Role, SourceHereError
from sourcehere.unit.tables import TABLES
from sourcehere_sql import open_storage
from sourcehere_sql.wire import RowCursor

OF_SELLERS = {table.name for table in TABLES if table.key[0] == "seller_id"}
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
    execute = RowCursor.execute

    def recorded(self, query, *given, **more):
        asked.append(query)
        return execute(self, query, *given, **more)

    patched.setattr(RowCursor, "execute", recorded)
    yield asked
    patched.undo()


def nameless(statement):
    """
    Return the table of a seller's that a statement reads or changes without saying
    whose; empty for none.
    """
    tables = set(re.findall(r'"(\w+)"(?: AS t\b| SET | \(| WHERE|$)', statement))
    for table in tables & OF_SELLERS:
        behind = re.split(r"\bFROM\b|\bWHERE\b", statement, maxsplit=1)[-1]
        if not statement.startswith("INSERT") and '"seller_id"' not in behind:
            return table
    return ""


def test_a_nameless_statement_is_seen():
    """
    The look itself is right.
    """
    at = '"sourcehere"."orders"'
    assert "orders" == nameless(f'SELECT t."seller_id" FROM {at} AS t WHERE t."x" = 1')
    assert "orders" == nameless(f'UPDATE {at} SET "x" = 1 WHERE "order_id" = 2')
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
    assert set() == unnamed
