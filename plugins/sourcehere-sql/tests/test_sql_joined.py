"""
A host application's transaction holds its rows and ours, or neither.
"""

import pytest
import sqlalchemy as sa

import sourcehere
from sourcehere import Money
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.storage import HostsTransactionError, RowExistsError
from sourcehere.testing import FakeGateway, FakeGateways
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlStorage

INVOICES = sa.Table("invoice", sa.MetaData(), sa.Column("number", sa.Integer))


@pytest.fixture
def host(database_url):
    """
    Return the host's engine, made as any application would.
    """
    engine = sa.create_engine(database_url)
    INVOICES.metadata.create_all(engine)
    yield engine
    engine.dispose()


def _invoices(host):
    with host.connect() as connection:
        return list(connection.scalars(sa.select(INVOICES.c.number)))


def test_both_commit_with_the_host(host, ours):
    """
    Nothing of ours is seen before the host commits, and all of it after.
    """
    with host.connect() as connection:
        connection.execute(INVOICES.insert().values(number=1))
        joined = SqlStorage.joined(connection)
        keep(joined, THINGS, [thing("a", seen_at=-1)])
        assert [thing("a", seen_at=-1)] == kept(joined, THINGS)
        assert [] == kept(ours, THINGS)
        connection.commit()

    assert [thing("a", seen_at=-1)] == kept(ours, THINGS)
    assert [1] == _invoices(host)


@pytest.mark.parametrize("host_first", [False, True])
def test_both_roll_back_with_the_host(host, ours, *, host_first):
    """
    When the host rolls back, ours is gone too, whoever wrote first.
    """
    with host.connect() as connection:
        if host_first:
            connection.execute(INVOICES.insert().values(number=1))
        joined = SqlStorage.joined(connection)
        keep(joined, THINGS, [thing("a")])
        connection.execute(INVOICES.insert().values(number=2))
        connection.rollback()

    assert [] == kept(ours, THINGS)
    assert [] == _invoices(host)


def test_an_error_takes_back_only_its_own_work(host, ours):
    """
    A refusal undoes the work it came from; the host may go on and commit the rest.
    """
    with host.connect() as connection:
        connection.execute(INVOICES.insert().values(number=1))
        joined = SqlStorage.joined(connection)
        keep(joined, THINGS, [thing("a")])
        with pytest.raises(RowExistsError):
            keep(joined, THINGS, [thing("b"), thing("a")])
        keep(joined, THINGS, [thing("c")])
        connection.commit()

    assert [thing("a"), thing("c")] == kept(ours, THINGS)
    assert [1] == _invoices(host)


def test_reading_joins_too(host, ours):
    """
    A read in the host's transaction sees what the host has done so far.
    """
    keep(ours, THINGS, [thing("a")])
    with host.connect() as connection:
        joined = SqlStorage.joined(connection)
        assert [thing("a")] == kept(joined, THINGS)
        keep(joined, THINGS, [thing("b")])
        assert [thing("a"), thing("b")] == kept(joined, THINGS)


def test_the_hosts_own_reading_is_not_changed(host, ours):
    """
    The host's statements on the same connection still answer as SQLAlchemy means them.
    """
    keep(ours, THINGS, [thing("a")])
    thing_table = ours.address.place.quoted("thing")
    query = sa.text(f"SELECT made_at, document FROM {thing_table}")
    with host.connect() as connection:
        usual = connection.execute(query).one()
    with host.connect() as connection:
        kept(SqlStorage.joined(connection), THINGS)
        assert usual == connection.execute(query).one()


def test_a_host_may_be_in_memory():
    """
    Joining needs only the host's connection, so SQLite in memory will do.
    """
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE code (seller_id TEXT, code_id TEXT PRIMARY KEY, code TEXT)"
        )
        joined = SqlStorage.joined(connection)
        codes = next(table for table in TABLES if table.name == "code")
        keep(joined, codes, [("s", "1", "x")])
        assert [("s", "1", "x")] == kept(joined, codes)
    engine.dispose()


def test_nobody_is_told_the_hosts_password():
    """
    Neither URL nor repr of a joined storage shows a password.
    """
    engine = sa.create_engine("postgresql+psycopg://ann:hunter2@127.0.0.1/shop")
    connection = sa.Connection(engine, connection=object())
    joined = SqlStorage.joined(connection)

    assert "postgresql+psycopg://ann@127.0.0.1/shop" == joined.url
    assert "hunter2" not in repr(joined)


def test_another_driver_is_refused():
    """
    A connection by a driver that we do not speak is refused by name.
    """
    engine = sa.create_engine("sqlite://")
    engine.dialect.driver = "other"

    with pytest.raises(InvalidInputError) as ei:
        SqlStorage.joined(sa.Connection(engine, connection=object()))

    assert "connection" == ei.value.field
    assert "sqlite+other" == ei.value.value


def test_no_card_is_charged_within_it(database_url):
    """
    The host may roll back, and nobody would know of the money.
    """
    cards = FakeGateway()
    plugins = [FakeGateways(cards=cards)]
    engine = sa.create_engine(database_url)
    with sourcehere.open(database_url, plugins=plugins) as app:
        desk = app.staff("ann")
        desk.sellers.register("lamps", name="Lamps", currency="USD")
        desk.gateways.connect("cards", provider="fake_gateway", config={})
        with engine.begin() as connection:
            wallet = app.over(SqlStorage.joined(connection)).seller("lamps").wallet
            with pytest.raises(HostsTransactionError) as ei:
                wallet.top_up_by_card(
                    Money(50_00, "USD"), source="tok_visa", gateway="cards"
                )
        assert "WalletDesk.top_up_by_card" == ei.value.action
        assert [] == cards.keys
        assert () == app.seller("lamps").wallet.attempts().items
    engine.dispose()
